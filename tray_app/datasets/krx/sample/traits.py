"""The fixed traits of all issues as arrays by issue number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.sample.issues import MARKETS, Issue

SESSIONS_A_YEAR = 245

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class Traits:
    """Arrays in the order of the issues' numbers; market is a place in MARKETS, drift a logarithm a session."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.market: Places = np.array([MARKETS.index(issue.market) for issue in issues])
        self.sector: Places = np.array([int(issue.sector) for issue in issues])
        self.usual_section: Places = np.array([issue.section for issue in issues])
        self.beta: Floats = np.array([issue.beta for issue in issues])
        self.step: Floats = np.array([issue.step for issue in issues])
        self.drift: Floats = np.array([issue.drift / SESSIONS_A_YEAR for issue in issues])
        self.quiet: Floats = np.array([issue.quiet for issue in issues])
        self.turnover: Floats = np.array([issue.turnover for issue in issues])
        self.shell: Flags = np.array([issue.is_shell for issue in issues])
        self.foreign: Flags = np.array([issue.is_foreign for issue in issues])
        self.preferred: Flags = np.array([issue.is_preferred for issue in issues])
        self._first: Places = np.array([issue.first for issue in issues])

    def listed_by(self, session: int) -> int:
        """Return how many issues have had their first session by then; they are the first so many."""
        return int(np.searchsorted(self._first, session, side="right"))
