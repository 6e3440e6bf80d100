"""Recorded days of the exchange as typed rows: real data, outside the repository, as the terms forbid passing it on."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import pytest
from repository import RECORDED

from tray_app.core.times import kst_instant
from tray_app.datasets.krx.rows import STOCK_MARKETS, BaseInfo, EquityBar, IndexBar, IndexClass, Market

RECORDINGS = RECORDED / "krx"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the exchange's recordings are not shared beside the repository ({RECORDINGS})"
)
RECORDED_DAYS = (date(2024, 1, 4), date(2024, 1, 5))
LISTED_DAYS = tuple(date(2026, 3, day) for day in (9, 10, 11, 12, 13, 16))
Number = TypeVar("Number")
PREFIX = {Market.KOSPI: "stk", Market.KOSDAQ: "ksq", Market.KONEX: "knx"}
MARKET_OF_ID = {"STK": Market.KOSPI, "KSQ": Market.KOSDAQ, "KNX": Market.KONEX}


def bar(code: str = "005930", day: date = date(2024, 1, 5), **changes: Any) -> EquityBar:
    """A plain traded day at 10,000 won, changed where the test says."""
    close = float(changes.get("close", 10_000.0))
    volume = int(changes.get("volume", 1_000))
    shares = int(changes.get("listed_shares", 1_000_000))
    traded = volume > 0
    values: dict[str, Any] = {
        "trade_date": day,
        "market": Market.KOSPI,
        "code": code,
        "name": f"Issue {code}",
        "section": "",
        "close": close,
        "change": 0.0,
        "open": close if traded else None,
        "high": close if traded else None,
        "low": close if traded else None,
        "volume": volume,
        "turnover_value": int(close * volume),
        "market_value": int(close * shares),
        "listed_shares": shares,
    }
    return EquityBar(**(values | changes))


def index_bar(name: str = "코스피", day: date = date(2024, 1, 5), **changes: Any) -> IndexBar:
    """An index at 2,500 points, unchanged on the day."""
    values: dict[str, Any] = {
        "trade_date": day,
        "index_class": IndexClass.KOSPI,
        "name": name,
        "close": 2_500.0,
        "change": 0.0,
        "open": 2_500.0,
        "high": 2_500.0,
        "low": 2_500.0,
        "volume": 1_000,
        "turnover_value": 10_000_000,
        "market_cap": 10_000_000_000,
    }
    return IndexBar(**(values | changes))


def base_info(code: str = "005930", **changes: Any) -> BaseInfo:
    """Base info of an issue listed in 1975."""
    values: dict[str, Any] = {
        "market": Market.KOSPI,
        "code": code,
        "isin": f"KR7{code}00",
        "legal_name": f"Issue {code} 보통주",
        "name": f"Issue {code}",
        "name_en": f"Issue {code}",
        "listing_date": date(1975, 6, 11),
        "security_group": "주권",
        "section": "",
        "share_class": "보통주",
        "par_value": "100",
        "listed_shares": 1_000_000,
    }
    return BaseInfo(**(values | changes))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return an instant given in Korean time."""
    return kst_instant(day, time(hour, minute)).astimezone(UTC)


def recorded_bars(market: Market, day: date) -> list[EquityBar]:
    return [_equity(row, market) for row in _open_api(f"{PREFIX[market]}_bydd_trd", day)]


def recorded_day(day: date) -> dict[Market, list[EquityBar]]:
    return {market: recorded_bars(market, day) for market in STOCK_MARKETS}


def recorded_base_info(market: Market, day: date) -> list[BaseInfo]:
    rows = _open_api(f"{PREFIX[market]}_isu_base_info", day)
    return [
        BaseInfo(
            market=market,
            code=row["ISU_SRT_CD"],
            isin=row["ISU_CD"],
            legal_name=row["ISU_NM"],
            name=row["ISU_ABBRV"],
            name_en=row["ISU_ENG_NM"],
            listing_date=datetime.strptime(row["LIST_DD"], "%Y%m%d").replace(tzinfo=UTC).date(),
            security_group=row["SECUGRP_NM"],
            section=_text(row["SECT_TP_NM"]),
            share_class=row["KIND_STKCERT_TP_NM"],
            par_value=row["PARVAL"],
            listed_shares=int(row["LIST_SHRS"]),
        )
        for row in rows
    ]


