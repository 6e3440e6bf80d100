"""Schema step 12: the section of each issue as of each day, and liquidation trading before a delisting."""

PURPOSE = "sections as of each day, and liquidation trading before delistings"

STATEMENTS = (
    """
    CREATE TABLE instrument_sections (
        instrument_id INTEGER NOT NULL REFERENCES instruments (instrument_id),
        valid_from TEXT NOT NULL,
        section TEXT,
        PRIMARY KEY (instrument_id, valid_from)
    ) WITHOUT ROWID
    """,
    # Of the rows that are there the sections were not kept.
    "INSERT INTO instrument_sections SELECT instrument_id, first_seen, NULL FROM instruments",
    "ALTER TABLE instruments ADD COLUMN liquidation_from TEXT",
    # The last rows of these were never looked at.
    """
    INSERT INTO series_progress (series, updated_at)
    SELECT 'krx:end:' || instrument_id, updated_at FROM instruments WHERE delisting_date IS NOT NULL
    ON CONFLICT DO NOTHING
    """,
)
