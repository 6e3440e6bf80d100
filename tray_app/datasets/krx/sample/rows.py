"""Rows of the sample KRX answers in the wire's own words: every value a text, keys in the documented order."""

from datetime import date
from typing import TypeVar

import numpy as np

from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.datasets.krx.sample.indices import Indices
from tray_app.datasets.krx.sample.issues import Issue
from tray_app.datasets.krx.sample.market import SampleMarket

EMPTY_BLANKS_FROM = date(2026, 1, 1)
KOSDAQ_SECTIONS_FROM = date(2011, 5, 2)
HEADLINES = frozenset({"코스피", "코스닥"})
PRICES = ("TDD_CLSPRC", "CMPPREVDD_PRC", "FLUC_RT", "TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC")
SIZES = ("ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP", "LIST_SHRS")
INDEX_CELLS = ("CLSPRC_IDX", "CMPPREVDD_IDX", "FLUC_RT", "OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", *SIZES[:3])

Row = dict[str, str]
Told = TypeVar("Told")


def blank_on(day: date) -> str:
    """Return how a missing value is written in a day's answers."""
    return "" if day >= EMPTY_BLANKS_FROM else "-"


def daily_rows(market: SampleMarket, session: int, wanted: Market) -> list[Row]:
    """Return the rows of *_bydd_trd, by name."""
    day, made, today = market.day(session), market.trading(session), market.calendar.sessions[session]
    change = day.close - day.base
    rate = np.round(100.0 * change / np.maximum(day.base, 1.0), 2) + 0.0
    numbers = (day.close, change, rate, made.open, made.high, made.low, made.volume, made.value)
    columns = [one.tolist() for one in (*numbers, day.close * day.shares, day.shares)]
    rows = []
    for issue in _listed(market, session, wanted):
        cells = (column[issue.number] for column in columns)
        rows.append(
            {
                "BAS_DD": f"{today:%Y%m%d}",
                "ISU_CD": issue.code,
                "ISU_NM": _at(issue.names, session).name,
                "MKT_NM": wanted.value,
                "SECT_TP_NM": _section(issue, session, today),
            }
            | {
                name: f"{cell:.2f}" if name == "FLUC_RT" else f"{cell:.0f}"
                for name, cell in zip((*PRICES, *SIZES), cells, strict=True)
            }
        )
    return sorted(rows, key=lambda row: row["ISU_NM"])


def master_rows(market: SampleMarket, session: int, wanted: Market) -> list[Row]:
    """Return the rows of *_isu_base_info, by legal name."""
    shares, today = market.day(session).shares, market.calendar.sessions[session]
    rows = []
    for issue in _listed(market, session, wanted):
        title = _at(issue.names, session)
        has_class = wanted is Market.KOSPI and issue.kind == "common"
        rows.append(
            {
                "ISU_CD": issue.isin,
                "ISU_SRT_CD": issue.code,
                "ISU_NM": f"{title.legal}보통주" if has_class else title.legal,
                "ISU_ABBRV": title.name,
                "ISU_ENG_NM": title.english,
                "LIST_DD": f"{issue.listed:%Y%m%d}",
                "MKT_TP_NM": wanted.value,
                "SECUGRP_NM": issue.group,
                "SECT_TP_NM": _section(issue, session, today),
                "KIND_STKCERT_TP_NM": issue.share_class,
                "PARVAL": issue.par,
                "LIST_SHRS": f"{shares[issue.number]:.0f}",
            }
        )
    return sorted(rows, key=lambda row: row["ISU_NM"])


def index_rows(market: SampleMarket, indices: Indices, session: int, wanted: IndexClass) -> list[Row]:
    """Return the rows of idx/*_dd_trd: the total first, without prices but with the exact sums of the stock rows."""
    day, made, today = market.day(session), market.trading(session), market.calendar.sessions[session]
    worth = day.close * day.shares
    sums = [indices.sums(values * day.alive) for values in (made.volume, made.value, worth)]
    luck = np.random.Generator(np.random.Philox(key=2_000_000 + session))
    wiggle = np.abs(luck.standard_normal((3, len(indices.rules)))) * 0.003
    levels, blank = np.round((indices.before(session), indices.levels[session]), 2), blank_on(today)
    rows = []
    for place, rule in enumerate(indices.rules):
        if rule.family is not wanted or not rule.is_shown(today):
            continue
        before, after = levels[:, place].tolist()
        opened = before + (after - before) * min(1.0, 100.0 * wiggle[0, place])
        high, low = max(opened, after) * (1.0 + wiggle[1, place]), min(opened, after) * (1.0 - wiggle[2, place])
        is_set_apart = today >= EMPTY_BLANKS_FROM and rule.name not in HEADLINES
        shown = [_level(price, is_set_apart=is_set_apart) for price in (after, after - before)]
        shown.append(f"{round(100.0 * (after - before) / before, 2) + 0.0:.2f}")
        span = [_level(price, is_set_apart=is_set_apart) for price in (opened, high, low)]
        sizes = [f"{total[place]:.0f}" for total in sums]
        if rule.mark == "=":
            shown, span = [blank] * 3, [blank] * 3
        elif rule.mark == "~":
            span, sizes = [blank] * 3, [blank] * 3
        head = {"BAS_DD": f"{today:%Y%m%d}", "IDX_CLSS": wanted.value, "IDX_NM": rule.name}
        rows.append(head | dict(zip(INDEX_CELLS, (*shown, *span, *sizes), strict=True)))
    return rows


def _level(value: float, *, is_set_apart: bool) -> str:
    # From 2026 on thousands are set apart, but not in the headline rows.
    return format(round(value, 2) + 0.0, ",.2f" if is_set_apart else ".2f")


def _listed(market: SampleMarket, session: int, wanted: Market) -> list[Issue]:
    inside = market.day(session).alive & (market.places == STOCK_MARKETS.index(wanted))
    return [market.issues[number] for number in np.flatnonzero(inside)]


def _section(issue: Issue, session: int, today: date) -> str:
    is_untold = issue.market is Market.KOSDAQ and today < KOSDAQ_SECTIONS_FROM
    return ("" if is_untold else _at(issue.sections, session)) or blank_on(today)


def _at(spells: list[tuple[int, Told]], session: int) -> Told:
    return next(told for first, told in reversed(spells) if first <= session)
