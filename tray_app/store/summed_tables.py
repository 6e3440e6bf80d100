"""Which tables are summed, by what, and of which columns: the one list for the writer and for those who compare.

A change here is a change of the sums: it comes with a schema step, after which all sums are made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

DAYS_1970 = 2440587.5


@dataclass(frozen=True, slots=True)
class SummedTable:
    """A table whose rows are summed per scope (a market, a series) and period (a day, a year, all).

    Expressions name columns with `{row}` before them. within says which rows are of the periods that touch some days,
    `{first}` to `{last}`. values are what sets are made of; rest is told by a sum of its
    own, so that an export need not read it. bulk: of millions of rows, written a session at a time.
    """

    name: str
    scope: str
    period: str
    within: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    rest: tuple[str, ...] = ()
    bulk: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every expression whose change is a change of the sums."""
        return (*self.key, *self.values, *self.rest)


def column_name(expression: str) -> str:
    """Return the column that an expression is, where it is nothing but one."""
    return expression.removeprefix("{row}.")


def _columns(names: str) -> tuple[str, ...]:
    return tuple(f"{{row}}.{name}" for name in names.split())


_DAY = f"date({{row}}.trade_date + {DAYS_1970})"
_OF_NUMBERS = f"{{row}}.trade_date BETWEEN julianday('{{first}}') - {DAYS_1970} AND julianday('{{last}}') - {DAYS_1970}"
_OF_DAYS = "{row}.date BETWEEN '{first}' AND '{last}'"


def _of_years(column: str) -> str:
    return f"{{row}}.{column} BETWEEN substr('{{first}}', 1, 4) AND substr('{{last}}', 1, 4) || '-12-31'"


DAILY = SummedTable(
    "daily_market_data",
    "(SELECT market_code FROM instruments s WHERE s.instrument_id = {row}.instrument_id)",
    _DAY,
    _OF_NUMBERS,
    _columns("instrument_id"),
    _columns(
        "open high low close volume turnover_value market_value listed_shares base_price "
        "is_trade_halted is_under_supervision record_status"
    ),
    _columns("change source_name"),
    bulk=True,
)
ETFS = SummedTable(
    "etf_daily_data",
    "'ETF'",
    _DAY,
    _OF_NUMBERS,
    _columns("instrument_id"),
    _columns("nav net_assets underlying_index underlying_close underlying_change"),
    bulk=True,
)
BENCHMARK = SummedTable(
    "benchmark_index_data",
    "(SELECT index_class FROM indices s WHERE s.index_id = {row}.index_id)",
    _DAY,
    _OF_NUMBERS,
    _columns("index_id"),
    _columns("open high low close change volume turnover_value market_cap record_status"),
    _columns("source_name"),
    bulk=True,
)
INSTRUMENTS = SummedTable(
    "instruments",
    "{row}.market_code",
    "''",
    "TRUE",
    _columns("instrument_id"),
    _columns(
        "uid external_code episode isin instrument_name name_en listing_date delisting_date share_class "
        "security_group section par_value end_reason moved_from moved_to liquidation_from"
    ),
)
NAMES = SummedTable("instrument_names", "''", "''", "TRUE", _columns("instrument_id valid_from"), _columns("name"))
SECTIONS = SummedTable(
    "instrument_sections", "''", "''", "TRUE", _columns("instrument_id valid_from"), _columns("section")
)
INDICES = SummedTable(
    "indices", "''", "''", "TRUE", _columns("index_id"), _columns("index_class index_code index_name")
)
EARLIER_UIDS = SummedTable("earlier_uids", "''", "''", "TRUE", _columns("uid"), _columns("instrument_id"))
CALENDAR = SummedTable(
    "trading_calendar",
    "{row}.market_code",
    "substr({row}.trade_date, 1, 4)",
    _of_years("trade_date"),
    _columns("trade_date"),
    _columns("state is_open holiday_name evidence"),
)
FACTORS = SummedTable(
    "price_adjustment_factors",
    "''",
    _DAY,
    _OF_NUMBERS,
    _columns("instrument_id"),
    _columns("factor share_factor method is_flagged inputs"),
)
COINS = SummedTable(
    "crypto_price",
    "''",
    "{row}.date",
    _OF_DAYS,
    _columns("coin_id"),
    _columns("symbol name rank price_usd market_cap volume_24h change_24h change_7d source_name"),
)
CRYPTO_MARKET = SummedTable(
    "crypto_metric",
    "''",
    "{row}.date",
    _OF_DAYS,
    (),
    _columns(
        "total_market_cap total_volume_24h btc_dominance eth_btc_ratio fear_greed_index fear_greed_label "
        "defi_tvl stablecoin_mcap"
    ),
)
MACRO = SummedTable(
    "macro_observation",
    "{row}.series_id",
    "substr({row}.date, 1, 4)",
    _of_years("date"),
    _columns("date"),
    _columns("value first_seen_at"),
)
MACRO_SERIES = SummedTable(
    "macro_series", "''", "''", "TRUE", _columns("series_id"), _columns("title units frequency source")
)
STRESS = SummedTable(
    "stress_index",
    "''",
    "{row}.date",
    _OF_DAYS,
    (),
    _columns("z score band breadth coverage repo_flag repo_label is_provisional is_in_doubt"),
)
CONTRIBUTIONS = SummedTable(
    "stress_contribution",
    "''",
    "{row}.date",
    _OF_DAYS,
    _columns("category"),
    _columns("z weight contribution inputs"),
)

# The sums of daily bars are compared while an export reads them.
OF_LISTINGS = (INSTRUMENTS, NAMES, SECTIONS, EARLIER_UIDS)
OF_KRX = (BENCHMARK, INDICES, *OF_LISTINGS, CALENDAR, FACTORS)
OF_CRYPTO = (COINS, CRYPTO_MARKET)
OF_MACRO = (MACRO, MACRO_SERIES)
OF_STRESS = (STRESS, CONTRIBUTIONS)
SUMMED: Sequence[SummedTable] = (DAILY, ETFS, *OF_KRX, *OF_CRYPTO, *OF_MACRO, *OF_STRESS)


def filled(expression: str, row: str, first: str = "", last: str = "") -> str:
    """Return an expression for the rows of an alias and, where it asks for them, ISO days."""
    return expression.replace("{row}", row).replace("{first}", first).replace("{last}", last)
