"""`status`, `runs` and `doctor`."""

from tray_app import __version__
from tray_app.cli.no_pandas import without_pandas
from tray_app.cli.output import FAILED, SUCCESS, Printer
from tray_app.core.health import Finding
from tray_app.core.model import Run
from tray_app.core.overview import headline, last_collected_text, why_text
from tray_app.core.quality import FoundIssue
from tray_app.core.shapes.homes import health_shape, issue_shape, status_shape
from tray_app.core.shapes.runs import logged_run_shape
from tray_app.core.times import to_kst
from tray_app.core.words import tr
from tray_app.engine.doctor import examine
from tray_app.engine.facade import Engine


def status(engine: Engine, printer: Printer) -> int:
    """Print where every collector stands."""
    overview, storage, still = engine.overview(), engine.storage(), engine.issues.standing_still()
    calls = {usage.source: usage.calls for usage in engine.usage_today()}
    lines = [headline(overview), ""]
    for state in overview.collectors:
        lines += [state.title, f"  {last_collected_text(state.last_run)}", f"  {why_text(state, overview.now)}"]
        if state.last_run is not None and state.last_run.message:
            lines.append(f"  {state.last_run.message}")
    if still:
        lines += ["", tr("Stands still:"), *(f"  {each.subject}: {each.detail}" for each in still)]
    lines += ["", tr("Database: {path}, {size:,} bytes", path=storage.database, size=storage.database_bytes)]
    printer.result(status_shape(overview, storage, still, calls, __version__), "\n".join(lines))
    return SUCCESS


def runs(engine: Engine, limit: int, printer: Printer) -> int:
    """Print the newest runs, newest first."""
    log = engine.runs(limit)
    text = "\n".join(_run_line(run) for run in log) or tr("Nothing collected yet.")
    printer.result({"runs": [logged_run_shape(run) for run in log]}, text)
    return SUCCESS


def issues(engine: Engine, printer: Printer, *, everything: bool) -> int:
    """Print the quality issues, newest day first."""
    found = engine.issues.found(open_only=not everything)
    text = "\n".join(_issue_line(issue) for issue in found) or tr("No open issues.")
    printer.result({"issues": [issue_shape(issue) for issue in found]}, text)
    return SUCCESS


def doctor(engine: Engine, printer: Printer, *, deep: bool) -> int:
    """Print what is well and what is not; exit 1 when something needs a hand."""
    with without_pandas():
        findings = examine(engine, deep=deep)
    document = health_shape(findings)
    printer.result(document, "\n".join(_finding_line(finding) for finding in findings))
    return SUCCESS if document["healthy"] else FAILED


def _issue_line(issue: FoundIssue) -> str:
    who = f"{issue.subject} {issue.instrument_name or ''}".strip()
    return f"{issue.trade_date}  {issue.severity:<6}{issue.issue_code:<28}{who}  {issue.detail}"


def _run_line(run: Run) -> str:
    at = to_kst(run.started_at).strftime("%Y-%m-%d %H:%M:%S")
    seconds = f"{run.duration:8.1f} s" if run.duration is not None else " " * 10
    facts = f"{run.collector:<10}{run.kind:<9}{run.trigger:<12}{run.status:<12}{seconds}"
    said = [text for text in (run.window.also_said if run.window else "", run.message) if text]
    return f"{run.run_id:>6}  {at}  {facts}  {'; '.join(said)}"


def _finding_line(finding: Finding) -> str:
    mark = tr("ok") if finding.is_well else tr("LOOK")
    return f"{mark:<5}{finding.what:<28}{finding.detail} {finding.advice}".rstrip()
