"""LOAD.md: how to check a set and how to load it; the same request gives the same text."""

from collections.abc import Sequence
from pathlib import Path

from tray_app.core.texts import markdown_of
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.exports import BARS
from tray_app.export.files.writer import FileFacts
from tray_app.export.kinds import Layout
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Loading, Preset
from tray_app.export.request import ExportRequest
from tray_app.export.set.target import MANIFEST, SUMS
from tray_app.files import write_synced

GUIDE, VIEWS = "LOAD.md", "views.sql"


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
        *(remark for dataset in datasets for remark in dataset.remarks),
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


def snippet(preset: Preset, layout: Layout = Layout.SINGLE, datasets: Sequence[ExportKind] = (BARS,)) -> str:
    """Return the lines that load a set with a preset's program, to be run inside the set's folder.

    Programs that take nothing but bars leave the other tables to pandas.
    """
    program = preset if preset.loading.table else PANDAS
    bars = _bars(preset.loading, layout) if any(kind.has_bars for kind in datasets) else ""
    tables = [_tables(program, kind) for kind in datasets if not kind.has_bars]
    is_open = bars and program is preset
    return "".join([bars, *([] if is_open or not tables else [program.loading.opening]), *tables])


def _tables(program: Preset, kind: ExportKind) -> str:
    lines = "".join(program.loading.table.format(name=file.name) for file in kind.files)
    return kind.loading.get(program.name, "\n" + lines)


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
