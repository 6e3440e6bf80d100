"""Issues of any dataset: one row a finding, resolved by a check that passes, seen where issues are shown."""

from datetime import date, timedelta

from support import NOW, query

from tray_app.core.quality import Finding, ValueCode
from tray_app.store.database import Database
from tray_app.store.issues import Check, CheckScope, IssueStore, keep_notes
from tray_app.store.series import Provenance

TODAY = date(2026, 8, 22)
YESTERDAY = date(2026, 8, 21)
SEEN = Provenance(NOW, 1)
LATER = Provenance(NOW + timedelta(days=1), 2)
ROWS = Finding("tether", ValueCode.ROW_SET_ASIDE, "1 row: price_usd is empty", YESTERDAY)
FUTURE = Finding("defi_tvl", ValueCode.DATE_IMPOSSIBLE, "1 row: 2206-08-21")


def decided(dataset: str, day: date, *subjects: str, through: date | None = None) -> CheckScope:
    return CheckScope(dataset, day, frozenset(ValueCode), subjects or None, through)


def write(
    database: Database, check: CheckScope, *findings: Finding, today: date = TODAY, seen: Provenance = SEEN
) -> None:
    with database.writing() as connection:
        keep_notes(connection, [Check(check, [finding.issue(check.dataset, today) for finding in findings])], seen)


def keep(database: Database, *findings: Finding, today: date = TODAY, seen: Provenance = SEEN) -> None:
    write(database, decided("crypto", YESTERDAY, through=today), *findings, today=today, seen=seen)


def rows(database: Database) -> list[tuple[object, ...]]:
    return query(
        database,
        "SELECT dataset_name, trade_date, subject, issue_code, resolved_at IS NULL, run_id FROM data_quality_issues"
        " ORDER BY trade_date",
    )


def test_an_issue_found_again_is_one_and_a_passing_check_resolves_it(database: Database) -> None:
    keep(database, ROWS)
    keep(database, ROWS, seen=LATER)
    assert rows(database) == [("crypto", "2026-08-21", "tether", "ROW_SET_ASIDE", 1, 2)]
    keep(database, seen=LATER)
    assert rows(database) == [("crypto", "2026-08-21", "tether", "ROW_SET_ASIDE", 0, 2)]


def test_what_has_no_date_stays_on_the_day_it_was_found_first(database: Database) -> None:
    keep(database, FUTURE)
    keep(database, FUTURE, today=TODAY + timedelta(days=1), seen=LATER)
    assert rows(database) == [("crypto", "2026-08-22", "defi_tvl", "DATE_IMPOSSIBLE", 1, 2)]


def test_other_datasets_subjects_and_days_are_left_alone(database: Database) -> None:
    keep(database, ROWS)
    write(database, decided("macro", YESTERDAY, through=TODAY), seen=LATER)
    write(database, decided("crypto", TODAY), seen=LATER)
    write(database, decided("crypto", YESTERDAY, "bitcoin"), seen=LATER)
    assert [row[4] for row in rows(database)] == [1]
    write(database, decided("crypto", YESTERDAY, "tether"), seen=LATER)
    assert [row[4] for row in rows(database)] == [0]


def test_issues_of_every_dataset_are_shown_together(database: Database) -> None:
    keep(database, ROWS, FUTURE)
    shown = IssueStore(database).found()
    assert [(issue.dataset_name, issue.subject) for issue in shown] == [("crypto", "defi_tvl"), ("crypto", "tether")]
    assert {group.issue_code for group in IssueStore(database).groups()} == {"DATE_IMPOSSIBLE", "ROW_SET_ASIDE"}
