"""Schema step 24: marks of the exchange's sessions and listings stand in tables of their own.

They were names in series_progress: `krx:span:MARKET:DAY`, `krx:master_list:MARKET:DAY`, `krx:end:ID`.
"""

PURPOSE = "tables for the marks of sessions and of ended listings"

_SESSIONS = """
    INSERT INTO session_marks
    SELECT '{mark}', substr(series, {begin}, length(series) - {begin} - 10), substr(series, -10)
    FROM series_progress WHERE series LIKE 'krx:{mark}:%'
"""

STATEMENTS = (
    """
    CREATE TABLE session_marks (
        mark TEXT NOT NULL,
        market_code TEXT NOT NULL,
        trade_date TEXT NOT NULL,
        PRIMARY KEY (mark, market_code, trade_date)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE doubted_ends (instrument_id INTEGER NOT NULL PRIMARY KEY)",
    *(_SESSIONS.format(mark=mark, begin=len(f"krx:{mark}:") + 1) for mark in ("span", "master_list")),
    """
    INSERT INTO doubted_ends
    SELECT CAST(substr(series, 9) AS INTEGER) FROM series_progress WHERE series LIKE 'krx:end:%'
    """,
    "DELETE FROM series_progress WHERE series LIKE 'krx:%'",
)
