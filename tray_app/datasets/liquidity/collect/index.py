"""The step `stress_calc`: the index from what is stored; it asks nobody."""

from dataclasses import replace

from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.liquidity.collect.parts import LiquidityParts
from tray_app.datasets.liquidity.collect.spans import last_new_york_session
from tray_app.datasets.liquidity.rules.awaited import awaited_inputs
from tray_app.datasets.liquidity.rules.stress import INPUT_SERIES, stress_history
from tray_app.memory import rare_collections

TABLES = frozenset({"stress_index", "stress_contribution"})


def compute_index(parts: LiquidityParts, context: RunContext) -> StepDone:
    """Compute the whole index up to the last day New York has closed, and store the days that are new or changed."""
    with rare_collections():
        series, through = parts.series.inputs(INPUT_SERIES), last_new_york_session(context.now)
        days = stress_history(series, through)
        if not days:
            return StepDone.nothing_due(tr("too little is stored for an index yet"))
        newest = replace(days[-1], is_provisional=bool(awaited_inputs(series, through)))
        rows = parts.stress.store([*days[:-1], newest], context.seen)
    note = tr("{day}: {z:+.2f}, {band}", day=newest.date, z=newest.z, band=newest.band)
    return StepDone(note if rows else tr("nothing new, {note}", note=note), rows, newest.date, TABLES)
