"""Why a set was not made."""

from collections.abc import Sequence
from pathlib import Path

from tray_app.core.errors import AppError, BadInput, Cancelled, FolderNotWritable
from tray_app.core.words import tr


class ExportBlocked(AppError):
    """Open issues of severity ERROR touch what was asked for."""

    def __init__(self, findings: list[str]) -> None:
        shown = "; ".join(findings[:5]) + (tr("; and {count} more", count=len(findings) - 5) if findings[5:] else "")
        super().__init__(
            tr("Errors in the data"),
            tr("The data has {count} open errors: {shown}.", count=len(findings), shown=shown),
            tr("Collect the days again, or export anyway with --allow-errors."),
        )


class RowsChanged(AppError):
    """Rows of the store are not those that were written: the disk or another program changed them."""

    def __init__(self, places: list[str]) -> None:
        shown = "; ".join(places[:5]) + (tr("; and {count} more", count=len(places) - 5) if places[5:] else "")
        super().__init__(
            tr("Stored rows have changed"),
            tr("The rows of {shown} are not those that were stored; no set is made of them.", shown=shown),
            tr("Check the disk, then restore a backup from before. See all of them with: market-tray doctor --deep"),
        )
        self.places = places


class TargetRefused(BadInput):
    """The folder cannot take a set; says what is allowed."""

    def __init__(self, target: Path, reason: str) -> None:
        super().__init__(
            tr("The folder cannot take a set"),
            tr("{folder} {reason}.", folder=target, reason=reason),
            tr("Allowed: a new or empty folder, or a set of Market Tray that is to be replaced."),
        )


class TargetBusy(AppError):
    """Another export writes the same set."""

    retryable = True

    def __init__(self, target: Path) -> None:
        super().__init__(
            tr("The set is being written"),
            tr("Another export writes {folder} now.", folder=target),
            tr("Wait until it has finished, or choose another folder."),
        )


class NotASet(BadInput):
    """The folder is no set of ours."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            tr("Not a set of Market Tray"),
            tr("{folder} {reason}.", folder=folder, reason=reason),
            tr("Name the folder that holds manifest.json."),
        )


class NothingToExport(AppError):
    """The store holds no row of what was asked for."""

    def __init__(self, what: str, notes: Sequence[str] = ()) -> None:
        super().__init__(
            tr("Nothing to export"),
            " ".join([tr("No rows of {what} are stored for these dates.", what=what), *notes]),
            tr("Collect them first, for example: market-tray collect all --date-from 2024-01-04"),
        )


class ExportCancelled(Cancelled):
    """The user stopped an export."""

    def __init__(self) -> None:
        super().__init__(tr("Nothing was exported. A set that was there before is as it was."))


class TargetNotWritable(FolderNotWritable):
    """The disk or its permissions failed a set under way."""

    def __init__(self, target: Path, reason: str) -> None:
        super().__init__(
            str(target), reason, tr("Choose another folder with --output-path, or change the permissions of this one.")
        )


class SetHeld(AppError):
    """A set cannot be deleted now."""

    retryable = True

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            tr("The set cannot be deleted"),
            tr("{folder} cannot be deleted: {reason}.", folder=folder, reason=reason),
            tr("Close the programs that read it, then delete it again."),
        )


class SetDamaged(AppError):
    """A set is not the one that was written."""

    def __init__(self, folder: Path, findings: Sequence[str]) -> None:
        more = tr(" and {count} more", count=len(findings) - 1) if findings[1:] else ""
        super().__init__(
            tr("The set is damaged"),
            tr("{folder} is damaged: {first}{more}.", folder=folder, first=findings[0], more=more),
            tr("See everything that is wrong with: market-tray verify {folder}", folder=folder),
        )
