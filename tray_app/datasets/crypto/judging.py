"""What the answers of the crypto sources are judged by: their rows' faults, their age, and the values before them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from tray_app.core.checks.standing import digest_of, series_digest, stands_still
from tray_app.core.checks.value_rules import CHANGES, check_values
from tray_app.core.coverage import Coverage
from tray_app.core.quality import Finding
from tray_app.core.row_faults import RowFault, Sifted, findings
from tray_app.core.series import SeriesPoint
from tray_app.datasets.crypto.coingecko import NAMELESS, MarketSnapshot
from tray_app.datasets.crypto.metrics import ETH_BTC, METRIC_OF
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.rows import CoinHistoryPoint, MarketTotals
from tray_app.datasets.crypto.rules import DAILY_RHYTHM, PRICE_RULES, SNAPSHOT_REST, SNAPSHOT_RHYTHM
from tray_app.datasets.crypto.tables import ISSUES
from tray_app.datasets.judging import NO_DAY, Judged, judged, stale
from tray_app.store.answers import AnswerStore, SourceAnswer
from tray_app.store.series import coin_series

TOTALS = "market_totals"


class CryptoJudge:
    """Judges answers by what is stored before them; issues are of the dataset crypto."""

    def __init__(self, reads: CryptoReads, answers: AnswerStore, now: datetime) -> None:
        self._reads = reads
        self._answers = answers
        self._now = now

    def series(self, column: str, sifted: Sifted[SeriesPoint], covers: Coverage, *, is_daily: bool) -> Judged:
        """Judge days of a column of crypto_metric; today's answer also by its age, and by how long it is the same."""
        found = findings(fault for fault in sifted.faults if fault.day is None or fault.day >= covers.first)
        notes: tuple[SourceAnswer, ...] = ()
        if is_daily:
            late = stale(column, covers.last, DAILY_RHYTHM, self._now)
            answer = SourceAnswer(column, series_digest(sifted.rows), is_whole=not late)
            found += late + self._still(column, answer, DAILY_RHYTHM)
            notes = (answer,)
        found += self._values(column, sifted.rows)
        told = judged(ISSUES, {column}, found, covers.first, self._now, is_newest=is_daily)
        return told.noting(*notes)

    def snapshot(self, snapshot: MarketSnapshot, ratio: float | None) -> Judged:
        """Judge the top coins, and ETH priced in BTC that follows from them."""
        late = stale(NAMELESS, snapshot.updated_at, SNAPSHOT_RHYTHM, self._now)
        values = sorted((coin.coin_id, coin.price_usd, coin.market_cap, coin.volume_24h) for coin in snapshot.coins)
        answer = SourceAnswer(NAMELESS, digest_of(values), is_whole=not (late or snapshot.faults))
        found = late + self._still(NAMELESS, answer, SNAPSHOT_REST) + _coin_faults(snapshot.faults)
        coins = {subject for coin in snapshot.coins for subject in _subjects(coin.coin_id).values()}
        subjects = coins | {NAMELESS, ETH_BTC.name} | {finding.subject for finding in found}
        if late:
            return judged(ISSUES, subjects, found, NO_DAY, self._now).noting(answer)
        for coin in snapshot.coins:
            found += self._coin(coin.coin_id, [CoinHistoryPoint(coin.date, coin.price_usd, coin.market_cap, None)])
        if ratio is not None:
            found += self._values(ETH_BTC.name, [SeriesPoint(snapshot.date, ratio)])
        return judged(ISSUES, subjects, found, snapshot.date, self._now).noting(answer)

    def history(self, coin_id: str, sifted: Sifted[CoinHistoryPoint], since: date) -> Judged:
        """Judge a coin's past days."""
        found = _coin_faults(fault for fault in sifted.faults if fault.day is None or fault.day >= since)
        found += self._coin(coin_id, sifted.rows)
        return judged(ISSUES, set(_subjects(coin_id).values()), found, since, self._now)

    def totals(self, totals: MarketTotals) -> Judged:
        """Judge the whole market's totals."""
        subjects = {TOTALS, *totals.values}
        late = stale(TOTALS, totals.updated_at, SNAPSHOT_RHYTHM, self._now)
        answer = SourceAnswer(TOTALS, digest_of(sorted(totals.values.items())), is_whole=not late)
        still = self._still(TOTALS, answer, SNAPSHOT_REST)
        if late:
            return judged(ISSUES, subjects, late + still, NO_DAY, self._now).noting(answer)
        found = still
        for column, value in totals.values.items():
            found += self._values(column, [SeriesPoint(totals.date, value)])
        return judged(ISSUES, subjects, found, totals.date, self._now).noting(answer)

    def _still(self, subject: str, answer: SourceAnswer, longest: timedelta) -> tuple[Finding, ...]:
        return stands_still(subject, self._answers.same_since(answer.source, answer.digest), longest, self._now)

    def _values(self, column: str, points: Sequence[SeriesPoint]) -> tuple[Finding, ...]:
        if not points:
            return ()
        before = self._reads.values_before(column, points[0].date, CHANGES)
        return check_values(column, [*before, *points], METRIC_OF[column].rules, points[0].date)

    def _coin(self, coin_id: str, points: Sequence[CoinHistoryPoint]) -> tuple[Finding, ...]:
        if not points:
            return ()
        found: tuple[Finding, ...] = ()
        since = points[0].date
        values = {"price_usd": [(each.date, each.price_usd) for each in points]}
        values["market_cap"] = [(each.date, each.market_cap) for each in points if each.market_cap is not None]
        for column, subject in _subjects(coin_id).items():
            before = self._reads.coin_values_before(coin_id, column, since, CHANGES)
            series = [*before, *(SeriesPoint(day, value) for day, value in values[column])]
            found += check_values(subject, series, PRICE_RULES[column], since)
        return found


def _subjects(coin_id: str) -> Mapping[str, str]:
    """Return the name of each judged column of a coin among the issues."""
    coin = coin_series(coin_id)
    return {column: coin if column == "price_usd" else f"{coin} {column}" for column in PRICE_RULES}


def _coin_faults(faults: Iterable[RowFault]) -> tuple[Finding, ...]:
    return findings(
        fault if fault.subject == NAMELESS else replace(fault, subject=coin_series(fault.subject)) for fault in faults
    )
