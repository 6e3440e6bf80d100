"""Which rows a backtest may trade on, and why not."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


class Validity(IntEnum):
    """Why a row may mislead a signal; of several reasons the first of this order counts, `ok` if none."""

    INVALID = 0
    # Whether a row was traded stands beside it; that its factor is unknown stands nowhere else.
    UNRESOLVED_ACTION = 1
    HALTED = 2
    NO_TRADE = 3
    NEW_LISTING = 4
    LIQUIDATION = 5
    OK = 6


REASONS = tuple(reason.name.lower() for reason in Validity)


def validity(  # noqa: PLR0913 - one mask a reason
    *, valid: Flags, halted: Flags, traded: Flags, newly_listed: Flags, liquidated: Flags, unresolved: Flags
) -> npt.NDArray[np.int32]:
    """Return each row's reason as a place in REASONS."""
    reasons = np.full(len(valid), Validity.OK, dtype=np.int32)
    reasons[liquidated] = Validity.LIQUIDATION
    reasons[newly_listed] = Validity.NEW_LISTING
    reasons[~traded] = Validity.NO_TRADE
    reasons[halted] = Validity.HALTED
    reasons[unresolved] = Validity.UNRESOLVED_ACTION
    reasons[~valid] = Validity.INVALID
    return reasons
