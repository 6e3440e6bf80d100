"""The present of every test that needs one: a fixed instant that then runs on, so that no test meets today's date.

MARKET_TRAY_TEST_NOW (ISO with a zone) moves it: `.ci/deep dates` runs what depends on the date at ten of them.
"""

import os
from datetime import datetime

from tray_app.clock import NOW_VARIABLE, clock_from

TEST_NOW_VARIABLE = "MARKET_TRAY_TEST_NOW"
# A Saturday, evening in Seoul: every source has published its day.
USUAL = "2026-08-22T10:50:00Z"
STARTS_AT = os.environ.get(TEST_NOW_VARIABLE) or USUAL
PRESENT = clock_from(STARTS_AT)


def now() -> datetime:
    """Return the present instant in UTC."""
    return PRESENT.now()


def variables() -> dict[str, str]:
    """Return what makes a child process live in the same present."""
    return {NOW_VARIABLE: now().isoformat()}
