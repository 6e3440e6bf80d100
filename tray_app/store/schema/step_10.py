"""Schema step 10: rows dated outside the life of their source are removed, and what counted as covered with them."""

import sqlite3

PURPOSE = "no rows dated outside the life of their source"

STATEMENTS: tuple[str, ...] = ()

# The first days of the sources, as this step was released.
FIRST_COIN_DAY = "2013-04-28"
FIRST_METRIC_DAYS = {
    "total_market_cap": FIRST_COIN_DAY,
    "total_volume_24h": FIRST_COIN_DAY,
    "btc_dominance": FIRST_COIN_DAY,
    "eth_btc_ratio": FIRST_COIN_DAY,
    "fear_greed_index": "2018-02-01",
    "defi_tvl": "2017-09-27",
    "stablecoin_mcap": "2017-11-29",
}
FIRST_MACRO_DAYS = {"fred": "1954-07-01", "yahoo": "1927-12-30"}
FIRST_NEWS = "1990-01-01"

# The newest instant at which anything was stored: whatever is dated later than the day after it had not happened.
LAST_SEEN = """
    SELECT MAX(at) FROM (
        SELECT MAX(started_at) AS at FROM collection_runs
        UNION ALL SELECT MAX(collected_at) FROM crypto_price
        UNION ALL SELECT MAX(updated_at) FROM series_progress
        UNION ALL SELECT MAX(first_seen_at) FROM macro_observation
        UNION ALL SELECT MAX(first_seen_utc) FROM news_article
        UNION ALL SELECT MAX(collected_at) FROM fed_document
    )
"""
KEEP_ISSUE = """
    INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, issue_detail,
        first_seen_at, last_seen_at, resolved_at, run_id)
    SELECT ?, ?, ?, 'DATE_IMPOSSIBLE', 'WARN', ?, ?, ?, ?, COALESCE(MAX(run_id), 0) FROM collection_runs
    WHERE true
    ON CONFLICT DO UPDATE SET issue_detail = excluded.issue_detail, last_seen_at = excluded.last_seen_at
"""


def rework(connection: sqlite3.Connection) -> None:
    """Remove the rows, name them among the issues, and let the series they stood in be asked for anew."""
    (seen_at,) = connection.execute(LAST_SEEN).fetchone()
    if seen_at is None:
        return
    (tomorrow,) = connection.execute("SELECT date(substr(?, 1, 10), '+1 day')", (seen_at,)).fetchone()
    removal = _Removal(connection, seen_at, tomorrow)
    removal.coins()
    removal.metrics()
    removal.macro()
    removal.news()
    removal.progress()


