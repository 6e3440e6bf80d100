"""Typed rows of the KRX Open API. Prices and values are Korean won; blank fields are None, never 0; codes are text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache


class Market(StrEnum):
    """The markets whose issues are collected."""

    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"
    KONEX = "KONEX"
    # Listed on KOSPI, but an own list of the source; collected only when the user wants it.
    ETF = "ETF"


STOCK_MARKETS = (Market.KOSPI, Market.KOSDAQ, Market.KONEX)


class IndexClass(StrEnum):
    """The families of indices; each has an endpoint of its own."""

    KRX = "KRX"
    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"


SUPERVISED = "관리종목"


@lru_cache(maxsize=64)
def is_supervised(section: str) -> bool:
    """Whether a listing section, one of few, says that its issues are under supervision."""
    return SUPERVISED in section


@dataclass(frozen=True, slots=True)
class EtfFigures:
    """What `etf_bydd_trd` sends of an ETF beside its prices: value of a share, value of the fund, what it follows.

    NAV and net assets are won, the levels of the underlying index points.
    """

    nav: float | None
    net_assets: int | None
    underlying_index: str | None
    underlying_close: float | None
    underlying_change: float | None


def premium_of(close: float, nav: float | None) -> float | None:
    """Return by which share of its NAV an ETF is dearer than that; none without a NAV."""
    return close / nav - 1 if nav is not None and nav > 0 else None


@dataclass(frozen=True, slots=True)
class EquityBar:
    """One issue on one session, as `*_bydd_trd` sends it.

    Open, high and low are None when nothing was traded (the source sends 0); close is then carried. change is signed,
    against the base price; rate is the same in percent, to two digits, and is checked when it comes, not stored.
    etf: of ETFs as they come; bars read from the store are without.
    """

    trade_date: date
    market: Market
    code: str
    name: str
    section: str
    close: float
    change: float
    open: float | None
    high: float | None
    low: float | None
    volume: int
    turnover_value: int
    market_value: int
    listed_shares: int
    rate: float | None = None
    etf: EtfFigures | None = None

    @property
    def base_price(self) -> float:
        """Return the price the exchange measured the change against."""
        return self.close - self.change

    @property
    def is_no_trade(self) -> bool:
        """Whether nothing was traded: halted, or quoted only."""
        return self.volume == 0

    @property
    def is_trade_halted(self) -> bool:
        """Whether trading was halted; on KONEX and among ETFs a session without trades is common and no halt."""
        return self.is_no_trade and self.market not in {Market.KONEX, Market.ETF}

    @property
    def is_under_supervision(self) -> bool:
        """Whether the listing section says so; KOSPI sends no section."""
        return is_supervised(self.section)


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """One issue of the master list of a day, as `*_isu_base_info` sends it (which carries no date)."""

    market: Market
    code: str
    isin: str
    legal_name: str
    name: str
    name_en: str
    listing_date: date
    security_group: str
    section: str
    share_class: str
    par_value: str | None
    listed_shares: int


@dataclass(frozen=True, slots=True)
class IndexBar:
    """One index on one session, as `idx/*_dd_trd` sends it. Market totals carry no prices.

    rate is the change in percent, to two digits: checked when it comes, not stored.
    """

    trade_date: date
    index_class: IndexClass
    name: str
    close: float | None
    change: float | None
    open: float | None
    high: float | None
    low: float | None
    volume: int | None
    turnover_value: int | None
    market_cap: int | None
    rate: float | None = None
