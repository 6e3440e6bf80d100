from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import present
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from support import open_store

from tray_app.core.coverage import Coverage
from tray_app.core.events import DataChanged
from tray_app.core.model import Trigger, Window
from tray_app.core.times import utc_date
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.crypto.rows import BITCOIN, CoinDay, CoinHistoryPoint, CoinName, CryptoSource
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.store.series import Provenance
from tray_app.ui.charts.drawing import daily
from tray_app.ui.charts.series import Scale, Span
from tray_app.ui.charts.traces import REBASED_START
from tray_app.ui.pages.crypto.charts import FILE, MOST_COINS, ChartBook, ChartName, saved_choices
from tray_app.ui.pages.crypto.page import CryptoPage
from tray_app.ui.parts.text.links import LinkText

if TYPE_CHECKING:
    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.charts.traces import Line
    from ui.pages.world import World

TODAY = utc_date(present.now())
EVERYTHING = Window(date(2017, 1, 1))


def opened(world: World) -> CryptoPage:
    page = CryptoPage(world.parts)
    world.show(page)
    world.until(lambda: page.is_settled)
    return page


@pytest.fixture
def filled(world: World) -> World:
    world.collect()
    world.collect(Trigger.TRAY, EVERYTHING)
    return world


def plot_of(page: CryptoPage, name: ChartName = ChartName.PRICES) -> Plot:
    chart = page.charts.chart(name)
    assert chart is not None
    assert chart.plot is not None
    return chart.plot


def lines(page: CryptoPage, name: ChartName = ChartName.PRICES) -> dict[str, Line]:
    return {line.key: line for line in plot_of(page, name).shown_lines()}


def source(page: CryptoPage, name: ChartName) -> LinkText:
    chart = page.charts.chart(name)
    assert chart is not None
    return next(one for one in chart.findChildren(LinkText))


def keep_coin(world: World, coin: str, days: list[date]) -> None:
    """Store a coin's snapshots, each taken on its day."""
    with open_store(world.home.root) as database:
        for day in days:
            row = CoinDay(day, coin, coin[:3], coin.title(), 1, 5.0, 1e9, 1e8, None, None, CryptoSource.SNAPSHOT)
            CryptoStore(database).store_snapshot((row,), Provenance(present.now(), 1))


def test_days_without_a_value_are_gaps() -> None:
    start = date(2026, 3, 1)
    days = [start, start + timedelta(days=1), start + timedelta(days=4), start + timedelta(days=5)]
    line = daily("a", "A", days, [1.0, None, 3.0, None])
    assert line.days[0] == (start - date(1970, 1, 1)).days
    np.testing.assert_array_equal(line.values, [1.0, np.nan, np.nan, np.nan, 3.0])
    assert len(daily("a", "A", days, [None] * 4).days) == 0
    assert len(daily("a", "A", [], []).days) == 0


def test_a_coin_that_left_and_came_back_leaves_a_gap(world: World) -> None:
    week = [TODAY - timedelta(days=back) for back in range(7, -1, -1)]
    keep_coin(world, BITCOIN, week)
    keep_coin(world, "ethereum", [*week[:3], *week[6:]])
    keep_coin(world, "solana", week[:4])
    page = opened(world)
    shown = lines(page)
    assert np.isfinite(shown[BITCOIN].values).all()
    assert np.isnan(shown["ethereum"].values).tolist() == [False] * 3 + [True] * 3 + [False] * 2
    assert shown["solana"].name == f"Solana, until {week[3]}"
    assert len(shown["solana"].days) == 4


