"""Every series the liquidity collector stores: where it comes from, how late it is, and whether it may be passed on."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tray_app.core.checks.value_rules import ValueRules
from tray_app.core.words import tr
from tray_app.datasets.liquidity.rules.plausible import ANYTHING, level, price, rate, spread


class Provider(StrEnum):
    """Who serves a series."""

    FRED = "fred"
    YAHOO = "yahoo"


class Frequency(StrEnum):
    """How often a series gets a value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Restriction(StrEnum):
    """Why a series stays on this computer unless its user says otherwise."""

    NONE = ""
    ICE = "ice"
    CBOE = "cboe"
    YAHOO = "yahoo"

    @property
    def reason(self) -> str:
        """Return the sentence that says why the series is left out of an export."""
        return {
            Restriction.NONE: "",
            Restriction.ICE: tr("ICE forbids the reproduction of its indices beyond one's own use."),
            Restriction.CBOE: tr("Cboe's index values may not be passed on without a licence."),
            Restriction.YAHOO: tr("Yahoo's prices are for personal use and may not be passed on."),
        }[self]


@dataclass(frozen=True, slots=True)
class MacroSeries:
    """A series of the catalogue.

    lag is the number of business days from an observation's date until it is published by the end of New York's day;
    of what comes in the batch of the Monday after its week, the longest. carry is how many business days a value holds
    for the index before it counts as missing, rules what its values may be; is_price: its changes are
    returns, so that a source may divide its history. is_every_day: weekends and holidays have a value too. title is
    told to people.
    """

    series_id: str
    title: str
    units: str
    provider: Provider
    starts: date
    frequency: Frequency = Frequency.DAILY
    lag: int = 1
    carry: int = 5
    restriction: Restriction = Restriction.NONE
    ended: bool = False
    is_monday_batch: bool = False
    is_every_day: bool = False
    is_price: bool = False
    rules: ValueRules = ANYTHING


def catalogue() -> tuple[MacroSeries, ...]:
    """Return every series, FRED's first."""
    return (*_fred(), *_yahoo())


def served_by(provider: Provider) -> tuple[MacroSeries, ...]:
    """Return a provider's part of the catalogue."""
    return tuple(each for each in catalogue() if each.provider is provider)


def _fred() -> tuple[MacroSeries, ...]:
    percent, points, billions, millions = tr("per cent"), tr("percentage points"), tr("USD bn"), tr("USD mn")
    fred, weekly = Provider.FRED, Frequency.WEEKLY
    return (
        MacroSeries(
            "SOFR", tr("Secured overnight financing rate"), percent, fred, date(2018, 4, 3), rules=rate(3.0, 130)
        ),
        MacroSeries("SOFR99", tr("SOFR, 99th percentile"), percent, fred, date(2018, 4, 3), rules=rate(8.0, 130)),
        MacroSeries("SOFRVOL", tr("SOFR volume"), billions, fred, date(2018, 4, 3), rules=price(1.0, 1e5, 0.7)),
        MacroSeries("EFFR", tr("Effective federal funds rate"), percent, fred, date(2000, 7, 3), rules=rate(1.5)),
        MacroSeries(
            "DFF",
            tr("Federal funds rate, seven days a week"),
            percent,
            fred,
            date(1986, 1, 1),
            is_every_day=True,
            rules=rate(1.5, judged_from=date(1997, 1, 1)),
        ),
        MacroSeries(
            "IORB", tr("Interest on reserve balances"), percent, fred, date(2021, 7, 29), lag=0, rules=rate(1.5)
        ),
        MacroSeries(
            "DCPF3M",
            tr("Commercial paper, AA financial, 3 months"),
            percent,
            fred,
            date(1997, 1, 2),
            lag=2,
            rules=rate(1.5, 45),
        ),
        MacroSeries(
            "TEDRATE", tr("TED spread"), points, fred, date(1986, 1, 2), ended=True, rules=spread(10.0, 1.2, 30)
        ),
        MacroSeries("DGS3MO", tr("Treasury yield, 3 months"), percent, fred, date(1986, 1, 2), rules=rate(1.0, 140)),
        MacroSeries("DGS2", tr("Treasury yield, 2 years"), percent, fred, date(1986, 1, 2), rules=rate(1.0, 16)),
        MacroSeries("DGS10", tr("Treasury yield, 10 years"), percent, fred, date(1986, 1, 2), rules=rate(0.9, 12)),
        MacroSeries(
            "T10Y2Y",
            tr("Slope, 10 years less 2 years"),
            points,
            fred,
            date(1986, 1, 2),
            lag=0,
            rules=level(-5.0, 6.0, 0.7, 14),
        ),
        MacroSeries(
            "T10Y3M",
            tr("Slope, 10 years less 3 months"),
            points,
            fred,
            date(1986, 1, 2),
            lag=0,
            rules=level(-6.0, 7.0, 1.0, 14),
        ),
        MacroSeries(
            "BAA10Y",
            tr("Baa corporate spread over 10 years"),
            points,
            fred,
            date(1986, 1, 2),
            rules=spread(12.0, 0.8, 16),
        ),
        MacroSeries(
            "AAA10Y",
            tr("Aaa corporate spread over 10 years"),
            points,
            fred,
            date(1986, 1, 2),
            rules=spread(8.0, 0.8, 20),
        ),
        MacroSeries(
            "BAMLH0A0HYM2",
            tr("High yield spread (ICE BofA)"),
            points,
            fred,
            date(1996, 12, 31),
            restriction=Restriction.ICE,
            rules=spread(40.0, 2.0, 12),
        ),
        MacroSeries(
            "BAMLC0A0CM",
            tr("Investment grade spread (ICE BofA)"),
            points,
            fred,
            date(1996, 12, 31),
            restriction=Restriction.ICE,
            rules=spread(15.0, 0.8, 30),
        ),
        MacroSeries(
            "VIXCLS",
            tr("VIX"),
            tr("index"),
            fred,
            date(1990, 1, 2),
            restriction=Restriction.CBOE,
            rules=price(4.0, 200.0, 0.9),
        ),
        _h10("DTWEXBGS", tr("Broad dollar index"), tr("index"), date(2006, 1, 2), rules=price(50.0, 250.0, 0.04)),
        _h10("DEXKOUS", tr("Won per dollar (Fed)"), tr("KRW"), date(1986, 1, 2), rules=price(400.0, 4000.0, 0.25, 16)),
        MacroSeries(
            "RRPONTSYD",
            tr("Overnight reverse repo"),
            billions,
            fred,
            date(2003, 2, 7),
            lag=0,
            rules=level(0.0, 6000.0, 600.0),
        ),
        MacroSeries(
            "WALCL",
            tr("Federal Reserve assets"),
            millions,
            fred,
            date(2002, 12, 18),
            weekly,
            1,
            10,
            rules=price(1e5, 3e7, 0.35),
        ),
        MacroSeries(
            "WRESBAL",
            tr("Reserve balances"),
            millions,
            fred,
            date(2002, 12, 18),
            weekly,
            1,
            10,
            rules=price(1e3, 1e7, 2.5),
        ),
        MacroSeries(
            "WTREGEN",
            tr("Treasury general account"),
            millions,
            fred,
            date(2002, 12, 18),
            weekly,
            1,
            10,
            rules=price(1e3, 5e6, 2.5),
        ),
        MacroSeries(
            "NFCI",
            tr("Chicago Fed financial conditions"),
            tr("index"),
            fred,
            date(1986, 1, 3),
            weekly,
            3,
            10,
            rules=level(-3.0, 8.0, 0.6, 16),
        ),
        MacroSeries(
            "STLFSI4",
            tr("St. Louis Fed financial stress"),
            tr("index"),
            fred,
            date(1993, 12, 31),
            weekly,
            4,
            10,
            rules=level(-5.0, 20.0, 4.0, 8),
        ),
        MacroSeries(
            "DRTSCILM",
            tr("Banks tightening loan standards"),
            percent,
            fred,
            date(1990, 4, 1),
            Frequency.QUARTERLY,
            25,
            70,
            rules=level(-100.0, 100.0, 60.0, 6),
        ),
    )


