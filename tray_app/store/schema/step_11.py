"""Schema step 11: the sums of stored rows, made anew after every migration (see store.sums)."""

PURPOSE = "sums of the stored rows, so that what changes on the disk shows"

STATEMENTS = (
    """
    CREATE TABLE data_sums (
        table_name TEXT NOT NULL,
        scope TEXT NOT NULL,
        period TEXT NOT NULL,
        rows INTEGER NOT NULL,
        total INTEGER NOT NULL,
        rest INTEGER NOT NULL,
        PRIMARY KEY (table_name, scope, period)
    ) WITHOUT ROWID
    """,
)
