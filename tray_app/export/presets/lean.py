"""LEAN: a zip per issue with raw prices times 10,000, and its factor and map files; silent days are left out."""

import zipfile
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tray_app.export.files.writer import sync
from tray_app.export.presets.bars import DailyBars, Listing, traded
from tray_app.export.progress import Watch

SCALE = 10_000
ROOT = "lean/equity/krx"
FAR_FUTURE = "20501231"
EPOCH = (1980, 1, 1, 0, 0, 0)


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write daily/<ticker>.zip, factor_files/<ticker>.csv and map_files/<ticker>.csv."""
    events = _events(folder)
    names = []
    for listing, table in bars.by_listing(["open", "high", "low", "close", "volume"], watch):
        days = traded(table)
        if not days.num_rows:
            continue
        symbol = listing.ticker.lower()
        dates = [f"{day:%Y%m%d}" for day in days.column("trade_date").cast(pa.date32()).to_pylist()]
        names += [
            _write_zip(folder, symbol, dates, days),
            _write_text(folder, f"{ROOT}/factor_files/{symbol}.csv", _factor_lines(listing, dates, days, events)),
            _write_text(folder, f"{ROOT}/map_files/{symbol}.csv", _map_lines(symbol, dates)),
        ]
    return names


def _write_zip(folder: Path, symbol: str, dates: list[str], days: pa.Table) -> str:
    prices = [days.column(name).to_pylist() for name in ("open", "high", "low", "close")]
    volumes = days.column("volume").to_pylist()
    lines = [
        f"{day} 00:00,{','.join(str(round(price * SCALE)) for price in bar)},{volume}\n"
        for day, volume, *bar in zip(dates, volumes, *prices, strict=True)
    ]
    name = f"{ROOT}/daily/{symbol}.zip"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        entry = zipfile.ZipInfo(f"{symbol}.csv", EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        archive.writestr(entry, "".join(lines))
    sync(path)
    return name


Event = tuple[str, float, float]


def _events(folder: Path) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for row in pq.read_table(folder / "adjustment_factors.parquet").to_pylist():
        if row["factor"] != 1.0:
            day = str(row["trade_date"])[:10].replace("-", "")
            found.setdefault(row["instrument_id"], []).append((day, row["factor"], row["share_factor"]))
    return found


def _factor_lines(listing: Listing, dates: list[str], days: pa.Table, events: dict[str, list[Event]]) -> list[str]:
    # A line holds the factors of all days up to its date; the reference is the close of that day.
    closes = dict(zip(dates, days.column("close").to_pylist(), strict=True))
    lines = [f"{FAR_FUTURE},1,1,0"]
    price = split = 1.0
    for day, factor, share in sorted(events.get(listing.uid, []), reverse=True):
        before = [date for date, after in pairwise([*dates, FAR_FUTURE]) if date < day <= after]
        if before:
            price, split = price * factor / share, split * share
            lines.append(f"{before[0]},{price:.12g},{split:.12g},{closes[before[0]]:.12g}")
    if not lines[-1].startswith(dates[0]):
        lines.append(f"{dates[0]},{price:.12g},{split:.12g},{closes[dates[0]]:.12g}")
    return lines[::-1]


def _map_lines(symbol: str, dates: list[str]) -> list[str]:
    return [f"{dates[0]},{symbol},KRX", f"{FAR_FUTURE},{symbol},KRX"]


def _write_text(folder: Path, name: str, lines: list[str]) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    sync(path)
    return name
