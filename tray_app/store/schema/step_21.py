"""Schema step 21: findings that a person has accepted a day with, without the rows in doubt."""

PURPOSE = "findings that a person has accepted"

STATEMENTS = (
    "ALTER TABLE data_quality_issues ADD COLUMN accepted_at TEXT",
    "ALTER TABLE data_quality_issues ADD COLUMN accepted_by TEXT",
    "ALTER TABLE data_quality_issues ADD COLUMN accepted_note TEXT",
)