class _Removal:
    def __init__(self, connection: sqlite3.Connection, seen_at: str, tomorrow: str) -> None:
        self._connection = connection
        self._seen_at = seen_at
        self._tomorrow = tomorrow
        self._touched: set[str] = set()

    def coins(self) -> None:
        """Remove coins' days."""
        where, days = "date < ? OR date > ?", (FIRST_COIN_DAY, self._tomorrow)
        rows = self._connection.execute(
            f"SELECT coin_id, COUNT(*), MIN(date), MAX(date) FROM crypto_price WHERE {where} GROUP BY coin_id", days
        ).fetchall()
        self._connection.execute(f"DELETE FROM crypto_price WHERE {where}", days)
        for coin_id, *found in rows:
            self._name("crypto", f"coin:{coin_id}", *found)

    def metrics(self) -> None:
        """Empty columns of the market's days outside each column's own life, and remove days without any value."""
        for column, first in FIRST_METRIC_DAYS.items():
            where, days = f"{column} IS NOT NULL AND (date < ? OR date > ?)", (first, self._tomorrow)
            found = self._connection.execute(
                f"SELECT COUNT(*), MIN(date), MAX(date) FROM crypto_metric WHERE {where}", days
            ).fetchone()
            emptied = f"{column} = NULL" + (", fear_greed_label = NULL" if column == "fear_greed_index" else "")
            self._connection.execute(f"UPDATE crypto_metric SET {emptied} WHERE {where}", days)
            if found[0]:
                self._name("crypto", column, *found)
        empty = " AND ".join(f"{column} IS NULL" for column in FIRST_METRIC_DAYS)
        self._connection.execute(f"DELETE FROM crypto_metric WHERE {empty}")

    def macro(self) -> None:
        """Remove observations of macro series."""
        for source, first in FIRST_MACRO_DAYS.items():
            source_of = "SELECT source FROM macro_series s WHERE s.series_id = macro_observation.series_id"
            where = f"(date < ? OR date > ?) AND COALESCE(({source_of}), 'fred') = ?"
            values = (first, self._tomorrow, source)
            rows = self._connection.execute(
                f"SELECT series_id, COUNT(*), MIN(date), MAX(date) FROM macro_observation WHERE {where}"
                " GROUP BY series_id",
                values,
            ).fetchall()
            self._connection.execute(f"DELETE FROM macro_observation WHERE {where}", values)
            for series_id, *found in rows:
                self._name("macro", series_id, *found)

    def news(self) -> None:
        """Remove stories and documents; a feed that still has them brings them again with a time that can be."""
        where, days = "published_utc < ? OR substr(published_utc, 1, 10) > ?", (FIRST_NEWS, self._tomorrow)
        for table, part, key, subject in (
            ("news_article", "news_copy", "hash", "headlines"),
            ("fed_document", "fed_sentence", "url", "documents"),
        ):
            count, first, last = self._connection.execute(
                f"SELECT COUNT(*), MIN(published_utc), MAX(published_utc) FROM {table} WHERE {where}", days
            ).fetchone()
            self._connection.execute(
                f"DELETE FROM {part} WHERE {key} IN (SELECT {key} FROM {table} WHERE {where})", days
            )
            self._connection.execute(f"DELETE FROM {table} WHERE {where}", days)
            if count:
                self._name("news", subject, count, first[:10], last[:10])

    def progress(self) -> None:
        """Forget what counts as covered or final of the series touched, and of those covered beyond what was known."""
        today = self._seen_at[:10]
        rows = self._connection.execute(
            "SELECT series FROM series_progress WHERE covered_through > ? OR final_through > ?",
            (self._tomorrow, self._tomorrow),
        ).fetchall()
        for series in sorted(self._touched | {row[0] for row in rows}):
            self._connection.execute(
                "UPDATE series_progress SET covered_from = NULL, covered_through = NULL, final_through ="
                " CASE WHEN final_through > ? THEN ? ELSE final_through END WHERE series = ?",
                (today, self._newest_but_one(series), series),
            )

    def _newest_but_one(self, series: str) -> str | None:
        """Return the date before a series' newest one that is left: the newest may still have been moving."""
        kind, _, name = series.partition(":")
        if kind == "macro":
            found = self._connection.execute("SELECT MAX(date) FROM macro_observation WHERE series_id = ?", (name,))
        elif kind == "coin":
            found = self._connection.execute("SELECT MAX(date) FROM crypto_price WHERE coin_id = ?", (name,))
        elif series in FIRST_METRIC_DAYS:
            found = self._connection.execute(f"SELECT MAX(date) FROM crypto_metric WHERE {series} IS NOT NULL")
        else:
            return None
        (newest,) = found.fetchone()
        (before,) = self._connection.execute("SELECT date(?, '-1 day')", (newest,)).fetchone()
        return str(before) if before else None

    def _name(self, dataset: str, subject: str, count: int, first: str, last: str) -> None:
        self._touched.add(f"macro:{subject}" if dataset == "macro" else subject)
        span = first if first == last else f"{first}..{last}"
        detail = f"{count} stored before: {span}; removed"
        # No later answer says anything of these headlines and documents.
        resolved_at = self._seen_at if dataset == "news" else None
        at = self._seen_at
        self._connection.execute(KEEP_ISSUE, (dataset, at[:10], subject, detail, at, at, resolved_at))
