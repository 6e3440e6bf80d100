"""One row of every kind, and short ways from rows to what they are read as."""

import json
from datetime import date
from typing import Any

from tray_app.datasets.krx.rows import BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.source.block import Block, read_block
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, index_bars
from tray_app.net.body import Body

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
    return base_infos(block(*rows), Market.KOSDAQ, DAY)
