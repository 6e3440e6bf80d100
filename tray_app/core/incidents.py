"""What the user is told of a finished run: one notice per incident, and one when it is over."""

from tray_app.core.events import Notice
from tray_app.core.model import Run, RunStatus
from tray_app.core.words import tr

JUDGED = frozenset({RunStatus.SUCCESS, RunStatus.PARTIAL, RunStatus.FAILED})


def failure_notice(run: Run, before: Run | None) -> Notice | None:
    """Return the notice a run deserves: the first failure of a row of failures, and the recovery from it.

    before is the collector's last run that ended in success, partial or failed.
    """
    had_failed = before is not None and before.status is RunStatus.FAILED
    if run.status is RunStatus.FAILED and not had_failed:
        return Notice(tr("Collecting {name} failed", name=run.collector), run.message, is_failure=True)
    if run.status in {RunStatus.SUCCESS, RunStatus.PARTIAL} and had_failed:
        return Notice(tr("Collecting {name} works again", name=run.collector), "", is_failure=False)
    return None


def any_notice(run: Run) -> Notice | None:
    """Return the notice of a run for users who want to hear of every one."""
    if run.status not in JUDGED:
        return None
    title = tr("{name}: {status}", name=run.collector, status=run.status)
    return Notice(title, run.message, is_failure=run.status is RunStatus.FAILED)
