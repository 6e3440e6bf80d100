"""An issue that changes its market goes on as one series, whatever the order of collecting."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from export.exchange import collect, exchange, window
from export.kit import export
from krx_exchange import ISSUES, SESSIONS, Exchange, Issue
from krx_machine import KrxMachine

from datasets.krx.rules.kit import at
from tray_app.core.model import RunStatus
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.store.listings import Listings
from tray_app.export.set.verify import verify
from tray_app.paths import Home

MOVED_ON, SPLIT_ON = 10, 20
HERE = Issue(Market.KOSDAQ, "066600", last=MOVED_ON - 1, split_at=SPLIT_ON)
THERE = Issue(Market.KOSPI, "066600", first=MOVED_ON, split_at=SPLIT_ON)
SPLITTING = Exchange((*ISSUES, HERE, THERE))
FIRST, LAST, NOW = SESSIONS[0], SESSIONS[24], at(SESSIONS[25])
ORDERS: dict[str, tuple[tuple[int, int], ...]] = {
    "oldest first": ((0, 24),),
    "middle last": ((0, 5), (15, 24), (6, 14)),
    "around the move": ((9, 10), (20, 24), (11, 19), (0, 8)),
    "new market first": ((10, 24), (0, 9)),
}


def other(issue: Issue, **changes: Any) -> Issue:
    return replace(issue, **changes)


def sets_of(home: Home, folder: Path) -> dict[str, bytes]:
    export(home, folder, date_from=FIRST, date_to=LAST, adjusted=True, include_issues=True, now=NOW)
    assert verify(folder).findings == ()
    return {file.name: file.read_bytes() for file in folder.glob("*.parquet")}


def closes(folder: Path, column: str) -> list[float]:
    rows = pq.read_table(folder / "instrument_daily.parquet").to_pylist()
    return [row[column] for row in rows if row["external_code"] == HERE.code]


def links(machine: KrxMachine) -> list[Any]:
    return machine.query(
        "SELECT a.market_code, a.end_reason, a.delisting_date, b.market_code FROM instruments a"
        " JOIN instruments b ON b.instrument_id = a.moved_to AND b.moved_from = a.instrument_id"
        f" WHERE a.external_code = '{HERE.code}'"
    )


def test_a_later_split_adjusts_the_rows_on_the_market_that_was_left(tmp_path: Path) -> None:
    wanted: dict[str, bytes] = {}
    for name, spans in ORDERS.items():
        home = collect(Home(tmp_path / name), *spans, body=SPLITTING.body_of)
        found = sets_of(home, tmp_path / "sets" / name)
        wanted = wanted or found
        assert [file for file in wanted if found[file] != wanted[file]] == []
    folder = tmp_path / "sets" / "oldest first"
    raw, adjusted = closes(folder, "close"), closes(folder, "adj_close")
    assert len(raw) == 25
    assert adjusted == [close * 0.2 for close in raw[:SPLIT_ON]] + raw[SPLIT_ON:]
    assert max(abs(after / before - 1) for before, after in pairwise(adjusted)) < 0.1
    listings = {
        row["market_code"]: row
        for row in pq.read_table(folder / "instruments.parquet").to_pylist()
        if row["external_code"] == HERE.code
    }
    here, there = listings["KOSDAQ"], listings["KOSPI"]
    assert (here["end_reason"], here["delisting_date"], here["moved_to"]) == (
        "transferred",
        None,
        there["instrument_id"],
    )
    assert (there["end_reason"], there["moved_from"]) == (None, here["instrument_id"])


def test_a_set_of_one_market_has_the_factors_of_the_other(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 24), body=SPLITTING.body_of)
    folder = tmp_path / "set"
    export(home, folder, date_from=FIRST, date_to=LAST, adjusted=True, markets=(Market.KOSDAQ,), now=NOW)
    assert verify(folder).findings == ()
    assert closes(folder, "adj_close") == [close * 0.2 for close in closes(folder, "close")]


def test_the_charts_have_them_too(tmp_path: Path) -> None:
    with exchange(Home(tmp_path), SPLITTING.body_of) as machine:
        machine.run(window(0, 24))
        reads = KrxReads(machine.database)
        for found in reads.search(HERE.code):
            assert [factor.factor for factor in reads.factors(found.instrument_id)] == [0.2]


@pytest.mark.parametrize(
    ("happens", "factor"),
    [({"ex_date_at": MOVED_ON}, "base_price"), ({"split_at": MOVED_ON}, "share_count"), ({"split_at": None}, None)],
    ids=["ex date", "split", "nothing"],
)
def test_what_happens_on_the_first_day_there_adjusts_the_days_here(
    tmp_path: Path, happens: dict[str, Any], factor: str | None
) -> None:
    issues = (other(HERE, **{"split_at": None} | happens), other(THERE, **{"split_at": None} | happens))
    with exchange(Home(tmp_path), Exchange((*ISSUES, *issues)).body_of) as machine:
        machine.run(window(0, 14))
        day = SESSIONS[MOVED_ON].isoformat()
        stored = machine.query(
            "SELECT i.market_code, f.method, f.factor < 1 FROM price_adjustment_factors f"
            f" JOIN instruments i USING (instrument_id) WHERE date(f.trade_date * 86400, 'unixepoch') = '{day}'"
        )
        assert stored == ([("KOSPI", factor, 1)] if factor else [])
        told = "SELECT subject FROM data_quality_issues WHERE issue_code = 'TRANSFER_BASE_BREAK' AND trade_date = ?"
        assert machine.query(told, day) == ([("KOSPI:066600",)] if factor == "base_price" else [])


def test_a_run_that_ended_before_the_listings_were_settled_leaves_it_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> None:
        raise RuntimeError

    with exchange(Home(tmp_path), SPLITTING.body_of) as machine:
        with monkeypatch.context() as patched:
            patched.setattr(Listings, "settle", killed)
            machine.run(window(0, 14))
        assert machine.query("SELECT COUNT(*) FROM pending_checks") == [(0,)]
        assert links(machine) == []
        machine.asked()
        assert machine.run(window(0, 14)).status is RunStatus.SUCCESS
        assert machine.asked() == []
        assert links(machine) == [("KOSDAQ", "transferred", None, "KOSPI")]
        assert machine.query("SELECT COUNT(*) FROM pending_checks") == [(0,)]
