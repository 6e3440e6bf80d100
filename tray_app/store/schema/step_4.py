"""Schema step 4: macro series, the stress index, headlines and the documents of the Federal Reserve."""

PURPOSE = "macro series, the stress index, headlines and documents of the Federal Reserve"

STATEMENTS = (
    """
    CREATE TABLE macro_series (
        series_id TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        units TEXT NOT NULL,
        frequency TEXT NOT NULL,
        source TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE macro_observation (
        series_id TEXT NOT NULL,
        date TEXT NOT NULL,
        value REAL NOT NULL,
        first_seen_at TEXT NOT NULL,
        run_id INTEGER NOT NULL,
        PRIMARY KEY (series_id, date)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE stress_index (
        date TEXT NOT NULL PRIMARY KEY,
        z REAL NOT NULL,
        score REAL NOT NULL,
        band TEXT NOT NULL,
        breadth REAL,
        coverage REAL NOT NULL,
        repo_flag INTEGER NOT NULL,
        repo_label TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        run_id INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE stress_contribution (
        date TEXT NOT NULL,
        category TEXT NOT NULL,
        z REAL NOT NULL,
        weight REAL NOT NULL,
        contribution REAL NOT NULL,
        inputs TEXT NOT NULL,
        PRIMARY KEY (date, category)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE news_article (
        hash TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        outlet TEXT NOT NULL,
        link TEXT NOT NULL,
        published_utc TEXT NOT NULL,
        first_seen_utc TEXT NOT NULL,
        lang TEXT NOT NULL,
        query TEXT NOT NULL,
        copies INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX news_article_by_time ON news_article (published_utc)",
    """
    CREATE TABLE news_copy (
        item_key TEXT NOT NULL PRIMARY KEY,
        hash TEXT NOT NULL REFERENCES news_article (hash)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX news_copy_by_story ON news_copy (hash)",
    """
    CREATE TABLE fed_document (
        url TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        type TEXT NOT NULL,
        speaker TEXT NOT NULL,
        published_utc TEXT NOT NULL,
        policy_tone REAL NOT NULL,
        stability_tone REAL NOT NULL,
        words INTEGER NOT NULL,
        dictionary TEXT NOT NULL,
        collected_at TEXT NOT NULL,
        run_id INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE fed_sentence (
        url TEXT NOT NULL REFERENCES fed_document (url),
        n INTEGER NOT NULL,
        text TEXT NOT NULL,
        tone INTEGER NOT NULL,
        hits TEXT NOT NULL,
        PRIMARY KEY (url, n)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE source_pause (
        source TEXT NOT NULL PRIMARY KEY,
        until TEXT NOT NULL,
        reason TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
