"""A request is said once: it reaches its process as one line, and its options are those of command line and wizard."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from tray_app.core.errors import BadInput
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.liquidity.exports import MACRO_SETS
from tray_app.export.kinds import Basis, DateType, Layout
from tray_app.export.presets.qlib import QLIB
from tray_app.export.request import OPTIONS, ExportRequest, from_line, to_line

PLAIN = ExportRequest(Path("/홈/set"), date(2024, 1, 4), date(2024, 1, 5))
FULL = replace(
    PLAIN,
    datasets=(MACRO_SETS, KRX_SETS),
    markets=(Market.KONEX, Market.ETF),
    index_codes=("KOSPI:*", "KOSDAQ:IT 서비스"),
    adjusted=True,
    basis=Basis.LATEST,
    include_issues=True,
    allow_errors=True,
    layout=Layout.YEAR,
    include_restricted=True,
    preset=QLIB,
    date_type=DateType.TIMESTAMP_MS,
)


@pytest.mark.parametrize("request_", [PLAIN, FULL], ids=["plain", "full"])
def test_a_request_survives_its_line(request_: ExportRequest) -> None:
    line = to_line(request_)
    assert line.isascii()
    assert line.count("\n") == 1
    assert from_line(line) == request_


def test_every_field_differs_from_its_default_and_is_told() -> None:
    told = json.loads(to_line(FULL))
    plain = json.loads(to_line(PLAIN))
    same = {name for name in told if told[name] == plain[name]}
    assert told.keys() == {field.name for field in fields(ExportRequest)} == OPTIONS.keys()
    assert same == {"output_path", "date_from", "date_to"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"adjusted": "yes"}, "adjusted"),
        ({"markets": "KOSPI"}, "markets"),
        ({"markets": ["NYSE"]}, "markets"),
        ({"date_to": "soon"}, "date_to"),
        ({"preset": None}, "preset"),
        ({"colour": "red"}, "output_path"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes: dict[str, object], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        from_line(json.dumps({**json.loads(to_line(PLAIN)), **changes}))


def test_every_choice_of_a_window_is_one_of_the_request() -> None:
    for option in OPTIONS.values():
        if option.said.words:
            assert {value for value, _word in option.choices} >= set(option.said.words)
            for value, word in option.choices:
                assert word
                option.read([value] if option.is_many else value)
