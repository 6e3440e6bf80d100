"""Stores of before: days that were verified although an open error convicts them are asked for again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from tray_app.core.days import day_number
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.datasets.krx.rules.quality.convictions import ABOUT_NOTHING, ACCUSES_BOTH, CONVICTING, accused
from tray_app.store import migrations
from tray_app.store.schema import step_6

BEFORE, DAY, AFTER, LATER = (date(2024, 3, day) for day in (14, 15, 18, 19))
VERSION = 6
ISSUE = (
    "INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, issue_detail,"
    " first_seen_at, last_seen_at, resolved_at, run_id) VALUES (?, ?, ?, ?, ?, 'd', 't', 't', ?, 1)"
)


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    """Give a store of the schema before, with four verified sessions of two markets and their indices."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for step in range(1, VERSION):
            migrations.apply(connection, step)
        for number, market in enumerate(("KOSPI", "KOSDAQ"), 1):
            connection.execute(
                "INSERT INTO instruments (instrument_id, uid, market_code, external_code, episode, instrument_name,"
                " listing_date, first_seen, last_seen, source_name, collected_at, updated_at)"
                " VALUES (?, ?, ?, '005930', 1, 'x', '2000-01-04', '2024-03-14', '2024-03-19', 'krx', '', '')",
                (number, f"uid-{number}", market),
            )
            for day in (BEFORE, DAY, AFTER, LATER):
                for dataset in ("equity", "index"):
                    connection.execute(
                        "INSERT INTO day_ledger VALUES (?, ?, ?, 'verified', 9, 1, NULL, '', 1)",
                        (dataset, market, day.isoformat()),
                    )
                connection.execute("INSERT INTO day_summary VALUES ('equity', ?, ?, 9)", (market, day_number(day)))
                connection.execute(
                    "INSERT INTO price_adjustment_factors VALUES (?, ?, 0.5, 1.0, 'base_price', 0, 'x', 1)",
                    (number, day_number(day)),
                )
        yield connection


def states(connection: sqlite3.Connection) -> dict[tuple[str, str, str], str]:
    rows = connection.execute(
        "SELECT dataset, market_code, trade_date, state FROM day_ledger WHERE state <> 'verified'"
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def factors(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    return set(connection.execute("SELECT instrument_id, trade_date FROM price_adjustment_factors"))


def test_a_convicted_day_of_an_old_store_is_asked_for_again_and_its_factors_go(old: sqlite3.Connection) -> None:
    before, text = factors(old), DAY.isoformat()
    old.execute(ISSUE, ("equity", text, "KOSPI", "DUPLICATE_OF_PREVIOUS_DAY", "ERROR", None))
    old.execute(ISSUE, ("equity", text, "KOSDAQ:005930", "TURNOVER_OUT_OF_RANGE", "WARN", None))
    old.execute(ISSUE, ("equity", text, "KOSDAQ", "ALL_ZERO_SNAPSHOT", "ERROR", "resolved"))
    old.execute(ISSUE, ("index", LATER.isoformat(), "KOSDAQ150", "CHANGE_IDENTITY", "ERROR", None))
    migrations.apply(old, VERSION)
    convicted = {("equity", "KOSPI", text), ("index", "KOSPI", text), ("index", "KOSDAQ", LATER.isoformat())}
    assert states(old) == dict.fromkeys(convicted, "collected")
    due = old.execute("SELECT next_try_at FROM day_ledger WHERE state = 'collected'").fetchall()
    assert all(row[0] <= "2024-03-20" for row in due)
    assert before - factors(old) == {(1, day_number(DAY)), (1, day_number(AFTER))}
    assert old.execute("SELECT trade_date FROM pending_checks").fetchall() == [(day_number(DAY),), (day_number(AFTER),)]


def test_what_was_given_up_beside_rows_of_others_is_asked_for_again(old: sqlite3.Connection) -> None:
    rested = "UPDATE day_ledger SET state = ?, attempts = 7, reason = 'x' WHERE dataset = ? AND market_code = ?"
    old.execute(f"{rested} AND trade_date = ?", ("unknown", "index", "KOSPI", DAY.isoformat()))
    old.execute(f"{rested} AND trade_date = ?", ("collected", "equity", "KOSDAQ", LATER.isoformat()))
    old.execute("UPDATE day_ledger SET state = 'unknown', attempts = 7 WHERE trade_date = ?", (BEFORE.isoformat(),))
    migrations.apply(old, VERSION)
    waiting = set(old.execute("SELECT dataset, market_code, trade_date FROM day_ledger WHERE next_try_at IS NOT NULL"))
    # Where no list has rows nobody knows of a session.
    assert waiting == {("index", "KOSPI", DAY.isoformat()), ("equity", "KOSDAQ", LATER.isoformat())}


def test_the_released_step_knows_the_rules_of_its_day() -> None:
    assert set(step_6.CONVICTING) <= CONVICTING - ABOUT_NOTHING
    assert set(step_6.ACCUSES_BOTH) <= ACCUSES_BOTH
    for code, index_class in step_6.INDEX_CLASSES.items():
        assert accused("index", code, "CHANGE_IDENTITY") == (Track(BarKind.INDEX, index_class),)


@pytest.mark.parametrize(
    ("dataset", "subject", "code", "tracks"),
    [
        ("equity", "KOSPI", "DUPLICATE_OF_PREVIOUS_DAY", {("equity", "KOSPI"), ("index", "KOSPI")}),
        ("equity", "KONEX:005930", "CHANGE_IDENTITY", {("equity", "KONEX")}),
        ("equity", "KONEX:005930", "ROW_SET_ASIDE", {("equity", "KONEX")}),
        ("equity", "KOSPI", "DAY_MISSING", set()),
        ("equity", "KOSPI:005930", "FACTOR_MISSING", set()),
        ("calendar", "KRX", "TOTAL_MISMATCH", set()),
        ("index", "KRX:*", "IDENTITY_MISMATCH", {("index", "KRX")}),
        ("index", "KOSPI:제조", "OHLC_LOW_INCONSISTENT", {("index", "KOSPI")}),
    ],
)
def test_whom_a_finding_accuses(dataset: str, subject: str, code: str, tracks: set[tuple[str, str]]) -> None:
    assert {(str(track.dataset), track.market_code) for track in accused(dataset, subject, code)} == tracks
