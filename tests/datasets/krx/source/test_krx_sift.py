"""One bad row of a KRX list never loses the others; too many of them lose the list."""

import json
from typing import Any

import pytest

from datasets.krx.source.krx_kit import BASE, DAY, STOCK, block
from datasets.krx.source.test_krx_columns import ETF
from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import Sifted
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, Market
from tray_app.datasets.krx.source.block import Block, read_block, sifted
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, etf_bars
from tray_app.net.body import Body

ROWS = [{**STOCK, "ISU_CD": f"{number:06}"} for number in range(100, 120)]
GOOD = tuple(row["ISU_CD"] for row in ROWS)
WRONG: dict[str, dict[str, Any]] = {
    "another day": {"BAS_DD": "20260909"},
    "another market": {"MKT_NM": "KOSPI"},
    "no close": {"TDD_CLSPRC": ""},
    "a zero close": {"TDD_CLSPRC": "0"},
    "a negative zero close": {"TDD_CLSPRC": "-0"},
    "a negative close": {"TDD_CLSPRC": "-5"},
    "no number": {"TDD_HGPRC": "many"},
    "NUL in its name": {"ISU_NM": "가람\0전자"},
    "no name": {"ISU_NM": ""},
    "a number too large": {"MKTCAP": "9" * 30},
    "not a text": {"LIST_SHRS": 5},
    "half a letter in its name": {"ISU_NM": "가람\ud83d"},
    "half a letter in a number": {"ACC_TRDVOL": "12\ud83d"},
}


def read(*rows: Any) -> Sifted[EquityBar]:
    return sifted(block(*rows), DAY, lambda each: equity_bars(each, Market.KOSDAQ, DAY), "ISU_CD", lambda bar: bar.code)


def test_a_good_list_has_no_faults() -> None:
    assert [bar.code for bar in read(*ROWS).rows] == [*GOOD]
    assert read(*ROWS).faults == read().faults == ()


@pytest.mark.parametrize("what", WRONG)
def test_one_bad_row_is_left_out_and_named(what: str) -> None:
    found = read(*ROWS, {**STOCK, "ISU_CD": "0000A0", **WRONG[what]})
    assert [bar.code for bar in found.rows] == [*GOOD]
    assert [(fault.subject, fault.day) for fault in found.faults] == [("0000A0", DAY)]


@pytest.mark.parametrize("code", ["5930", "00593O0", "", None, "005\0930"])
def test_a_row_whose_code_is_none_is_left_out_all_the_same(code: Any) -> None:
    found = read(*ROWS, {**STOCK, "ISU_CD": code})
    assert [bar.code for bar in found.rows] == [*GOOD]
    assert len(found.faults) == 1


@pytest.mark.parametrize("row", [None, "005930", 5, [], {}])
def test_what_is_no_row_at_all_is_left_out(row: Any) -> None:
    found = read(*ROWS, row)
    assert [bar.code for bar in found.rows] == [*GOOD]
    assert [fault.subject for fault in found.faults] == [""]


@pytest.mark.parametrize("what", WRONG)
def test_many_bad_rows_are_a_list_of_another_form(what: str) -> None:
    with pytest.raises(SourceChangedShape):
        read(*ROWS[:15], *({**row, **WRONG[what]} for row in ROWS[15:]))


def test_of_a_code_sent_twice_one_row_stands_where_both_say_the_same() -> None:
    assert [bar.code for bar in read(*ROWS, ROWS[4]).rows] == [*GOOD]
    assert [fault.subject for fault in read(*ROWS, ROWS[4]).faults] == [GOOD[4]]
    differing = read(*ROWS, {**ROWS[4], "ACC_TRDVOL": "1"})
    assert [bar.code for bar in differing.rows] == [*GOOD[:4], *GOOD[5:]]
    assert [fault.reason for fault in differing.faults] == ["stands twice"]


@pytest.mark.parametrize("listed", ["19000101", "20260912", "99991231", "20260832", ""])
def test_a_listing_date_that_cannot_be_loses_its_row_only(listed: str) -> None:
    rows = [{**BASE, "ISU_SRT_CD": code} for code in GOOD]
    odd = {**BASE, "ISU_SRT_CD": "0000A0", "LIST_DD": listed}

    def read(each: Block) -> tuple[BaseInfo, ...]:
        return base_infos(each, Market.KOSDAQ, DAY)

    found = sifted(block(*rows, odd), DAY, read, "ISU_SRT_CD", lambda info: info.code)
    assert [info.code for info in found.rows] == [*GOOD]
    assert [fault.subject for fault in found.faults] == ["0000A0"]


@pytest.mark.parametrize("sent", [b"\xff", b"\xb0\xa1", b"\xed\xa0\x80", b"\x01"])
def test_bytes_that_are_no_letter_lose_their_row_only(sent: bytes) -> None:
    body = json.dumps({"OutBlock_1": [*ROWS, {**STOCK, "ISU_CD": "0000A0", "SECT_TP_NM": "HERE"}]}).encode()
    found = sifted(
        read_block(Body("host", body.replace(b"HERE", sent))),
        DAY,
        lambda each: equity_bars(each, Market.KOSDAQ, DAY),
        "ISU_CD",
        lambda bar: bar.code,
    )
    is_control = sent == b"\x01"
    assert [bar.code for bar in found.rows] == [*GOOD, *(["0000A0"] if is_control else [])]
    assert [fault.subject for fault in found.faults] == ([] if is_control else ["0000A0"])


def test_a_body_of_another_encoding_is_no_list_with_odd_letters() -> None:
    body = json.dumps({"OutBlock_1": ROWS}, ensure_ascii=False).encode("cp949")
    with pytest.raises(SourceChangedShape, match="UTF-8"):
        read_block(Body("host", body))


@pytest.mark.parametrize("close", ["", "-"])
def test_an_etf_without_a_close_among_others_is_named_and_a_holiday_has_no_rows(close: str) -> None:
    rows = [{**ETF, "BAS_DD": f"{DAY:%Y%m%d}", "ISU_CD": code} for code in GOOD]

    def read(*sent: Any) -> Sifted[EquityBar]:
        return sifted(block(*sent), DAY, lambda each: etf_bars(each, DAY), "ISU_CD", lambda bar: bar.code)

    found = read(*rows[1:], {**rows[0], "TDD_CLSPRC": close})
    assert [bar.code for bar in found.rows] == [*GOOD[1:]]
    assert [fault.subject for fault in found.faults] == [GOOD[0]]
    assert read(*({**row, "TDD_CLSPRC": close} for row in rows)) == Sifted(())
