"""A day that a rule convicts: never verified, no factors, asked for again at growing intervals, blocking exports."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from export.kit import export, read_manifest
from krx_exchange import CLASS_OF, MARKET_OF, SESSIONS, body_of, rows
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import DAILY, INDEX, KrxWire, body, equity_row, index_body

from tray_app.core.days import day_number
from tray_app.core.model import Window
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.export.errors import ExportBlocked
from tray_app.export.kinds import Basis
from tray_app.paths import Home

KOSPI, TOTALS = DAILY[Market.KOSPI], INDEX[IndexClass.KOSPI]
NUMBER = 10
DAY, AFTER = SESSIONS[NUMBER], SESSIONS[NUMBER + 1]
Change = Callable[[list[dict[str, str]]], list[dict[str, str]]]


def body_of_session(number: int) -> Callable[[str, date], bytes | None]:
    """Return what a source answers that gives another session's rows in every service, dated as it was asked for."""

    def answer(service: str, day: date) -> bytes | None:
        if day != DAY or service not in {*DAILY.values(), *CLASS_OF}:
            return body_of(service, day)
        if service in CLASS_OF:
            markets = [market for market in STOCK_MARKETS if market == CLASS_OF[service].value]
            return index_body(CLASS_OF[service], day, [bar for market in markets for bar in rows(market, number)])
        return body([equity_row(replace(bar, trade_date=day)) for bar in rows(MARKET_OF[service], number)])

    return answer


repeated, another_day = body_of_session(NUMBER - 1), body_of_session(NUMBER - 4)


def changed(change: Change, service: str = KOSPI, day: date = DAY) -> Callable[[str, date], bytes | None]:
    def answer(asked: str, of: date) -> bytes | None:
        found = body_of(asked, of)
        if (asked, of) != (service, day) or found is None:
            return found
        return json.dumps({"OutBlock_1": change(json.loads(found)["OutBlock_1"])}).encode()

    return answer


class Wire(KrxWire):
    """An exchange that answers wrongly until it has come right."""

    def __init__(self, wrong: Callable[[str, date], bytes | None]) -> None:
        super().__init__(self._now)
        self._wrong = wrong
        self.is_right = False

    def _now(self, service: str, day: date) -> bytes | None:
        return body_of(service, day) if self.is_right else self._wrong(service, day)


def high_below_low(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**found[0], "TDD_HGPRC": "1"}, *found[1:]]


def wrong_change(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**found[0], "CMPPREVDD_PRC": str(float(found[0]["CMPPREVDD_PRC"]) + 1_000)}, *found[1:]]


def wrong_volume(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**found[0], "ACC_TRDVOL": str(int(found[0]["ACC_TRDVOL"]) + 1)}, *found[1:]]


def factors(machine: KrxMachine, *days: date) -> int:
    numbers = ", ".join(str(day_number(day)) for day in days)
    [(count,)] = machine.query(f"SELECT COUNT(*) FROM price_adjustment_factors WHERE trade_date IN ({numbers})")
    return int(count)


def blocked(machine: KrxMachine, sets: Path, first: date, last: date, **changes: Any) -> bool:
    machine.database.close_thread()
    now = machine.clock.now()
    try:
        export(Home(machine.database.path.parent), sets / "set", date_from=first, date_to=last, now=now, **changes)
    except ExportBlocked:
        return True
    return False


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    "wrong",
    [repeated, another_day, changed(high_below_low), changed(wrong_change), changed(wrong_volume, TOTALS)],
    ids=["repeated", "another day", "prices", "change", "volume"],
)
def test_a_convicted_day_is_not_verified_and_makes_no_factors(
    tmp_path: Path, wrong: Callable[[str, date], bytes | None], *, newest_first: bool
) -> None:
    wire = Wire(wrong)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[16], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[15], newest_first=newest_first))
        states = machine.states()
        assert states.pop(DAY) == "collected"
        assert set(states.values()) == {"verified"}
        assert factors(machine, DAY, AFTER) == 0

        wire.is_right = True
        machine.at(SESSIONS[18], 8, 10)
        machine.run()
        assert set(machine.states().values()) == {"verified"}
        assert machine.query("SELECT 1 FROM data_quality_issues WHERE severity = 'ERROR' AND resolved_at IS NULL") == []


def test_it_is_asked_for_again_ever_less_often_and_by_whoever_names_it(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, Wire(repeated)) as machine:
        machine.at(SESSIONS[12], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[11]))
        asked = list[int]()
        for place in range(13, 45):
            machine.at(SESSIONS[place], 8, 10)
            machine.asked()
            machine.run()
            asked += [place] if DAY in machine.asked_days() else []
        pauses = [after - before for before, after in pairwise(asked)]
        assert len(asked) >= 4
        assert pauses == sorted(pauses)
        assert machine.states()[DAY] == "collected"
        for window in (Window(DAY, DAY), Window(SESSIONS[5], SESSIONS[11])):
            machine.asked()
            machine.run(window)
            assert machine.asked_days() == [DAY]


