"""LEAN: a zip per issue with raw prices times 10,000, and its factor and map files; silent days are left out."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tray_app.export.presets.preset import Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
# Copy lean/equity/krx into the data folder of LEAN, add the market once, then in an algorithm:
# Market.Add("krx", 82)
# self.add_equity("005930", Resolution.DAILY, market="krx")
"""
)
SCALE = 10_000
ROOT = "lean/equity/krx"
FAR_FUTURE = "20501231"
EPOCH = (1980, 1, 1, 0, 0, 0)


def write(bars: DailyBars) -> None:
    """Write daily/<ticker>.zip, factor_files/<ticker>.csv and map_files/<ticker>.csv."""
    events = _events(bars)
    for listing, days in bars.traded(["open", "high", "low", "close"]):
        symbol = listing.ticker.lower()
        dates = [f"{day:%Y%m%d}" for day in bars.dates(days).to_pylist()]
        columns = days.to_pydict()
        _write_zip(bars, symbol, dates, columns)
        factors = _factor_lines(dates, columns["close"], events.get(listing.uid, []))
        for kind, lines in (("factor", factors), ("map", _map_lines(symbol, dates))):
            bars.write_text(f"{ROOT}/{kind}_files/{symbol}.csv", "\n".join(lines) + "\n")


def _write_zip(bars: DailyBars, symbol: str, dates: list[str], columns: dict[str, list[Any]]) -> None:
    prices = [columns[name] for name in ("open", "high", "low", "close")]
    lines = [
        f"{day} 00:00,{','.join(str(round(price * SCALE)) for price in bar)},{volume}\n"
        for day, volume, *bar in zip(dates, columns["volume"], *prices, strict=True)
    ]
    name = f"{ROOT}/daily/{symbol}.zip"
    with bars.writing(name) as path, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        entry = zipfile.ZipInfo(f"{symbol}.csv", EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        archive.writestr(entry, "".join(lines))


Event = tuple[str, float, float]


def _events(bars: DailyBars) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for row in bars.table("adjustment_factors").to_pylist():
        if row["factor"] != 1.0:
            day = str(row["trade_date"])[:10].replace("-", "")
            found.setdefault(row["instrument_id"], []).append((day, row["factor"], row["share_factor"]))
    return found


def _factor_lines(dates: list[str], closes: list[float], events: list[Event]) -> list[str]:
    # A line holds the factors of all days up to its date; the reference is the close of that day.
    close_of = dict(zip(dates, closes, strict=True))
    lines = [f"{FAR_FUTURE},1,1,0"]
    price = split = 1.0
    for day, factor, share in sorted(events, reverse=True):
        before = [date for date, after in pairwise([*dates, FAR_FUTURE]) if date < day <= after]
        if before:
            price, split = price * factor / share, split * share
            lines.append(f"{before[0]},{price:.12g},{split:.12g},{close_of[before[0]]:.12g}")
    if not lines[-1].startswith(dates[0]):
        lines.append(f"{dates[0]},{price:.12g},{split:.12g},{close_of[dates[0]]:.12g}")
    return lines[::-1]


def _map_lines(symbol: str, dates: list[str]) -> list[str]:
    return [f"{dates[0]},{symbol},KRX", f"{FAR_FUTURE},{symbol},KRX"]


LEAN = Preset("lean", "LEAN", LOADING, size=PresetBytes(15.5, 1_020), write=write)
