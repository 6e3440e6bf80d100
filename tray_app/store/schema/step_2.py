"""Schema step 2: the Korea Exchange: instruments, daily bars, indices, calendar, ledger, factors, quality issues.

The daily table is clustered by (trade_date, instrument_id) and has no other index: one on the instrument would cost
seven times the ingest and give the ten-year chart nothing. Days are numbers since 1970-01-01 there; views show dates.
"""

PURPOSE = "Korea Exchange: instruments, daily bars, indices, calendar, ledger, factors and quality issues"

STATEMENTS = (
    "ALTER TABLE backfill_requests ADD COLUMN newest_first INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE instruments (
        instrument_id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        market_code TEXT NOT NULL,
        external_code TEXT NOT NULL,
        episode INTEGER NOT NULL,
        isin TEXT,
        instrument_name TEXT NOT NULL,
        name_en TEXT,
        listing_date TEXT NOT NULL,
        delisting_date TEXT,
        share_class TEXT,
        security_group TEXT,
        section TEXT,
        par_value TEXT,
        listed_shares INTEGER,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        source_name TEXT NOT NULL,
        collected_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        UNIQUE (market_code, external_code, episode)
    )
    """,
    """
    CREATE TABLE instrument_names (
        instrument_id INTEGER NOT NULL REFERENCES instruments (instrument_id),
        valid_from TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (instrument_id, valid_from)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE daily_market_data (
        trade_date INTEGER NOT NULL,
        instrument_id INTEGER NOT NULL,
        open REAL,
        high REAL,
        low REAL,
        close REAL NOT NULL,
        change REAL NOT NULL,
        volume INTEGER NOT NULL,
        turnover_value INTEGER NOT NULL,
        market_value INTEGER NOT NULL,
        listed_shares INTEGER NOT NULL,
        base_price REAL NOT NULL,
        is_trade_halted INTEGER NOT NULL,
        is_under_supervision INTEGER NOT NULL,
        record_status INTEGER NOT NULL,
        source_name INTEGER NOT NULL,
        collected_at INTEGER NOT NULL,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (trade_date, instrument_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE indices (
        index_id INTEGER PRIMARY KEY,
        index_class TEXT NOT NULL,
        index_code TEXT NOT NULL UNIQUE,
        index_name TEXT NOT NULL,
        UNIQUE (index_class, index_name)
    )
    """,
    """
    CREATE TABLE benchmark_index_data (
        trade_date INTEGER NOT NULL,
        index_id INTEGER NOT NULL,
        open REAL,
        high REAL,
        low REAL,
        close REAL,
        change REAL,
        volume INTEGER,
        turnover_value INTEGER,
        market_cap INTEGER,
        record_status INTEGER NOT NULL,
        source_name INTEGER NOT NULL,
        collected_at INTEGER NOT NULL,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (trade_date, index_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE trading_calendar (
        market_code TEXT NOT NULL,
        trade_date TEXT NOT NULL,
        state TEXT NOT NULL,
        is_open INTEGER,
        holiday_name TEXT,
        evidence TEXT NOT NULL,
        source_name TEXT NOT NULL,
        collected_at TEXT NOT NULL,
        PRIMARY KEY (market_code, trade_date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE day_ledger (
        dataset TEXT NOT NULL,
        market_code TEXT NOT NULL,
        trade_date TEXT NOT NULL,
        state TEXT NOT NULL,
        rows INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at TEXT,
        reason TEXT NOT NULL DEFAULT '',
        run_id INTEGER NOT NULL,
        PRIMARY KEY (dataset, market_code, trade_date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE price_adjustment_factors (
        instrument_id INTEGER NOT NULL,
        trade_date INTEGER NOT NULL,
        factor REAL NOT NULL,
        share_factor REAL NOT NULL,
        method TEXT NOT NULL,
        is_flagged INTEGER NOT NULL,
        inputs TEXT NOT NULL,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (instrument_id, trade_date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE data_quality_issues (
        dataset_name TEXT NOT NULL,
        trade_date TEXT NOT NULL,
        subject TEXT NOT NULL,
        issue_code TEXT NOT NULL,
        severity TEXT NOT NULL,
        instrument_id INTEGER,
        index_code TEXT,
        issue_detail TEXT NOT NULL,
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        resolved_at TEXT,
        acknowledged_note TEXT,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (dataset_name, trade_date, subject, issue_code)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE pending_checks (
        trade_date INTEGER NOT NULL PRIMARY KEY
    )
    """,
    """
    CREATE TABLE day_summary (
        dataset TEXT NOT NULL,
        market_code TEXT NOT NULL,
        trade_date INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        PRIMARY KEY (dataset, market_code, trade_date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE month_stamp (
        table_name TEXT NOT NULL,
        month TEXT NOT NULL,
        stamp INTEGER NOT NULL,
        PRIMARY KEY (table_name, month)
    ) WITHOUT ROWID
    """,
    """
    CREATE VIEW instrument_daily_v1 AS
    SELECT i.uid AS instrument_id, i.external_code, i.market_code, i.instrument_name, i.listing_date, i.delisting_date,
           date(d.trade_date * 86400, 'unixepoch') AS trade_date, d.open, d.high, d.low, d.close, d.volume,
           d.turnover_value, d.market_value, d.is_trade_halted, d.is_under_supervision,
           CASE d.record_status WHEN 0 THEN 'VALID' WHEN 1 THEN 'INVALID' WHEN 2 THEN 'MISSING' ELSE 'PARTIAL' END
               AS record_status,
           d.listed_shares, d.base_price, d.change
    FROM daily_market_data d JOIN instruments i ON i.instrument_id = d.instrument_id
    """,
    """
    CREATE VIEW benchmark_daily_v1 AS
    SELECT x.index_code, x.index_class, x.index_name, date(b.trade_date * 86400, 'unixepoch') AS trade_date,
           b.open, b.high, b.low, b.close, b.change, b.volume, b.turnover_value, b.market_cap,
           CASE b.record_status WHEN 0 THEN 'VALID' WHEN 1 THEN 'INVALID' WHEN 2 THEN 'MISSING' ELSE 'PARTIAL' END
               AS record_status
    FROM benchmark_index_data b JOIN indices x ON x.index_id = b.index_id
    """,
    """
    CREATE VIEW trading_calendar_v1 AS
    SELECT market_code, trade_date, state, is_open, holiday_name, evidence FROM trading_calendar
    """,
)
