"""One issue: its bars as traded or adjusted, an index over them, and the factors behind the adjustment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.charts.candle_chart import CandleChart
from tray_app.ui.charts.series import ChartFacts, Scale, Span
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.labels import formats
from tray_app.ui.pages.instruments.data import Benchmark, issue_life, issue_title, method_word
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import SPACE, column, row
from tray_app.ui.parts.layout.flow import FlowLayout
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.view import TableView
from tray_app.ui.parts.text.texts import SECONDARY, heading, label, paragraph, set_tone, tone_of_change
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from tray_app.datasets.krx.reads import EtfClose, StoredFactor
    from tray_app.ui.charts.bars import Bars
    from tray_app.ui.pages.instruments.data import IssuePicture
    from tray_app.ui.style.style import Style

RAW, ADJUSTED, NONE = "raw", "adjusted", "none"
WHOLE_WON = 1_000
FACTORS_SEEN = 5


class IssueView(QWidget):
    """Shows what was read of an issue."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: IssuePicture | None = None
        self.title = heading(style, size=FontSize.TITLE)
        self.last_close = label(style)
        self.last_close.setFont(style.theme.font(FontSize.TITLE, strong=True, tabular=True))
        self.change = label(style)
        self.life = label(style, tone=SECONDARY)
        self.fund = label(style, tone=SECONDARY)
        self.basis = SegmentedControl(style, tr("Prices"), ((ADJUSTED, tr("Adjusted")), (RAW, tr("As traded"))))
        indices = ((NONE, tr("No index")), *((each.value, each.word) for each in Benchmark))
        self.benchmark = SegmentedControl(style, tr("Index over the prices"), indices)
        facts = ChartFacts(
            tr("Price (KRW) and volume"),
            tr("Source: 한국거래소 통계정보"),
            tr("No session of this issue is stored."),
            scales=(Scale.LINEAR, Scale.LOG),
            value_format=won,
            on_scrolled_page=True,
        )
        self.chart = CandleChart(style, facts)
        self.factors_title = heading(style)
        self.factors = TableView(style, tr("Adjustment factors"), _factor_columns())
        self.hint = paragraph(style, tone=SECONDARY)
        self._arrange(style)
        self.basis.choose(ADJUSTED)
        self.benchmark.choose(NONE)
        self.chart.show_span(Span.YEAR)
        self.basis.chosen.connect(lambda _key: self._draw())
        self.benchmark.chosen.connect(lambda _key: self._draw())

    def show_picture(self, picture: IssuePicture) -> None:
        """Show an issue."""
        self.picture = picture
        self.title.setText(issue_title(picture.issue))
        self.life.setText(issue_life(picture.issue))
        self.fund.setText(fund_line(picture.etf) if picture.etf is not None else "")
        self.fund.setVisible(picture.etf is not None)
        self._show_last(picture.raw)
        self._show_factors(picture.factors)
        self._draw()

    def _draw(self) -> None:
        picture = self.picture
        if picture is None:
            return
        bars = picture.raw if self.basis.choice() == RAW else picture.adjusted
        chosen = self.benchmark.choice() or NONE
        overlay = picture.benchmarks.get(Benchmark(chosen)) if chosen != NONE else None
        self.chart.show_bars(bars, picture.issue.name, [overlay] if overlay is not None else [])
        self.chart.setAccessibleName(tr("Prices of {title}", title=issue_title(picture.issue)))

    def _show_last(self, bars: Bars) -> None:
        close = float(bars.close[-1]) if len(bars.close) else None
        before = float(bars.close[-2]) if len(bars.close) > 1 else None
        # A day with a factor has another base than the close before it.
        base = before if before and not self._has_factor_on_last_day(bars) else None
        change = (close / base - 1) * 100 if close is not None and base else None
        self.last_close.setText(tr("{price} KRW", price=won(close)) if close is not None else formats.NOTHING)
        self.change.setText(formats.percent(change) if change is not None else "")
        set_tone(self.change, tone_of_change(change))

    def _has_factor_on_last_day(self, bars: Bars) -> bool:
        last = day_of(float(bars.days[-1]))
        return self.picture is not None and any(each.trade_date == last for each in self.picture.factors)

    def _show_factors(self, factors: tuple[StoredFactor, ...]) -> None:
        self.factors_title.setText(tr("Adjustment factors"))
        self.factors.setVisible(bool(factors))
        self.factors.set_rows([_factor_row(each) for each in reversed(factors)])
        row = self.factors.verticalHeader().defaultSectionSize()
        around = self.factors.horizontalHeader().height() + 2 * self.factors.frameWidth()
        bar = self.factors.horizontalScrollBar().sizeHint().height()
        self.factors.setFixedHeight(min(len(factors) or 1, FACTORS_SEEN) * row + around + bar)
        self.hint.setText(
            tr("Prices before a day are multiplied with its factor; volumes only when the number of shares changed.")
            if factors
            else tr("No split, merger or rights issue in the stored sessions: adjusted prices equal those traded.")
        )

    def _arrange(self, style: Style) -> None:
        metrics = style.theme.metrics
        controls = QWidget()
        flow = FlowLayout(controls, metrics.small)
        for control in (self.basis, self.benchmark):
            flow.addWidget(control)
        column(
            row(self.title, self.life, SPACE, self.last_close, self.change, gap=metrics.small),
            self.fund,
            controls,
            self.chart,
            self.factors_title,
            self.hint,
            self.factors,
            gap=metrics.small,
            inside=self,
        )


def won(value: float) -> str:
    """Return a price in won: whole as traded, with decimals where adjusting made a small price uneven."""
    return formats.plain(value, 0 if abs(value) >= WHOLE_WON or value == round(value) else 2)


def fund_line(etf: EtfClose) -> str:
    """Return what an ETF is worth on its last session, how far its close is from that, and what it follows."""
    premium = etf.premium
    return tr(
        "{day}: NAV {nav}, premium {premium}, net assets {assets}, follows {index}",
        day=formats.day(etf.trade_date),
        nav=formats.NOTHING if etf.nav is None else tr("{price} KRW", price=formats.plain(etf.nav, 2)),
        premium=formats.NOTHING if premium is None else formats.percent(100 * premium),
        assets=formats.NOTHING if etf.net_assets is None else tr("{price} KRW", price=formats.compact(etf.net_assets)),
        index=etf.underlying_index or formats.NOTHING,
    )


def _factor_columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Day"), Kind.DATE),
        ViewColumn(tr("Factor"), Kind.NUMBER, lambda value: formats.plain(value, 6)),
        ViewColumn(tr("Shares"), Kind.NUMBER, lambda value: formats.plain(value, 6)),
        ViewColumn(tr("Found by")),
        ViewColumn(tr("Sure")),
        ViewColumn(tr("From"), stretch=True),
    )


def _factor_row(each: StoredFactor) -> Row:
    sure = tr("check") if each.is_flagged else tr("yes")
    return each.trade_date, each.factor, each.share_factor, method_word(each.method), sure, each.inputs
