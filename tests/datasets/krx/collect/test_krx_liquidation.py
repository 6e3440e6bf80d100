"""Liquidation trading, mergers, sections and names as of each day: found, resolved, and shown in a set."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from export.exchange import collect, exchange, window
from export.kit import export
from krx_exchange import ISSUES, LEAVER, RENAMED, SESSIONS, Exchange, Issue
from krx_machine import KrxMachine

from datasets.krx.rules.kit import at
from tray_app.core.model import RunStatus
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.store.listings import Listings
from tray_app.export.kinds import Layout
from tray_app.export.set.verify import verify
from tray_app.paths import Home

BEGUN, LAST = 10, 16
FALLS = {BEGUN: 3_000.0, BEGUN + 1: 1_500.0, BEGUN + 2: 700.0, **dict.fromkeys(range(BEGUN + 3, LAST + 1), 650.0)}
LIQUIDATED = Issue(Market.KOSDAQ, "044400", last=LAST, halted=range(4, BEGUN), closes=FALLS)
MERGED = Issue(Market.KOSDAQ, "044500", last=LAST, halted=range(8, LAST + 1))
WATCHED, CAUTION, SUPERVISED = "044600", "투자주의환기종목(소속부없음)", "관리종목(소속부없음)"
SECTIONS = {6: CAUTION, 9: "벤처기업부", 12: SUPERVISED, 15: "벤처기업부"}
ALL = Exchange((*ISSUES, LIQUIDATED, MERGED, Issue(Market.KOSDAQ, WATCHED, sections=SECTIONS)))
NOW = at(SESSIONS[25])
BREACHES = "SELECT COUNT(*) FROM data_quality_issues WHERE issue_code = 'PRICE_LIMIT_BREACH' AND resolved_at IS NULL"
ENDS = "SELECT external_code, end_reason, delisting_date, liquidation_from FROM instruments"


def ends(machine: KrxMachine) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in machine.query(f"{ENDS} WHERE end_reason IS NOT NULL")}


def test_a_liquidation_is_known_with_the_delisting_and_resolves_what_was_told_before(tmp_path: Path) -> None:
    with exchange(Home(tmp_path), ALL.body_of) as machine:
        before = machine.run(window(0, 14))
        assert (before.status, machine.query(BREACHES)) == (RunStatus.PARTIAL, [(3,)])
        after = machine.run(window(15, 24))
        assert (after.status, machine.query(BREACHES)) == (RunStatus.SUCCESS, [(0,)])
        gone = SESSIONS[LAST + 1].isoformat()
        found = ends(machine)
        assert found[LIQUIDATED.code] == ("delisted", gone, SESSIONS[BEGUN].isoformat())
        assert found[MERGED.code] == ("merged", gone, None)
        assert found[LEAVER.code][0] == "delisted"
        assert machine.query("SELECT COUNT(*) FROM doubted_ends") == [(0,)]
        # Checked again, the days have no breach either.
        with machine.database.writing() as connection:
            connection.execute("INSERT INTO pending_checks SELECT DISTINCT trade_date FROM daily_market_data")
        assert machine.run(window(0, 24)).status is RunStatus.SUCCESS
        assert machine.query(BREACHES) == [(0,)]


def test_in_one_range_nothing_is_told_that_the_same_run_resolves(tmp_path: Path) -> None:
    with exchange(Home(tmp_path), ALL.body_of) as machine:
        run = machine.run(window(0, 24))
        assert run.status is RunStatus.SUCCESS
        assert [step.warnings for step in run.steps if step.name == "quality"] == [0]


def test_a_run_that_was_killed_before_leaves_it_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object) -> None:
        raise RuntimeError

    with exchange(Home(tmp_path), ALL.body_of) as machine:
        with monkeypatch.context() as patched:
            patched.setattr(Listings, "settle", killed)
            machine.run(window(0, 24))
        assert (ends(machine), machine.query(BREACHES)) == ({}, [(3,)])
        assert machine.run().status is RunStatus.SUCCESS
        assert ends(machine)[LIQUIDATED.code][0] == "delisted"
        assert machine.query(BREACHES) == [(0,)]


def rows_of(folder: Path, code: str, column: str) -> list[Any]:
    files = sorted(folder.glob("instrument_daily*")) if (folder / "instrument_daily.parquet").exists() else sorted(
        folder.glob("instrument_daily/*/*.parquet")
    )  # fmt: skip
    return [
        row[column]
        for row in pq.read_table(files, columns=["external_code", column], partitioning=None).to_pylist()
        if row["external_code"] == code
    ]


@pytest.mark.parametrize("layout", list(Layout))
def test_a_set_has_masks_sections_and_names_as_of_each_day(tmp_path: Path, layout: Layout) -> None:
    home = collect(Home(tmp_path / "home"), (0, 24), body=ALL.body_of)
    folder = tmp_path / "set"
    export(home, folder, date_from=SESSIONS[0], date_to=SESSIONS[24], layout=layout, now=NOW)
    assert verify(folder).findings == ()
    reasons = rows_of(folder, LIQUIDATED.code, "signal_validity_reason")
    assert reasons == ["ok"] * 4 + ["halted"] * (BEGUN - 4) + ["liquidation"] * (LAST + 1 - BEGUN)
    plain = "벤처기업부"
    assert (
        rows_of(folder, WATCHED, "section")
        == [plain] * 6 + [CAUTION] * 3 + [plain] * 3 + [SUPERVISED] * 3 + [plain] * 10
    )
    assert rows_of(folder, WATCHED, "is_under_supervision") == [False] * 12 + [True] * 3 + [False] * 10
    assert set(rows_of(folder, "005930", "section")) == {None}
    assert rows_of(folder, RENAMED.code, "instrument_name") == [RENAMED.name(number) for number in range(25)]
    listed = {row["external_code"]: row for row in pq.read_table(folder / "instruments.parquet").to_pylist()}
    assert listed[LIQUIDATED.code]["liquidation_from"] == SESSIONS[BEGUN]


def test_in_whatever_order_the_days_come_the_set_is_the_same(tmp_path: Path) -> None:
    wanted: dict[str, bytes] = {}
    for number, spans in enumerate([((0, 24),), ((12, 24), (0, 11)), ((0, 7), (14, 24), (8, 13))]):
        home = collect(Home(tmp_path / str(number)), *spans, body=ALL.body_of)
        folder = tmp_path / "sets" / str(number)
        export(home, folder, date_from=SESSIONS[0], date_to=SESSIONS[24], include_issues=True, now=NOW)
        found = {file.name: file.read_bytes() for file in folder.glob("*.parquet")}
        wanted = wanted or found
        assert [name for name in wanted if found[name] != wanted[name]] == []
