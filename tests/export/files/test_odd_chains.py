"""Listings with odd fates end up in the same set whatever the order of collecting: the whole of it, byte for byte."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from datasets.krx.rules.kit import at
from krx_exchange import ISSUES, SESSIONS, Exchange, Issue

from export.exchange import collect, exchange
from export.kit import export
from tray_app.datasets.krx.rows import Market
from tray_app.export.set.verify import verify
from tray_app.paths import Home

LAST = 34
NOW = at(SESSIONS[LAST + 1])
KONEX, KOSDAQ, KOSPI = Market.KONEX, Market.KOSDAQ, Market.KOSPI
RELISTED = "066650"
ORDERS: dict[str, tuple[tuple[int, int], ...]] = {
    "oldest first": ((0, LAST),),
    "in pieces": ((10, 12), (25, LAST), (0, 4), (13, 24), (5, 9)),
}
# By code: the listings, and what is told of them: market, end, and whether it went on elsewhere.
FATES: dict[str, tuple[tuple[Issue, ...], list[Any]]] = {
    "066600": (  # moved twice
        (
            Issue(KONEX, "066600", last=7, split_at=20),
            Issue(KOSDAQ, "066600", first=8, last=14, split_at=20),
            Issue(KOSPI, "066600", first=15, split_at=20),
        ),
        [("KONEX", "transferred", True), ("KOSDAQ", "transferred", True), ("KOSPI", None, False)],
    ),
    "066610": (  # there and back
        (
            Issue(KOSDAQ, "066610", last=4, split_at=26),
            Issue(KOSPI, "066610", first=5, last=19, split_at=26),
            Issue(KOSDAQ, "066610", first=20, split_at=26),
        ),
        [("KOSDAQ", "transferred", True), ("KOSPI", "transferred", True), ("KOSDAQ", None, False)],
    ),
    "066620": (  # there and back soon
        (
            Issue(KOSDAQ, "066620", last=4, split_at=26),
            Issue(KOSPI, "066620", first=5, last=9, split_at=26),
            Issue(KOSDAQ, "066620", first=10, split_at=26),
        ),
        [("KOSDAQ", "transferred", True), ("KOSPI", "transferred", True), ("KOSDAQ", None, False)],
    ),
    "066630": (  # gone the day after it came
        (
            Issue(KOSDAQ, "066630", last=9),
            Issue(KOSPI, "066630", first=10, last=10),
        ),
        [("KOSDAQ", "transferred", True), ("KOSPI", "delisted", False)],
    ),
    "066640": (  # another firm after a move
        (
            Issue(KOSDAQ, "066640", last=5, split_at=9),
            Issue(KOSPI, "066640", first=6, last=12, split_at=9),
            Issue(KOSDAQ, "066640", first=27),
        ),
        [("KOSDAQ", "transferred", True), ("KOSPI", "delisted", False), ("KOSDAQ", None, False)],
    ),
    "066650": (  # relisted within days
        (
            Issue(KOSDAQ, "066650", last=9, split_at=5),
            Issue(KOSDAQ, "066650", first=14, split_at=25),
        ),
        [("KOSDAQ", "delisted", False), ("KOSDAQ", None, False)],
    ),
}


# As many more as make the few that leave KONEX no shortened list.
STORY = Exchange(
    (
        *(issue for issue in ISSUES if issue.code[1:4] < "130" or issue.code in {"005930", "055500"}),
        *(Issue(KONEX, f"9{number:04}0") for number in range(60)),
        *(issue for issues, _told in FATES.values() for issue in issues),
    )
)


def test_whatever_the_order(tmp_path: Path) -> None:
    sets: list[dict[str, bytes]] = []
    for name, spans in ORDERS.items():
        home = collect(Home(tmp_path / name), *spans, body=STORY.body_of, now=NOW)
        folder = tmp_path / "sets" / name
        export(home, folder, date_from=SESSIONS[0], date_to=SESSIONS[LAST], adjusted=True, include_issues=True, now=NOW)
        assert verify(folder).findings == ()
        sets.append({file.name: file.read_bytes() for file in folder.glob("*.parquet")})
        assert {code: listings(folder, code) for code in FATES} == {code: told for code, (_, told) in FATES.items()}
        factors = pq.read_table(folder / "adjustment_factors.parquet").to_pylist()
        # A split is all that happens here: what is between two firms, or two markets, is no event.
        assert {row["factor"] for row in factors if row["external_code"] in FATES} == {0.2}
    assert [name for name in sets[0] if sets[1][name] != sets[0][name]] == []


def test_daily_runs_ask_who_it_is_that_came_back(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (6, 12), body=STORY.body_of, now=at(SESSIONS[13]))
    for session in SESSIONS[14:18]:
        with exchange(home, STORY.body_of, at(session)) as machine:
            machine.run()
            listed = machine.query(
                "SELECT listing_date, end_reason FROM instruments WHERE external_code = ? ORDER BY episode", RELISTED
            )
    assert [row[0] for row in listed][1:] == [SESSIONS[14].isoformat()]
    assert listed[0][1] == "delisted"


def listings(folder: Path, code: str) -> list[Any]:
    """Return market, end and whether it went on elsewhere, of each listing of a code, oldest first."""
    rows = pq.read_table(folder / "instruments.parquet").to_pylist()
    return [
        (row["market_code"], row["end_reason"], bool(row["moved_to"]))
        for row in sorted(rows, key=lambda row: row["listing_date"])
        if row["external_code"] == code
    ]
