"""A day that a person accepts without its rows in doubt: when that may be, what follows, and what ends it."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from export.kit import export, read_manifest
from export.set.test_verify import write_manifest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine
from krx_odd import Oddities, Rows
from krx_wire import DAILY, INDEX, KrxWire

from tray_app.app import main
from tray_app.core.errors import BadInput
from tray_app.core.model import Window
from tray_app.datasets.krx.collect.context import open_context
from tray_app.datasets.krx.collect.settling import settle
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.acceptance import DoubtedDay
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.store.accepted import AcceptedDays
from tray_app.export.errors import ExportBlocked
from tray_app.export.kinds import Basis
from tray_app.export.set.verify import verify
from tray_app.paths import Home

# The session before the one with a split, so that factors speak of the closes of the day in doubt.
DAY, SPLIT_DAY = SESSIONS[17], SESSIONS[18]
KOSPI, KOSDAQ, TOTALS = DAILY[Market.KOSPI], DAILY[Market.KOSDAQ], INDEX[IndexClass.KOSDAQ]
PLAIN, SPLIT = "101000", "005930"
IN_DOUBT = "SELECT dataset, market_code FROM day_ledger WHERE next_try_at IS NOT NULL AND state = 'collected'"
Cell = Callable[[Rows], Rows]


def cell(code: str, **cells: str) -> Cell:
    """Return a change of one row's cells."""

    def change(rows: Rows) -> Rows:
        names = ("ISU_CD", "IDX_NM")
        return [{**row, **cells} if code in {row.get(name) for name in names} else row for row in rows]

    return change


@pytest.fixture
def odd() -> Oddities:
    return Oddities()


@pytest.fixture
def machine(tmp_path: Path, odd: Oddities) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path / "home", KrxWire(odd.body_of)) as made:
        made.at(SESSIONS[21], 8, 10)
        yield made


def collect(machine: KrxMachine) -> None:
    machine.run(Window(SESSIONS[14], SESSIONS[20]))


def wait_a_week(machine: KrxMachine) -> None:
    """Let the runs of some days ask again by themselves."""
    for days in (1, 2, 4):
        machine.clock.advance(days=days)
        machine.run()


def settled(machine: KrxMachine) -> None:
    calendar = KrxCalendar()
    settle(open_context(machine.database, calendar, machine.clock.now()))


def accept(machine: KrxMachine, market: str = "KOSPI", day: date = DAY) -> DoubtedDay:
    found = AcceptedDays(machine.database).accept(day, market, "kim", "the site shows it so", machine.clock.now())
    settled(machine)
    return found


def state(machine: KrxMachine, market: str = "KOSPI", dataset: str = "equity") -> str:
    return machine.states(market, dataset)[DAY]


def factors(machine: KrxMachine) -> list[str]:
    found = machine.query(
        "SELECT external_code FROM price_adjustment_factors JOIN instruments USING (instrument_id)"
        " WHERE market_code = 'KOSPI' ORDER BY 1"
    )
    return [row[0] for row in found]


