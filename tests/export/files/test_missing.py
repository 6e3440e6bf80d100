"""Sessions that were never collected: between stored ones they block a set, outside all of them they are told."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS
from krx_wire import DAILY, HOST, PREFIX

from export.exchange import MALFORMED, NOW, collect, copy_when_asked, exchange, window, without
from export.kit import export, read_manifest, run
from export.set.test_verify import rewrite, write_manifest
from tray_app.core.sets import Finished
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.datasets.krx.rules.calendar import KONEX_OPENED, KrxCalendar
from tray_app.demo.misbehave import Mode
from tray_app.export.errors import ExportBlocked
from tray_app.export.set.verify import verify
from tray_app.paths import Home

SERIES = {*STOCK_MARKETS, *(f"{each}:*" for each in IndexClass)}


@pytest.fixture(scope="module")
def gap_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a store of sessions 0 to 4 and 15 to 19, whose calendar begins with the year."""
    return collect(Home(tmp_path_factory.mktemp("gap") / "home"), (0, 4), (15, 19))


def texts(first: int, last: int) -> list[str]:
    return [str(day) for day in SESSIONS[first : last + 1]]


def made(home: Home, path: Path, first: date, last: date, **changes: Any) -> Finished:
    return export(home, path, **{"now": NOW, "date_from": first, "date_to": last, **changes})


def missing(path: Path) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = read_manifest(path)["missing_sessions"]
    return found


def test_sessions_between_stored_ones_block_every_series(gap_home: Home, tmp_path: Path) -> None:
    with pytest.raises(ExportBlocked) as blocked:
        made(gap_home, tmp_path / "set", SESSIONS[0], SESSIONS[19])

    assert f"DAY_MISSING KOSPI {SESSIONS[5]}..{SESSIONS[14]} (10)" in str(blocked.value)
    assert "6 open errors" in str(blocked.value)
    assert not (tmp_path / "set").exists()


def test_made_all_the_same_the_set_names_them_and_is_whole(gap_home: Home, tmp_path: Path) -> None:
    finished = made(gap_home, tmp_path / "set", SESSIONS[0], SESSIONS[19], allow_errors=True)

    assert missing(tmp_path / "set") == dict.fromkeys(SERIES, texts(5, 14))
    assert read_manifest(tmp_path / "set")["not_collected"] == {}
    assert finished.not_collected_yet == {}
    assert verify(tmp_path / "set").findings == ()


def test_a_set_that_does_not_own_up_to_them_is_not_whole(gap_home: Home, tmp_path: Path) -> None:
    made(gap_home, tmp_path / "set", SESSIONS[0], SESSIONS[19], allow_errors=True)
    write_manifest(tmp_path / "set", read_manifest(tmp_path / "set") | {"missing_sessions": {}}, sealed=True)

    found = [str(finding) for finding in verify(tmp_path / "set").findings]

    shown = ", ".join(texts(5, 9))
    assert f"instrument_daily: 10 sessions of KONEX are missing: {shown} ..." in found
    assert f"benchmark_daily: 10 sessions of KRX:* are missing: {shown} ..." in found
    assert len(found) == len(SERIES)


def test_a_range_that_nothing_is_stored_of_blocks_between_stored_sessions(gap_home: Home, tmp_path: Path) -> None:
    with pytest.raises(ExportBlocked, match="DAY_MISSING KOSDAQ"):
        made(gap_home, tmp_path / "set", SESSIONS[6], SESSIONS[12])


def test_what_lies_before_all_that_is_stored_is_told(gap_home: Home, tmp_path: Path) -> None:
    first, before = date(2023, 11, 20), SESSIONS[0] - timedelta(days=1)
    finished = made(gap_home, tmp_path / "set", first, SESSIONS[4])

    # The calendar of the store begins in 2024: what lies before is predicted.
    head = [str(day) for day in KrxCalendar().sessions(first, before)]
    assert missing(tmp_path / "set") == dict.fromkeys(SERIES, head)
    ends = {"first": head[0], "last": head[-1], "sessions": len(head)}
    assert read_manifest(tmp_path / "set")["not_collected"] == {name: {"head": ends} for name in SERIES}
    (note,) = finished.notes
    assert note.startswith(f"KOSPI, KOSDAQ, KONEX, KOSDAQ:*, KOSPI:*, KRX:*: {head[0]}..{head[-1]} ({len(head)}) lie ")
    assert f"market-tray collect krx --date-from {head[0]} --date-to {head[-1]}" in note
    assert verify(tmp_path / "set").findings == ()


