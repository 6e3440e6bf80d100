"""Rows of the KRX Open API: both wire formats, exact numbers, and wrong values refused by name."""

from typing import Any

import pytest

from datasets.krx.source.krx_kit import BASE, DAY, INDEX, STOCK, bars, block, indices, infos
from tray_app.core.errors import SourceChangedShape
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.source.rows import equity_bars


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


def test_no_index_stands_at_zero() -> None:
    nothing = dict.fromkeys(("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX"), "0.00")
    made = indices(INDEX | nothing)[0]
    assert (made.close, made.open, made.high, made.low) == (1096.25, None, None, None)
    with pytest.raises(SourceChangedShape, match="CLSPRC_IDX is not above zero"):
        indices(INDEX | {"CLSPRC_IDX": "0"})


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