@pytest.mark.parametrize("wrong", [repeated, changed(high_below_low)])
def test_it_blocks_the_exports_whose_values_rest_on_it(
    tmp_path: Path, wrong: Callable[[str, date], bytes | None]
) -> None:
    home, sets = tmp_path / "home", tmp_path / "sets"
    home.mkdir()
    with a_krx_machine(home, Wire(wrong)) as machine:
        machine.at(SESSIONS[16], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[15]))
        before, after = (SESSIONS[3], SESSIONS[NUMBER - 1]), (AFTER, SESSIONS[15])
        assert blocked(machine, sets, DAY, DAY)
        for held in (before, after):
            assert not blocked(machine, sets, *held)
            assert not blocked(machine, sets, *held, adjusted=True)
        # What later sessions say of the prices before them rests on the day too.
        assert blocked(machine, sets, *before, adjusted=True, basis=Basis.LATEST)
        assert not blocked(machine, sets, *after, adjusted=True, basis=Basis.LATEST)
        assert not blocked(machine, sets, *before, adjusted=True, basis=Basis.LATEST, allow_errors=True)
        [problem] = read_manifest(sets / "set")["unfinished_factors"]["errors_after"][:1]
        assert str(DAY) in problem


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_first_session_of_all_is_convicted_by_the_two_after_it(tmp_path: Path, *, newest_first: bool) -> None:
    wire = Wire(another_day)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[16], 8, 10)
        machine.run(Window(DAY, SESSIONS[15], newest_first=newest_first))
        for _ in range(2):
            states = machine.states()
            assert states.pop(DAY) == "collected"
            assert set(states.values()) == {"verified"}
            machine.clock.advance(days=3)
            machine.run(Window(DAY, SESSIONS[15]))
        wire.is_right = True
        machine.run(Window(DAY, DAY))
        assert set(machine.states().values()) == {"verified"}


def test_a_rate_that_was_wrong_convicts_though_the_same_rows_are_checked_again(tmp_path: Path) -> None:
    wire = Wire(changed(lambda found: [{**found[0], "FLUC_RT": "29.99"}, *found[1:]]))
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[16], 8, 10)
        machine.run(Window(SESSIONS[8], SESSIONS[15]))
        # Earlier sessions let the later ones be checked anew, from the store, which keeps no rates.
        machine.run(Window(SESSIONS[3], SESSIONS[7]))
        open_errors = "SELECT issue_code, trade_date FROM data_quality_issues WHERE severity = 'ERROR' AND resolved_at"
        assert machine.query(f"{open_errors} IS NULL") == [("CHANGE_IDENTITY", DAY.isoformat())]
        assert machine.states()[DAY] == "collected"
        wire.is_right = True
        machine.run(Window(DAY, DAY))
        assert machine.query(f"{open_errors} IS NULL") == []
        assert machine.states()[DAY] == "verified"


def test_what_the_rules_find_again_does_not_put_off_the_asking(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, Wire(repeated)) as machine:
        machine.at(SESSIONS[12], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[11]))
        due = machine.query("SELECT next_try_at FROM day_ledger WHERE state = 'collected' ORDER BY 1")
        machine.clock.advance(hours=3)
        machine.run(Window(SESSIONS[0], SESSIONS[2]))
        assert machine.query("SELECT next_try_at FROM day_ledger WHERE state = 'collected' ORDER BY 1") == due


def test_a_doubt_said_again_when_it_is_due_does_not_put_off_the_asking_either(tmp_path: Path) -> None:
    wire = Wire(changed(high_below_low))
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[NUMBER], 8, 10)
        machine.run()
        machine.at(AFTER, 8, 10)
        machine.run()
        assert machine.states()[DAY] == "collected"
        wire.is_right = True
        # The weekly master list of the day is asked for first, and judges it once more.
        machine.clock.advance(days=7)
        machine.run()
        assert machine.states()[DAY] == "verified"


def blank_total(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**row, "MKTCAP": "-"} if "외국주포함" in row["IDX_NM"] else row for row in found]


def test_a_day_whose_total_is_blank_is_asked_for_again_until_it_came_or_two_months_are_over(tmp_path: Path) -> None:
    wire = Wire(changed(blank_total, TOTALS))
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[12], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[11]))
        asked = list[int]()
        for days in range(1, 110):
            machine.clock.advance(days=1)
            machine.asked()
            machine.run()
            assert [machine.states(dataset=kind)[DAY] for kind in ("equity", "index")] == ["unproven"] * 2
            sent = machine.asked()
            assert (KOSPI, DAY) not in sent
            asked += [days] if (TOTALS, DAY) in sent else []
        pauses = [after - before for before, after in pairwise(asked)]
        assert len(asked) == 6
        assert pauses == sorted(pauses)
        assert 60 <= asked[-1] <= 70

        wire.is_right = True
        machine.run(Window(DAY, DAY, again_since=machine.clock.now()))
        assert [machine.states(dataset=kind)[DAY] for kind in ("equity", "index")] == ["verified"] * 2


def test_a_total_that_comes_later_proves_the_day(tmp_path: Path) -> None:
    wire = Wire(changed(blank_total, TOTALS))
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[12], 8, 10)
        machine.run(Window(SESSIONS[3], SESSIONS[11]))
        wire.is_right = True
        machine.at(SESSIONS[13], 8, 10)
        machine.run()
        assert [machine.states(dataset=kind)[DAY] for kind in ("equity", "index")] == ["verified"] * 2