def test_no_session_is_expected_before_a_market_began(gap_home: Home, tmp_path: Path) -> None:
    made(gap_home, tmp_path / "set", date(2009, 1, 1), SESSIONS[4], index_codes=("KOSPI",))

    assert missing(tmp_path / "set")["KONEX"][0] == str(KONEX_OPENED)
    assert missing(tmp_path / "set")["KOSPI"][0] == missing(tmp_path / "set")["KOSPI:*"][0] == "2010-01-04"
    assert verify(tmp_path / "set").findings == ()


@pytest.mark.parametrize(("hour", "due"), [(7, 23), (9, 24)])
def test_what_lies_after_all_that_is_stored_is_told_once_it_is_due(
    gap_home: Home, tmp_path: Path, hour: int, due: int
) -> None:
    finished = made(gap_home, tmp_path / "set", SESSIONS[15], date(2024, 12, 31), now=at(SESSIONS[25], hour))

    assert finished.not_collected_yet == dict.fromkeys(SERIES, tuple(texts(20, due)))
    assert missing(tmp_path / "set") == dict.fromkeys(SERIES, texts(20, due))
    ends = {"first": str(SESSIONS[20]), "last": str(SESSIONS[due]), "sessions": due - 19}
    assert read_manifest(tmp_path / "set")["not_collected"]["KOSPI"] == {"tail": ends}
    assert verify(tmp_path / "set").findings == ()


def test_many_sessions_not_collected_yet_are_told_by_their_ends(gap_home: Home, tmp_path: Path) -> None:
    finished = made(gap_home, tmp_path / "set", SESSIONS[15], SESSIONS[60], now=at(SESSIONS[65]))

    assert finished.not_collected_yet["KOSPI"] == (f"{SESSIONS[20]}..{SESSIONS[60]} (41)",)
    assert len(missing(tmp_path / "set")["KOSPI"]) == 41


def test_the_command_says_what_is_left_out(gap_home: Home, tmp_path: Path) -> None:
    words = ("--date-from", "2024-02-20", "--date-to", str(SESSIONS[4]), "--output-path", str(tmp_path / "set"))
    done = run(gap_home, "export", *words)

    assert done.returncode == 0, done.stderr
    assert "lie before the first stored session and are not in the set" in done.stderr


def test_a_whole_store_leaves_nothing_to_say(gap_home: Home, tmp_path: Path) -> None:
    finished = made(gap_home, tmp_path / "set", SESSIONS[15], SESSIONS[19])

    assert (finished.notes, finished.not_collected_yet, missing(tmp_path / "set")) == ((), {}, {})


def test_a_history_that_is_under_way_is_told(tmp_path: Path) -> None:
    home, during = Home(tmp_path / "home"), Home(tmp_path / "during")
    with exchange(home) as machine:
        machine.run(window(15, 19))
        copy_when_asked(machine, (DAILY[Market.KOSPI], SESSIONS[11]), during)
        machine.run(window(0, 14, newest_first=True))

    finished = made(during, tmp_path / "set", SESSIONS[0], SESSIONS[19])

    assert "lie before the first stored session" in finished.notes[0]
    assert missing(tmp_path / "set") == dict.fromkeys(SERIES, texts(0, 11))
    assert verify(tmp_path / "set").findings == ()


# --- what the exchange did not send -------------------------------------------------------------------------------


def test_a_session_the_exchange_knows_nothing_of_is_told(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 6), (0, 6), body=without("", 3, None))

    finished = made(home, tmp_path / "set", SESSIONS[0], SESSIONS[6])

    (note,) = finished.notes
    assert note == f"{', '.join(sorted_series())}: the exchange answered without rows for {SESSIONS[3]}."
    assert missing(tmp_path / "set") == {name: [str(SESSIONS[3])] for name in SERIES}
    assert verify(tmp_path / "set").findings == ()


