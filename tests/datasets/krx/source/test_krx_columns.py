"""docs/quality.md says what becomes of every column of every service; the readers are held to it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from repository import REPOSITORY

from datasets.krx.rules.kit import RECORDED_DAYS, RECORDINGS, needs_recordings
from tray_app.core.errors import AppError
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.quality.answer import check_changes, check_index_rates
from tray_app.datasets.krx.source import rows as krx_rows
from tray_app.datasets.krx.source.block import Block
from tray_app.net.body import Body

DOCUMENT = REPOSITORY / "docs" / "quality.md"
DAY = date(2024, 1, 5)
Row = dict[str, str]

EQUITY: Row = {
    "BAS_DD": "20240105", "ISU_CD": "005930", "ISU_NM": "삼성전자", "MKT_NM": "KOSDAQ", "SECT_TP_NM": "벤처기업부",
    "TDD_CLSPRC": "76600", "CMPPREVDD_PRC": "600", "FLUC_RT": "0.79", "TDD_OPNPRC": "76700", "TDD_HGPRC": "77100",
    "TDD_LWPRC": "76400", "ACC_TRDVOL": "11304316", "ACC_TRDVAL": "866940000000", "MKTCAP": "457279000000000",
    "LIST_SHRS": "5969782550",
}  # fmt: skip
MASTER: Row = {
    "ISU_CD": "KR7005930003", "ISU_SRT_CD": "005930", "ISU_NM": "삼성전자보통주", "ISU_ABBRV": "삼성전자",
    "ISU_ENG_NM": "Samsung", "LIST_DD": "19750611", "MKT_TP_NM": "KOSDAQ", "SECUGRP_NM": "주권",
    "SECT_TP_NM": "벤처기업부", "KIND_STKCERT_TP_NM": "보통주", "PARVAL": "100", "LIST_SHRS": "5969782550",
}  # fmt: skip
INDEX: Row = {
    "BAS_DD": "20240105", "IDX_CLSS": "KOSPI", "IDX_NM": "코스피", "CLSPRC_IDX": "2578.08", "CMPPREVDD_IDX": "-8.94",
    "FLUC_RT": "-0.35", "OPNPRC_IDX": "2587.10", "HGPRC_IDX": "2592.72", "LWPRC_IDX": "2568.95",
    "ACC_TRDVOL": "522289", "ACC_TRDVAL": "8384472", "MKTCAP": "2098000000",
}  # fmt: skip
ETF: Row = {name: cell for name, cell in EQUITY.items() if name not in {"MKT_NM", "SECT_TP_NM"}} | {
    "NAV": "76601.5", "INVSTASST_NETASST_TOTAMT": "4572790000", "IDX_IND_NM": "코스피 200", "OBJ_STKPRC_IDX": "346.5",
    "CMPPREVDD_IDX": "1.5", "FLUC_RT_IDX": "0.43",
}  # fmt: skip
OTHER = {
    "BAS_DD": "20240104", "ISU_CD": "000660", "ISU_SRT_CD": "000660", "MKT_NM": "KOSPI", "MKT_TP_NM": "KOSPI",
    "IDX_CLSS": "KOSDAQ", "LIST_DD": "19760611",
}  # fmt: skip


def equities(block: Block) -> Sequence[Any]:
    rows = krx_rows.equity_bars(block, Market.KOSDAQ, DAY)
    return [*rows, *check_changes(rows)]


def base_infos(block: Block) -> Sequence[Any]:
    # The legal name is read for the answer's shape only: nobody stores it.
    return [replace(info, legal_name="") for info in krx_rows.base_infos(block, Market.KOSDAQ, DAY)]


def etfs(block: Block) -> Sequence[Any]:
    rows = krx_rows.etf_bars(block, DAY)
    return [*rows, *check_changes(rows)]


def indices(block: Block) -> Sequence[Any]:
    rows = krx_rows.index_bars(block, IndexClass.KOSPI, DAY)
    return [*rows, *check_index_rates(rows)]


SERVICES: Mapping[str, tuple[Row, Callable[[Block], Sequence[Any]]]] = {
    "sto/stk_bydd_trd, ksq_bydd_trd, knx_bydd_trd": (EQUITY, equities),
    "sto/stk_isu_base_info, ksq_isu_base_info, knx_isu_base_info": (MASTER, base_infos),
    "idx/krx_dd_trd, kospi_dd_trd, kosdaq_dd_trd": (INDEX, indices),
    "etp/etf_bydd_trd": (ETF, etfs),
}


def documented() -> dict[str, dict[str, str]]:
    """Return what becomes of each column, by service."""
    found: dict[str, dict[str, str]] = {}
    for part in DOCUMENT.read_text("utf-8").split("\n### ")[1:]:
        title = part.split("`")[1]
        found[title] = dict(re.findall(r"^\| `(\w+)` \| (stored|checked|left out) \| .", part, re.MULTILINE))
    return found


CELLS = [(service, column) for service, (row, _) in SERVICES.items() for column in row]


@pytest.mark.parametrize(("service", "column"), CELLS)
def test_the_document_says_what_becomes_of_a_column(service: str, column: str) -> None:
    row, read = SERVICES[service]
    before = seen(read, row)
    after = seen(read, row | {column: another(column, row[column])})
    fate = documented()[service][column]
    if fate == "left out":
        assert after == before
    elif fate == "stored":
        assert after is None or after != before
    else:
        # The rows may stay as they are; that it is told is what counts.
        assert after is None or len(after) > len(before or ())


def another(column: str, cell: str) -> str:
    """Return another cell that may stand in a column."""
    if cell.startswith("KR7"):
        return "KR7000660001"
    if column in OTHER:
        return OTHER[column]
    if re.fullmatch("[0-9]+", cell):
        return str(2 * int(cell))
    return f"{2 * float(cell):.2f}" if re.fullmatch("-?[0-9.]+", cell) else f"{cell} B"


def seen(read: Callable[[Block], Sequence[Any]], row: Row) -> Sequence[Any] | None:
    """Return the rows without what is checked only, and the findings; nothing for an answer that is refused."""
    body = Body("host", json.dumps({"OutBlock_1": [row]}).encode())
    try:
        return read(Block(body, [dict(row)]))
    except AppError:
        return None


def test_the_document_knows_no_other_column_or_service() -> None:
    assert {service: set(row) for service, (row, _) in SERVICES.items()} == {
        service: set(columns) for service, columns in documented().items()
    }


@needs_recordings
@pytest.mark.parametrize("service", SERVICES)
def test_real_answers_have_these_columns(service: str) -> None:
    for name in service.partition("/")[2].split(", "):
        for day in RECORDED_DAYS:
            path = RECORDINGS / "openapi" / f"{name}_{day:%Y%m%d}.json"
            for row in json.loads(path.read_text("utf-8"))["OutBlock_1"]:
                assert set(row) == set(SERVICES[service][0])
