"""Schema step 15: what was asked for again although it was stored, and the requests for that."""

PURPOSE = "what was asked for again although it was stored"

STATEMENTS = (
    "ALTER TABLE backfill_requests ADD COLUMN again_since TEXT",
    "ALTER TABLE backfill_requests ADD COLUMN only_subject TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE asked_again (
        subject TEXT NOT NULL,
        date_from TEXT NOT NULL,
        date_through TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        PRIMARY KEY (subject, date_from)
    ) WITHOUT ROWID
    """,
)
