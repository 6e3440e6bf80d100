"""Each preset's files are checked field by field, and pandas loads its own; test_loaders has the other engines."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from export.kit import FIRST, LAST, export, names
from tray_app.export.kinds import Layout
from tray_app.export.presets import PRESETS
from tray_app.export.presets.backtrader import BACKTRADER
from tray_app.export.presets.lean import LEAN
from tray_app.export.presets.nautilus import NAUTILUS
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Preset
from tray_app.export.presets.qlib import QLIB
from tray_app.export.presets.vectorbt import VECTORBT
from tray_app.export.presets.zipline import ZIPLINE
from tray_app.export.set.load_md import snippet
from tray_app.export.set.verify import verify
from tray_app.paths import Home

Row = dict[str, Any]


def made(home: Home, folder: Path, preset: Preset, layout: Layout = Layout.SINGLE) -> Path:
    export(home, folder, preset=preset, layout=layout)
    assert verify(folder).findings == ()
    return folder


def daily(folder: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(folder / "instrument_daily.parquet").to_pylist()
    return rows


def by_code(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = {}
    for row in daily(folder):
        found.setdefault(row["external_code"], []).append(row)
    yield from found.items()


@pytest.mark.parametrize("layout", list(Layout))
def test_pandas(shared_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: Layout) -> None:
    folder = made(shared_home, tmp_path / "set", PANDAS, layout)
    text = snippet(PANDAS, layout)
    assert text.strip() in (folder / "LOAD.md").read_text("utf-8")
    monkeypatch.chdir(folder)
    scope: Row = {}
    exec(compile(text, "LOAD.md", "exec"), scope)  # noqa: S102 - our own snippet
    bars = scope["bars"]
    files = list(folder.glob("instrument_daily.parquet")) or sorted(folder.glob("instrument_daily/*/*.parquet"))
    rows = pq.read_table(files, partitioning=None).to_pylist()
    assert sorted([*bars.index.names, *bars.columns]) == sorted(rows[0])
    assert [(day.date(), uid) for day, uid in bars.index] == [(row["trade_date"], row["instrument_id"]) for row in rows]
    assert bars["external_code"].tolist() == [row["external_code"] for row in rows]
    assert bars["close"].tolist() == [row["close"] for row in rows]
    assert str(bars.index.levels[0].dtype).startswith("datetime64")
    assert str(bars["volume"].dtype) == "int64"
    assert str(bars["is_trade_halted"].dtype) == "bool"
    assert isinstance(bars["instrument_name"].dtype, pd.CategoricalDtype)
    assert scope["close"].shape[0] == 60


def test_vectorbt_gets_wide_frames(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", VECTORBT)
    close = pd.read_parquet(folder / "wide" / "close.parquet").set_index("date")
    assert isinstance(close.index, pd.DatetimeIndex)
    assert close.shape == (60, 52)
    assert set(close.dtypes.astype(str)) == {"float64"}
    for code, rows in by_code(folder):
        assert close[code].dropna().tolist() == [row["adj_close"] for row in rows]
    assert {f"wide/{name}.parquet" for name in ("open", "high", "low", "close", "volume")} <= names(folder)


def test_backtrader_csv(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", BACKTRADER)
    for code, rows in by_code(folder):
        with (folder / "backtrader" / f"{code}.csv").open(newline="") as stream:
            lines = list(csv.reader(stream))
        assert lines[0] == ["datetime", "open", "high", "low", "close", "volume", "openinterest"]
        traded = [row for row in rows if row["volume"]]
        assert [line[0] for line in lines[1:]] == [str(row["trade_date"]) for row in traded]
        assert [float(line[4]) for line in lines[1:]] == [row["adj_close"] for row in traded]


def test_zipline_csv(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", ZIPLINE)
    for code, rows in by_code(folder):
        frame = pd.read_csv(folder / "zipline" / "daily" / f"{code}.csv", parse_dates=["date"])
        assert list(frame.columns) == ["date", "open", "high", "low", "close", "volume", "dividend", "split"]
        assert [str(day.date()) for day in frame["date"]] == [str(row["trade_date"]) for row in rows]
        assert set(frame["dividend"]) == {0.0}
        assert set(frame["split"]) == {1.0}
    extension = (folder / "zipline" / "extension.py").read_text("utf-8")
    compile(extension, "extension.py", "exec")
    assert f'slice_indexer("{FIRST}", "{LAST}")' in extension


def test_qlib_csv(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", QLIB)
    for code, rows in by_code(folder):
        frame = pd.read_csv(folder / "qlib" / f"{code}.csv", dtype={"symbol": str})
        assert list(frame.columns) == ["symbol", "date", "open", "high", "low", "close", "volume", "factor"]
        assert set(frame["symbol"]) == {code}
        for line, row in zip(frame.to_dict("records"), rows, strict=True):
            assert line["factor"] == row["adj_factor"]
            if row["volume"]:
                assert line["close"] / line["factor"] == pytest.approx(row["close"])
            else:
                assert pd.isna(line["close"])


def test_lean_files(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", LEAN)
    root = folder / "lean" / "equity" / "krx"
    factors = pq.read_table(folder / "adjustment_factors.parquet").to_pylist()
    for code, rows in by_code(folder):
        traded = [row for row in rows if row["volume"]]
        with zipfile.ZipFile(root / "daily" / f"{code}.zip") as archive:
            assert archive.namelist() == [f"{code}.csv"]
            lines = archive.read(f"{code}.csv").decode().splitlines()
        assert len(lines) == len(traded)
        for line, row in zip(lines, traded, strict=True):
            day, *prices, volume = line.split(",")
            assert day == f"{row['trade_date']:%Y%m%d} 00:00"
            assert [int(price) for price in prices] == [
                round(row[name] * 10_000) for name in ("open", "high", "low", "close")
            ]
            assert int(volume) == row["volume"]
        events = {row["trade_date"]: row for row in factors if row["external_code"] == code}
        check_factor_file((root / "factor_files" / f"{code}.csv").read_text().splitlines(), traded, events)
        assert (root / "map_files" / f"{code}.csv").read_text().splitlines()[-1] == f"20501231,{code},KRX"


def check_factor_file(lines: list[str], traded: list[Row], events: dict[date, Row]) -> None:
    cells = [line.split(",") for line in lines]
    parsed = [(cell[0], float(cell[1]), float(cell[2]), float(cell[3])) for cell in cells]
    assert [line[0] for line in parsed] == sorted(line[0] for line in parsed)
    assert parsed[-1] == ("20501231", 1.0, 1.0, 0.0)
    closes = {f"{row['trade_date']:%Y%m%d}": row["close"] for row in traded}
    assert all(closes[day] == reference for day, _price, _split, reference in parsed[:-1])
    for row in traded:
        wanted = 1.0
        for day, event in events.items():
            if day > row["trade_date"]:
                wanted *= event["factor"]
        written = f"{row['trade_date']:%Y%m%d}"
        _date, price, split, _reference = next(line for line in parsed if line[0] >= written)
        assert price * split == pytest.approx(wanted)


def test_nautilus_frames(shared_home: Home, tmp_path: Path) -> None:
    folder = made(shared_home, tmp_path / "set", NAUTILUS)
    for code, rows in by_code(folder):
        (file,) = (folder / "nautilus" / f"{code}.XKRX-1-DAY-LAST-EXTERNAL").iterdir()
        table = pq.read_table(file)
        traded = [row for row in rows if row["volume"]]
        assert str(table.schema.field("timestamp").type) == "timestamp[ns, tz=UTC]"
        assert table.column_names == ["timestamp", "open", "high", "low", "close", "volume"]
        assert [str(stamp) for stamp in table.column("timestamp").to_pylist()] == [
            f"{row['trade_date']} 06:30:00+00:00" for row in traded
        ]
        first, last = file.stem.split("_")
        assert (first[:10], last[:10]) == (str(traded[0]["trade_date"]), str(traded[-1]["trade_date"]))
        assert table.column("close").to_pylist() == [row["adj_close"] for row in traded]


@pytest.mark.parametrize("preset", PRESETS, ids=attrgetter("name"))
@pytest.mark.parametrize("layout", list(Layout))
def test_snippets_are_python(preset: Preset, layout: Layout) -> None:
    compile(snippet(preset, layout), "LOAD.md", "exec")


@pytest.mark.parametrize("preset", PRESETS, ids=attrgetter("name"))
def test_a_preset_gives_equal_bytes_twice(shared_home: Home, tmp_path: Path, preset: Preset) -> None:
    one, two = made(shared_home, tmp_path / "one", preset), made(shared_home, tmp_path / "two", preset)
    for name in sorted(names(one) - {"manifest.json"}):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
