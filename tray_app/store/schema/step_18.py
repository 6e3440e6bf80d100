"""Schema step 18: texts from outside that were stored before they were cleaned at the sources' edge."""

import json
import sqlite3
from typing import Any

from tray_app.core.texts import clean_text

PURPOSE = "stored texts hold no control, bidirectional and other shapeless characters"

STATEMENTS: tuple[str, ...] = ()

COLUMNS = (
    ("crypto_metric", "fear_greed_label"),
    ("crypto_price", "symbol"),
    ("crypto_price", "name"),
    ("instruments", "instrument_name"),
    ("instruments", "name_en"),
    ("instruments", "section"),
    ("instruments", "share_class"),
    ("instruments", "security_group"),
    ("instruments", "par_value"),
    ("instrument_names", "name"),
    ("instrument_sections", "section"),
    ("indices", "index_name"),
    ("indices", "index_code"),
    ("etf_daily_data", "underlying_index"),
    ("trading_calendar", "holiday_name"),
    ("day_ledger", "reason"),
    ("news_article", "title"),
    ("news_article", "outlet"),
    ("fed_document", "title"),
    ("fed_document", "speaker"),
    ("fed_sentence", "text"),
    ("restatements", "old"),
    ("restatements", "new"),
    ("data_quality_issues", "issue_detail"),
    ("data_quality_issues", "acknowledged_note"),
    ("collection_runs", "message"),
    ("export_jobs", "error"),
)


def rework(connection: sqlite3.Connection) -> None:
    """Clean every text; one of which nothing is left becomes a question mark."""
    for table, column in COLUMNS:
        texts = connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE typeof({column}) = 'text'").fetchall()
        _replace(connection, table, column, {text: clean_text(text) or "?" for (text,) in texts if text})
    steps = connection.execute("SELECT DISTINCT steps FROM collection_runs").fetchall()
    _replace(connection, "collection_runs", "steps", {text: _cleaned_steps(text) for (text,) in steps})


def _replace(connection: sqlite3.Connection, table: str, column: str, texts: dict[str, str]) -> None:
    # Of two indices that bear one name once it is clean, the one that bore it before keeps it.
    connection.executemany(
        f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?",
        [(clean, text) for text, clean in texts.items() if clean != text],
    )


def _cleaned_steps(text: str) -> str:
    steps = json.loads(text)
    cleaned = _cleaned(steps)
    return text if cleaned == steps else json.dumps(cleaned, ensure_ascii=False)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {name: _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value
