"""Every error a person may meet: a title, what happened, and what to do next.

Sources and the store raise these; anything else that escapes is a bug and keeps its traceback in the log.
"""

from datetime import datetime

from tray_app.core.words import tr


class AppError(Exception):
    """An expected failure, told in the user's words.

    retryable: the same request may be sent once more at once. may_pass: it may be over in minutes, so that what was due
    is asked for again; a key, a quota and what a source does not have do not come back by waiting a little. retry_at:
    the instant (UTC) before which the source wants to be left alone.
    """

    retryable = False
    may_pass = True
    retry_at: datetime | None = None

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.title = title
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message and the hint as one line."""
        return f"{self.message} {self.hint}".strip()


class NetworkDown(AppError):
    """The host could not be reached at all."""

    retryable = True

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            tr("No network"),
            tr("The network did not reach {host}: {reason}.", host=host, reason=reason),
            tr("Check the connection, the proxy and the firewall."),
        )


class CertificateRefused(AppError):
    """The host's certificate is not trusted here, as behind an inspecting proxy; why and what to do, where known."""

    def __init__(self, host: str, why: str = "", hint: str = "") -> None:
        super().__init__(
            tr("Certificate refused"),
            tr("The certificate that {host} showed cannot be trusted: {why}.", host=host, why=why)
            if why
            else tr("The certificate that {host} showed is not trusted by this computer.", host=host),
            hint
            or tr("If your company inspects traffic, ask for its certificate to be installed in the system store."),
        )


class CertificateOutOfTime(CertificateRefused):
    """The host's certificate does not hold at the time this computer's clock shows: one of the two is wrong."""

    def __init__(self, host: str) -> None:
        super().__init__(
            host,
            tr("it does not hold at the time this computer's clock shows"),
            tr("Look at the computer's date and time; if they are right, the host has to renew its certificate."),
        )


class WrongClock(AppError):
    """This computer's clock and a source's lie apart; both instants in UTC. Nothing of the answer was used."""

    def __init__(self, host: str, here: datetime, there: datetime) -> None:
        super().__init__(
            tr("This computer's clock is wrong"),
            tr(
                "This computer's clock shows {here:%Y-%m-%d %H:%M} UTC, that of {host} {there:%Y-%m-%d %H:%M} UTC.",
                here=here,
                there=there,
                host=host,
            ),
            tr("Set the computer's date and time; nothing is stored until then."),
        )
        self.off = abs(here - there)


class ProxyRefused(AppError):
    """The proxy lets nobody through without a name and a password, or without other ones."""

    def __init__(self, host: str) -> None:
        super().__init__(
            tr("The proxy wants a password"),
            tr("{host} could not be asked: the proxy wants a name and a password, or other ones.", host=host),
            tr("Write them into the proxy's address under Settings: http://NAME:PASSWORD@proxy.example:8080"),
        )


class SourceDown(AppError):
    """The upstream answered with a fault of its own, or not in time."""

    retryable = True

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            tr("{host} is not working", host=host),
            tr("{host} is not working: {reason}.", host=host, reason=reason),
            tr("Nothing to do here: it is asked again later."),
        )


