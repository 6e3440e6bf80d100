"""One index for everybody: whatever day a computer was installed on and whatever it missed, the history is the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from liquidity_machine import FRED_HOST, SEARCH, LiquidityMachine, a_liquidity_machine
from support import HOSTS, Clock

from tray_app.core.model import RunStatus, Window
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

# Just after New York's close of a Thursday, and after that of a Tuesday five weeks later.
FIRST = datetime(2026, 8, 20, 21, 0, tzinfo=UTC)
LAST = FIRST + timedelta(days=33)
HISTORY = Window(date(2020, 1, 1))
INDEX = (
    "SELECT date, z, score, band, breadth, coverage, repo_flag, repo_label, is_provisional"
    " FROM stress_index ORDER BY date"
)
PARTS = "SELECT date, category, z, weight, contribution, inputs FROM stress_contribution ORDER BY date, category"
INDEX_RESTATED = "SELECT DISTINCT row_key FROM restatements WHERE table_name = 'stress_index' ORDER BY row_key"


@pytest.fixture(scope="module")
def time_of_day() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def samples(time_of_day: Clock) -> Iterator[SampleServer]:
    with SampleServer(time_of_day.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture(autouse=True)
def _from_the_start(samples: SampleServer, time_of_day: Clock) -> None:
    samples.misbehave.clear()
    time_of_day.at = FIRST


def shown(machine: LiquidityMachine) -> list[str]:
    """Return the index to the last bit (repr writes a number's shortest exact form), and all that it is made of."""
    return [repr(row) for statement in (INDEX, PARTS) for row in machine.query(statement)]


def test_an_old_computer_and_one_installed_today_show_the_same_history(
    tmp_path: Path, samples: SampleServer, time_of_day: Clock
) -> None:
    with a_liquidity_machine(tmp_path / "old", samples, time_of_day) as old:
        old.settings = SEARCH
        for window, days in ((None, 0), (HISTORY, 1), (None, 6), (None, 26)):
            old.run(window=window)
            time_of_day.advance(days=days)
        assert time_of_day.at == LAST
        old.run()
        seen_by_the_old = shown(old)
    with a_liquidity_machine(tmp_path / "new", samples, time_of_day) as new:
        new.settings = SEARCH
        new.run(window=HISTORY)
        new.run()
        assert shown(new) == seen_by_the_old
        assert len(seen_by_the_old) > 7 * 5 * 250
        first_seen = new.query("SELECT MIN(first_seen_at) FROM macro_observation")
        assert first_seen > old.query("SELECT MIN(first_seen_at) FROM macro_observation")


def test_a_source_that_answers_late_fills_its_days_and_what_was_said_of_them_is_kept(
    tmp_path: Path, samples: SampleServer, time_of_day: Clock
) -> None:
    with a_liquidity_machine(tmp_path, samples, time_of_day) as machine:
        machine.settings = SEARCH
        machine.run(window=HISTORY)
        machine.run()
        assert machine.query(INDEX_RESTATED) == []
        samples.misbehave.set(FRED_HOST, Mode.SERVER_ERROR_HTML)
        for _day in range(2):
            time_of_day.advance(days=4)
            assert machine.run().status is RunStatus.PARTIAL
        down = {row[0]: row for row in machine.query(INDEX)}
        newest = max(down)
        assert down[newest][-1] == 1
        assert [day for day, row in down.items() if row[-1]] == [newest]
        samples.misbehave.clear()
        assert machine.run().status is RunStatus.SUCCESS
        up = {row[0]: row for row in machine.query(INDEX)}
        changed = [day for day, row in up.items() if row[1:-1] != down[day][1:-1]]
        # The newest day had been provisional: that it moves is no restatement.
        assert changed[-1] == newest
        assert [row[0] for row in machine.query(INDEX_RESTATED)] == changed[:-1]
        assert min(changed) > str(FIRST.date())
        ((old, new),) = machine.query(
            "SELECT old, new FROM restatements WHERE table_name = 'stress_index' AND row_key = ? AND column_name = 'z'",
            changed[0],
        )
        assert (float(old), float(new)) == (down[changed[0]][1], up[changed[0]][1])
