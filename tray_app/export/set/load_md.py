"""LOAD.md: how to check a set and how to load it; the same request gives the same text."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tray_app.core.texts import markdown_of
from tray_app.export.files.writer import FileFacts
from tray_app.export.kinds import ExportKind, Layout
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Loading, Preset
from tray_app.export.request import ExportRequest
from tray_app.export.set.target import MANIFEST, SUMS
from tray_app.files import write_synced

GUIDE, VIEWS = "LOAD.md", "views.sql"
REMARKS: Mapping[ExportKind, Sequence[str]] = {
    ExportKind.KRX: (
        "Codes are text: leading zeros and letters matter. Dates are session days in Korea.",
        "Where nothing was traded, open, high and low are null and the close is the one carried by the exchange.",
        "`is_tradable` and `signal_validity_reason` say which rows a backtest may act on.",
        "`trading_calendar`: `is_open` is true of proven sessions only; a day of `state` `unknown` may have been one.",
        "`instruments`: `moved_to` names the listing an issue went on in on another market. That one's factors adjust",
        "the rows of the earlier one too: the two are one series. Why a listing ended (`end_reason`), since when it",
        "was in liquidation, are inferred from its rows. Where `is_identified` is false no master list told of it:",
        "its `instrument_id` will change then, and `instrument_id_map` of a later set says to which.",
        "`instrument_name` and `section` are those of each day; a section that was not kept is null.",
        "`etf_daily`, in sets with the market ETF: `premium` is the close over the NAV less one, null without a NAV.",
        "No factors are known of ETFs: their adjusted prices are the prices.",
        "Sessions that are due and have no rows are named in `manifest.json` under `missing_sessions`.",
    ),
    ExportKind.CRYPTO: ("`crypto_daily` and `crypto_metric`: dates are UTC days.",),
    ExportKind.MACRO: (
        "`macro_daily`: `date` is the day a value is of, not the day it was published.",
        "`first_seen_at` (UTC) is when it was first stored here; a history filled later bears the time of filling.",
    ),
    ExportKind.STRESS: (
        "`stress_daily`: `z` is the sum of the columns `..._contribution`; a category without data that day is null.",
        "`date` is New York's day at its end: that day's closes, and every other series by its publication lag.",
        "Values are those known when it was computed last; the newest day is `is_provisional` until all inputs came.",
        "A day `is_in_doubt` is made of a value that stands among the quality issues of `macro_daily`.",
    ),
}


def write_guide(folder: Path, request: ExportRequest, files: list[FileFacts], notes: Sequence[str] = ()) -> list[str]:
    """Write LOAD.md, and views.sql for DuckDB; returns their names. Notes are sentences on licences."""
    names = [GUIDE]
    write_synced(folder / GUIDE, guide(request, files, notes))
    if request.preset.has_views:
        write_synced(folder / VIEWS, views(files))
        names.append(VIEWS)
    return names


def guide(request: ExportRequest, files: list[FileFacts], notes: Sequence[str] = ()) -> str:
    """Return the text of LOAD.md."""
    tables = sorted({facts.name.partition("/")[0] for facts in files})
    datasets = request.chosen_datasets
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
        *(remark for dataset in datasets for remark in REMARKS[dataset]),
        *map(markdown_of, notes),
        "",
        f"## Load it ({request.preset.name})",
        "",
        "Run from this folder:",
        "",
        "```python",
        snippet(request.preset, request.layout, datasets).rstrip(),
        "```",
        "",
    ]
    return "\n".join(lines)


def snippet(preset: Preset, layout: Layout = Layout.SINGLE, datasets: Sequence[ExportKind] = (ExportKind.KRX,)) -> str:
    """Return the lines that load a set with a preset's program, to be run inside the set's folder.

    Programs that take nothing but bars leave the other tables to pandas.
    """
    loading = preset.loading
    program = loading if loading.tables else PANDAS.loading
    bars = _bars(loading, layout) if ExportKind.KRX in datasets else ""
    tables = [program.tables[dataset] for dataset in datasets if dataset is not ExportKind.KRX]
    is_open = bars and program is loading
    return "".join([bars, *([] if is_open or not tables else [program.opening]), *tables])


def _bars(loading: Loading, layout: Layout) -> str:
    return loading.bars.replace(*loading.by_year) if layout is Layout.YEAR else loading.bars


def views(files: list[FileFacts]) -> str:
    """Return views over the files, for `duckdb -init views.sql` run in the set's folder."""
    lines = []
    for name in sorted({facts.name.partition("/")[0] for facts in files}):
        view = name.removesuffix(".parquet")
        source = f"'{name}'" if name.endswith(".parquet") else f"'{name}/*/*.parquet', hive_partitioning = false"
        lines.append(f"CREATE OR REPLACE VIEW {view} AS FROM read_parquet({source});")
    return "\n".join(lines) + "\n"
