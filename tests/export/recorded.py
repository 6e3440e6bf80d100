"""The recorded bodies of the Korea Exchange, parsed for tests, and a store that holds them."""

import json
import uuid
from datetime import UTC, date, datetime
from typing import Any

from repository import RECORDED

from export.kit import opened
from tray_app.core.days import day_number
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, Market
from tray_app.datasets.krx.store.daily import store_market_day
from tray_app.datasets.schema import SCHEMA
from tray_app.paths import Home
from tray_app.store import sums
from tray_app.store.series import Provenance

FOLDER = RECORDED / "krx" / "openapi"
DAYS = (date(2024, 1, 4), date(2024, 1, 5))
SERVICES = {Market.KOSPI: "stk", Market.KOSDAQ: "ksq", Market.KONEX: "knx"}
SEEN = Provenance(datetime(2024, 1, 8, tzinfo=UTC), 1)


def body(service: str, day: date) -> list[dict[str, str]]:
    """Return the rows of a recorded answer."""
    text = (FOLDER / f"{service}_{day:%Y%m%d}.json").read_text("utf-8")
    rows: list[dict[str, str]] = json.loads(text)["OutBlock_1"]
    return rows


def number(text: str) -> float | None:
    return None if text in {"", "-"} else float(text.replace(",", ""))


def whole(text: str) -> int:
    return int(text.replace(",", ""))


def bars(market: Market, day: date) -> list[EquityBar]:
    return [_bar(market, day, row) for row in body(f"{SERVICES[market]}_bydd_trd", day)]


def fill(home: Home, markets: tuple[Market, ...] = tuple(STOCK_MARKETS), days: tuple[date, ...] = DAYS) -> None:
    """Store the recorded days."""
    home.root.mkdir(parents=True, exist_ok=True)
    with opened(home) as database, database.writing() as connection:
        connection.execute(
            "INSERT INTO collection_runs (run_id, collector, triggered_by, kind, status, started_at)"
            " VALUES (1, 'krx', 'manual-cli', 'history', 'success', '2024-01-08T00:00:00Z')"
        )
        ids: dict[tuple[str, str], int] = {}
        for day in days:
            for market in markets:
                found = bars(market, day)
                for bar in found:
                    if (market, bar.code) not in ids:
                        ids[market, bar.code] = len(ids) + 1
                        _add_instrument(connection, ids[market, bar.code], bar)
                store_market_day(connection, day, found, {bar.code: ids[market, bar.code] for bar in found}, SEEN)
                connection.execute(
                    "INSERT INTO trading_calendar VALUES (?, ?, 'open', 1, NULL, 'rows', 'krx', '')",
                    (market, day.isoformat()),
                )
            _add_indices(connection, day)
        sums.rebuild(connection, SCHEMA.summed)


def _bar(market: Market, day: date, row: dict[str, str]) -> EquityBar:
    traded = whole(row["ACC_TRDVOL"]) > 0
    prices = [number(row[f"TDD_{name}PRC"]) if traded else None for name in ("OPN", "HG", "LW")]
    return EquityBar(
        trade_date=day,
        market=market,
        code=row["ISU_CD"],
        name=row["ISU_NM"],
        section=row["SECT_TP_NM"],
        close=float(row["TDD_CLSPRC"]),
        change=float(row["CMPPREVDD_PRC"]),
        open=prices[0],
        high=prices[1],
        low=prices[2],
        volume=whole(row["ACC_TRDVOL"]),
        turnover_value=whole(row["ACC_TRDVAL"]),
        market_value=whole(row["MKTCAP"]),
        listed_shares=whole(row["LIST_SHRS"]),
    )


def _add_instrument(connection: Any, instrument_id: int, bar: EquityBar) -> None:
    uid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{bar.market}:{bar.code}:1"))
    seen = (DAYS[0].isoformat(), DAYS[-1].isoformat())
    connection.execute(
        "INSERT INTO instruments (instrument_id, uid, market_code, external_code, episode, instrument_name,"
        " listing_date, first_seen, last_seen, source_name, collected_at, updated_at)"
        " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, 'krx', '', '')",
        (instrument_id, uid, bar.market, bar.code, bar.name, bar.trade_date.isoformat(), *seen),
    )


def _add_indices(connection: Any, day: date) -> None:
    codes = {("KOSPI", "코스피"): "KOSPI", ("KOSDAQ", "코스닥"): "KOSDAQ"}
    for service in ("kospi_dd_trd", "kosdaq_dd_trd"):
        for row in body(service, day):
            key = (row["IDX_CLSS"], row["IDX_NM"])
            code = codes.get(key, f"{key[0]}:{key[1]}")
            connection.execute(
                "INSERT INTO indices (index_class, index_code, index_name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (key[0], code, key[1]),
            )
            prices = [number(row[name]) for name in ("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX")]
            amounts = [number(row[name]) for name in ("ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP")]
            connection.execute(
                "INSERT INTO benchmark_index_data SELECT ?, index_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 1"
                " FROM indices WHERE index_code = ?",
                (
                    day_number(day),
                    *prices,
                    number(row["CMPPREVDD_IDX"]),
                    *(None if amount is None else int(amount) for amount in amounts),
                    0 if None not in prices else 3,
                    code,
                ),
            )
