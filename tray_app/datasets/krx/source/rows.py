"""The typed rows of the KRX answers: every column checked, then put together.

Prices and values are won, sizes shares, index levels points. What a row means (halted, new, off tick) is not judged.
"""

import re
from collections.abc import Iterable
from datetime import date, time
from itertools import repeat

from tray_app.core.columns import rows_of
from tray_app.core.source_life import SourceLife
from tray_app.core.times import KST, kst_instant
from tray_app.core.words import tr
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, EtfFigures, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.indices import MAIN_INDICES
from tray_app.datasets.krx.source.block import BLANKS, HIGHEST_PRICE, Block

# The exchange opened on that day: nothing was listed before.
LISTING_LIFE = SourceLife(date(1956, 3, 3), KST)
DATE_MISMATCH = "RESPONSE_DATE_MISMATCH"

CODE_LENGTH = 6
ISIN_LENGTH = 12

_DAY = re.compile(r"[0-9]{8}")


def equity_bars(block: Block, market: Market, day: date) -> tuple[EquityBar, ...]:
    """Return the daily rows of a market. Endpoints sto/stk_bydd_trd, ksq_bydd_trd, knx_bydd_trd."""
    _require_day(block, day)
    if not all(name.startswith(market) for name in set(block.texts("MKT_NM"))):
        raise block.body.changed(tr("MKT_NM is not {market}", market=market.value))
    return _bars(block, market, day, block.labels("SECT_TP_NM"), repeat(None, len(block.rows)))


def etf_bars(block: Block, day: date) -> tuple[EquityBar, ...]:
    """Return the daily rows of ETFs, which carry no section but figures of the fund. Endpoint etp/etf_bydd_trd.

    Rows without those columns are no ETFs: the other services list their issues in the same shape but for them. On a
    weekday holiday the source lists every ETF with blank prices, which are no rows.
    """
    _require_day(block, day)
    if set(block.texts("TDD_CLSPRC")) <= BLANKS:
        return ()
    return _bars(block, Market.ETF, day, repeat("", len(block.rows)), _etf_figures(block))


def base_infos(block: Block, market: Market, day: date) -> tuple[BaseInfo, ...]:
    """Return the master list of a market. Endpoints sto/stk_isu_base_info, ksq_isu_base_info, knx_isu_base_info.

    ISU_CD is the ISIN here and ISU_SRT_CD the short code; the rows carry no date, but none was listed after the day.
    """
    if not all(name.startswith(market) for name in set(block.texts("MKT_TP_NM"))):
        raise block.body.changed(tr("MKT_TP_NM is not {market}", market=market.value))
    return rows_of(
        BaseInfo,
        len(block.rows),
        {
            "market": repeat(market, len(block.rows)),
            "code": _codes(block, "ISU_SRT_CD"),
            "isin": block.codes("ISU_CD", ISIN_LENGTH),
            "legal_name": block.filled_texts("ISU_NM"),
            "name": block.filled_texts("ISU_ABBRV"),
            "name_en": block.labels("ISU_ENG_NM"),
            "listing_date": _listing_dates(block, day),
            "security_group": block.labels("SECUGRP_NM"),
            "section": block.labels("SECT_TP_NM"),
            "share_class": block.labels("KIND_STKCERT_TP_NM"),
            "par_value": [None if text in BLANKS else text for text in block.texts("PARVAL")],
            "listed_shares": block.filled_wholes("LIST_SHRS"),
        },
    )


def index_bars(block: Block, index_class: IndexClass, day: date) -> tuple[IndexBar, ...]:
    """Return the daily rows of a family of indices; blank cells are None. Endpoints idx/krx_dd_trd and the like."""
    _require_day(block, day)
    if not set(block.texts("IDX_CLSS")) <= {index_class.value}:
        raise block.body.changed(tr("IDX_CLSS is not {name}", name=index_class.value))
    names = block.filled_texts("IDX_NM")
    block.require_unique("IDX_NM", names)
    closes = block.levels("CLSPRC_IDX")
    main = MAIN_INDICES[index_class]
    if any(name == main and close is None for name, close in zip(names, closes, strict=True)):
        raise block.body.changed(tr("{name} is empty", name="CLSPRC_IDX"))
    return rows_of(
        IndexBar,
        len(block.rows),
        {
            "trade_date": repeat(day, len(block.rows)),
            "index_class": repeat(index_class, len(block.rows)),
            "name": names,
            "close": closes,
            "change": block.numbers("CMPPREVDD_IDX", low=-HIGHEST_PRICE),
            "open": _above_zero(block, "OPNPRC_IDX"),
            "high": _above_zero(block, "HGPRC_IDX"),
            "low": _above_zero(block, "LWPRC_IDX"),
            "volume": block.wholes("ACC_TRDVOL"),
            "turnover_value": block.wholes("ACC_TRDVAL"),
            "market_cap": block.wholes("MKTCAP"),
            "rate": block.numbers("FLUC_RT", low=-HIGHEST_PRICE),
        },
    )