class RateLimited(AppError):
    """The upstream asks for fewer calls."""

    retryable = True

    def __init__(self, host: str, hint: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(
            tr("{host} asks to slow down", host=host),
            tr("{host} refused the call: too many in a short time.", host=host),
            hint or tr("It is asked again later."),
        )
        self.retry_at = retry_at


class QuotaSpent(AppError):
    """The calls of the day or month are used up; asking again soon is useless."""

    may_pass = False

    def __init__(self, host: str, message: str, hint: str, retry_at: datetime | None = None) -> None:
        super().__init__(tr("{host}: no calls left", host=host), message, hint)
        self.retry_at = retry_at


class QuotaTooSmall(AppError):
    """The calls a day that are allowed leave none for history: waiting for another day brings nothing."""

    may_pass = False

    def __init__(self, setting: str, limit: int, kept: int) -> None:
        super().__init__(
            tr("No calls are left for history on any day"),
            tr(
                "{setting} is {limit}, and {kept} calls a day are kept for the runs of the day: history gets none.",
                setting=setting,
                limit=limit,
                kept=kept,
            ),
            tr(
                "Set {setting} above {kept} if your key allows that; it does not go on by itself.",
                setting=setting,
                kept=kept,
            ),
        )


class KeyMissing(AppError):
    """The source needs a key that is not set."""

    may_pass = False

    def __init__(self, name: str, message: str) -> None:
        super().__init__(
            tr("{name} is not set", name=name),
            message,
            tr("Enter it under Settings, Keys, or with: market-tray key set {name}", name=name),
        )


class KeyRefused(AppError):
    """The source does not accept the key, or refuses this computer."""

    may_pass = False


class ServiceNotApproved(AppError):
    """The key is good, but its owner has not applied for this service, or the approval has expired."""

    may_pass = False

    def __init__(self, service: str, portal: str) -> None:
        super().__init__(
            tr("{service} is not approved", service=service),
            tr("The key is not approved for the service {service}, or the approval has expired.", service=service),
            tr("Apply for this service at {portal}; approval takes about a day.", portal=portal),
        )
        self.service = service


class SourceChangedShape(AppError):
    """The body is not what this version expects; nothing of it was stored."""

    def __init__(self, host: str, what: str) -> None:
        super().__init__(
            tr("{host} answered in an unknown form", host=host),
            tr("{host} answered in an unknown form: {what}.", host=host, what=what),
            tr("Nothing of the answer was stored. If it stays so, look for a newer version of Market Tray."),
        )
        self.what = what


class EmptyAnswer(AppError):
    """The source has nothing for a day it should have published."""

    def __init__(self, host: str, *, may_pass: bool) -> None:
        super().__init__(
            tr("{host} sent nothing", host=host),
            tr("{host} sent no rows although they should be published.", host=host),
            tr("Nothing to do here: it is asked again later."),
        )
        self.may_pass = may_pass


class SignInWanted(AppError):
    """The network answers for the sources with a page of its own."""

    def __init__(self) -> None:
        super().__init__(
            tr("The network wants a sign-in"),
            tr("Every source was answered for with a web page: this network wants you to sign in."),
            tr("Open a browser and sign in; collecting then goes on by itself."),
        )


class StaleAnswer(AppError):
    """The source answered with values older than its rhythm; what names them and their age."""

    def __init__(self, what: str) -> None:
        super().__init__(tr("Nothing new came"), what, "")


class RowsLeftOut(AppError):
    """Some rows of an answer could not be; the rest of it is stored."""

    def __init__(self, host: str, count: int) -> None:
        super().__init__(
            tr("{host}: rows left out", host=host),
            tr("{count} rows of {host} could not be used.", host=host, count=count),
        )


class OwnFault(AppError):
    """Something of ours went wrong; the log has the details."""

    def __init__(self) -> None:
        super().__init__(
            tr("A fault in Market Tray"),
            tr("A fault in Market Tray stopped this step; the log has the details."),
        )


class DiskFull(AppError):
    """No room left for the database or a file."""

    def __init__(self, where: str) -> None:
        super().__init__(
            tr("The disk is full"),
            tr("There is no room left to write {where}.", where=where),
            tr("Free some space and try again; what was stored before is whole."),
        )


class FolderNotWritable(AppError):
    """A folder we need cannot be written."""

    def __init__(self, where: str, reason: str, hint: str = "") -> None:
        super().__init__(
            tr("The folder cannot be written"),
            tr("{where} cannot be written: {reason}.", where=where, reason=reason),
            hint or tr("Choose another folder with --home, or change its permissions."),
        )


class FolderUnsuitable(AppError):
    """The home folder lies where a database cannot work."""

    def __init__(self, folder: str, trouble: str) -> None:
        super().__init__(
            tr("The folder is no place for the database"),
            tr("{folder} does not let the database work: {trouble}.", folder=folder, trouble=trouble),
            tr("Put the home folder on a disk of this computer, under a short path, and name it with --home."),
        )


class DatabaseBusy(AppError):
    """Another program holds the database."""

    retryable = True

    def __init__(self) -> None:
        super().__init__(
            tr("The database is in use"),
            tr("Another program has held the database for too long."),
            tr("Close other tools that have market.db open, then try again."),
        )


class DatabaseDamaged(AppError):
    """The file is not a whole SQLite database."""

    def __init__(self, detail: str, set_aside: str = "") -> None:
        hint = (
            tr("It was set aside as {name}. Restore a backup with: market-tray restore FILE", name=set_aside)
            if set_aside
            else tr("Run: market-tray doctor")
        )
        super().__init__(tr("The database is damaged"), tr("market.db is damaged ({detail}).", detail=detail), hint)
        self.detail = detail


class DatabaseNewer(AppError):
    """The file was written by a newer version of the program."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            tr("The database is from a newer version"),
            tr("market.db has schema {found}; this version knows {known}.", found=found, known=known),
            tr("Update Market Tray, or start it with another --home."),
        )


class DatabaseOlder(AppError):
    """The file was written by an older version, and whoever wants to read it may not change it."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            tr("The database is from an older version"),
            tr("market.db has schema {found}; this version reads {known}.", found=found, known=known),
            tr("Start Market Tray once: it makes a backup and brings the database up to date."),
        )


