"""Schema step 19: days of series that should have a value, and what their source has said of them."""

PURPOSE = "days of series without a value although their source was asked for them"

STATEMENTS = (
    """
    CREATE TABLE blank_days (
        series TEXT NOT NULL,
        date_from TEXT NOT NULL,
        date_through TEXT NOT NULL,
        age INTEGER NOT NULL,
        PRIMARY KEY (series, date_from)
    ) WITHOUT ROWID
    """,
)
