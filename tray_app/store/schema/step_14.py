"""Schema step 14: NAV, net assets and underlying index of the ETFs."""

PURPOSE = "NAV, net assets and underlying index of ETFs"

STATEMENTS = (
    """
    CREATE TABLE etf_daily_data (
        trade_date INTEGER NOT NULL,
        instrument_id INTEGER NOT NULL REFERENCES instruments (instrument_id),
        nav REAL,
        net_assets INTEGER,
        underlying_index TEXT,
        underlying_close REAL,
        underlying_change REAL,
        collected_at INTEGER NOT NULL,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (trade_date, instrument_id)
    ) WITHOUT ROWID
    """,
    # The figures of the sessions that are there were thrown away: they are asked for again.
    """
    UPDATE day_ledger SET state = 'unknown', attempts = 0, next_try_at = NULL, reason = 'Stored without NAV.'
    WHERE dataset = 'equity' AND market_code = 'ETF' AND state IN ('collected', 'verified')
    """,
)
