"""Recorded bodies of the KRX Open API into rows, value by value."""

import json
from datetime import date

import pytest
from repository import RECORDED

from datasets.krx.source.krx_kit import block
from tray_app.core.errors import SourceChangedShape
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.source.block import read_block
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, etf_bars, index_bars
from tray_app.net.body import Body

RECORDINGS = RECORDED / "krx" / "openapi"
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded KRX answers are not here (they may not be shipped): {RECORDINGS}"
)
THURSDAY, FRIDAY = date(2024, 1, 4), date(2024, 1, 5)


def recorded_body(name: str) -> bytes:
    return (RECORDINGS / f"{name}.json").read_bytes()


def recorded_rows(name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(recorded_body(name))["OutBlock_1"]
    return rows


def shown(value: float | None) -> str:
    """Return a won amount as the source writes it; what was not traded as 0."""
    return f"{value or 0:.0f}"


@pytest.mark.parametrize("day", [THURSDAY, FRIDAY])
@pytest.mark.parametrize(
    ("market", "name", "count"), [(Market.KOSPI, "stk", 953), (Market.KOSDAQ, "ksq", 1703), (Market.KONEX, "knx", 129)]
)
def test_recorded_days_equal_their_bodies(market: Market, name: str, count: int, day: date) -> None:
    file = f"{name}_bydd_trd_{day:%Y%m%d}"
    made = equity_bars(read_block(Body("host", recorded_body(file))), market, day)
    assert len(made) == count
    for bar, row in zip(made, recorded_rows(file), strict=True):
        assert {
            "BAS_DD": f"{bar.trade_date:%Y%m%d}",
            "ISU_CD": bar.code,
            "ISU_NM": bar.name,
            "MKT_NM": bar.market.value,
            "SECT_TP_NM": bar.section or "-",
            "TDD_CLSPRC": shown(bar.close),
            "CMPPREVDD_PRC": shown(bar.change),
            "FLUC_RT": row["FLUC_RT"],
            "TDD_OPNPRC": shown(bar.open),
            "TDD_HGPRC": shown(bar.high),
            "TDD_LWPRC": shown(bar.low),
            "ACC_TRDVOL": str(bar.volume),
            "ACC_TRDVAL": str(bar.turnover_value),
            "MKTCAP": str(bar.market_value),
            "LIST_SHRS": str(bar.listed_shares),
        } == row
        assert (bar.open is None) == (bar.high is None) == (bar.low is None) == bar.is_no_trade


@pytest.mark.parametrize("day", [THURSDAY, FRIDAY])
@pytest.mark.parametrize(
    ("family", "name", "count"),
    [(IndexClass.KOSPI, "kospi", 47), (IndexClass.KOSDAQ, "kosdaq", 38), (IndexClass.KRX, "krx", 34)],
)
def test_recorded_indices_equal_their_bodies(family: IndexClass, name: str, count: int, day: date) -> None:
    file = f"{name}_dd_trd_{day:%Y%m%d}"
    made = index_bars(read_block(Body("host", recorded_body(file))), family, day)
    assert len(made) == count
    for bar, row in zip(made, recorded_rows(file), strict=True):
        prices = (bar.close, bar.change, bar.open, bar.high, bar.low)
        names = ("CLSPRC_IDX", "CMPPREVDD_IDX", "OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX")
        assert ["-" if price is None else f"{price:.2f}" for price in prices] == [row[key] for key in names]
        sizes = (bar.volume, bar.turnover_value, bar.market_cap)
        keys = ("ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP")
        assert ["-" if size is None else str(size) for size in sizes] == [row[key] for key in keys]
        assert (bar.name, bar.index_class.value) == (row["IDX_NM"], row["IDX_CLSS"])


@pytest.mark.parametrize(("market", "name"), [(Market.KOSPI, "stk"), (Market.KOSDAQ, "ksq"), (Market.KONEX, "knx")])
def test_recorded_master_lists_equal_their_bodies(market: Market, name: str) -> None:
    file = f"{name}_isu_base_info_20240105"
    made = base_infos(read_block(Body("host", recorded_body(file))), market, FRIDAY)
    for info, row in zip(made, recorded_rows(file), strict=True):
        assert {
            "ISU_CD": info.isin,
            "ISU_SRT_CD": info.code,
            "ISU_NM": info.legal_name,
            "ISU_ABBRV": info.name,
            "ISU_ENG_NM": info.name_en,
            "LIST_DD": f"{info.listing_date:%Y%m%d}",
            "MKT_TP_NM": info.market.value,
            "SECUGRP_NM": info.security_group,
            "SECT_TP_NM": info.section or "-",
            "KIND_STKCERT_TP_NM": info.share_class,
            "PARVAL": info.par_value,
            "LIST_SHRS": str(info.listed_shares),
        } == row
    assert {info.code for info in made} == {row["ISU_CD"] for row in recorded_rows(f"{name}_bydd_trd_20240105")}


def test_recorded_totals_are_exact() -> None:
    for market, stocks, family in ((Market.KOSPI, "stk", IndexClass.KOSPI), (Market.KOSDAQ, "ksq", IndexClass.KOSDAQ)):
        made = equity_bars(read_block(Body("host", recorded_body(f"{stocks}_bydd_trd_20240105"))), market, FRIDAY)
        body = Body("host", recorded_body(f"{family.lower()}_dd_trd_20240105"))
        total = index_bars(read_block(body), family, FRIDAY)[0]
        assert total.name.endswith("(외국주포함)")
        assert sum(bar.market_value for bar in made) == total.market_cap


def test_recorded_etfs() -> None:
    made = etf_bars(read_block(Body("host", recorded_body("etf_bydd_trd_20240105"))), FRIDAY)
    assert len(made) == 812
    assert {(bar.market, bar.section) for bar in made} == {(Market.ETF, "")}
    for bar, row in zip(made, recorded_rows("etf_bydd_trd_20240105"), strict=True):
        assert bar.etf is not None
        assert f"{bar.etf.nav:.2f}" == row["NAV"]
        assert str(bar.etf.net_assets) == row["INVSTASST_NETASST_TOTAMT"]
        assert bar.etf.underlying_index == row["IDX_IND_NM"]
        levels = (bar.etf.underlying_close, bar.etf.underlying_change)
        if row["OBJ_STKPRC_IDX"] in {"-", "0.00"}:
            assert levels == (None, None)
        else:
            assert [f"{level:.2f}" for level in levels] == [row["OBJ_STKPRC_IDX"], row["CMPPREVDD_IDX"]]


@pytest.mark.parametrize("name", ["stk_bydd_trd_20240105", "ksq_bydd_trd_20240105"])
def test_recorded_stocks_are_no_etfs(name: str) -> None:
    with pytest.raises(SourceChangedShape):
        etf_bars(read_block(Body("host", recorded_body(name))), FRIDAY)


def test_a_recorded_list_of_notes_is_none_of_etfs() -> None:
    body = (RECORDINGS.parent / "services" / "etn_bydd_trd_20240104.json").read_bytes()
    with pytest.raises(SourceChangedShape):
        etf_bars(read_block(Body("host", body)), THURSDAY)


def test_a_recorded_empty_answer_is_empty() -> None:
    assert equity_bars(read_block(Body("host", recorded_body("sr_bydd_trd_20240104"))), Market.KOSPI, THURSDAY) == ()


def test_rows_of_2026_as_they_were_quoted() -> None:
    quoted = json.loads(recorded_body("verbatim_rows_2026"))["rows"]
    for one in quoted:
        row, group = one["row"], one["endpoint"]
        if group == "sto/stk_isu_base_info":
            assert base_infos(block(row), Market.KOSPI, date(2026, 11, 20))[0].isin == row["ISU_CD"]
            continue
        day = date.fromisoformat(row["BAS_DD"])
        if group == "idx/kospi_dd_trd":
            index = index_bars(block(row), IndexClass.KOSPI, day)[0]
            assert index.close == (float(row["CLSPRC_IDX"].replace(",", "")) if row["CLSPRC_IDX"] else None)
            assert index.market_cap == int(row["MKTCAP"])
        elif group == "etp/etf_bydd_trd":
            assert etf_bars(block(row), day) == ()
        else:
            bar = equity_bars(block(row), Market(row["MKT_NM"]), day)[0]
            assert bar.market_value == int(row["MKTCAP"]) == int(bar.close) * bar.listed_shares
            assert (bar.code, bar.section) == (row["ISU_CD"], row["SECT_TP_NM"])
