from __future__ import annotations

import math
import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from support import COINGECKO, CRYPTO, FEAR_GREED, LLAMA, a_job, open_store

from tray_app.core.model import RunStatus, Trigger
from tray_app.core.times import utc_date
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.datasets.crypto.metrics import (
    DEFI_TVL,
    DOMINANCE,
    ETH_BTC,
    FEAR_GREED_INDEX,
    MARKET_CAP,
    VOLUME,
    Metric,
)
from tray_app.datasets.crypto.rows import CoinDay, CryptoSource, MarketTotals
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.settings import PriceColours, ThemeChoice
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore
from tray_app.store.series import Provenance
from tray_app.ui.labels import formats
from tray_app.ui.pages.crypto.page import CryptoPage
from tray_app.ui.pages.crypto.tiles import TILED, Reading, tile_facts
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from ui.pages.world import World

TODAY = utc_date(present.now())


def opened(world: World) -> CryptoPage:
    page = CryptoPage(world.parts)
    world.show(page)
    world.until(lambda: page.is_settled)
    return page


def keep_totals(world: World, day: date, totals: tuple[float, float, float], at: datetime | None = None) -> None:
    """Store a day of the market, as a run then would have."""
    with open_store(world.home.root) as database:
        updated_at = datetime.combine(day, time(12), UTC)
        CryptoStore(database).store_totals(MarketTotals(updated_at, *totals), Provenance(at or present.now(), 1))


def tile_text(page: CryptoPage, metric: Metric) -> str:
    return page.tiles.tiles[metric.name].accessibleName()


def cells(page: CryptoPage, column: int) -> list[object]:
    model = page.coins.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_an_empty_store_has_one_sentence_and_one_button_which_collects(world: World) -> None:
    page = opened(world)
    assert page.empty.isVisible()
    assert page.header.line.text() == "Nothing collected yet"
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in buttons] == ["Collect crypto now"]
    assert page.charts.prices.plot is None
    world.work()
    world.click(buttons[0])
    world.until(lambda: page.coins.table.model().rowCount() == 20)
    world.until(lambda: page.header.collect.isVisible() and page.is_settled)
    assert not page.empty.isVisible()
    assert page.header.line.text().startswith("Last collected ")
    assert page.header.line.text().endswith(" (tray) - success")


def test_tiles_show_what_is_stored_with_the_date_of_its_source(world: World) -> None:
    world.collect()
    page = opened(world)
    for metric in TILED:
        newest = world.engine.reads(CRYPTO_DATASET).newest_values(metric.name)[0]
        text = tile_text(page, metric)
        assert text.startswith(f"{metric.column.title}, {formats.formatted(newest.value, metric.column.format)}, ")
        assert text.endswith(f"{newest.date} UTC")
    fear = world.engine.reads(CRYPTO_DATASET).newest_values(FEAR_GREED_INDEX.name)[0]
    assert page.tiles.gauge.accessibleName().startswith(f"Fear & Greed, {fear.value}, ")
    assert f"{fear.date} UTC" in page.tiles.gauge.accessibleName()


def test_changes_are_of_stored_values_against_the_stored_day_before(world: World) -> None:
    keep_totals(world, TODAY - timedelta(days=3), (2e12, 1e11, 54.0))
    keep_totals(world, TODAY, (3e12, 5e10, 54.31))
    page = opened(world)
    assert tile_text(page, MARKET_CAP) == f"Total market cap, $3.00T, +50.00%, {TODAY} UTC"
    assert tile_text(page, VOLUME) == f"Volume, 24 h, $50B, -50.00%, {TODAY} UTC"
    assert tile_text(page, DOMINANCE) == f"Bitcoin dominance, 54.31%, +0.31 pp, {TODAY} UTC"
    tip = page.tiles.tiles[MARKET_CAP.name].toolTip()
    assert f"Compared with $2.00T of {TODAY - timedelta(days=3)}." in tip


