"""How old every series is, and why one is not newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tray_app.core.model import StepStatus
from tray_app.core.words import tr
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.dataset import FRED, LIQUIDITY, PRICE
from tray_app.datasets.liquidity.rules.business_days import BusinessDays
from tray_app.datasets.liquidity.rules.inputs import INPUT_SERIES
from tray_app.ui.labels import formats
from tray_app.ui.labels.status import Status
from tray_app.ui.pages.liquidity.data import lack_of_index
from tray_app.ui.pages.liquidity.section import Section
from tray_app.ui.pages.liquidity.words import index_credit
from tray_app.ui.parts.layout.boxes import add
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.texts import SECONDARY, heading, paragraph
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.datasets.liquidity.catalogue import MacroSeries
    from tray_app.datasets.liquidity.reads import LiquidityReads, StoredSeries
    from tray_app.ui.dataset_page.facts import CollectFacts
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.style.style import Style

STEPS = {Provider.FRED: FRED, Provider.YAHOO: PRICE}
WANTING = frozenset({Status.STALE, Status.MISSING})
WORST_FIRST = (Status.MISSING, Status.STALE, Status.CURRENT, Status.ENDED)


@dataclass(frozen=True, slots=True)
class InputAge:
    """A series of the catalogue, its newest value, its age in business days, and why it is not newer."""

    series: MacroSeries
    stored: StoredSeries | None
    age: int | None
    status: Status
    reason: str

    @property
    def newest(self) -> date | None:
        """Return the date of the newest value."""
        return self.stored.newest if self.stored else None


def take_ages(reads: LiquidityReads, facts: CollectFacts) -> tuple[InputAge, ...]:
    """Read how old every series is, the worst first; not for the UI thread."""
    stored = {each.series_id: each for each in reads.series()}
    today = facts.now.date()
    dates = [each.newest for each in stored.values() if each.newest]
    days = BusinessDays(min([today, *dates]) - timedelta(days=7), max([today, *dates]))
    ages = [_age(series, stored.get(series.series_id), facts, days) for series in catalogue()]
    return tuple(sorted(ages, key=lambda each: WORST_FIRST.index(each.status)))


def _age(series: MacroSeries, stored: StoredSeries | None, facts: CollectFacts, days: BusinessDays) -> InputAge:
    newest = stored.newest if stored else None
    if newest is None:
        return InputAge(series, stored, None, Status.MISSING, _reason(series.provider, facts) or tr("Never stored."))
    today = facts.now.date()
    age = max(0, days.at_or_before(today.toordinal()) - days.at_or_before(newest.toordinal()))
    if series.ended:
        return InputAge(series, stored, age, Status.ENDED, tr("Its source has ended this series."))
    if age <= series.lag + series.carry:
        return InputAge(series, stored, age, Status.CURRENT, "")
    return InputAge(
        series, stored, age, Status.STALE, _reason(series.provider, facts) or tr("Its source has sent nothing newer.")
    )


def _reason(provider: Provider, facts: CollectFacts | None) -> str:
    """Return why the last run brought nothing of a source."""
    step = facts.step(STEPS[provider]) if facts else None
    return step.note if step is not None and step.status is not StepStatus.SUCCESS else ""


def _source_text(provider: Provider, facts: CollectFacts | None) -> str:
    reason, names = _reason(provider, facts), {Provider.FRED: "FRED", Provider.YAHOO: "Yahoo"}
    return tr("{source} in the last run: {reason}", source=names[provider], reason=reason) if reason else ""


class InputsSection(Section):
    """A table of every series that is collected; the stale ones stand first."""

    tables = frozenset({"macro_series", "macro_observation"})

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = parts.style
        self._facts: CollectFacts | None = None
        self._ages: tuple[InputAge, ...] = ()
        self.summary = paragraph(style, tone=SECONDARY)
        self.reasons = paragraph(style, tone="attention")
        self.reasons.hide()
        self.table = PageTable(style, tr("Ages of the inputs"), _columns(style))
        self._query = self.query(self.show_ages)
        credit = LinkText(style, index_credit(), FontSize.ATTRIBUTION)
        add(self.column, heading(style, tr("Age of every input")), self.summary, self.reasons, self.table, credit)
        self.table.row_activated.connect(self._follow)
        self.table.empty_action_triggered.connect(self.follow_lack)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing."""
        self._facts = facts.collector
        self._lack = lack_of_index(facts)
        self.table.set_empty(self._lack.sentence, self._lack.action)

    def refresh(self) -> None:
        """Read the ages anew."""
        reads, facts = self.parts.engine.reads(LIQUIDITY), self._facts
        if facts is not None:
            self._query.ask(lambda: take_ages(reads, facts))

    def show_ages(self, ages: Sequence[InputAge]) -> None:
        """Show other ages."""
        self._ages = tuple(ages)
        stale = sum(each.status in WANTING for each in ages)
        current = sum(each.status is Status.CURRENT for each in ages)
        self.summary.setText(
            tr(
                "{current} of {count} series are current, {stale} stale or missing. Age: business days since the date"
                " of the newest value. Enter or a click on the id draws a series.",
                current=current,
                count=len(ages),
                stale=stale,
            )
        )
        # A step's reason is the same for all its series, and longer than a cell.
        reasons = [text for provider in Provider if (text := _source_text(provider, self._facts))]
        self.reasons.setText("\n".join(reasons))
        self.reasons.setVisible(bool(reasons))
        self.table.set_rows([_row(each) for each in ages])

    def _follow(self, place: int) -> None:
        age = self._ages[place]
        self.series_requested.emit((age.series.series_id,), age.newest)


def _columns(style: Style) -> tuple[ViewColumn, ...]:
    least = style.theme.metrics.tile_width + style.theme.metrics.wide
    return (
        ViewColumn(tr("Series"), Kind.LINK),
        ViewColumn(tr("Title"), stretch=True, least=least),
        ViewColumn(tr("State"), Kind.STATUS),
        ViewColumn(tr("Newest"), Kind.DATE),
        ViewColumn(tr("Age"), Kind.NUMBER, tooltip=tr("Business days since the date of the newest value")),
        ViewColumn(tr("Value"), Kind.NUMBER, formats.price),
        ViewColumn(tr("Unit")),
        ViewColumn(tr("Why"), stretch=True, least=least),
    )


def _row(age: InputAge) -> Row:
    series = age.series
    beside = "" if series.series_id in INPUT_SERIES else tr("beside the index")
    return (
        series.series_id,
        series.title,
        age.status,
        age.newest,
        age.age,
        age.stored.newest_value if age.stored else None,
        series.units,
        age.reason or beside,
    )
