"""The step `price`: closes of indices, funds and currencies from Yahoo, which is left alone when it says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from tray_app.core.errors import RateLimited
from tray_app.core.overview import short_time
from tray_app.core.quality import Finding, ValueCode
from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.liquidity.catalogue import Provider
from tray_app.datasets.liquidity.collect.gathering import Brought, Gathered, SeriesStep, gather
from tray_app.datasets.liquidity.collect.spans import SeriesRequest, lacking_close
from tray_app.datasets.liquidity.rules.division import on_new_scales, scales, seam_of
from tray_app.datasets.liquidity.source.yahoo import QUIET, Yahoo
from tray_app.datasets.liquidity.source.yahoo_refusals import LeftAlone
from tray_app.net.request import DAILY, RetryPolicy

SOURCE = str(Provider.YAHOO)


class PriceStep(SeriesStep):
    """Asks Yahoo for each symbol; the first refusal ends it and is remembered over restarts."""

    provider = Provider.YAHOO

    def after_the_close(self, context: RunContext) -> StepDone:
        """Bring New York's close when it came after the morning's run; nothing is sent when it is stored."""
        asks = lacking_close(self.series, self._parts.reads, context.now)
        if not asks:
            newest = self._newest()
            return StepDone.nothing_due(tr("nothing new: the closes of {day} are stored", day=newest), newest)
        return self._bring(asks, DAILY, context).step()

    def _bring(self, asks: Sequence[SeriesRequest], retry: RetryPolicy, context: RunContext) -> Gathered:
        pause = self._parts.reads.source_pause(SOURCE, context.now)
        if asks and pause is not None:
            return Gathered(len(asks), stopped_by=self._left_alone(pause.until, context.now))
        gathered = self._gather(asks, retry, context)
        if isinstance(gathered.stopped_by, RateLimited):
            until = gathered.stopped_by.retry_at or context.now + QUIET
            self._parts.pauses.pause(SOURCE, until, gathered.stopped_by.message)
            gathered.stopped_by = self._left_alone(until, context.now)
        return gathered

    def _gather(self, asks: Sequence[SeriesRequest], retry: RetryPolicy, context: RunContext) -> Gathered:
        yahoo = Yahoo(context.http)

        def closes(ask: SeriesRequest) -> Brought:
            sifted = yahoo.closes(ask.series.series_id, ask.since, context.now, retry)
            if all(scale.is_as_stored for scale in scales(self._stored(ask), sifted.rows)):
                return Brought(ask, sifted)
            # Divided anew, all of it or a part: only the whole history tells.
            whole = replace(ask, since=min(ask.since, ask.series.starts))
            if whole == ask:
                return self._divided(ask, sifted)
            return self._divided(whole, yahoo.closes(ask.series.series_id, whole.since, context.now, retry))

        return gather(asks, closes, self._parts, context, is_daily=retry is DAILY)

    def _divided(self, whole: SeriesRequest, sifted: Sifted[SeriesPoint]) -> Brought:
        stored = self._stored(whole)
        seam = seam_of(stored, sifted.rows)
        if seam is not None:
            detail = tr("the history is on another scale from {day} on; nothing of it was stored", day=seam)
            return Brought(whole, Sifted(()), Finding(whole.series.series_id, ValueCode.HISTORY_SEAM, detail))
        found = [scale for scale in scales(stored, sifted.rows) if not scale.is_correction]
        if all(scale.is_as_stored for scale in found):
            return Brought(whole, sifted)
        return Brought(whole, replace(sifted, rows=on_new_scales(found, stored, sifted.rows)))

    def _stored(self, ask: SeriesRequest) -> dict[date, float]:
        return {point.date: point.value for point in self._parts.reads.observations(ask.series.series_id, ask.since)}

    def _left_alone(self, until: datetime, now: datetime) -> RateLimited:
        newest = self._newest()
        has = tr("stored closes reach {day}", day=newest) if newest else tr("nothing is stored yet")
        return LeftAlone(short_time(until, now), has, until)

    def _newest(self) -> date | None:
        days = [self._parts.reads.newest_observation(each.series_id) for each in self.series]
        return max((day for day in days if day is not None), default=None)
