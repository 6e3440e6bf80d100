"""ETFs on the coverage map: a hole where they were asked for and did not come, nothing where nobody wanted them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, LedgerEntry, LedgerState
from tray_app.ui.pages.status.coverage import coverage_of
from tray_app.ui.parts.heat.cells import CellState

DAY, NOW = date(2026, 8, 20), datetime(2026, 8, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, (CellState.STORED, 6, 6)),
        (LedgerState.UNKNOWN, (CellState.STORED, 6, 6)),
        (LedgerState.VERIFIED, (CellState.STORED, 7, 7)),
        (LedgerState.FAILED, (CellState.PARTIAL, 6, 7)),
        (LedgerState.BLOCKED, (CellState.PARTIAL, 6, 7)),
    ],
)
def test_etfs_count_where_they_were_asked_for(state: LedgerState | None, expected: tuple[CellState, int, int]) -> None:
    ledger = [LedgerEntry(track, DAY, LedgerState.VERIFIED, 1) for track in TRACKS]
    if state is not None:
        ledger.append(LedgerEntry(ETF_TRACK, DAY, state))
    facts = coverage_of(ledger, (), NOW).days[DAY]
    assert (facts.state, facts.stored, facts.wanted) == expected