def _h10(series_id: str, title: str, units: str, starts: date, rules: ValueRules) -> MacroSeries:
    """Return a series of the Board's release H.10, which brings a week's days on the Monday after."""
    return MacroSeries(
        series_id, title, units, Provider.FRED, starts, lag=5, carry=10, is_monday_batch=True, rules=rules
    )


def _yahoo() -> tuple[MacroSeries, ...]:
    return (
        _close("^VIX", tr("VIX"), date(1990, 1, 2), rules=price(4.0, 200.0, 0.9)),
        _close("^MOVE", tr("MOVE"), date(2002, 11, 12), rules=price(10.0, 500.0, 0.6)),
        _price("^GSPC", tr("S&P 500"), date(1986, 1, 2), rules=price(50.0, 1e5, 0.25)),
        _price("XLF", tr("US financials (XLF)"), date(1998, 12, 22), rules=price(0.5, 5e3, 0.15)),
        _price("KRE", tr("US regional banks (KRE)"), date(2006, 6, 22), rules=price(0.5, 5e3, 0.15)),
        _price("HYG", tr("High yield bonds (HYG)"), date(2007, 4, 11), rules=price(1.0, 5e3, 0.12)),
        _price("LQD", tr("Investment grade bonds (LQD)"), date(2002, 7, 30), rules=price(1.0, 5e3, 0.12)),
        _price("IEF", tr("Treasuries 7 to 10 years (IEF)"), date(2002, 7, 30), rules=price(1.0, 5e3, 0.08)),
        _price("DX-Y.NYB", tr("Dollar index (DXY)"), date(1986, 1, 2), rules=price(40.0, 250.0, 0.06)),
        _price("KRW=X", tr("Won per dollar"), date(2003, 12, 1), rules=price(400.0, 4000.0, 0.2, 10)),
        _close("^VIX3M", tr("VIX, 3 months"), date(2009, 9, 18), rules=price(4.0, 200.0, 0.7)),
    )


def _price(symbol: str, title: str, starts: date, rules: ValueRules) -> MacroSeries:
    """Return the close of what can be bought."""
    return replace(_close(symbol, title, starts, rules), is_price=True)


def _close(symbol: str, title: str, starts: date, rules: ValueRules) -> MacroSeries:
    """Return a market's close, which is known at the end of its own date."""
    return MacroSeries(
        symbol, title, tr("close"), Provider.YAHOO, starts, lag=0, restriction=Restriction.YAHOO, rules=rules
    )
