"""LOAD.md: how to check a set and how to load it; the same request gives the same text."""

from pathlib import Path

from tray_app.export.request import Dataset, ExportRequest, Layout, Preset
from tray_app.export.snippets import SNIPPETS
from tray_app.export.target import MANIFEST, SUMS
from tray_app.export.writer import FileFacts, sync

GUIDE, VIEWS = "LOAD.md", "views.sql"


def write_guide(folder: Path, request: ExportRequest, files: list[FileFacts]) -> list[str]:
    """Write LOAD.md, and views.sql for DuckDB; returns their names."""
    names = [GUIDE]
    _write(folder / GUIDE, guide(request, files))
    if request.preset is Preset.DUCKDB:
        _write(folder / VIEWS, views(files))
        names.append(VIEWS)
    return names


def guide(request: ExportRequest, files: list[FileFacts]) -> str:
    """Return the text of LOAD.md."""
    tables = sorted({facts.name.partition("/")[0] for facts in files})
    lines = [
        f"# Market data {request.date_from} to {request.date_to}",
        "",
        "Made by Market Tray. Source notes and every column are in `manifest.json`.",
        "",
        "## Check it",
        "",
        "```sh",
        f"sha256sum -c {SUMS}        # Linux, macOS, Git for Windows",
        "market-tray verify .           # and every rule of the set",
        "```",
        "",
        f"`{MANIFEST}` was written last: a folder without it is not a whole set.",
        "",
        "## Files",
        "",
        *(f"- `{name}`" for name in tables),
        "",
        "Codes are text: leading zeros and letters matter. Dates are session days in Korea (crypto: UTC days).",
        "Where nothing was traded, open, high and low are null and the close is the one carried by the exchange.",
    ]
    if Dataset.KRX in request.datasets:
        lines += ["`is_tradable` and `signal_validity_reason` say which rows a backtest may act on.", ""]
        lines += [f"## Load it ({request.preset})", "", "Run from this folder:", ""]
        lines += ["```python", snippet(request.preset, request.layout).rstrip(), "```", ""]
    else:
        lines += [
            "",
            "## Load it",
            "",
            "```python",
            'import pandas as pd\n\nprices = pd.read_parquet("crypto_daily.parquet")',
        ]
        lines += ["```", ""]
    return "\n".join(lines)


def snippet(preset: Preset, layout: Layout = Layout.SINGLE) -> str:
    """Return the lines that load a set with a preset's program, to be run inside the set's folder."""
    text = SNIPPETS[preset]
    if layout is Layout.YEAR:
        text = text.replace('"instrument_daily.parquet"', '"instrument_daily"')
        text = text.replace('pl.read_parquet("instrument_daily")', 'pl.read_parquet("instrument_daily/**/*.parquet")')
    return text


def views(files: list[FileFacts]) -> str:
    """Return views over the files, for `duckdb -init views.sql` run in the set's folder."""
    lines = []
    for name in sorted({facts.name.partition("/")[0] for facts in files}):
        view = name.removesuffix(".parquet")
        source = f"'{name}'" if name.endswith(".parquet") else f"'{name}/*/*.parquet', hive_partitioning = false"
        lines.append(f"CREATE OR REPLACE VIEW {view} AS FROM read_parquet({source});")
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
    sync(path)
