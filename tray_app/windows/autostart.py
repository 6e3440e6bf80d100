"""Starting at login, by the Run key of the current user."""

from typing import Protocol

from tray_app.core.errors import AppError
from tray_app.core.words import tr
from tray_app.windows.registry import Registry, user_registry

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
# Task Manager keeps here what the user switched off there: the first byte is odd then.
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
VALUE = "Market Tray"


class Autostart(Protocol):
    """Whether Market Tray starts at login."""

    supported: bool

    def is_on(self) -> bool:
        """Tell what the system will do at the next login."""

    def turn_on(self) -> None:
        """Start at login from now on."""

    def turn_off(self) -> None:
        """Start only by hand from now on."""

    def renew(self) -> None:
        """Write the present path again, when the program was moved since."""


class RunKeyAutostart:
    """The Run key as the only truth: nothing is remembered elsewhere."""

    supported = True

    def __init__(self, registry: Registry, command: str) -> None:
        self._registry = registry
        self._command = command

    def is_on(self) -> bool:
        """Tell whether the Run key names us and Task Manager lets it."""
        approved = self._registry.read(APPROVED_KEY, VALUE)
        switched_off = isinstance(approved, bytes) and bool(approved[:1]) and approved[0] % 2 == 1
        return self._registry.read(RUN_KEY, VALUE) is not None and not switched_off

    def turn_on(self) -> None:
        """Write the Run key. Raises AppError when a policy forbids it."""
        try:
            self._registry.write(RUN_KEY, VALUE, self._command)
            self._registry.delete(APPROVED_KEY, VALUE)
        except OSError as error:
            raise _refused(error) from error

    def turn_off(self) -> None:
        """Remove our value from the Run key. Raises AppError when a policy forbids it."""
        try:
            self._registry.delete(RUN_KEY, VALUE)
        except OSError as error:
            raise _refused(error) from error

    def renew(self) -> None:
        """Write the present command over an older one; what Task Manager switched off stays off."""
        kept = self._registry.read(RUN_KEY, VALUE)
        if kept is not None and kept != self._command:
            self._registry.write(RUN_KEY, VALUE, self._command)


class NoAutostart:
    """Stands where the system has no Run key."""

    supported = False

    def is_on(self) -> bool:
        """Return that nothing starts at login."""
        return False

    def turn_on(self) -> None:
        """Refuse."""
        raise AppError(
            tr("Starting at login is not supported here"),
            tr("Market Tray can enter itself for starting at login on Windows only."),
            tr("Add `market-tray run --hidden` to the programs your desktop starts."),
        )

    def turn_off(self) -> None:
        """Do nothing: nothing is on."""

    def renew(self) -> None:
        """Do nothing: nothing is on."""


def autostart(command: str) -> Autostart:
    """Return how this system starts a program at login."""
    registry = user_registry()
    return NoAutostart() if registry is None else RunKeyAutostart(registry, command)


def _refused(error: OSError) -> AppError:
    return AppError(
        tr("Windows refused the change"),
        tr("Starting at login could not be changed: {reason}.", reason=error.strerror or error),
        tr("A policy of your organisation may forbid it."),
    )
