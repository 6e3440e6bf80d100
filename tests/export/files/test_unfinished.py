"""Adjusted prices wait for the factors of a collection that is under way."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from krx_exchange import SESSIONS, SPLIT
from krx_wire import DAILY

from export.exchange import NOW, collect, copy_when_asked, exchange, window
from export.kit import export, read_manifest
from tray_app.core.sets import Finished
from tray_app.datasets.krx.rows import Market
from tray_app.export.errors import ExportBlocked
from tray_app.export.kinds import Basis
from tray_app.export.set.verify import verify
from tray_app.paths import Home

FACTORS = "adjustment_factors.parquet"
STORED = [str(day) for day in SESSIONS[13:21]]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Home]:
    """Return a store while sessions 20 to 10 are collected, as session 12 is asked for, and the store afterwards."""
    root = tmp_path_factory.mktemp("unfinished")
    during, after = Home(root / "during"), Home(root / "after")
    with exchange(after) as machine:
        copy_when_asked(machine, (DAILY[Market.KOSPI], SESSIONS[12]), during)
        machine.run(window(10, 20, newest_first=True))
    return during, after


def made(home: Home, path: Path, first: date = SESSIONS[13], last: date = SESSIONS[20], **changes: Any) -> Finished:
    return export(home, path, now=NOW, date_from=first, date_to=last, **changes)


def factor_days(path: Path) -> list[str]:
    rows = pq.read_table(path / FACTORS).to_pylist()
    return [str(row["trade_date"]) for row in rows if row["external_code"] == SPLIT.code]


def test_an_adjusted_set_waits_for_the_factors(homes: tuple[Home, Home], tmp_path: Path) -> None:
    during, after = homes
    with pytest.raises(ExportBlocked) as blocked:
        made(during, tmp_path / "set", adjusted=True)

    assert f"adjustment factors not worked out yet for {SESSIONS[13]}..{SESSIONS[20]} (8)" in blocked.value.message
    assert "Let the collection finish" in blocked.value.hint
    assert "--allow-errors" in blocked.value.hint
    assert not (tmp_path / "set").exists()

    finished = made(after, tmp_path / "set", adjusted=True)
    assert factor_days(tmp_path / "set") == [str(SESSIONS[18])]
    assert finished.notes == ()
    assert read_manifest(tmp_path / "set")["unfinished_factors"] == {
        "unchecked_days": [],
        "missing_after": {},
        "errors_after": [],
        "accepted_after": {},
    }


@pytest.mark.parametrize("changes", [{"adjusted": True, "allow_errors": True}, {"adjusted": False}])
def test_made_all_the_same_or_unadjusted_the_set_names_the_days(
    homes: tuple[Home, Home], tmp_path: Path, changes: dict[str, Any]
) -> None:
    finished = made(homes[0], tmp_path / "set", **changes)

    assert factor_days(tmp_path / "set") == []
    assert read_manifest(tmp_path / "set")["unfinished_factors"]["unchecked_days"] == STORED
    assert "adjustment factors not worked out yet" in finished.notes[0]
    assert verify(tmp_path / "set").findings == ()


def test_days_after_the_set_count_for_all_factors_known_only(tmp_path: Path) -> None:
    before, during = collect(Home(tmp_path / "before"), (0, 10)), Home(tmp_path / "during")
    with exchange(before) as machine:
        copy_when_asked(machine, (DAILY[Market.KOSPI], SESSIONS[11]), during)
        machine.run(window(11, 20, newest_first=True))
    span = (SESSIONS[2], SESSIONS[10])

    made(during, tmp_path / "end", *span, adjusted=True)
    assert read_manifest(tmp_path / "end")["unfinished_factors"]["unchecked_days"] == []
    with pytest.raises(ExportBlocked) as blocked:
        made(during, tmp_path / "latest", *span, adjusted=True, basis=Basis.LATEST)
    assert f"not worked out yet for {SESSIONS[12]}..{SESSIONS[20]} (9)" in blocked.value.message


def test_sessions_missing_after_the_set_count_for_all_factors_known_only(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 4), (15, 19))
    span = (SESSIONS[0], SESSIONS[4])

    made(home, tmp_path / "end", *span, adjusted=True)
    with pytest.raises(ExportBlocked) as blocked:
        made(home, tmp_path / "set", *span, adjusted=True, basis=Basis.LATEST)
    wanted = f"adjustment factors unknown for want of KOSPI {SESSIONS[5]}..{SESSIONS[14]} (10)"
    assert wanted in blocked.value.message

    made(home, tmp_path / "set", *span, adjusted=True, basis=Basis.LATEST, allow_errors=True)
    after = read_manifest(tmp_path / "set")["unfinished_factors"]["missing_after"]
    assert after["KONEX"] == [str(day) for day in SESSIONS[5:15]]
    assert verify(tmp_path / "set").findings == ()
