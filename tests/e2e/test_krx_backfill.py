"""History through the command line: killed at random, out of calls, in either order; and how refusals end a command."""

import random
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS, body_of
from krx_machine import a_krx_machine
from krx_wire import (
    DAILY,
    HOST,
    INDEX,
    PREFIX,
    App,
    Asked,
    KrxWire,
    asked_of,
    dates,
    finished,
    repeats,
    serving,
)
from patience import PATIENCE
from support import HOSTS, Clock, open_store, query

from tray_app.core.model import Window
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.plan import DAILY_RUN_RESERVE
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

COUNT = 40
FIRST, LAST = SESSIONS[0], SESSIONS[COUNT - 1]
NOW = at(SESSIONS[COUNT + 2], 9)
KILLS = 20
LISTS = {*DAILY.values(), *INDEX.values()}


class Killer:
    """Kills a child at the request it was set for: while it waits for the answer, or shortly after it got it."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._child: subprocess.Popen[bytes] | None = None
        self._left = 0
        self._passed = threading.Event()
        self._while_waiting = False

    def aim(self, child: "subprocess.Popen[bytes]", requests: int) -> None:
        self._child, self._left = child, requests
        self._while_waiting = self._luck.random() < 0.5
        self._passed.clear()

    def seen(self, _asked: Asked) -> None:
        self._left -= 1
        if self._left == 0 and self._child is not None:
            if self._while_waiting:
                self._child.kill()
            self._passed.set()

    def finish(self) -> None:
        """Kill the child at a moment of chance after the request, if it has not ended by itself."""
        assert self._child is not None
        assert self._passed.wait(PATIENCE)
        try:
            self._child.wait(self._luck.uniform(0, 0.03))
        except subprocess.TimeoutExpired:
            self._child.kill()
        self._child.communicate()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def wire() -> KrxWire:
    return KrxWire(body_of)


@pytest.fixture
def server(wire: KrxWire, clock: Clock) -> Iterator[SampleServer]:
    with serving(wire, clock.now) as running:
        yield running


@pytest.fixture
def app(tmp_path: Path, server: SampleServer) -> App:
    return App(tmp_path / "home", server.url)


def calls_counted(app: App) -> int:
    with open_store(app.home, NOW) as database:
        [(calls,)] = query(database, "SELECT SUM(calls) FROM api_usage")
    return int(calls or 0)


def states(app: App) -> dict[tuple[str, str], int]:
    with open_store(app.home, NOW) as database:
        rows = query(database, "SELECT dataset, state, COUNT(*) FROM day_ledger GROUP BY 1, 2")
    return {(row[0], row[1]): row[2] for row in rows}


def content(app: App) -> dict[str, list[tuple[object, ...]]]:
    """Return what people see of the store, without the order or the time things came in."""
    statements = {
        "days": "SELECT * FROM instrument_daily_v1 ORDER BY instrument_id, trade_date",
        "indices": "SELECT * FROM benchmark_daily_v1 ORDER BY index_code, trade_date",
        "factors": "SELECT i.uid, f.trade_date, f.factor, f.share_factor, f.method, f.is_flagged, f.inputs"
        " FROM price_adjustment_factors f JOIN instruments i USING (instrument_id) ORDER BY 1, 2",
        "names": "SELECT i.uid, n.valid_from, n.name FROM instrument_names n JOIN instruments i USING (instrument_id)"
        " ORDER BY 1, 2",
        "listings": "SELECT uid, market_code, external_code, episode, isin, instrument_name, listing_date,"
        " delisting_date, first_seen, last_seen FROM instruments ORDER BY 1",
        "issues": "SELECT dataset_name, trade_date, subject, issue_code, severity, issue_detail, resolved_at IS NULL"
        " FROM data_quality_issues ORDER BY 1, 2, 3, 4",
        "calendar": "SELECT * FROM trading_calendar_v1 ORDER BY 1, 2",
        "checks left": "SELECT * FROM pending_checks",
        "ledger": "SELECT dataset, market_code, trade_date, state, rows FROM day_ledger ORDER BY 1, 2, 3",
    }
    with open_store(app.home, NOW) as database:
        return {name: query(database, sql) for name, sql in statements.items()}


@pytest.fixture
def whole(tmp_path: Path, server: SampleServer) -> dict[str, list[tuple[object, ...]]]:
    """Return what an undisturbed run stores, and forget what it asked for."""
    app = App(tmp_path / "undisturbed", server.url)
    assert app.collect(FIRST, LAST, now=NOW).code == 0
    server.log.clear()
    return content(app)


def test_killed_twenty_times_at_random_it_ends_complete(
    app: App, server: SampleServer, wire: KrxWire, whole: dict[str, list[tuple[object, ...]]]
) -> None:
    luck = random.Random(20_240_304)
    killer = Killer(luck)
    wire.before_answer = killer.seen
    for _ in range(KILLS):
        child = app.start("collect", "krx", *dates(FIRST, LAST), now=NOW)
        killer.aim(child, luck.randint(1, 10))
        killer.finish()
    done = app.collect(FIRST, LAST, now=NOW)
    assert done.code == 0
    assert content(app) == whole
    assert repeats(server) <= KILLS
    assert calls_counted(app) >= len(asked_of(server))
    assert calls_counted(app) - len(asked_of(server)) <= KILLS
    assert {one for one in asked_of(server) if one[0] in LISTS} == {
        (service, day) for service in LISTS for day in SESSIONS[:COUNT]
    }


def test_killed_after_the_last_request_it_still_checks_every_day(
    app: App, server: SampleServer, wire: KrxWire, whole: dict[str, list[tuple[object, ...]]]
) -> None:
    luck = random.Random(7)
    total = COUNT * len(LISTS)
    killer = Killer(luck)
    wire.before_answer = killer.seen
    child = app.start("collect", "krx", *dates(FIRST, LAST), now=NOW)
    killer.aim(child, total)
    killer.finish()
    for _ in range(4):
        child = app.start("collect", "krx", *dates(FIRST, LAST), now=NOW)
        try:
            child.wait(luck.uniform(0.5, 1.5))
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
    assert app.collect(FIRST, LAST, now=NOW).code == 0
    assert content(app) == whole
    assert repeats(server) <= 5


def test_never_over_the_limit_in_two_processes_and_on_the_next_day_it_goes_on(
    app: App, server: SampleServer, clock: Clock, whole: dict[str, list[tuple[object, ...]]]
) -> None:
    limit = DAILY_RUN_RESERVE + 100
    one = app.start("collect", "krx", *dates(FIRST, LAST), now=NOW, KRX_DAILY_LIMIT=str(limit))
    other = app.start("collect", "krx", *dates(FIRST, LAST), now=NOW, KRX_DAILY_LIMIT=str(limit))
    codes = {finished(one).code, finished(other).code}
    assert codes <= {3, 4}
    assert len(asked_of(server)) == 100
    again = app.collect(FIRST, LAST, now=NOW, KRX_DAILY_LIMIT=str(limit))
    # Nothing of what is due can be asked for any more today.
    assert (again.code, len(asked_of(server))) == (1, 100)
    kept = f"Of the {limit} calls a day of the key, {DAILY_RUN_RESERVE} are kept for the runs of the day"
    assert kept in again.document["message"]
    assert "It goes on by itself on" in again.document["message"]
    # The reserve is there for today's data, from whichever process.
    assert app.collect(now=NOW, KRX_DAILY_LIMIT=str(limit)).code in {0, 3}
    assert 100 < len(asked_of(server)) <= limit
    for later in (3, 4, 5):
        clock.at = at(SESSIONS[COUNT + later], 9)
        done = app.collect(FIRST, LAST, now=clock.at, KRX_DAILY_LIMIT=str(limit))
        if done.code == 0:
            break
    assert done.code == 0
    assert repeats(server) == 0
    assert set(states(app)) == {("equity", "verified"), ("index", "verified")}


def test_both_orders_end_with_the_same_content(
    tmp_path: Path, server: SampleServer, whole: dict[str, list[tuple[object, ...]]]
) -> None:
    # The command line goes forwards only; the windows offer both.
    with a_krx_machine(tmp_path / "backwards", now=NOW) as machine:
        machine.run(Window(FIRST, LAST, newest_first=True))
    backwards = content(App(tmp_path / "backwards", server.url))
    for name, rows in whole.items():
        assert backwards[name] == rows, name


@pytest.mark.parametrize(
    ("mode", "service", "words", "requests"),
    [
        (Mode.WRONG_KEY, "", "KRX does not know this key.", 3),
        (Mode.UNAPPROVED_SERVICE, DAILY[Market.KONEX], "코넥스 일별매매정보", 5 * 5 + 2 + 3),
        (Mode.MAINTENANCE_200, "", "a maintenance page instead of data (status 200)", 6),
        (Mode.CUT_BODY, DAILY[Market.KOSPI], "the answer broke off", 5 * 5 + 2 + 2),
        (Mode.QUOTA, "", "KRX takes no more calls with this key today.", 1),
    ],
)
def test_each_refusal_has_its_own_words_and_few_requests(  # noqa: PLR0917 - the table's columns
    app: App, server: SampleServer, mode: Mode, service: str, words: str, requests: int
) -> None:
    server.misbehave.set(HOST, mode, path=f"{PREFIX}{service}")
    done = app.collect(now=NOW)
    # What concerns one service lets the others come; where nothing due came, the run has failed.
    assert done.code == (3 if service else 1)
    assert words in done.document["message"]
    assert len(asked_of(server)) == requests


def test_an_answer_of_another_shape_is_an_error_of_the_data(app: App, server: SampleServer) -> None:
    server.misbehave.set(HOST, Mode.EMPTY_OBJECT, path=f"{PREFIX}{DAILY[Market.KOSPI]}")
    done = app.collect(now=NOW)
    assert (done.code, done.document["status"]) == (1, "failed")
    assert "newer version" in done.steps["kospi"]
    # Three days of it are enough; the other lists go on, two of them with a master list.
    assert len(asked_of(server)) == 5 * 5 + 2 + 3


def test_without_a_key_the_exchange_is_refused_and_left_out_of_all(app: App, server: SampleServer) -> None:
    done = app.collect(now=NOW, KRX_AUTH_KEY="")
    assert done.code == 1
    assert done.document["error"]["message"] == "KRX needs your own key of its Open API."
    assert "KRX needs your own key" in done.said
    assert asked_of(server) == []
    with SampleServer(lambda: NOW, hosts=HOSTS) as samples:
        everything = App(app.home, samples.url).do(
            "collect", "all", now=NOW, KRX_AUTH_KEY="", FRED_API_KEY=SAMPLE_FRED_KEY
        )
        assert (everything.code, everything.document["status"]) == (0, "success")
        assert [run["collector"] for run in everything.document["collectors"]] == ["liquidity", "crypto", "news"]
        assert samples.count(HOST) == 0


def test_a_morning_through_the_command_line(app: App, server: SampleServer, clock: Clock) -> None:
    def collected(day: date, hour: int, minute: int = 0) -> list[Asked]:
        server.log.clear()
        clock.at = at(day, hour, minute)
        assert app.collect(now=clock.at).code == 0
        return [one for one in asked_of(server) if one[0] in LISTS]

    friday = SESSIONS[9]
    assert friday.weekday() == 4
    collected(friday, 8, 10)
    assert collected(friday, 18) == []
    # 07:00 on Monday is 22:00 on Sunday in UTC.
    monday = SESSIONS[10]
    assert collected(monday, 7) == []
    with open_store(app.home, NOW) as database:
        assert query(database, "SELECT COUNT(*) FROM day_ledger WHERE trade_date >= ?", friday.isoformat()) == [(0,)]
    assert {day for _, day in collected(monday, 8, 10)} == {friday}
    # The week after the PC was off.
    assert {day for _, day in collected(SESSIONS[16], 20)} == set(SESSIONS[10:16])
    assert set(states(app)) == {("equity", "verified"), ("index", "verified")}