class DatabaseUnreadable(AppError):
    """The file cannot be opened, not even for reading."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            tr("The database cannot be read"),
            tr("{path} cannot be opened: {reason}.", path=path, reason=reason),
            tr("Reading needs to write market.db-wal and market.db-shm beside it: look at the folder's permissions."),
        )


class DatabaseForeign(AppError):
    """The file is a database, but of another program."""

    def __init__(self, path: str) -> None:
        super().__init__(
            tr("Not a database of Market Tray"),
            tr("{path} is a database of another program.", path=path),
            tr("Move it away, or start Market Tray with another --home."),
        )


class DatabaseMissing(AppError):
    """The home holds backups or databases that were set aside, but none to work with: never silently an empty one."""

    def __init__(self, home: str, newest: str) -> None:
        super().__init__(
            tr("The database is missing"),
            tr("{home} has no market.db with anything in it, but copies of one.", home=home),
            tr(
                'Restore the newest with: market-tray restore "{newest}", or begin anew with: '
                "market-tray restore --empty",
                newest=newest,
            ),
        )


class DatabaseGone(AppError):
    """The file was deleted, moved or replaced while the program worked on it."""

    def __init__(self, path: str) -> None:
        super().__init__(
            tr("The database is gone"),
            tr("{path} was deleted, moved or replaced while Market Tray used it.", path=path),
            tr("Nothing more is collected. Quit Market Tray, put the file back or restore a backup, and start again."),
        )


class AlreadyRunning(AppError):
    """Another process collects the same dataset now."""

    def __init__(self, what: str, holder: str) -> None:
        super().__init__(
            tr("Already running"),
            tr("{what} is being collected already ({holder}).", what=what, holder=holder),
            tr("Wait until it has finished."),
        )


class Cancelled(AppError):
    """The user stopped the work; the hint says what became of it."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(tr("Cancelled"), tr("Stopped by you."), hint or tr("What was collected until then is stored."))


class BadInput(AppError):
    """Something the user typed cannot be used; says what is allowed."""


class NoCredentialStore(AppError):
    """This system has no place for secrets."""

    def __init__(self, name: str) -> None:
        super().__init__(
            tr("No credential store"),
            tr("This system offers no credential store to keep {name} in.", name=name),
            tr(
                "Set the environment variable {name} instead, or write it into .env in the home folder.",
                name=name,
            ),
        )
