"""The step `stress_calc`: the index from what is stored; it asks nobody."""

from tray_app.collectors.base import RunContext, StepDone
from tray_app.collectors.liquidity_parts import LiquidityParts
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.memory import rare_collections

TABLES = frozenset({"stress_index", "stress_contribution"})


def compute_index(parts: LiquidityParts, context: RunContext) -> StepDone:
    """Compute the whole index and store the days that are new or changed."""
    from tray_app.core.liquidity.stress import INPUT_SERIES, stress_history  # noqa: PLC0415 - for this step only

    with rare_collections():
        days = stress_history(parts.series.inputs(INPUT_SERIES), utc_date(context.now))
        if not days:
            return StepDone(tr("too little is stored for an index yet"))
        rows = parts.stress.store(days, context.seen)
    newest = days[-1]
    note = tr("{day}: {z:+.2f}, {band}", day=newest.date, z=newest.z, band=newest.band)
    return StepDone(note if rows else tr("nothing new, {note}", note=note), rows, newest.date, TABLES)
