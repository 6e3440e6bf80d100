"""Schema step 3: the jobs that export sets."""

PURPOSE = "export jobs"

STATEMENTS = (
    """
    CREATE TABLE export_jobs (
        job_id TEXT NOT NULL PRIMARY KEY,
        request TEXT NOT NULL,
        status TEXT NOT NULL,
        progress REAL NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        started_at TEXT,
        finished_at TEXT,
        output_path TEXT NOT NULL,
        files TEXT NOT NULL DEFAULT '[]',
        row_counts TEXT NOT NULL DEFAULT '{}',
        error TEXT
    ) WITHOUT ROWID
    """,
)
