"""The recorded macro series and prices, served in the wire shapes of FRED and Yahoo."""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from datasets.liquidity.rules.recorded import FILES, REFERENCES, read_values

from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.sample.fred import Fred
from tray_app.datasets.liquidity.sample.fred_table import MISSING, Cell, FredTable
from tray_app.datasets.liquidity.sample.yahoo import Yahoo
from tray_app.datasets.liquidity.sample.yahoo_table import Bar, YahooTable
from tray_app.demo.upstream import Upstream

CONTEXT: Mapping[str, tuple[str, ...]] = {
    name: (f"fred_csv/{name}.csv",) for name in ("T10Y2Y", "T10Y3M", "RRPONTSYD", "WALCL", "WRESBAL", "WTREGEN")
}
RECORDED: Mapping[str, tuple[str, ...]] = {**FILES, **{name: (file,) for name, file in REFERENCES.items()}, **CONTEXT}
PROVIDERS = {each.series_id: each.provider for each in catalogue()}


def recorded_hosts(root: Path) -> dict[str, Upstream]:
    """Return FRED and Yahoo with the recordings; series that were not recorded are unknown to both."""
    fred = {name: files for name, files in RECORDED.items() if PROVIDERS[name] is Provider.FRED}
    yahoo = {name: files for name, files in RECORDED.items() if PROVIDERS[name] is Provider.YAHOO}
    return {
        "api.stlouisfed.org": Fred(_RecordedFred({name: _cells(root, files) for name, files in fred.items()})),
        "query1.finance.yahoo.com": Yahoo(
            _RecordedYahoo({name: _closes(root, files) for name, files in yahoo.items()})
        ),
    }


@dataclass(frozen=True)
class _Close:
    day: date
    value: float


class _RecordedFred(FredTable):
    def __init__(self, cells: Mapping[str, Sequence[Cell]]) -> None:
        self._recorded = cells

    def knows(self, series_id: str) -> bool:
        return series_id in self._recorded

    def cells(self, series_id: str, first: str, last: str, now: datetime) -> Sequence[Cell]:
        cells = self._recorded[series_id]
        start = bisect_left(cells, first, key=lambda cell: cell.day)
        return cells[start : bisect_right(cells, min(last, str(now.date())), key=lambda cell: cell.day)]


class _RecordedYahoo(YahooTable):
    def __init__(self, closes: Mapping[str, Sequence[_Close]]) -> None:
        self._recorded = closes
        self.symbols = {each.series_id: each for each in catalogue() if each.series_id in closes}

    def bars(self, symbol: str, first: int, last: int, now: datetime) -> Sequence[Bar]:
        exchange = self.exchange(symbol)
        opens = [(exchange.span(close.day)[0], close.value) for close in self._recorded[symbol]]
        return [
            Bar(at, (value, value, value, value), 0)
            for at, value in opens
            if first <= at <= min(last, int(now.timestamp()))
        ]

    def close(self, symbol: str, day: date) -> float:
        known = [close.value for close in self._recorded[symbol] if close.day <= day]
        return known[-1] if known else self._recorded[symbol][0].value


def _cells(root: Path, files: Sequence[str]) -> list[Cell]:
    rows: dict[str, str] = {}
    for file in reversed(files):
        rows.update(_texts(root / file))
    return [Cell(day, value or MISSING) for day, value in sorted(rows.items())]


def _texts(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) > 1]
    return {row[0]: row[1].strip() for row in rows if len(row[0]) == 10 and row[0][:4].isdigit() and row[0][4] == "-"}


def _closes(root: Path, files: Sequence[str]) -> list[_Close]:
    (file,) = files
    return [_Close(day, value) for day, value in sorted(read_values(root / file).items()) if day.year >= 1980]
