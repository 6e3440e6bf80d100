"""Bodies of the KRX Open API into rows: recorded ones value by value, odd ones refused by name."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.errors import AppError, SourceChangedShape
from tray_app.core.krx.rows import BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.sources.body import Body
from tray_app.sources.krx_block import PIECE_CHARACTERS, Block, read_block
from tray_app.sources.krx_rows import base_infos, equity_bars, etf_bars, index_bars

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "recordings" / "krx" / "openapi"
recorded = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded KRX answers are not here (they may not be shipped): {RECORDINGS}"
)
THURSDAY, FRIDAY = date(2024, 1, 4), date(2024, 1, 5)
DAY = date(2026, 9, 10)
STOCK = {
    "BAS_DD": "20260910",
    "ISU_CD": "0126Z0",
    "ISU_NM": "가람전자",
    "MKT_NM": "KOSDAQ",
    "SECT_TP_NM": "벤처기업부",
    "TDD_CLSPRC": "4180",
    "CMPPREVDD_PRC": "-10",
    "FLUC_RT": "-0.24",
    "TDD_OPNPRC": "4175",
    "TDD_HGPRC": "4185",
    "TDD_LWPRC": "4140",
    "ACC_TRDVOL": "52491",
    "ACC_TRDVAL": "218465470",
    "MKTCAP": "1669112542584001",
    "LIST_SHRS": "45252759",
}
INDEX = {
    "BAS_DD": "20260910",
    "IDX_CLSS": "KOSPI",
    "IDX_NM": "코스피 200",
    "CLSPRC_IDX": "1,096.25",
    "CMPPREVDD_IDX": "-15.27",
    "FLUC_RT": "-1.41",
    "OPNPRC_IDX": "1,066.22",
    "HGPRC_IDX": "1,103.80",
    "LWPRC_IDX": "1,063.52",
    "ACC_TRDVOL": "124576013",
    "ACC_TRDVAL": "24353087983152",
    "MKTCAP": "5308304168709510",
}
BASE = {
    "ISU_CD": "KR70126Z0006",
    "ISU_SRT_CD": "0126Z0",
    "ISU_NM": "가람전자보통주",
    "ISU_ABBRV": "가람전자",
    "ISU_ENG_NM": "Garam Electronics",
    "LIST_DD": "20250821",
    "MKT_TP_NM": "KOSDAQ",
    "SECUGRP_NM": "주권",
    "SECT_TP_NM": "",
    "KIND_STKCERT_TP_NM": "보통주",
    "PARVAL": "무액면",
    "LIST_SHRS": "45252759",
}


def block(*rows: Any, **top: Any) -> Block:
    return read_block(Body("host", json.dumps({"OutBlock_1": list(rows), **top}).encode()))


def bars(*rows: Any) -> tuple[EquityBar, ...]:
    return equity_bars(block(*rows), Market.KOSDAQ, DAY)


def indices(*rows: Any) -> tuple[IndexBar, ...]:
    return index_bars(block(*rows), IndexClass.KOSPI, DAY)


def infos(*rows: Any) -> tuple[BaseInfo, ...]:
    return base_infos(block(*rows), Market.KOSDAQ)


def recorded_body(name: str) -> bytes:
    return (RECORDINGS / f"{name}.json").read_bytes()


def recorded_rows(name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(recorded_body(name))["OutBlock_1"]
    return rows


def shown(value: float | None) -> str:
    """Return a won amount as the source writes it; what was not traded as 0."""
    return f"{value or 0:.0f}"


@recorded
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


@recorded
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


@recorded
@pytest.mark.parametrize(("market", "name"), [(Market.KOSPI, "stk"), (Market.KOSDAQ, "ksq"), (Market.KONEX, "knx")])
def test_recorded_master_lists_equal_their_bodies(market: Market, name: str) -> None:
    file = f"{name}_isu_base_info_20240105"
    made = base_infos(read_block(Body("host", recorded_body(file))), market)
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


@recorded
def test_recorded_totals_are_exact() -> None:
    for market, stocks, family in ((Market.KOSPI, "stk", IndexClass.KOSPI), (Market.KOSDAQ, "ksq", IndexClass.KOSDAQ)):
        made = equity_bars(read_block(Body("host", recorded_body(f"{stocks}_bydd_trd_20240105"))), market, FRIDAY)
        body = Body("host", recorded_body(f"{family.lower()}_dd_trd_20240105"))
        total = index_bars(read_block(body), family, FRIDAY)[0]
        assert total.name.endswith("(외국주포함)")
        assert sum(bar.market_value for bar in made) == total.market_cap


@recorded
def test_recorded_etfs() -> None:
    made = etf_bars(read_block(Body("host", recorded_body("etf_bydd_trd_20240105"))), FRIDAY)
    assert len(made) == 812
    assert {(bar.market, bar.section) for bar in made} == {(Market.KOSPI, "")}


@recorded
def test_a_recorded_empty_answer_is_empty() -> None:
    assert equity_bars(read_block(Body("host", recorded_body("sr_bydd_trd_20240104"))), Market.KOSPI, THURSDAY) == ()


@recorded
def test_rows_of_2026_as_they_were_quoted() -> None:
    quoted = json.loads(recorded_body("verbatim_rows_2026"))["rows"]
    for one in quoted:
        row, group = one["row"], one["endpoint"]
        if group == "sto/stk_isu_base_info":
            assert base_infos(block(row), Market.KOSPI)[0].isin == row["ISU_CD"]
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


def test_codes_with_letters_stay_text() -> None:
    made = bars(STOCK, STOCK | {"ISU_CD": "005930"}, STOCK | {"ISU_CD": "00104K"}, STOCK | {"ISU_CD": "0184E0"})
    assert [bar.code for bar in made] == ["0126Z0", "005930", "00104K", "0184E0"]


def test_large_values_stay_exact() -> None:
    assert bars(STOCK)[0].market_value == 1669112542584001
    assert bars(STOCK | {"ACC_TRDVAL": str(2**63 - 1)})[0].turnover_value == 2**63 - 1


@pytest.mark.parametrize("blank", ["", "-", " "])
def test_both_blanks(blank: str) -> None:
    prices = dict.fromkeys(("CLSPRC_IDX", "CMPPREVDD_IDX", "FLUC_RT", "OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX"), blank)
    made = indices(INDEX | prices | {"ACC_TRDVOL": blank})[0]
    assert (made.close, made.change, made.open, made.high, made.low, made.volume) == (None,) * 6
    assert made.market_cap == 5308304168709510
    stock = bars(STOCK | {"SECT_TP_NM": blank.strip(), "TDD_OPNPRC": blank})[0]
    assert (stock.section, stock.open, stock.high) == ("", None, 4185.0)
    assert infos(BASE | {"PARVAL": blank.strip(), "ISU_ENG_NM": "-"})[0].par_value is None


def test_thousands_separators_and_decimals() -> None:
    made = indices(INDEX | {"MKTCAP": "5,308,304,168,709,510", "LWPRC_IDX": ".25"})[0]
    assert (made.close, made.low, made.market_cap) == (1096.25, 0.25, 5308304168709510)


def test_nothing_traded_means_no_prices() -> None:
    nothing = dict.fromkeys(("TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC", "ACC_TRDVOL", "ACC_TRDVAL"), "0")
    halted = bars(STOCK | nothing | {"CMPPREVDD_PRC": "0"})[0]
    assert (halted.open, halted.high, halted.low, halted.close, halted.volume) == (None, None, None, 4180.0, 0)
    assert halted.is_no_trade


def test_the_order_of_keys_and_further_keys_do_not_matter() -> None:
    turned = dict(sorted(STOCK.items(), reverse=True))
    assert bars(turned | {"NEW": "1"}) == bars(STOCK)
    assert equity_bars(block(STOCK, respCode="200"), Market.KOSDAQ, DAY) == bars(STOCK)


@pytest.mark.parametrize("text", ["무액면", "0", ".25", "1.5", "5000"])
def test_par_value_stays_text(text: str) -> None:
    assert infos(BASE | {"PARVAL": text})[0].par_value == text


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"BAS_DD": "20260909"}, "RESPONSE_DATE_MISMATCH"),
        ({"BAS_DD": ""}, "RESPONSE_DATE_MISMATCH"),
        ({"MKT_NM": "KOSPI"}, "MKT_NM"),
        ({"ISU_CD": "5930"}, "ISU_CD"),
        ({"ISU_CD": "0126z0"}, "ISU_CD"),
        ({"ISU_CD": "0126Z\n"}, "ISU_CD"),
        ({"ISU_CD": "\u0661\u0661\u0661\u0661\u0661\u0661"}, "ISU_CD"),
        ({"ISU_CD": 5930}, "ISU_CD"),
        ({"ISU_NM": " "}, "ISU_NM"),
        ({"ISU_NM": "\ud800"}, "ISU_NM"),
        ({"TDD_CLSPRC": "-"}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "NaN"}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "1e5"}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "4_180"}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "41,80"}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "9" * 400}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": 4180}, "TDD_CLSPRC"),
        ({"TDD_CLSPRC": "-4180"}, "TDD_CLSPRC"),
        ({"CMPPREVDD_PRC": "--10"}, "CMPPREVDD_PRC"),
        ({"ACC_TRDVOL": "-1"}, "ACC_TRDVOL"),
        ({"ACC_TRDVOL": "1.0"}, "ACC_TRDVOL"),
        ({"ACC_TRDVOL": ""}, "ACC_TRDVOL"),
        ({"MKTCAP": str(2**63)}, "MKTCAP"),
        ({"MKTCAP": "9" * 5000}, "MKTCAP"),
        ({"MKTCAP": None}, "MKTCAP"),
        ({"LIST_SHRS": ["1"]}, "LIST_SHRS"),
        ({"ISU_CD": "000001"}, "stands twice"),
    ],
)
def test_wrong_values_are_named(change: dict[str, Any], word: str) -> None:
    others = [STOCK | {"ISU_CD": f"{place:06}"} for place in range(3)]
    with pytest.raises(SourceChangedShape, match=word):
        bars(*others, STOCK | change)


@pytest.mark.parametrize("name", sorted(set(STOCK) - {"FLUC_RT"}))
def test_missing_fields_are_named(name: str) -> None:
    with pytest.raises(SourceChangedShape, match=f"{name} is missing"):
        bars(STOCK | {"ISU_CD": "000001"}, {key: value for key, value in STOCK.items() if key != name})


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ISU_CD": "KR70126Z000"}, "ISU_CD"),
        ({"LIST_DD": "20250230"}, "LIST_DD"),
        ({"LIST_DD": "2025-02-03"}, "LIST_DD"),
        ({"MKT_TP_NM": "KONEX"}, "MKT_TP_NM"),
        ({"LIST_SHRS": "-"}, "LIST_SHRS"),
    ],
)
def test_wrong_master_values_are_named(change: dict[str, Any], word: str) -> None:
    with pytest.raises(SourceChangedShape, match=word):
        infos(BASE | change)


def test_wrong_index_values_are_named() -> None:
    with pytest.raises(SourceChangedShape, match="IDX_CLSS"):
        indices(INDEX | {"IDX_CLSS": "KOSDAQ"})
    with pytest.raises(SourceChangedShape, match="stands twice"):
        indices(INDEX, INDEX)
    with pytest.raises(SourceChangedShape, match="IDX_NM"):
        indices(INDEX | {"IDX_NM": "-"})


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not JSON"),
        ("[]", "OutBlock_1 is missing"),
        ("{}", "OutBlock_1 is missing"),
        ('{"OutBlock_1":null}', "list"),
        ('{"OutBlock_1":{}}', "list"),
        ('{"OutBlock_1":[1]}', "objects"),
        ('{"OutBlock_1":[{"a":"b"},]}', "not JSON"),
        ('{"OutBlock_1":[{"a":"b"}', "not JSON"),
        ('{"OutBlock_1":[]}}', "not JSON"),
        ('{"OutBlock_1":' + "[" * 100_000, "not JSON"),
    ],
)
def test_bodies_that_are_no_answer(text: str, word: str) -> None:
    with pytest.raises(SourceChangedShape, match=word):
        read_block(Body("host", text.encode()))


def test_bodies_in_another_encoding() -> None:
    with pytest.raises(SourceChangedShape, match="UTF-8"):
        read_block(Body("host", json.dumps({"OutBlock_1": [STOCK]}, ensure_ascii=False).encode("cp949")))


def long_body(name: str, indent: int | None) -> tuple[bytes, list[dict[str, str]]]:
    count = 3 * PIECE_CHARACTERS // 300
    rows = [STOCK | {"ISU_CD": f"{place:06}", "ISU_NM": name} for place in range(count)]
    return json.dumps({"OutBlock_1": rows}, ensure_ascii=False, indent=indent).encode(), rows


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["가람전자", "a},{b", "a}, ", '"}, {"', "}]}", "\\"])
def test_decoding_in_pieces_gives_what_decoding_at_once_gives(name: str, indent: int | None) -> None:
    body, rows = long_body(name, indent)
    assert list(read_block(Body("host", body)).rows) == rows


@pytest.mark.parametrize("cut", [1, 2, 3, 100, PIECE_CHARACTERS, 2 * PIECE_CHARACTERS])
def test_long_bodies_that_broke_off(cut: int) -> None:
    body, _ = long_body("가람전자", None)
    with pytest.raises(SourceChangedShape):
        read_block(Body("host", body[:-cut]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
CELLS = JSON | st.text("0123456789.,-+eE_ ", max_size=12) | st.sampled_from(["", "-", "20260910", "KOSDAQ", "KOSPI"])
READERS: list[tuple[dict[str, str], Callable[..., object]]] = [(STOCK, bars), (INDEX, indices), (BASE, infos)]


def parse(content: bytes) -> None:
    body = Body("host", content)
    for read in (
        lambda: equity_bars(read_block(body), Market.KOSDAQ, DAY),
        lambda: index_bars(read_block(body), IndexClass.KOSPI, DAY),
        lambda: base_infos(read_block(body), Market.KOSDAQ),
        lambda: etf_bars(read_block(body), DAY),
    ):
        try:
            read()
        except AppError:
            continue


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    parse(json.dumps(value).encode())
    parse(json.dumps({"OutBlock_1": value}).encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    parse(content)
    parse(b'{"OutBlock_1":[' + content + b"]}")


@given(st.sampled_from(READERS), st.data())
def test_any_cell_is_read_or_refused(reader: tuple[dict[str, str], Callable[..., object]], data: st.DataObject) -> None:
    row, read = reader
    changed: dict[str, object] = dict(row)
    for name in data.draw(st.sets(st.sampled_from(sorted(row)), min_size=1, max_size=3)):
        changed[name] = data.draw(CELLS)
    try:
        read(row | {"ISU_SRT_CD": "000001", "IDX_NM": "코스피", "ISU_CD": row.get("ISU_CD", "")[:-1] + "1"}, changed)
    except AppError:
        return


@given(
    st.lists(st.integers(0, 10**15), min_size=1, max_size=5),
    st.sampled_from(["{}", "{:,}"]),
)
def test_whole_numbers_survive_either_way_of_writing(values: list[int], form: str) -> None:
    rows = [STOCK | {"ISU_CD": f"{place:06}", "MKTCAP": form.format(value)} for place, value in enumerate(values)]
    assert [bar.market_value for bar in bars(*rows)] == values