def sorted_series() -> list[str]:
    return [*STOCK_MARKETS, *sorted(f"{each}:*" for each in IndexClass)]


def test_a_session_whose_answers_could_not_be_read_is_not_taken_for_a_closed_day(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 6), body=without("", 3, MALFORMED))

    with pytest.raises(ExportBlocked, match=f"{2 * len(SERIES)} open errors"):
        made(home, tmp_path / "set", SESSIONS[0], SESSIONS[6])

    finished = made(home, tmp_path / "set", SESSIONS[0], SESSIONS[6], allow_errors=True)
    assert finished.notes == ()
    assert missing(tmp_path / "set") == {name: [str(SESSIONS[3])] for name in SERIES}


def test_a_class_of_indices_without_a_session_blocks_its_indices_only(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 6), body=without("idx/krx", 3, MALFORMED))

    with pytest.raises(ExportBlocked) as blocked:
        made(home, tmp_path / "set", SESSIONS[0], SESSIONS[6])
    assert f"DAY_MISSING KRX:* {SESSIONS[3]}" in str(blocked.value)
    assert "DAY_MISSING KOSPI" not in str(blocked.value)

    made(home, tmp_path / "set", SESSIONS[0], SESSIONS[6], index_codes=("KOSPI",))
    assert missing(tmp_path / "set") == {}
    assert verify(tmp_path / "set").findings == ()


def test_a_session_taken_from_the_indices_is_noticed(gap_home: Home, tmp_path: Path) -> None:
    made(gap_home, tmp_path / "set", SESSIONS[0], SESSIONS[4])

    def less(table: pa.Table) -> pa.Table:
        rows = zip(table.column("index_class").to_pylist(), table.column("trade_date").to_pylist(), strict=True)
        return table.filter(pa.array([row != ("KOSDAQ", SESSIONS[2]) for row in rows]))

    rewrite(tmp_path / "set", "benchmark_daily.parquet", less)

    found = [str(finding) for finding in verify(tmp_path / "set").findings]
    assert f"benchmark_daily: 1 sessions of KOSDAQ:* are missing: {SESSIONS[2]}" in found


def test_a_market_that_was_never_collected_is_told_and_verify_names_its_sessions(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with exchange(home) as machine:
        machine.server.misbehave.set(HOST, Mode.UNAPPROVED_SERVICE, path=f"{PREFIX}sto/knx_bydd_trd")
        machine.run(window(0, 4))

    finished = made(home, tmp_path / "set", SESSIONS[0], SESSIONS[4])

    assert finished.not_collected_yet == {"KONEX": tuple(texts(0, 4))}
    assert missing(tmp_path / "set") == {"KONEX": texts(0, 4)}
    (found,) = verify(tmp_path / "set").findings
    assert str(found) == f"instrument_daily: 5 sessions of KONEX are missing: {', '.join(texts(0, 4))}"
    made(home, tmp_path / "other", SESSIONS[0], SESSIONS[4], markets=(Market.KOSPI, Market.KOSDAQ))
    assert missing(tmp_path / "other") == {}


# --- the calendar -------------------------------------------------------------------------------------------------


def test_the_set_says_what_is_open_means_for_a_day_of_unknown_state(gap_home: Home, tmp_path: Path) -> None:
    made(gap_home, tmp_path / "set", SESSIONS[0], SESSIONS[19], allow_errors=True)

    rows = pq.read_table(tmp_path / "set" / "trading_calendar.parquet").to_pylist()
    unknown = {row["trade_date"] for row in rows if row["state"] == "unknown"}
    assert unknown == set(SESSIONS[5:15])
    assert {row["trade_date"] for row in rows if row["is_open"]} == {*SESSIONS[:5], *SESSIONS[15:20]}
    assert "days of state unknown" in read_manifest(tmp_path / "set")["calendar"]
    assert "`state` `unknown`" in (tmp_path / "set" / "LOAD.md").read_text("utf-8")
