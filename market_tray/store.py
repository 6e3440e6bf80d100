"""The store of a home folder, as a notebook asks it: every question gives a frame."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from market_tray.asked import Rules, days_of, names_of
from market_tray.errors import NoDatabase
from market_tray.exchange import Exchange
from tray_app.paths import find_home

if TYPE_CHECKING:
    from types import TracebackType

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from market_tray.asked import Arrow, Day, Form, Names, Pandas, Polars


class Store(Exchange):
    """The data of one home folder, only read.

    Every method answers from the last committed state of the database at that moment, so it may be asked while Market
    Tray collects; two calls may see two states. It may be used by several threads, each call is its own connection.

    What all methods share:

    - as_: "pandas" (the default), "arrow" (a pyarrow.Table) or "polars" (needs the package polars). Columns, their
      order and types, and the order of the rows are those of the file of the same name in an exported set. In pandas,
      dates are datetime64 without a zone, instants datetime64 in UTC, texts that repeat are categories, and a whole
      number that may be missing is float64.
    - start, end: days, both included, as a date or as text like "2024-01-04"; None reaches to the end of what is
      stored. Days of the exchange and of macro series are local dates of the source, those of crypto and news UTC.
    - Names that nothing is stored under raise Unknown. Days without rows give an empty frame.
    - allow_errors: a quality issue of severity ERROR that is open about the rows asked for, or a session missing
      between two stored ones, raises ErrorsInData as an export would refuse them: a backtest shall not run on rows
      that are known to be wrong without somebody having decided it. Errors about other codes, series or days do not
      count. allow_errors=True gives the rows all the same; `issues` tells what is wrong with them.
    """

    @classmethod
    def of(cls, home: str | os.PathLike[str] | None) -> Store:
        """Return the store of a home folder, see market_tray.open."""
        asked = None if home is None else Path(home).expanduser()
        found = find_home(asked, os.environ)
        if not found.database.is_file():
            raise NoDatabase(found.root)
        store = cls(found.database)
        store._answer("arrow", lambda tables: tables.calendar((), (None, None)))
        return store

    def __enter__(self) -> Store:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    @overload
    def macro(
        self, series: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def macro(
        self, series: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Arrow
    ) -> pa.Table: ...

    @overload
    def macro(
        self, series: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Polars
    ) -> pl.DataFrame: ...

    def macro(
        self,
        series: Names = None,
        start: Day = None,
        end: Day = None,
        *,
        allow_errors: bool = False,
        as_: Form = "pandas",
    ) -> Any:
        """Return macro series and market prices: one row a series and day, sorted by series and day.

        series: ids as "SOFR" or "^VIX"; None for all. Series that may not be passed on (ICE, Cboe, Yahoo) are among
        them, for the own use of whoever collected them; an exported set leaves them out unless asked.

        Columns: series_id, title, units, date, value (in the units), first_seen_at (UTC), source.
        """
        rules = Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.macro(names_of(series), days_of(start, end), rules))

    @overload
    def stress(
        self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def stress(self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Arrow) -> pa.Table: ...

    @overload
    def stress(self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Polars) -> pl.DataFrame: ...

    def stress(self, start: Day = None, end: Day = None, *, allow_errors: bool = False, as_: Form = "pandas") -> Any:
        """Return the stress index: one row a day of New York.

        Columns: date; z (standard deviations from its own past), score (0 to 100, its percentile of the past), band,
        breadth (0 to 1, near 1 when all categories are strained together; missing in the first days), coverage (0 to 1,
        the share of the weight that had values); repo_flag, repo_label; of each category CATEGORY_z and
        CATEGORY_contribution (missing on days without it); is_provisional and is_in_doubt (an input of the day broke a
        rule).
        """
        rules = Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.stress(days_of(start, end), rules))

    @overload
    def crypto(
        self, coins: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def crypto(
        self, coins: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Arrow
    ) -> pa.Table: ...

    @overload
    def crypto(
        self, coins: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Polars
    ) -> pl.DataFrame: ...

    def crypto(
        self,
        coins: Names = None,
        start: Day = None,
        end: Day = None,
        *,
        allow_errors: bool = False,
        as_: Form = "pandas",
    ) -> Any:
        """Return coins: one row a coin and UTC date, sorted by date and coin.

        coins: CoinGecko's ids as "bitcoin"; None for all.

        Columns: date, coin_id, symbol, name, rank, price_usd, market_cap and volume_24h in US dollars, change_24h and
        change_7d in percent, source_name.
        """
        rules = Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.crypto(names_of(coins), days_of(start, end), rules))

    @overload
    def crypto_market(
        self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def crypto_market(self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Arrow) -> pa.Table: ...

    @overload
    def crypto_market(
        self, start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Polars
    ) -> pl.DataFrame: ...

    def crypto_market(
        self, start: Day = None, end: Day = None, *, allow_errors: bool = False, as_: Form = "pandas"
    ) -> Any:
        """Return the crypto market as a whole: one row a UTC date.

        Columns: date; total_market_cap and total_volume_24h in US dollars; btc_dominance in percent; eth_btc_ratio;
        fear_greed_index (0 to 100), fear_greed_label; defi_tvl and stablecoin_mcap in US dollars. Each may be missing.
        """
        rules = Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.crypto_market(days_of(start, end), rules))

    @overload
    def news(self, start: Day = ..., end: Day = ..., *, as_: Pandas = ...) -> pd.DataFrame: ...

    @overload
    def news(self, start: Day = ..., end: Day = ..., *, as_: Arrow) -> pa.Table: ...

    @overload
    def news(self, start: Day = ..., end: Day = ..., *, as_: Polars) -> pl.DataFrame: ...

    def news(self, start: Day = None, end: Day = None, *, as_: Form = "pandas") -> Any:
        """Return headlines: one row a story, however many outlets told it, oldest first; days are UTC dates.

        Columns: published_at and first_seen_at (UTC); title, outlet, link, language, feed (which feed or search told
        it), copies (how many items told it); is_time_first_seen, true where the source gave no time that can be
        read, so that published_at is when it was first seen.
        """
        return self._answer(as_, lambda tables: tables.news(days_of(start, end)))

    @overload
    def issues(self, start: Day = ..., end: Day = ..., *, as_: Pandas = ...) -> pd.DataFrame: ...

    @overload
    def issues(self, start: Day = ..., end: Day = ..., *, as_: Arrow) -> pa.Table: ...

    @overload
    def issues(self, start: Day = ..., end: Day = ..., *, as_: Polars) -> pl.DataFrame: ...

    def issues(self, start: Day = None, end: Day = None, *, as_: Form = "pandas") -> Any:
        """Return the open quality issues of all datasets; those of no day (trade_date missing) always among them.

        Columns: dataset_name, trade_date, subject, issue_code, severity (INFO, WARN or ERROR), instrument_id,
        external_code, market_code and index_code where it is about one, issue_detail, acknowledged_note.
        """
        return self._answer(as_, lambda tables: tables.issues(days_of(start, end)))
