"""The JSON shapes of exported sets: made, proven, compared."""

from collections.abc import Sequence
from typing import Any

from tray_app.core.sets import Changes, Finished, Report


def set_shape(job_id: str, finished: Finished, notes: Sequence[str]) -> dict[str, Any]:
    """Return a published set as `export --json` prints it."""
    return {
        "job_id": job_id,
        "status": "SUCCEEDED",
        "output_path": str(finished.path),
        "files": list(finished.files),
        "row_counts": dict(finished.row_counts),
        "notes": list(notes),
    }


def report_shape(report: Report) -> dict[str, Any]:
    """Return what a proof has found as `verify --json` prints it."""
    return {
        "path": str(report.folder),
        "whole": report.is_whole,
        "files": report.files,
        "rows": report.rows,
        "findings": [
            {"file": item.file, "column": item.column, "row": item.row, "problem": item.problem}
            for item in report.findings
        ],
    }


def changes_shape(changes: Changes) -> dict[str, Any]:
    """Return a comparison as `diff --json` prints it."""
    return {
        "identical": changes.are_none,
        "identical_files": list(changes.identical_files),
        "different_files": list(changes.different_files),
        "tables": {
            name: {
                "added": table.added,
                "removed": table.removed,
                "restated": table.restated,
                "columns": table.columns,
                "columns_added": table.columns_added,
                "columns_removed": table.columns_removed,
                "examples": table.examples,
                "only_in": table.only_in,
            }
            for name, table in changes.tables.items()
        },
    }