def test_every_chart_draws_what_is_stored_under_its_source(filled: World) -> None:
    page = opened(filled)
    stored = filled.engine.reads(CRYPTO).metrics()
    assert len(lines(page)[BITCOIN].days) == 365
    fear = lines(page, ChartName.FEAR)["fear_greed_index"]
    assert np.count_nonzero(np.isfinite(fear.values)) == sum(
        row.values["fear_greed_index"] is not None for row in stored
    )
    money = lines(page, ChartName.MONEY)
    assert money["defi_tvl"].values[-1] == stored[-1].values["defi_tvl"]
    assert set(money) == {"defi_tvl", "stablecoin_mcap"}
    assert len(lines(page, ChartName.RATIO)["eth_btc_ratio"].days) == 365
    assert len(lines(page, ChartName.DOMINANCE)["btc_dominance"].days) == 1
    said = {name: source(page, name).accessibleName() for name in ChartName}
    assert said[ChartName.DOMINANCE].startswith("Data provided by CoinGecko. No free history is offered")
    assert said[ChartName.MONEY].startswith("Source: DefiLlama.")
    assert said[ChartName.FEAR] == "Fear & Greed Index: alternative.me."
    assert all('href="https://' in source(page, name).text() for name in ChartName)


def test_the_source_line_says_where_snapshots_begin(filled: World) -> None:
    page = opened(filled)
    said = source(page, ChartName.PRICES).accessibleName()
    assert said.endswith(f"Prices before {TODAY} are of 00:00 UTC, later ones of the hour they were collected.")


def test_days_filled_in_after_snapshots_are_told(world: World) -> None:
    keep_coin(world, BITCOIN, [TODAY - timedelta(days=4), TODAY])
    page = opened(world)
    assert source(page, ChartName.PRICES).accessibleName().endswith("Prices are of the hour they were collected.")
    day = TODAY - timedelta(days=2)
    with open_store(world.home.root) as database:
        point, coin = CoinHistoryPoint(day, 4.0, None, None), CoinName(BITCOIN, "btc", "Bitcoin")
        CryptoStore(database).store_coin_history(coin, [point], Coverage(day, day), Provenance(present.now(), 1))
    page.refresh()
    world.until(lambda: page.is_settled)
    assert "where a day was filled in afterwards" in source(page, ChartName.PRICES).accessibleName()


def test_rebased_lines_start_at_100_in_every_range(filled: World) -> None:
    page = opened(filled)
    plot = plot_of(page)
    assert page.charts.prices.scales.choice() == Scale.REBASED
    for span in (Span.YEAR, Span.DAYS_30):
        page.charts.prices.show_span(span)
        left, _right = plot.visible_days()
        for trace in plot.traces:
            first = trace.heights[(trace.days >= left) & np.isfinite(trace.heights)][0]
            assert first == pytest.approx(REBASED_START)


def test_chosen_coins_scale_and_range_are_remembered(filled: World) -> None:
    page = opened(filled)
    assert list(lines(page)) == ["bitcoin", "ethereum", "ripple", "binancecoin", "solana"]
    page.choose_coins(("monero", BITCOIN))
    filled.click(_segment(page, "Scale: Log"))
    filled.click(_segment(page, "Range: 30d"))
    filled.until(lambda: page.is_settled)
    kept = saved_choices(filled.home.root).read()
    assert (kept.coins, kept.scales, kept.spans) == (("monero", BITCOIN), {"prices": "log"}, {"prices": "30d"})
    again = opened(filled)
    assert list(lines(again)) == ["monero", BITCOIN]
    assert again.charts.prices.scales.choice() == Scale.LOG
    assert again.charts.prices.spans.choice() == Span.DAYS_30
    again.choose_coins(())
    filled.until(lambda: again.is_settled)
    assert saved_choices(filled.home.root).read().coins == ()
    assert not plot_of(again).isVisible()


