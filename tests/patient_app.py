"""The program as a process whose limits no busy machine reaches, as `python -m tray_app` otherwise is it."""

import sys

from patience import ENDS, LIFTED, PATIENCE, REQUESTS

from tray_app.app import main, tray_request


def be_patient() -> None:
    """Lift this process's limits: of requests, of what must end by itself, and of the tray's windows and talks."""
    for place, name in REQUESTS:
        setattr(place, name, LIFTED)
    for place, name in ENDS:
        setattr(place, name, PATIENCE)
    if tray_request(sys.argv[1:]) is None:
        return
    from tray_app.ui.shell import handover
    from tray_app.ui.tray import icon

    for name in ("ANSWER_MS", "CONNECT_MS", "PATIENCE_MS"):
        setattr(handover, name, int(PATIENCE * 1000))
    icon.NOTICE_MS = int(LIFTED * 1000)


if __name__ == "__main__":
    be_patient()
    sys.exit(main())
