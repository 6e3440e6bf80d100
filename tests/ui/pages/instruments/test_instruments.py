"""The Instruments page on a small exchange: search, candles, adjustment, an index over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.reads import EtfClose
from tray_app.settings import PriceColours
from tray_app.ui.labels import formats
from tray_app.ui.links import CollectLink, InstrumentLink, Link, SettingsLink
from tray_app.ui.pages.instruments.page import InstrumentsPage
from tray_app.ui.pages.instruments.search import listing_of
from tray_app.ui.pages.instruments.view import fund_line
from ui.pages.exchange import SAMSUNG, fill, weekdays

if TYPE_CHECKING:
    from tray_app.ui.charts.candle_plot import CandlePlot
    from ui.pages.world import World

DAYS = weekdays(date(2026, 3, 2), 100)
SPLIT = DAYS[50]


@pytest.fixture
def page(world: World) -> InstrumentsPage:
    return InstrumentsPage(world.parts)


@pytest.fixture
def samsung(world: World, page: InstrumentsPage) -> InstrumentsPage:
    fill(world.home, DAYS)
    opened(world, page)
    page.open_link(InstrumentLink(SAMSUNG))
    world.until(lambda: page.view.picture is not None and page.is_settled)
    return page


def opened(world: World, page: InstrumentsPage) -> None:
    world.show(page)
    world.until(lambda: page.is_settled)


def plot_of(page: InstrumentsPage) -> CandlePlot:
    from tray_app.ui.charts.candle_plot import CandlePlot

    plot = page.view.chart.plot
    assert isinstance(plot, CandlePlot)
    return plot


def names(page: InstrumentsPage) -> list[str]:
    model = page.search.table.model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(("key", "leads_to"), [("", SettingsLink()), ("demo", CollectLink())])
def test_an_empty_store_says_what_to_do(world: World, page: InstrumentsPage, key: str, leads_to: Link) -> None:
    if key:
        world.engine.keep_key("KRX_AUTH_KEY", key)
    opened(world, page)
    assert page.empty.isVisible()
    with world.qtbot.waitSignal(page.link_requested) as wanted:
        page.empty.action_triggered.emit()
    assert wanted.args == [leads_to]


@pytest.mark.parametrize("code", [SAMSUNG[:4], "삼성", ""])
def test_a_link_draws_no_other_issue_than_the_one_it_names(world: World, page: InstrumentsPage, code: str) -> None:
    fill(world.home, DAYS[:3])
    opened(world, page)
    page.open_link(InstrumentLink(code))
    world.until(lambda: page.is_settled and page.search.table.model().rowCount())
    assert not page.view.isVisible()


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (None, 0),
        (DAYS[9], 0),
        (date(2019, 5, 2), 0),
        (date(2019, 5, 1), 1),
        (date(2001, 1, 2), 1),
        (date(1999, 1, 4), 0),
    ],
)
def test_of_listings_with_one_code_a_link_means_that_of_its_day(
    world: World, samsung: InstrumentsPage, day: date | None, place: int
) -> None:
    (living,) = world.engine.reads(KRX).search(SAMSUNG)
    living = replace(living, listing_date=date(2019, 5, 2))
    gone = replace(living, instrument_id=99, listing_date=date(2001, 1, 2), delisting_date=date(2010, 3, 4))
    found = (living, gone, replace(gone, code="005935"))
    assert listing_of(found, InstrumentLink(SAMSUNG, day)) == found[place]
    assert listing_of(found[2:], InstrumentLink(SAMSUNG, day)) is None


def test_issues_are_found_by_code_and_by_name(world: World, page: InstrumentsPage) -> None:
    fill(world.home, DAYS[:3])
    opened(world, page)
    QTest.keyClicks(page.search.field, "0126z")
    world.until(lambda: names(page) == ["신한제99호스팩"])
    page.search.field.setText("성전")
    world.until(lambda: names(page) == ["삼성전자"])
    page.search.field.setText("nobody")
    world.until(lambda: names(page) == [])
    page.search.field.setText("삼성")
    world.until(lambda: names(page) == ["삼성전자"])
    QTest.keyClick(page.search.field, Qt.Key.Key_Return)
    world.until(page.view.isVisible)
    assert page.view.title.text() == "005930 삼성전자"


def test_the_keyboard_leads_from_the_field_to_an_issue(world: World, page: InstrumentsPage) -> None:
    fill(world.home, DAYS[:3])
    opened(world, page)
    QTest.keyClick(page.search.field, Qt.Key.Key_Down)
    QTest.keyClick(page.search.table, Qt.Key.Key_Return)
    world.until(page.view.isVisible)
    assert page.view.title.text().endswith(names(page)[0])


def test_adjusted_prices_have_no_step_and_raw_ones_do(world: World, samsung: InstrumentsPage) -> None:
    picture = samsung.view.picture
    assert picture is not None
    assert picture.raw.close[49] > 4 * picture.raw.close[50]
    assert picture.adjusted.close[49] == pytest.approx(picture.raw.close[49] / 5)
    assert picture.adjusted.volume[0] == picture.raw.volume[0] * 5
    plot = plot_of(samsung)
    low, high = plot.frame.low, plot.frame.high
    samsung.view.basis.choose("raw")
    samsung.view.basis.chosen.emit("raw")
    assert plot.frame.high - plot.frame.low > 4 * (high - low)


def test_the_factors_say_how_they_were_found(samsung: InstrumentsPage) -> None:
    model = samsung.view.factors.model()
    row = [model.index(0, column).data() for column in range(6)]
    assert row[:5] == [SPLIT.isoformat(), "0.200000", "0.200000", "share count: split or merger", "yes"]
    assert "shares 1000000 -> 5000000" in row[5]
    assert samsung.view.title.text() == "005930 삼성전자"
    assert "한국거래소 통계정보" in samsung.view.chart._source.text()


def test_the_crosshair_tells_open_high_low_close_and_volume(samsung: InstrumentsPage) -> None:
    plot = plot_of(samsung)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    spoken = plot.accessibleDescription()
    assert spoken.startswith(DAYS[-1].isoformat())
    assert [word for word in ("Open", "High", "Low", "Close", "Change", "Volume") if word not in spoken] == []
    plot.step(-50)
    assert plot.accessibleDescription().endswith("No trade close carried")


def test_an_index_starts_where_the_price_starts(samsung: InstrumentsPage) -> None:
    samsung.view.benchmark.choose("KOSPI")
    samsung.view.benchmark.chosen.emit("KOSPI")
    plot = plot_of(samsung)
    price, index = plot.traces
    picture = samsung.view.picture
    assert picture is not None
    assert index.heights[0] == pytest.approx(picture.adjusted.close[0])
    assert price.line.name == "삼성전자"
    plot.step(-1)
    assert "KOSPI 2,599.00" in plot.accessibleDescription()
    samsung.view.benchmark.choose("none")
    samsung.view.benchmark.chosen.emit("none")
    assert len(plot.traces) == 1


def test_red_is_up_and_a_setting_swaps_it(world: World, samsung: InstrumentsPage) -> None:
    plot, theme = plot_of(samsung), world.parts.style.theme

    def shows(colour: QColor) -> bool:
        image = plot.grab().toImage()
        return any(
            image.pixelColor(x, y) == colour for x in range(0, image.width(), 1) for y in range(0, image.height(), 3)
        )

    up = theme.price_color(1)
    assert shows(up)
    theme.set_prices(PriceColours.WESTERN)
    assert theme.price_color(1) != up
    assert shows(theme.price_color(1))


def test_the_visible_bars_are_saved_as_csv(samsung: InstrumentsPage) -> None:
    lines = samsung.view.chart.csv_text().splitlines()
    assert lines[0] == "Date,Open,High,Low,Close,Volume"
    assert len(lines) == 1 + len(DAYS)
    halted = next(line for line in lines if line.startswith(DAYS[48].isoformat()))
    assert halted.split(",")[1:4] == ["", "", ""]


def test_an_etf_shows_its_nav_and_premium(world: World, samsung: InstrumentsPage) -> None:
    assert not samsung.view.fund.isVisibleTo(samsung.view)
    picture = samsung.view.picture
    assert picture is not None
    etf = EtfClose(DAYS[-1], 10_500.0, 10_000.0, 131_000_000_000, "KOSPI 200")
    samsung.view.show_picture(replace(picture, etf=etf))
    assert samsung.view.fund.isVisibleTo(samsung.view)
    told = samsung.view.fund.text()
    assert all(part in told for part in ("NAV 10,000.00 KRW", "+5", "131", "KOSPI 200"))
    assert formats.NOTHING in fund_line(replace(etf, nav=None))
