"""Rows of the sample KRX answers in the wire's own words: every value a text, keys in the documented order."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.sample.index_rules import INDEX_RULES
from tray_app.datasets.krx.sample.issues import MARKETS, SECTIONS, Issue
from tray_app.datasets.krx.sample.market import Day, SampleMarket
from tray_app.datasets.krx.sample.trading import trading_of

EMPTY_BLANKS_FROM = date(2026, 1, 1)
KOSDAQ_SECTIONS_FROM = date(2011, 5, 2)
HEADLINES = frozenset({"코스피", "코스닥"})

Row = dict[str, str]


def blank_on(day: date) -> str:
    """Return how a missing value is written in a day's answers."""
    return "" if day >= EMPTY_BLANKS_FROM else "-"


def daily_rows(market: SampleMarket, session: int, wanted: Market) -> list[Row]:
    """Return the rows of *_bydd_trd, by name."""
    day, today = market.day(session), market.calendar.sessions[session]
    made = trading_of(market, day)
    numbers = _listed(market, day, wanted)
    change = day.close - day.base
    columns = (
        day.close,
        change,
        np.round(100.0 * change / day.base, 2) + 0.0,
        made.open,
        made.high,
        made.low,
        made.volume,
        made.value,
        day.close * day.shares,
        day.shares,
    )
    cells = [column[numbers].tolist() for column in columns]
    stamp, blank = f"{today:%Y%m%d}", blank_on(today)
    rows = []
    for number, close, moved, rate, opened, high, low, volume, value, worth, shares in zip(
        numbers, *cells, strict=True
    ):
        issue = market.issues[number]
        rows.append(
            {
                "BAS_DD": stamp,
                "ISU_CD": issue.code,
                "ISU_NM": issue.titles[day.title[number]].name,
                "MKT_NM": wanted.value,
                "SECT_TP_NM": _section(issue, day, number, today) or blank,
                "TDD_CLSPRC": f"{close:.0f}",
                "CMPPREVDD_PRC": f"{moved:.0f}",
                "FLUC_RT": f"{rate:.2f}",
                "TDD_OPNPRC": f"{opened:.0f}",
                "TDD_HGPRC": f"{high:.0f}",
                "TDD_LWPRC": f"{low:.0f}",
                "ACC_TRDVOL": f"{volume:.0f}",
                "ACC_TRDVAL": f"{value:.0f}",
                "MKTCAP": f"{worth:.0f}",
                "LIST_SHRS": f"{shares:.0f}",
            }
        )
    rows.sort(key=lambda row: row["ISU_NM"])
    return rows


def master_rows(market: SampleMarket, session: int, wanted: Market) -> list[Row]:
    """Return the rows of *_isu_base_info, by legal name."""
    day, today = market.day(session), market.calendar.sessions[session]
    rows = [_master_row(market.issues[number], day, number, today) for number in _listed(market, day, wanted)]
    rows.sort(key=lambda row: row["ISU_NM"])
    return rows


def index_rows(market: SampleMarket, session: int, wanted: IndexClass) -> list[Row]:
    """Return the rows of idx/*_dd_trd: the total first, without prices but with the exact sums of the stock rows."""
    day, today = market.day(session), market.calendar.sessions[session]
    made = trading_of(market, day)
    sums = [day.membership.sums(values * day.alive) for values in (made.volume, made.value, day.close * day.shares)]
    luck = np.random.Generator(np.random.Philox(key=2_000_000 + session))
    wiggle = np.abs(luck.standard_normal((3, len(INDEX_RULES)))) * 0.003
    blank = blank_on(today)
    rows = []
    for place, rule in enumerate(INDEX_RULES):
        if rule.family is not wanted or today < rule.since:
            continue
        before, after = round(float(day.levels_before[place]), 2), round(float(day.levels[place]), 2)
        start = before + (after - before) * min(1.0, 100.0 * float(wiggle[0, place]))
        high = max(start, after) * (1.0 + float(wiggle[1, place]))
        low = min(start, after) * (1.0 - float(wiggle[2, place]))
        prices = ["" if rule.is_total else _level(price, rule.name, today) for price in (after, after - before)]
        prices.append("" if rule.is_total else f"{round(100.0 * (after - before) / before, 2) + 0.0:.2f}")
        prices += [
            "" if rule.is_total or rule.close_only else _level(price, rule.name, today) for price in (start, high, low)
        ]
        sizes = ["" if rule.close_only else f"{total[place]:.0f}" for total in sums]
        names = ("CLSPRC_IDX", "CMPPREVDD_IDX", "FLUC_RT", "OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX")
        cells = zip((*names, "ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP"), (*prices, *sizes), strict=True)
        rows.append(
            {"BAS_DD": f"{today:%Y%m%d}", "IDX_CLSS": wanted.value, "IDX_NM": rule.name}
            | {name: cell or blank for name, cell in cells}
        )
    return rows


def _level(value: float, name: str, today: date) -> str:
    # From 2026 on thousands are set apart, but not in the headline rows.
    apart = today >= EMPTY_BLANKS_FROM and name not in HEADLINES
    shown = round(value, 2) + 0.0
    return f"{shown:,.2f}" if apart else f"{shown:.2f}"


def _listed(market: SampleMarket, day: Day, wanted: Market) -> Sequence[int]:
    inside = market.traits.market[: len(day.alive)] == MARKETS.index(wanted)
    listed: list[int] = np.flatnonzero(day.alive & inside).tolist()
    return listed


def _section(issue: Issue, day: Day, number: int, today: date) -> str:
    if issue.market is Market.KOSDAQ and today < KOSDAQ_SECTIONS_FROM:
        return ""
    return SECTIONS[day.section[number]]


def _master_row(issue: Issue, day: Day, number: int, today: date) -> Row:
    title = issue.titles[day.title[number]]
    common = issue.market is Market.KOSPI and not issue.is_preferred
    return {
        "ISU_CD": issue.isin,
        "ISU_SRT_CD": issue.code,
        "ISU_NM": f"{title.legal}보통주" if common else title.legal,
        "ISU_ABBRV": title.name,
        "ISU_ENG_NM": title.english,
        "LIST_DD": f"{issue.listed:%Y%m%d}",
        "MKT_TP_NM": issue.market.value,
        "SECUGRP_NM": issue.group,
        "SECT_TP_NM": _section(issue, day, number, today) or blank_on(today),
        "KIND_STKCERT_TP_NM": issue.share_class,
        "PARVAL": issue.par,
        "LIST_SHRS": f"{day.shares[number]:.0f}",
    }
