"""How listings ended, by their last rows, and the exchange's own list of delistings."""

import csv
from collections import Counter
from datetime import date

import pytest

from datasets.krx.rules.kit import RECORDINGS, needs_recordings
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.episodes import EndReason
from tray_app.datasets.krx.rules.liquidation import LIQUIDATION_SESSIONS, SHARES, Ending, LastRow, ending_of

CALENDAR = KrxCalendar()
DAYS = CALENDAR.sessions(date(2024, 1, 2), date(2024, 1, 31))[:LIQUIDATION_SESSIONS]


def rows(*volumes: int) -> list[LastRow]:
    return [LastRow(day, volume) for day, volume in zip(DAYS, volumes, strict=False)]


@pytest.mark.parametrize("market", [Market.KOSPI, Market.KOSDAQ, Market.KONEX])
def test_what_was_traded_to_its_end_was_in_liquidation(market: Market) -> None:
    assert ending_of(market, SHARES, rows(5, 5, 5, 5, 5, 5, 5)) == Ending(EndReason.DELISTED, DAYS[0])
    # Five sessions of it, after a halt; one without a trade is of it too.
    assert ending_of(market, SHARES, rows(0, 0, 5, 5, 0, 5, 5)) == Ending(EndReason.DELISTED, DAYS[2])


def test_what_was_halted_to_its_end_was_merged() -> None:
    assert ending_of(Market.KOSDAQ, SHARES, rows(0, 0, 0, 0, 0, 0, 0)) == Ending(EndReason.MERGED)


@pytest.mark.parametrize(
    ("market", "group", "volumes"),
    [
        (Market.KOSPI, SHARES, ()),
        (Market.KOSPI, SHARES, (5, 0, 0, 0, 0, 0, 0)),
        (Market.KOSPI, "선박투자회사", (0, 0, 0, 0, 0, 0, 0)),
        (Market.KOSPI, None, (0, 0, 0, 0, 0, 0, 0)),
        # There a session without a trade is common, and no halt.
        (Market.KONEX, SHARES, (0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_what_the_rows_do_not_tell_stays_unknown(market: Market, group: str | None, volumes: tuple[int, ...]) -> None:
    assert ending_of(market, group, rows(*volumes)) == Ending(EndReason.UNKNOWN)


@needs_recordings
def test_liquidations_of_the_exchanges_list_take_seven_sessions_and_end_before_the_delisting() -> None:
    with (RECORDINGS / "fdr_cache" / "delisting_2026-03-20.csv").open(encoding="utf-8-sig") as stream:
        listed = [
            [date.fromisoformat(row[name]) for name in ("ArrantEnforceDate", "ArrantEndDate", "DelistingDate")]
            for row in csv.DictReader(stream)
            if row["SecuGroup"] == SHARES and row["ArrantEndDate"] and row["DelistingDate"] >= "2014"
        ]
    lengths = Counter(len(CALENDAR.sessions(first, last)) for first, last, _ in listed)
    assert lengths[LIQUIDATION_SESSIONS] > 0.97 * len(listed) > 350
    assert all(CALENDAR.sessions(last, delisted) == [last, delisted] for _, last, delisted in listed)
