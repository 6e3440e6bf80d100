"""docs/quality.md says of every rule what it does to ledger, factors, retry and export; the rules are held to it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from repository import REPOSITORY

from tray_app.core.quality import VALUE_RULES, DoubtFinding, Severity, ValueCode
from tray_app.datasets.krx.rules.acceptance import ASKS_BEFORE_ACCEPTANCE, WAIT, DoubtedDay
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.actions import UNRESOLVED
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset
from tray_app.datasets.krx.rules.quality.convictions import ABOUT_NOTHING, CONVICTING, LEFT_OUT
from tray_app.datasets.krx.rules.quality.source import SHAPE_CODES

DOCUMENT = REPOSITORY / "docs" / "quality.md"
SEEN = datetime(2024, 3, 12, 23, tzinfo=UTC)
ENTRY = LedgerEntry(
    Track(BarKind.EQUITY, "KOSPI"),
    SEEN.date(),
    LedgerState.COLLECTED,
    900,
    ASKS_BEFORE_ACCEPTANCE,
    SEEN + 2 * WAIT,
    "x",
)
GROWING = "asked again after 1, 2, 4 ... 32 days, then every 32"
Effects = tuple[str, str, str, str]

IN_DOUBT: Effects = ("in doubt: never verified", "none for the day, nor for the session after it", GROWING, "blocks")
NOTHING_CAME: Effects = ("without rows", "none across the day", "asked again daily, after seven asks ever less often",
                         "blocks")  # fmt: skip
REFUSED: Effects = ("failed, or in doubt where rows are stored", "none across the day", "asked again by every run",
                    "blocks")  # fmt: skip
BLOCKS: Effects = ("-", "-", "-", "blocks")
MASKS: Effects = ("-", "-", "-", "goes along, the row is `unresolved_action`")
FLAGS: Effects = ("-", "-", "-", "goes along, flagged among the issues")
SAYS: Effects = ("-", "-", "-", "goes along, said")
AT_EXPORT: Effects = ("-", "none is known", "-", "blocks adjusted sets; the rows are `unresolved_action`")


def effects(rule: IssueCode) -> Effects:
    """Return what a rule does, by what decides it in the program."""
    if rule.code is IssueCode.FACTOR_UNKNOWN:
        return AT_EXPORT
    if rule.code in ABOUT_NOTHING:
        return NOTHING_CAME
    if rule.code in SHAPE_CODES:
        return REFUSED
    if rule.severity is Severity.ERROR:
        return IN_DOUBT if rule.code in CONVICTING else BLOCKS
    if rule.severity is Severity.INFO:
        return SAYS
    return MASKS if rule.code in UNRESOLVED else FLAGS


def rows() -> dict[str, tuple[str, ...]]:
    """Return the table of the document by rule: severity and effects."""
    lines = re.findall(
        r"^\| `([A-Z_0-9]+)` \| ((?:INFO|WARN|ERROR) \| .+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    return {code: tuple(cell.strip() for cell in cells.split("|"))[:-1] for code, cells in lines}


def acceptable() -> dict[str, str]:
    """Return the last column of the table by rule: whether a person may accept a day with it."""
    last = r"^\| `([A-Z_0-9]+)` \| (?:INFO|WARN|ERROR) \| .+ \| ([^|]+) \|$"
    return dict(re.findall(last, DOCUMENT.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("rule", IssueCode)
def test_the_document_says_what_a_rule_does(rule: IssueCode) -> None:
    assert rows()[rule.code] == (rule.severity, *effects(rule))


@pytest.mark.parametrize("code", sorted(LEFT_OUT))
def test_rows_that_were_left_out_put_a_day_in_doubt_whatever_they_weigh(code: str) -> None:
    assert rows()[code] == (VALUE_RULES[code].severity, *IN_DOUBT)


def test_the_document_knows_no_other_rule() -> None:
    assert set(rows()) == {*IssueCode, *LEFT_OUT}


@pytest.mark.parametrize("code", sorted({*IssueCode, *LEFT_OUT}))
def test_the_document_says_what_a_person_may_accept(code: str) -> None:
    def is_accepted(*others: DoubtFinding, subject: str = "KOSPI:101000", detail: str = "said") -> bool:
        of_index = IssueDataset.INDEX if code == IssueCode.INDEX_RATE_MISMATCH else IssueDataset.EQUITY
        finding = DoubtFinding(of_index, subject, code, detail, SEEN, SEEN + WAIT)
        found = DoubtedDay(SEEN.date(), "KOSPI", [ENTRY], [finding, *others])
        return found.refusal(SEEN + WAIT) is None

    said = acceptable()[code]
    row = DoubtFinding(IssueDataset.EQUITY, "KOSPI:101010", ValueCode.ROW_SET_ASIDE, "said", SEEN, SEEN + WAIT)
    main = replace(row, dataset_name=IssueDataset.INDEX, subject="KOSPI:코스피")
    assert is_accepted() == (said == "yes, without the row")
    assert is_accepted(row) == said.startswith(("yes", "with a row"))
    assert is_accepted(main) == (said != "-")
    assert is_accepted(subject="KOSPI", detail="Volume 1, total 2.") == (said != "-" and "main" not in said)