def test_a_value_that_is_missing_says_why(world: World) -> None:
    world.server.misbehave.set(LLAMA, Mode.SERVER_ERROR_HTML)
    world.server.misbehave.set(FEAR_GREED, Mode.SERVER_ERROR_HTML)
    world.server.misbehave.set(COINGECKO, Mode.QUOTA_10006, path="/api/v3/global")
    assert world.collect().status is RunStatus.PARTIAL
    page = opened(world)
    missing = formats.NOTHING
    assert tile_text(page, DEFI_TVL) == f"DeFi value locked, {missing}, failed in the last run"
    assert tile_text(page, MARKET_CAP) == f"Total market cap, {missing}, skipped in the last run"
    assert page.tiles.gauge.accessibleName() == "Fear & Greed, –, no value, failed in the last run"
    assert page.tiles.tiles[DEFI_TVL.name].toolTip()
    assert page.header.reason.isVisible()
    assert "DefiLlama" in page.header.reason.text() or LLAMA in page.header.reason.text()
    assert tile_text(page, ETH_BTC).endswith("UTC")


def test_a_metric_without_a_run_or_an_earlier_day_says_so() -> None:
    assert tile_facts(DEFI_TVL, Reading(None, None, "not collected yet")).as_of == "not collected yet"
    assert tile_facts(DEFI_TVL, Reading(None, None)).as_of == "no value was sent"


def test_the_button_becomes_cancel_while_crypto_runs(world: World) -> None:
    world.collect()
    page = opened(world)
    world.work()
    world.hold(LLAMA)
    page.activateWindow()
    page.header.collect.setFocus()
    world.until(page.header.collect.hasFocus)
    world.click(page.header.collect)
    assert page.header.cancel.isVisible()
    assert page.header.cancel.hasFocus()
    world.until(lambda: world.server.count(LLAMA) > 1)
    world.until(lambda: page.header.progress.accessibleName() == "Collecting crypto: 3 of 5")
    assert not page.header.collect.isVisible()
    assert page.header.line.text().endswith("(scheduler) - success")
    world.click(page.header.cancel)
    world.server.stop()
    world.until(lambda: page.header.collect.isVisible() and page.header.line.text().endswith("- cancelled"))
    assert page.header.reason.isVisible()


def test_a_run_of_another_process_cannot_be_cancelled_here(world: World) -> None:
    world.collect()
    other = Database(world.home.database, SCHEMA)
    now = present.now()
    with Leases(world.home.locks, other).held(CRYPTO, "another process", now):
        RunStore(other).start(a_job(trigger=Trigger.MANUAL_CLI), now)
        page = opened(world)
        assert page.header.collect.isVisible()
        assert not page.header.collect.isEnabled()
        assert page.header.collect.toolTip() == "Another process is collecting this"
    other.close_thread()


def test_a_hidden_page_catches_up_when_shown(world: World) -> None:
    page = opened(world)
    page.hide()
    world.collect()
    assert page.empty.isVisibleTo(page)
    page.show()
    world.until(lambda: not page.empty.isVisibleTo(page))


