"""Schema step 13: which days of the stress index rest on a value in doubt."""

PURPOSE = "days of the stress index that rest on a value in doubt"

STATEMENTS = ("ALTER TABLE stress_index ADD COLUMN is_in_doubt INTEGER NOT NULL DEFAULT 0",)