def _etf_figures(block: Block) -> tuple[EtfFigures, ...]:
    # Of some indices the source sends 0 instead of a blank.
    closes = [close or None for close in block.numbers("OBJ_STKPRC_IDX", low=-HIGHEST_PRICE)]
    changes = block.numbers("CMPPREVDD_IDX", low=-HIGHEST_PRICE)
    block.numbers("FLUC_RT_IDX", low=-HIGHEST_PRICE)
    return rows_of(
        EtfFigures,
        len(block.rows),
        {
            "nav": _above_zero(block, "NAV"),
            "net_assets": block.wholes("INVSTASST_NETASST_TOTAMT"),
            "underlying_index": [label or None for label in block.labels("IDX_IND_NM")],
            "underlying_close": closes,
            "underlying_change": [
                change if close is not None else None for close, change in zip(closes, changes, strict=True)
            ],
        },
    )


def _bars(
    block: Block, market: Market, day: date, sections: Iterable[str], figures: Iterable[EtfFigures | None]
) -> tuple[EquityBar, ...]:
    count = len(block.rows)
    return rows_of(
        EquityBar,
        count,
        {
            "trade_date": repeat(day, count),
            "market": repeat(market, count),
            "code": _codes(block, "ISU_CD"),
            "name": block.filled_texts("ISU_NM"),
            "section": sections,
            "close": block.prices("TDD_CLSPRC"),
            "change": block.filled_numbers("CMPPREVDD_PRC", low=-HIGHEST_PRICE),
            "open": _above_zero(block, "TDD_OPNPRC"),
            "high": _above_zero(block, "TDD_HGPRC"),
            "low": _above_zero(block, "TDD_LWPRC"),
            "volume": block.filled_wholes("ACC_TRDVOL"),
            "turnover_value": block.filled_wholes("ACC_TRDVAL"),
            "market_value": block.filled_wholes("MKTCAP"),
            "listed_shares": block.filled_wholes("LIST_SHRS"),
            "rate": block.numbers("FLUC_RT", low=-HIGHEST_PRICE),
            "etf": figures,
        },
    )


def _above_zero(block: Block, name: str) -> list[float | None]:
    # Nothing is ever traded at 0 or worth 0: the source writes it where there was no trade or no value.
    return [value or None for value in block.numbers(name)]


def _require_day(block: Block, day: date) -> None:
    days = set(block.texts("BAS_DD"))
    if not days <= {f"{day:%Y%m%d}"}:
        raise block.body.changed(
            tr(
                "{code}: rows of {found} instead of {asked:%Y%m%d}",
                code=DATE_MISMATCH,
                found=", ".join(sorted(text[:12] for text in days)[:3]),
                asked=day,
            )
        )


def _codes(block: Block, name: str) -> list[str]:
    codes = block.codes(name, CODE_LENGTH)
    block.require_unique(name, codes)
    return codes


def _listing_dates(block: Block, day: date) -> list[date]:
    cells = block.texts("LIST_DD")
    try:
        known = {cell: _date(cell) for cell in set(cells)}
    except ValueError as error:
        raise block.body.changed(tr("{name} is not a date", name="LIST_DD")) from error
    seen_at = kst_instant(day, time(12))
    odd = [each for each in known.values() if not LISTING_LIFE.holds(each, seen_at)]
    if odd:
        raise block.body.changed(tr("nothing was listed on {day}", day=odd[0]))
    return [known[cell] for cell in cells]


def _date(cell: str) -> date:
    if _DAY.fullmatch(cell) is None:
        raise ValueError(cell)
    return date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