def test_the_table_lists_the_day_and_copies_every_digit(world: World) -> None:
    world.collect()
    page = opened(world)
    stored = world.engine.reads(CRYPTO_DATASET).coins_of(TODAY)
    assert cells(page, 1)[:2] == ["Bitcoin BTC", "Ethereum ETH"]
    assert len(cells(page, 0)) == len(stored) == 20
    page.coins.table.selectRow(0)
    QTest.keyClick(page.coins.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, line = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t") == ["Rank", "Coin", "Price", "24 h", "7 d", "Market cap", "Volume, 24 h"]
    coin = stored[0]
    values = (coin.price_usd, coin.change_24h, coin.change_7d, coin.market_cap, coin.volume_24h)
    assert line.split("\t") == [str(coin.rank), "Bitcoin BTC", *map(formats.exact, values)]


def test_what_the_source_does_not_know_is_a_dash_and_sorts_last(world: World) -> None:
    def coin(name: str, rank: int | None, change: float | None, cap: float | None) -> CoinDay:
        return CoinDay(TODAY, name, name[:3], name, rank, 1.5, cap, None, change, None, CryptoSource.SNAPSHOT)

    coins = (coin("aaa", 1, -1.0, 5e9), coin("bbbb", None, None, None), coin("cccc", 2, 2.0, 7e9))
    with open_store(world.home.root) as database:
        CryptoStore(database).store_snapshot(coins, Provenance(present.now(), 1))
    page = opened(world)
    assert cells(page, 1) == ["cccc CCC", "aaa", "bbbb BBB"]
    assert cells(page, 0) == ["2", "1", "–"]
    assert cells(page, 3) == ["+2.00%", "-1.00%", "–"]
    page.coins.table.sort_by(0)
    assert cells(page, 0) == ["1", "2", "–"]
    page.coins.table.selectRow(2)
    page.coins.table.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "\tbbbb BBB\t1.5\t\t\t\t"


def test_the_table_has_no_blank_rows_and_no_bar_of_its_own(world: World) -> None:
    world.collect()
    page = opened(world)
    table = page.coins.table
    row = table.verticalHeader().defaultSectionSize()
    assert table.viewport().height() == 20 * row
    assert table.verticalScrollBar().maximum() == 0


def test_restated_values_are_told(world: World) -> None:
    day = TODAY - timedelta(days=9)
    keep_totals(world, day, (2e12, 1e11, 54.0))
    page = opened(world)
    assert not page.header.notes.isVisible()
    keep_totals(world, day, (2.5e12, 1e11, 54.5))
    page.refresh()
    world.until(lambda: page.is_settled)
    assert page.header.notes.text() == "2 stored values were changed by the sources."


def test_an_unreadable_store_is_told_calmly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(world)
    broken = pytest.MonkeyPatch()
    broken.setattr(world.engine, "overview", lambda: (_ for _ in ()).throw(sqlite3.OperationalError("disk I/O error")))
    page.refresh()
    world.until(page.error.isVisible)
    assert page.error.accessibleName() == "Error: The crypto data could not be read"
    assert "disk I/O error" in page.error.accessibleDescription()
    broken.undo()
    world.click(next(one for one in page.error.findChildren(QPushButton) if one.text() == "Try again"))
    world.until(lambda: page.is_settled)
    assert not page.error.isVisible()


def test_every_control_has_a_name_and_follows_the_theme(world: World) -> None:
    world.collect()
    page = opened(world)
    controls = [one for one in page.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(controls) > 30
    assert [one for one in controls if one.isVisible() and not one.accessibleName()] == []
    light = page.grab().toImage()
    world.parts.style.theme.set_scheme(ThemeChoice.DARK)
    assert page.grab().toImage().pixelColor(2, 2) != light.pixelColor(2, 2)


def test_rising_and_falling_take_the_chosen_colours(world: World) -> None:
    keep_totals(world, TODAY - timedelta(days=1), (2e12, 1e11, 54.0))
    keep_totals(world, TODAY, (3e12, 5e10, 54.0))
    page = opened(world)

    def has(metric: Metric, token: Token) -> bool:
        image, colour = page.tiles.tiles[metric.name].grab().toImage(), world.parts.style.theme.color(token)
        return any(image.pixelColor(x, y) == colour for x in range(image.width()) for y in range(image.height()))

    assert has(MARKET_CAP, Token.UP)
    assert has(VOLUME, Token.DOWN)
    korean = world.parts.style.theme.color(Token.UP)
    world.parts.style.theme.set_prices(PriceColours.WESTERN)
    assert world.parts.style.theme.color(Token.UP) != korean
    assert has(MARKET_CAP, Token.UP)


def test_a_narrow_window_scrolls_down_and_never_sideways(world: World) -> None:
    world.collect()
    page = opened(world)
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    page.resize(900 - world.parts.style.theme.metrics.navigation_width, 600)
    world.until(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0
    assert math.isclose(page.tiles.gauge.width(), page.tiles.gauge.minimumWidth())
