"""docs/quality.md says of every rule what it does to ledger, factors, retry and export; the rules are held to it."""

import re
from pathlib import Path

import pytest

from tray_app.core.krx.convictions import ABOUT_NOTHING, CONVICTING, LEFT_OUT
from tray_app.core.krx.quality import RULES, IssueCode, Rule
from tray_app.core.krx.quality_actions import UNRESOLVED
from tray_app.core.krx.quality_source import SHAPE_CODES
from tray_app.core.quality import VALUE_RULES, Severity

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "quality.md"
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


def effects(rule: Rule) -> Effects:
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
    return {code: tuple(cell.strip() for cell in cells.split("|")) for code, cells in lines}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_document_says_what_a_rule_does(rule: Rule) -> None:
    assert rows()[rule.code] == (rule.severity, *effects(rule))


@pytest.mark.parametrize("code", sorted(LEFT_OUT))
def test_rows_that_were_left_out_put_a_day_in_doubt_whatever_they_weigh(code: str) -> None:
    assert rows()[code] == (VALUE_RULES[code].severity, *IN_DOUBT)


def test_the_document_knows_no_other_rule() -> None:
    assert set(rows()) == {*RULES, *LEFT_OUT}
