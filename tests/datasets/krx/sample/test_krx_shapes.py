"""Sample KRX answers have the keys, words and blanks of recorded ones, and no real company's name."""

import json
from datetime import UTC, date, datetime

import pytest
from demo.kit import ask
from repository import RECORDED

from tray_app.datasets.krx.sample.answers import SHARE
from tray_app.datasets.krx.sample.calendar import SampleCalendar

HOST = "data-dbg.krx.co.kr"
RECORDINGS = RECORDED / "krx" / "openapi"
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded KRX answers are not here (they may not be shipped): {RECORDINGS}"
)
MARKETS = ("stk", "ksq", "knx")


def made_rows(service: str, day: date) -> list[dict[str, str]]:
    now = datetime(2029, 6, 1, tzinfo=UTC)
    return rows_of(ask(HOST, f"/svc/apis/{service}", f"basDd={day:%Y%m%d}", now, headers=(("AUTH_KEY", "k"),)).body)


def rows_of(content: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(content)["OutBlock_1"]
    return found


@pytest.mark.parametrize(
    ("service", "file"),
    [
        *((f"sto/{name}_bydd_trd", f"{name}_bydd_trd") for name in MARKETS),
        *((f"sto/{name}_isu_base_info", f"{name}_isu_base_info") for name in MARKETS),
        *((f"idx/{name}_dd_trd", f"{name}_dd_trd") for name in ("krx", "kospi", "kosdaq")),
        ("etp/etf_bydd_trd", "etf_bydd_trd"),
    ],
)
def test_rows_have_the_recorded_keys_and_words(service: str, file: str) -> None:
    made = made_rows(service, date(2024, 1, 5))
    real = rows_of((RECORDINGS / f"{file}_20240105.json").read_bytes())
    assert {frozenset(row) for row in made} == {frozenset(row) for row in real}
    assert 0.9 < len(made) / (len(real) * (1 if service.startswith("idx/") else SHARE)) < 1.1
    for name in ("MKT_NM", "MKT_TP_NM", "SECT_TP_NM", "SECUGRP_NM", "KIND_STKCERT_TP_NM", "IDX_CLSS"):
        if name in real[0]:
            assert {row[name] for row in made} <= {row[name] for row in real}, name
    if service.startswith("idx/"):
        assert [row["IDX_NM"] for row in made] == [row["IDX_NM"] for row in real]
        blank = [[key for key, cell in row.items() if cell == "-"] for row in made]
        assert [sorted(keys) for keys in blank] == [sorted(k for k, c in row.items() if c == "-") for row in real]


def test_no_company_is_a_real_one() -> None:
    real = {row["ISU_NM"] for file in RECORDINGS.glob("???_bydd_trd_*.json") for row in rows_of(file.read_bytes())}
    days = (date(2010, 1, 4), date(2018, 1, 2), date(2026, 9, 10))
    made = {row["ISU_NM"] for day in days for name in MARKETS for row in made_rows(f"sto/{name}_bydd_trd", day)}
    assert made & real == set()


def test_sessions_equal_the_recorded_ones() -> None:
    recorded_days = [
        date.fromisoformat(line.split(",")[0])
        for file in sorted((RECORDINGS.parent / "fdr_cache").glob("index_ks11_*.csv"))
        for line in file.read_text(encoding="utf-8-sig").splitlines()[1:]
    ]
    assert recorded_days == [day for day in SampleCalendar().sessions if day <= recorded_days[-1]]