@pytest.mark.parametrize("text", ["", "[]", '{"coins": 3}', '{"coins": ["gone"], "scales": {"prices": "odd"}}'])
def test_a_damaged_memory_is_forgotten(filled: World, text: str) -> None:
    (filled.home.root / FILE).write_text(text, encoding="utf-8")
    page = opened(filled)
    assert page.charts.prices.scales.choice() == Scale.REBASED
    assert page.charts.prices.spans.choice() == Span.YEAR
    assert page.tiles.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_chooser_searches_takes_eight_and_no_more(filled: World) -> None:
    page = opened(filled)
    panel = page.chooser.panel
    filled.click(page.chooser.button)
    assert panel.isVisible()
    assert page.chooser.button.accessibleName() == "Choose coins, 5 chosen"
    QTest.keyClicks(panel.search, "doge")
    shown = [panel.list.item(place) for place in range(panel.list.count()) if not panel.list.item(place).isHidden()]
    assert [item.text() for item in shown] == ["Dogecoin DOGE"]
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    filled.until(lambda: "dogecoin" in lines(page))
    panel.search.clear()
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert panel.search.hasFocus()
    for name in ("tron", "cardano", "monero"):
        panel.search.setText(name)
        QTest.keyClick(panel.search, Qt.Key.Key_Return)
    filled.until(lambda: page.is_settled)
    assert len(lines(page)) == MOST_COINS
    assert "monero" not in lines(page)
    panel.search.clear()
    item = next(item for item in panel.list.findItems("Bitcoin BTC", Qt.MatchFlag.MatchExactly))
    QTest.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualItemRect(item).center() + QPoint(60, 0)
    )
    filled.until(lambda: page.is_settled)
    assert BITCOIN not in lines(page)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    filled.until(lambda: not panel.isVisible())


def test_a_double_clicked_coin_joins_the_chart(filled: World) -> None:
    page = opened(filled)
    model = page.coins.table.model()
    coins = [str(model.index(row, 1).data()) for row in range(model.rowCount())]
    page.coins.table.setCurrentIndex(model.index(coins.index("Monero XMR"), 1))
    QTest.keyClick(page.coins.table, Qt.Key.Key_Return)
    filled.until(lambda: "monero" in lines(page))
    assert page.chooser.button.text() == "Coins (6)"
    for coin in ("tron", "cardano", "dogecoin"):
        page.add_coin(coin)
    filled.until(lambda: page.is_settled)
    assert len(lines(page)) == MOST_COINS
    assert BITCOIN not in lines(page)


def test_a_flood_of_changes_redraws_only_what_differs(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(filled)
    drawn: list[ChartName] = []
    show = ChartBook._show

    def noting(book: ChartBook, name: ChartName, drawing: object) -> None:
        drawn.append(name)
        show(book, name, drawing)  # type: ignore[arg-type]

    monkeypatch.setattr(ChartBook, "_show", noting)
    plot_of(page).zoom(0.5)
    days = plot_of(page).visible_days()
    for _ in range(200):
        filled.parts.bridge.happened.emit(DataChanged(frozenset({"crypto_price", "crypto_metric"})))
    filled.until(lambda: page.is_settled)
    assert drawn == []
    page.choose_coins((BITCOIN,))
    filled.until(lambda: drawn == [ChartName.PRICES])
    assert plot_of(page).visible_days() == pytest.approx(days)


def test_the_wheel_is_the_pages_until_a_chart_is_clicked(filled: World) -> None:
    page = opened(filled)
    page.activateWindow()
    plot = plot_of(page)

    def is_taken(key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        place, days = QPointF(plot.width() / 2, plot.height() / 2), plot.visible_days()
        where = QPointF(plot.viewport().mapToGlobal(place.toPoint()))
        turn = QPoint(0, -120)
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(place, where, QPoint(), turn, none, key, phase, False)
        QApplication.sendEvent(plot.viewport(), event)
        assert event.isAccepted() == (plot.visible_days() != days)
        return event.isAccepted()

    assert not is_taken()
    assert is_taken(Qt.KeyboardModifier.ControlModifier)
    assert plot.focusPolicy() & Qt.FocusPolicy.TabFocus
    filled.click(plot.viewport())
    filled.until(plot.hasFocus)
    assert is_taken()


def _segment(page: CryptoPage, name: str) -> QPushButton:
    return next(one for one in page.charts.prices.findChildren(QPushButton) if one.accessibleName() == name)
