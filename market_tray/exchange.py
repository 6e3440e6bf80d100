"""The questions about the Korea Exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from market_tray.asked import Rules, day_of, days_of, names_of, one_day
from market_tray.asking import Asking

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from market_tray.asked import Arrow, Basis, Day, Form, Names, OneDay, Pandas, Polars


class Exchange(Asking):
    """Bars, listings, factors and calendar of the Korea Exchange; what all methods share stands at Store."""

    @overload
    def prices(
        self,
        codes: Names = ...,
        start: Day = ...,
        end: Day = ...,
        *,
        adjusted: bool = ...,
        basis: Basis = ...,
        markets: Names = ...,
        allow_errors: bool = ...,
        as_: Pandas = ...,
    ) -> pd.DataFrame: ...

    @overload
    def prices(
        self,
        codes: Names = ...,
        start: Day = ...,
        end: Day = ...,
        *,
        adjusted: bool = ...,
        basis: Basis = ...,
        markets: Names = ...,
        allow_errors: bool = ...,
        as_: Arrow,
    ) -> pa.Table: ...

    @overload
    def prices(
        self,
        codes: Names = ...,
        start: Day = ...,
        end: Day = ...,
        *,
        adjusted: bool = ...,
        basis: Basis = ...,
        markets: Names = ...,
        allow_errors: bool = ...,
        as_: Polars,
    ) -> pl.DataFrame: ...

    def prices(  # noqa: PLR0913 - what a price series is chosen by
        self,
        codes: Names = None,
        start: Day = None,
        end: Day = None,
        *,
        adjusted: bool = False,
        basis: Basis = "end",
        markets: Names = None,
        allow_errors: bool = False,
        as_: Form = "pandas",
    ) -> Any:
        """Return daily bars of issues: one row a listing and session, sorted by day, market and code.

        codes: codes of the exchange ("005930", as text with its zeros) or instrument_ids; None for every issue of the
        markets, which over many years is millions of rows. A code gives every listing that ever bore it: a company that
        changed its market comes as two (`instruments` links them by moved_from and moved_to), and so do two companies
        of which one got the other's old code. Group by instrument_id to tell them apart.
        markets: some of "KOSPI", "KOSDAQ", "KONEX", "ETF"; None for the three of stocks, or for all where codes are
        given.
        adjusted: adds the adj_ columns, in which splits, rights issues and the like do not show; cash dividends are not
        in them (price return). They run on through a change of market: adj_close of the listings before and after is
        one series. The other columns stay as traded. Raises ErrorsInData while factors are not worked out, too.
        basis: "end" takes the factors known on the last day asked for, and nothing later; "latest" all known now.

        Columns: instrument_id, external_code, market_code, instrument_name (as of the day), listing_date,
        delisting_date, trade_date; open, high, low, close in won (all but close missing on days without trade); volume
        in shares; turnover_value and market_value in won; is_trade_halted, is_under_supervision, record_status;
        listed_shares; base_price in won, the reference of the day's move; with adjusted adj_factor (a multiplier),
        adj_open, adj_high, adj_low, adj_close in won and adj_volume in shares of the basis; is_tradable;
        signal_validity_reason, "ok" or why a signal of the row may mislead ("unresolved_action" where a factor is in
        doubt); section (as of the day).

        Rows of whole markets are compared with the sums kept of them, and one that the disk changed raises an
        AppError; of some codes there is no such sum: `market-tray doctor --deep` compares them.
        """
        rules = Rules(allow_errors, adjusted, basis)
        return self._answer(
            as_, lambda tables: tables.prices(names_of(codes), names_of(markets), days_of(start, end), rules)
        )

    @overload
    def day(
        self, date: OneDay, *, markets: Names = ..., allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def day(self, date: OneDay, *, markets: Names = ..., allow_errors: bool = ..., as_: Arrow) -> pa.Table: ...

    @overload
    def day(self, date: OneDay, *, markets: Names = ..., allow_errors: bool = ..., as_: Polars) -> pl.DataFrame: ...

    def day(self, date: OneDay, *, markets: Names = None, allow_errors: bool = False, as_: Form = "pandas") -> Any:
        """Return the bars of all issues on one day, sorted by market and code: the columns of `prices`, as traded.

        No rows on a day without session, and on one that is not collected: `calendar` tells them apart.
        """
        day, rules = one_day(date), Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.prices(None, names_of(markets), (day, day), rules))

    @overload
    def indices(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def indices(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Arrow
    ) -> pa.Table: ...

    @overload
    def indices(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, allow_errors: bool = ..., as_: Polars
    ) -> pl.DataFrame: ...

    def indices(
        self,
        codes: Names = None,
        start: Day = None,
        end: Day = None,
        *,
        allow_errors: bool = False,
        as_: Form = "pandas",
    ) -> Any:
        """Return daily bars of indices: one row an index and session, sorted by day and code.

        codes: "KOSPI", "KOSDAQ", "KOSPI200" and so on, or a whole class as "KOSPI:*"; None for all.

        Columns: index_code, index_class, index_name, trade_date; open, high, low, close, change in index points; volume
        in shares, turnover_value and market_cap in won (each missing where the exchange publishes none);
        record_status.
        """
        rules = Rules(allow_errors)
        return self._answer(as_, lambda tables: tables.indices(names_of(codes), days_of(start, end), rules))

    @overload
    def calendar(
        self, start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def calendar(self, start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Arrow) -> pa.Table: ...

    @overload
    def calendar(self, start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Polars) -> pl.DataFrame: ...

    def calendar(self, start: Day = None, end: Day = None, *, markets: Names = None, as_: Form = "pandas") -> Any:
        """Return the trading calendar: one row a market and day that something is known of, sorted so.

        Columns: market_code, trade_date; state (open, closed or unknown: predicted, not yet proven); is_open, true
        where rows have proven a session; holiday_name; evidence, how the state is known. ETFs trade by KOSPI's.
        """
        return self._answer(as_, lambda tables: tables.calendar(names_of(markets), days_of(start, end)))

    @overload
    def instruments(
        self, codes: Names = ..., *, on: Day = ..., markets: Names = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def instruments(self, codes: Names = ..., *, on: Day = ..., markets: Names = ..., as_: Arrow) -> pa.Table: ...

    @overload
    def instruments(self, codes: Names = ..., *, on: Day = ..., markets: Names = ..., as_: Polars) -> pl.DataFrame: ...

    def instruments(self, codes: Names = None, *, on: Day = None, markets: Names = None, as_: Form = "pandas") -> Any:
        """Return listings, those that ended among them: one row each, sorted by market, code and listing date.

        codes, markets: as in `prices`.
        on: only what had rows around that day (first_seen to last_seen), named and sectioned as it was then: the
        universe of that day, without survivorship bias. None: every listing, as it is known now.

        Columns: instrument_id, external_code, market_code, instrument_name, listing_date, delisting_date, episode
        (which use of the code, from 1), isin, name_en, share_class, security_group, section, par_value (text, won),
        listed_shares, first_seen, last_seen, end_reason, moved_from and moved_to (the instrument_id of the listing on
        another market before or after), is_identified (a master list told of it, so that instrument_id stays),
        liquidation_from.
        """
        return self._answer(as_, lambda tables: tables.instruments(names_of(codes), names_of(markets), day_of(on)))

    @overload
    def factors(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Pandas = ...
    ) -> pd.DataFrame: ...

    @overload
    def factors(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Arrow
    ) -> pa.Table: ...

    @overload
    def factors(
        self, codes: Names = ..., start: Day = ..., end: Day = ..., *, markets: Names = ..., as_: Polars
    ) -> pl.DataFrame: ...

    def factors(
        self, codes: Names = None, start: Day = None, end: Day = None, *, markets: Names = None, as_: Form = "pandas"
    ) -> Any:
        """Return adjustment factors: one row a listing and day on which prices or shares were divided anew.

        A price before trade_date times factor, and shares before it divided by share_factor, are comparable with those
        from trade_date on. Factors of a later listing of the same issue, after a change of market, stand under the
        earlier one too. codes, markets: as in `prices`.

        Columns: instrument_id, external_code, market_code, listing_date, trade_date, factor and share_factor
        (multipliers), method, is_flagged (in doubt), event_instrument_id (the listing it happened to).
        """
        return self._answer(as_, lambda tables: tables.factors(names_of(codes), names_of(markets), days_of(start, end)))
