"""Every rule does to ledger, factors, retry and export what docs/quality.md says of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS
from krx_machine import KrxMachine, a_krx_machine, krx_context

from datasets.krx.rules.test_quality_docs import IN_DOUBT, REFUSED, effects
from tray_app.core.model import Window
from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.factors import compute_factors
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerState, Track
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset, RuleGroup, index_issue, market_issue
from tray_app.datasets.krx.rules.verification import Verdict, Verification
from tray_app.export.errors import ExportBlocked
from tray_app.export.files.krx import KrxFiles
from tray_app.export.request import ExportRequest
from tray_app.store.arrow_reader import snapshot
from tray_app.store.issues import CheckScope
from tray_app.store.series import Provenance

DAY = SESSIONS[18]
KOSPI, INDEX = Track(BarKind.EQUITY, Market.KOSPI), Track(BarKind.INDEX, Market.KOSPI)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KrxMachine]:
    """Give a store whose day in the middle has a split."""
    with a_krx_machine(tmp_path_factory.mktemp("effects")) as made:
        made.at(SESSIONS[21], 8, 10)
        made.run(Window(SESSIONS[16], SESSIONS[20]))
        yield made


def issue_of(code: IssueCode) -> QualityIssue:
    of_index = code.group is RuleGroup.INDEX or code is IssueCode.INDEX_RATE_MISMATCH
    make = index_issue if of_index or code is IssueCode.IDENTITY_MISMATCH else market_issue
    return make(DAY, "KOSPI:*" if make is index_issue else Market.KOSPI, code, "said")


@pytest.mark.parametrize("code", IssueCode)
def test_a_rule_does_what_the_document_says(machine: KrxMachine, code: IssueCode) -> None:
    store, seen, issue = krx_context(machine.database), Provenance(machine.clock.now(), 1), issue_of(code)
    decided = CheckScope(issue.dataset_name, DAY, {code})
    is_index = issue.dataset_name is IssueDataset.INDEX
    track = INDEX if is_index else KOSPI
    store.checks.keep(DAY, [(decided, [issue])], {}, seen)
    entry = store.ledger.entry(track, DAY)
    assert entry is not None
    expected = effects(code)
    convicts = expected in {IN_DOUBT, REFUSED}
    # Ledger and retry.
    assert (entry.state is LedgerState.COLLECTED) == entry.is_in_doubt == convicts
    if convicts:
        assert entry.next_try_at is not None
        assert timedelta(0) < entry.next_try_at - seen.at <= timedelta(days=1)
    # Factors: none of the day while it is in doubt.
    assert made_factors(store) == (0 if convicts and not is_index else 1)
    assert is_blocked(machine) == (code.severity is Severity.ERROR or convicts)
    # All of it passes with the finding.
    sound = {each: Verification(Verdict.VERIFIED) for each in (KOSPI, INDEX)}
    store.checks.keep(DAY, [(decided, [])], sound, seen)
    after = store.ledger.entry(track, DAY)
    assert after is not None
    assert after.state is LedgerState.VERIFIED
    assert made_factors(store) == 1
    assert not is_blocked(machine)


def made_factors(store: KrxRunContext) -> int:
    compute_factors(store, [DAY])
    return len(store.checks.factors_of(Market.KOSPI, DAY))


def is_blocked(machine: KrxMachine) -> bool:
    # Another library's readers in one process want the file to themselves.
    machine.database.close_thread()
    request = ExportRequest(Path("set"), SESSIONS[16], SESSIONS[20])
    with snapshot(machine.database.path) as state:
        try:
            KrxFiles(state, request.within_reach, "store", machine.clock.now()).check()
        except ExportBlocked:
            return True
    return False
