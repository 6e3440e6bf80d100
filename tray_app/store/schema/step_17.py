"""Schema step 17: what each source answered last."""

PURPOSE = "what each source answered last, and since when it is the same"

STATEMENTS = (
    """
    CREATE TABLE source_answers (
        source TEXT NOT NULL PRIMARY KEY,
        digest TEXT NOT NULL,
        first_seen_at TEXT NOT NULL,
        whole_at TEXT
    ) WITHOUT ROWID
    """,
)
