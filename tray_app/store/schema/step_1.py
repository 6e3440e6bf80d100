"""Schema step 1: crypto prices and metrics, the run log, API usage, restatements and leases."""

PURPOSE = "crypto prices and metrics, the run log, API usage, restatements and leases"

STATEMENTS = (
    """
    CREATE TABLE crypto_price (
        coin_id TEXT NOT NULL,
        date TEXT NOT NULL,
        symbol TEXT NOT NULL,
        name TEXT NOT NULL,
        rank INTEGER,
        price_usd REAL NOT NULL,
        market_cap REAL,
        volume_24h REAL,
        change_24h REAL,
        change_7d REAL,
        source_name TEXT NOT NULL,
        collected_at TEXT NOT NULL,
        PRIMARY KEY (coin_id, date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE crypto_metric (
        date TEXT NOT NULL PRIMARY KEY,
        total_market_cap REAL,
        total_volume_24h REAL,
        btc_dominance REAL,
        eth_btc_ratio REAL,
        fear_greed_index INTEGER,
        fear_greed_label TEXT,
        defi_tvl REAL,
        stablecoin_mcap REAL,
        created_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE series_progress (
        series TEXT NOT NULL PRIMARY KEY,
        final_through TEXT,
        covered_from TEXT,
        covered_through TEXT,
        updated_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE collection_runs (
        run_id INTEGER PRIMARY KEY AUTOINCREMENT,
        collector TEXT NOT NULL,
        triggered_by TEXT NOT NULL,
        kind TEXT NOT NULL,
        due_at TEXT,
        window_start TEXT,
        window_end TEXT,
        status TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        duration REAL,
        data_date TEXT,
        success_count INTEGER NOT NULL DEFAULT 0,
        failure_count INTEGER NOT NULL DEFAULT 0,
        warning_count INTEGER NOT NULL DEFAULT 0,
        steps TEXT NOT NULL DEFAULT '[]',
        message TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX collection_runs_by_collector ON collection_runs (collector, run_id)",
    """
    CREATE TABLE restatements (
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        column_name TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        old TEXT,
        new TEXT,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (table_name, row_key, column_name, seen_at)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE api_usage (
        source TEXT NOT NULL,
        day TEXT NOT NULL,
        calls INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source, day)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE lease (
        collector TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL,
        acquired_at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE backfill_requests (
        request_id INTEGER PRIMARY KEY AUTOINCREMENT,
        collector TEXT NOT NULL,
        date_from TEXT NOT NULL,
        date_to TEXT,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at TEXT,
        requested_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE engine_state (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE VIEW collector_log AS
    SELECT run_id AS id,
           COALESCE(data_date, date(started_at, '+9 hours')) AS date,
           collector,
           status,
           duration,
           CASE WHEN message = '' THEN steps ELSE message END AS details,
           triggered_by,
           started_at AS created_at
    FROM collection_runs
    """,
)