def recorded_indices(index_class: IndexClass, day: date) -> list[IndexBar]:
    rows = _open_api(f"{index_class.lower()}_dd_trd", day)
    return [
        IndexBar(
            trade_date=day,
            index_class=index_class,
            name=row["IDX_NM"],
            close=_number(row["CLSPRC_IDX"]),
            change=_number(row["CMPPREVDD_IDX"]),
            open=_number(row["OPNPRC_IDX"]),
            high=_number(row["HGPRC_IDX"]),
            low=_number(row["LWPRC_IDX"]),
            volume=_whole(row["ACC_TRDVOL"]),
            turnover_value=_whole(row["ACC_TRDVAL"]),
            market_cap=_whole(row["MKTCAP"]),
            rate=_number(row["FLUC_RT"]),
        )
        for row in rows
    ]


def listed_bars(day: date) -> list[EquityBar]:
    """All issues of a day of March 2026; volume and traded value are final on the 13th only."""
    final = "_final" if day == date(2026, 3, 13) else ""
    rows = _csv(RECORDINGS / "fdr_cache" / f"listing_krx_{day}{final}.csv")
    names = {
        "ISU_CD": "Code", "ISU_NM": "Name", "SECT_TP_NM": "Dept", "TDD_CLSPRC": "Close", "CMPPREVDD_PRC": "Changes",
        "FLUC_RT": "ChagesRatio",
        "TDD_OPNPRC": "Open", "TDD_HGPRC": "High", "TDD_LWPRC": "Low", "ACC_TRDVOL": "Volume", "ACC_TRDVAL": "Amount",
        "MKTCAP": "Marcap", "LIST_SHRS": "Stocks",
    }  # fmt: skip
    return [
        _equity({"BAS_DD": f"{day:%Y%m%d}", **{wire: row[name] for wire, name in names.items()}}, market)
        for row in rows
        for market in [MARKET_OF_ID[row["MarketId"]]]
    ]


def website_bars(file_name: str, day: date) -> Iterator[EquityBar]:
    """All issues of a day from the exchange's website, as of 2020-12-30 and 2021-01-04."""
    body = json.loads((RECORDINGS / "mdc" / file_name).read_text(encoding="utf-8"))
    for row in body["OutBlock_1"]:
        yield _equity({"BAS_DD": f"{day:%Y%m%d}", "ISU_NM": row["ISU_ABBRV"], **row, "ISU_CD": row["ISU_SRT_CD"]},
                      MARKET_OF_ID[row["MKT_ID"]])  # fmt: skip


def recorded_sessions() -> list[date]:
    """The exchange's sessions 2010-01-04..2026-03-20, from the recorded KOSPI index."""
    files = sorted((RECORDINGS / "fdr_cache").glob("index_ks11_*.csv"))
    return sorted(date.fromisoformat(row["Date"]) for file in files for row in _csv(file))


def recorded_delistings() -> dict[str, date]:
    """The exchange's own list of delistings, to 2026-03-20."""
    rows = _csv(RECORDINGS / "fdr_cache" / "delisting_2026-03-20.csv")
    return {row["Symbol"]: date.fromisoformat(row["DelistingDate"]) for row in rows}


def by_code(bars: list[EquityBar]) -> dict[str, EquityBar]:
    return {one.code: one for one in bars}


def _open_api(name: str, day: date) -> list[dict[str, str]]:
    path = RECORDINGS / "openapi" / f"{name}_{day:%Y%m%d}.json"
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["OutBlock_1"]
    return rows


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _equity(row: Mapping[str, str], market: Market) -> EquityBar:
    volume = _filled(row["ACC_TRDVOL"], int)
    prices = [_filled(row[name], float) for name in ("TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC")]
    opened, high, low = prices if volume else (None, None, None)
    return EquityBar(
        trade_date=datetime.strptime(row["BAS_DD"], "%Y%m%d").replace(tzinfo=UTC).date(),
        market=market,
        code=row["ISU_CD"],
        name=row["ISU_NM"],
        section=_text(row["SECT_TP_NM"]),
        close=_filled(row["TDD_CLSPRC"], float),
        change=_filled(row["CMPPREVDD_PRC"], float),
        open=opened,
        high=high,
        low=low,
        volume=volume,
        turnover_value=_filled(row["ACC_TRDVAL"], int),
        market_value=_filled(row["MKTCAP"], int),
        listed_shares=_filled(row["LIST_SHRS"], int),
        rate=_number(row["FLUC_RT"]),
    )


def _filled(text: str, kind: Callable[[str], Number]) -> Number:
    return kind(text.replace(",", ""))


def _number(text: str) -> float | None:
    return None if text in {"", "-"} else float(text.replace(",", ""))


def _whole(text: str) -> int | None:
    return None if text in {"", "-"} else int(text.replace(",", ""))


def _text(text: str) -> str:
    return "" if text == "-" else text
