"""Bodies that are no answer, and whatever else may come: read or refused."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.source.krx_kit import BASE, DAY, INDEX, STOCK, bars, indices, infos
from tray_app.core.errors import AppError, SourceChangedShape
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.source.block import read_block
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, etf_bars, index_bars
from tray_app.net.body import Body


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
        ('{"OutBlock_1":[{"ISU_NM":"\\ud83d"}]}', "not JSON"),
    ],
)
def test_bodies_that_are_no_answer(text: str, word: str) -> None:
    with pytest.raises(SourceChangedShape, match=word):
        read_block(Body("host", text.encode()))


def test_bodies_in_another_encoding() -> None:
    with pytest.raises(SourceChangedShape, match="UTF-8"):
        read_block(Body("host", json.dumps({"OutBlock_1": [STOCK]}, ensure_ascii=False).encode("cp949")))


@pytest.mark.parametrize("cut", [1, 2, 3, 100])
def test_bodies_that_broke_off(cut: int) -> None:
    body = json.dumps({"OutBlock_1": [STOCK]}, ensure_ascii=False).encode()
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
        lambda: base_infos(read_block(body), Market.KOSDAQ, DAY),
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
