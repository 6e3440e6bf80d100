"""Turns finished runs into notices for the tray, and sends them to the user's own targets."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tray_app.core.events import Event, Notice, RunFinished
from tray_app.core.incidents import JUDGED, any_notice, failure_notice
from tray_app.core.model import CollectorName, Run
from tray_app.engine.bus import Bus
from tray_app.settings import NotificationLevel

logger = logging.getLogger(__name__)


class Alerts:
    """Listens to the engine; sends on a thread of its own, so that a slow target holds up nothing."""

    def __init__(
        self,
        bus: Bus,
        level: Callable[[], NotificationLevel],
        targets: Callable[[], tuple[str, ...]],
        last_judged: Callable[[CollectorName, int], Run | None],
    ) -> None:
        self._bus = bus
        self._level = level
        self._targets = targets
        self._last_judged = last_judged
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="alerts")
        self._unsubscribe = bus.subscribe(self._hear)

    def stop(self) -> None:
        """Stop listening; what is being sent is waited for."""
        self._unsubscribe()
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished) and (notice := self._notice(event.run)) is not None:
            self._bus.publish(notice)
        elif isinstance(event, Notice):
            self._sender.submit(self._send, event)

    def _notice(self, run: Run) -> Notice | None:
        level = self._level()
        if level is NotificationLevel.NONE or run.status not in JUDGED:
            return None
        if level is NotificationLevel.ALL:
            return any_notice(run)
        return failure_notice(run, self._last_judged(run.collector, run.run_id))

    def _send(self, notice: Notice) -> None:
        targets = self._targets()
        if not targets:
            return
        try:
            import apprise  # noqa: PLC0415 - only for those who named a target

            sender = apprise.Apprise()
            # apprise logs a target it cannot read with its address, which holds the password.
            logging.getLogger("apprise").setLevel(logging.CRITICAL)
            readable = [sender.add(target) for target in targets]
            if not all(readable):
                logger.warning("a notification target could not be read; check it under Settings, Notifications")
            body = notice.message or notice.title
            # A letter is HTML unless told otherwise, and would show markup in a source's words as such.
            if not sender.notify(title=notice.title, body=body, body_format=apprise.NotifyFormat.TEXT):
                logger.warning("a notification could not be sent")
        except Exception as error:
            logger.warning("a notification could not be sent: %s", type(error).__name__)