WRONG: dict[str, tuple[str, str, Cell]] = {
    "a close that is none": ("KOSPI", KOSPI, cell(PLAIN, TDD_CLSPRC="0")),
    "a volume that is none": ("KOSDAQ", KOSDAQ, cell("201000", ACC_TRDVOL="many")),
    "a wrong change": ("KOSPI", KOSPI, cell(PLAIN, CMPPREVDD_PRC="1000")),
    "a wrong volume": ("KOSPI", KOSPI, cell(PLAIN, ACC_TRDVOL="7")),
    "a wrong high": ("KOSPI", KOSPI, cell(PLAIN, TDD_HGPRC="1")),
    "a wrong total": ("KOSDAQ", TOTALS, cell("코스닥 (외국주포함)", ACC_TRDVOL="7")),
    "a total that is none": ("KOSDAQ", TOTALS, cell("코스닥 (외국주포함)", ACC_TRDVOL="many")),
    "no main index": ("KOSDAQ", TOTALS, cell("코스닥", CLSPRC_IDX="")),
    "a market without totals": ("KONEX", DAILY[Market.KONEX], cell("301000", TDD_CLSPRC="-1")),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_day_is_accepted_after_a_week_and_asked_for_no_more(machine: KrxMachine, odd: Oddities, what: str) -> None:
    market, service, change = WRONG[what]
    odd.changes[service, DAY] = change
    collect(machine)
    doubted = set(machine.query(IN_DOUBT))
    assert doubted
    assert {each[1] for each in doubted} == {market}
    with pytest.raises(BadInput, match="It is still asked for by itself"):
        accept(machine, market)
    wait_a_week(machine)
    accept(machine, market)
    for each in doubted:
        assert state(machine, market, each[0]) in {"accepted", "verified"}
    assert "accepted" in {state(machine, market, each[0]) for each in doubted}
    machine.clock.advance(days=40)
    machine.asked()
    machine.run()
    assert DAY not in machine.asked_days()
    assert "accepted" in {state(machine, market, each[0]) for each in doubted}
    # Taken back, it is in doubt as before; and what comes well ends it all.
    AcceptedDays(machine.database).take_back(DAY, market)
    settled(machine)
    assert {state(machine, market, each[0]) for each in doubted} == {"collected"}
    accept(machine, market)
    machine.run(Window(DAY, DAY, again_since=machine.clock.now()))
    assert "accepted" in {state(machine, market, each[0]) for each in doubted}
    odd.changes.clear()
    machine.clock.advance(days=1)
    machine.run(Window(DAY, DAY, again_since=machine.clock.now()))
    for each in doubted:
        assert state(machine, market, each[0]) == "verified"
    assert all(not each.findings or each.session != DAY for each in AcceptedDays(machine.database).doubted())


def made(machine: KrxMachine, sets: Path, **changes: Any) -> dict[str, Any]:
    machine.database.close_thread()
    home, span = Home(machine.database.path.parent), {"date_from": SESSIONS[14], "date_to": SESSIONS[20]}
    export(home, sets, **{"now": machine.clock.now(), "adjusted": True, "include_issues": True, **span, **changes})
    return read_manifest(sets)


def reasons(sets: Path, code: str) -> dict[date, str]:
    rows = pq.read_table(sets / "instrument_daily.parquet").to_pylist()
    return {row["trade_date"]: row["signal_validity_reason"] for row in rows if row["external_code"] == code}


def test_the_factors_of_the_others_are_made_and_the_set_says_what_it_lacks(
    machine: KrxMachine, odd: Oddities, tmp_path: Path
) -> None:
    odd.changes[KOSPI, DAY] = cell(PLAIN, TDD_CLSPRC="")
    collect(machine)
    wait_a_week(machine)
    assert factors(machine) == []
    with pytest.raises(ExportBlocked):
        made(machine, tmp_path / "set")
    accept(machine)
    assert factors(machine) == [SPLIT]
    document = made(machine, tmp_path / "set")
    assert document["accepted_sessions"] == {
        "KOSPI": {str(DAY): {"missing": [PLAIN], "in_doubt": [], "findings": ["ROW_SET_ASIDE", "TOTAL_MISMATCH"]}}
    }
    assert document["sessions_in_doubt"] == {}
    found = reasons(tmp_path / "set", PLAIN)
    assert DAY not in found
    assert found.pop(SPLIT_DAY) == "unresolved_action"
    assert set(found.values()) == {"ok"}
    assert set(reasons(tmp_path / "set", SPLIT).values()) == {"ok"}
    assert verify(tmp_path / "set").findings == ()
    issues = pq.read_table(tmp_path / "set" / "data_quality_issues.parquet").to_pylist()
    notes = {row["issue_code"]: row["acknowledged_note"] for row in issues if row["trade_date"] == DAY}
    assert notes["ROW_SET_ASIDE"] == notes["TOTAL_MISMATCH"] == "accepted: the site shows it so"
    # A set that says another issue was missing is not whole.
    told = {"KOSPI": {str(DAY): {"missing": [SPLIT], "in_doubt": ["101010"], "findings": []}}}
    write_manifest(tmp_path / "set", read_manifest(tmp_path / "set") | {"accepted_sessions": told}, sealed=True)
    said = [str(finding) for finding in verify(tmp_path / "set").findings]
    assert any(f"holds {SPLIT} of {DAY}, which the manifest names as missing" in each for each in said)
    assert any(f"101010 of {DAY} does not count as invalid" in each for each in said)
    assert any(f"{SPLIT} of {SPLIT_DAY} counts as ok" in each for each in said)


def test_what_was_accepted_after_the_set_is_named_where_later_factors_count(
    machine: KrxMachine, odd: Oddities, tmp_path: Path
) -> None:
    odd.changes[KOSPI, DAY] = cell(PLAIN, TDD_CLSPRC="")
    collect(machine)
    wait_a_week(machine)
    accept(machine)
    before = {"date_from": SESSIONS[14], "date_to": SESSIONS[SESSIONS.index(DAY) - 1]}
    plain = made(machine, tmp_path / "end", **before)
    assert plain["unfinished_factors"]["accepted_after"] == plain["accepted_sessions"] == {}
    document = made(machine, tmp_path / "latest", **before, basis=Basis.LATEST)
    assert document["unfinished_factors"]["accepted_after"] == {
        "KOSPI": {str(DAY): {"missing": [PLAIN], "in_doubt": [], "findings": ["ROW_SET_ASIDE", "TOTAL_MISMATCH"]}}
    }
    assert document["accepted_sessions"] == {}
    assert verify(tmp_path / "latest").findings == ()


@pytest.mark.parametrize("change", [cell(SPLIT, TDD_CLSPRC=""), cell(SPLIT, CMPPREVDD_PRC="40000")])
def test_no_factor_is_made_of_a_row_the_day_is_accepted_without(
    machine: KrxMachine, odd: Oddities, tmp_path: Path, change: Cell
) -> None:
    odd.changes[KOSPI, DAY] = change
    collect(machine)
    wait_a_week(machine)
    accept(machine)
    assert factors(machine) == []
    assert machine.query("SELECT 1 FROM data_quality_issues WHERE issue_code = 'FACTOR_MISSING'") == []
    [told] = made(machine, tmp_path / "set")["accepted_sessions"]["KOSPI"].values()
    assert [*told["missing"], *told["in_doubt"]] == [SPLIT]
    found = reasons(tmp_path / "set", SPLIT)
    assert found[SPLIT_DAY] == "unresolved_action"
    assert found.get(DAY, "invalid") == "invalid"
    assert verify(tmp_path / "set").findings == ()


def test_what_was_accepted_before_a_kill_is_worked_out_by_the_next_run(machine: KrxMachine, odd: Oddities) -> None:
    odd.changes[KOSPI, DAY] = cell(PLAIN, TDD_CLSPRC="")
    collect(machine)
    wait_a_week(machine)
    AcceptedDays(machine.database).accept(DAY, "KOSPI", "kim", "", machine.clock.now())
    assert state(machine) == "collected"
    machine.asked()
    machine.run()
    assert DAY not in machine.asked_days()
    assert state(machine) == "accepted"
    assert factors(machine) == [SPLIT]


def test_what_is_wrong_as_a_whole_is_never_accepted(machine: KrxMachine, odd: Oddities) -> None:
    before = json.loads(body_of(KOSPI, SESSIONS[16]) or b"")["OutBlock_1"]
    odd.changes[KOSPI, DAY] = lambda _rows: [{**row, "BAS_DD": f"{DAY:%Y%m%d}"} for row in before]
    odd.changes[KOSDAQ, DAY] = lambda rows: [{**row, "TDD_HGPRC": "1"} if place < 5 else row
                                             for place, row in enumerate(rows)]  # fmt: skip
    collect(machine)
    wait_a_week(machine)
    with pytest.raises(BadInput, match="So many rows"):
        accept(machine, "KOSDAQ")
    with pytest.raises(BadInput, match="as a whole"):
        accept(machine, "KOSPI")
    with pytest.raises(BadInput, match="No finding"):
        accept(machine, "KONEX")


def test_another_mistake_of_an_accepted_day_puts_it_in_doubt_again(machine: KrxMachine, odd: Oddities) -> None:
    odd.changes[KOSPI, DAY] = cell(PLAIN, TDD_CLSPRC="")
    collect(machine)
    wait_a_week(machine)
    accept(machine)
    odd.changes[KOSPI, DAY] = cell("101010", TDD_CLSPRC="")
    machine.run(Window(DAY, DAY, again_since=machine.clock.now()))
    assert state(machine) == "collected"
    with pytest.raises(BadInput, match="still asked for"):
        accept(machine)


def test_a_list_that_lacks_a_row_by_acceptance_delists_nobody(machine: KrxMachine, odd: Oddities) -> None:
    last = SESSIONS[20]
    odd.changes[KOSPI, last] = cell(PLAIN, TDD_CLSPRC="")
    for number in range(21, 30):
        odd.changes[KOSPI, SESSIONS[number]] = lambda _rows: []
    collect(machine)
    wait_a_week(machine)
    accept(machine, "KOSPI", last)
    assert machine.states()[last] == "accepted"
    assert machine.query("SELECT delisting_date FROM instruments WHERE external_code = ?", PLAIN) == [(None,)]


def test_by_the_command_line(
    machine: KrxMachine, odd: Oddities, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        machine.database.close_thread()
        monkeypatch.setenv("MARKET_TRAY_NOW", machine.clock.now().isoformat())
        code = main(["--home", str(machine.database.path.parent), "accept", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    odd.changes[KOSPI, DAY] = cell(PLAIN, TDD_CLSPRC="")
    collect(machine)
    code, document = said()
    assert code == 0
    [day] = document["days"]
    assert (day["date"], day["market"], day["accepted"], day["rows"]) == (str(DAY), "KOSPI", False, [PLAIN])
    assert "still asked for by itself, next on" in day["refusal"]
    code, document = said(str(DAY))
    assert (code, document["error"]["title"]) == (2, f"KOSPI of {DAY} cannot be accepted")
    wait_a_week(machine)
    code, document = said(str(DAY), "--market", "KOSPI", "--note", "as on its site")
    assert (code, document["accepted"], document["rows"]) == (0, True, [PLAIN])
    assert {(each["note"], bool(each["accepted_by"])) for each in document["findings"]} == {("as on its site", True)}
    assert state(machine) == "accepted"
    assert factors(machine) == [SPLIT]
    assert said(str(DAY), "--take-back")[0] == 0
    assert state(machine) == "collected"
    assert factors(machine) == []
    assert said("2024-03-05")[0] == 2
