"""Show every part in one window: python tests/ui/parts/gallery.py [light|dark] [parts|table|charts]."""

from __future__ import annotations

import random
import sys
from datetime import UTC, date, datetime, timedelta

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tray_app.paths import resources
from tray_app.settings import ThemeChoice
from tray_app.ui.charts.series import ChartFacts, Scale, Series, banded
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.labels.status import Status, StatusFacts
from tray_app.ui.parts.card.card import Card, CardFacts
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.form.buttons import button, icon_button, primary_button, quiet_button
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.parts.notice.progress import Progress, ProgressFacts
from tray_app.ui.parts.table.model import Kind, ViewColumn
from tray_app.ui.parts.table.view import TableView
from tray_app.ui.style.icons import Icons
from tray_app.ui.style.style import Style
from tray_app.ui.style.theme import Theme

RESOURCES = resources()
NOW = datetime(2026, 2, 19, 0, 1, tzinfo=UTC)


def tiles(style: Style) -> QHBoxLayout:
    row = QHBoxLayout()
    for facts in (
        TileFacts("Total market cap", formats.compact(2.314e12, "$"), "2026-02-19", -1.24),
        TileFacts("비트코인 BTC", formats.price(96412.13, "$"), "2026-02-19", 2.31),
        TileFacts("삼성전자 005930", formats.number(71300), "2026-02-18", 0.42),
        TileFacts("시바이누 SHIB", formats.price(0.00001234, "$"), "2026-02-19", 0.0),
        TileFacts("공포·탐욕 지수", "38 공포", "2026-02-19", -4, "-4"),
    ):
        row.addWidget(Tile(style, facts))
    row.addStretch()
    return row


def cards(style: Style) -> QHBoxLayout:
    row = QHBoxLayout()
    states = (
        ("KRX", Status.MISSING_KEY, "Enter the key in Settings, Keys", "Open settings"),
        ("Crypto", Status.SUCCESS, "Newest data 2026-02-19, 8.5 s, scheduler", "Collect"),
        ("Liquidity", Status.PARTIAL, "FRED skipped: the key is missing", "Collect"),
    )
    for title, status, line, action in states:
        card = Card(style)
        facts = StatusFacts(status, NOW - timedelta(hours=3))
        card.show_facts(CardFacts(title, facts, (line, "Next run today 18:00 KST"), action), NOW)
        row.addWidget(card)
    return row


def chips(style: Style) -> QGridLayout:
    grid = QGridLayout()
    for place, status in enumerate(Status):
        chip = StatusChip(style)
        chip.show_status(StatusFacts(status, NOW - timedelta(minutes=7**place % 9000)), NOW)
        grid.addWidget(chip, place // 6, place % 6)
    return grid


def buttons(style: Style) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(primary_button(style, "Collect now", "collect"))
    row.addWidget(button(style, "Open data folder", "folder"))
    row.addWidget(quiet_button(style, "Copy", "copy"))
    row.addWidget(icon_button(style, "refresh", "Refresh"))
    off = button(style, "Cancel", "cancel")
    off.setEnabled(False)
    row.addWidget(off)
    row.addStretch()
    return row


def coins(style: Style, count: int = 60) -> TableView:
    columns = (
        ViewColumn("#", Kind.NUMBER),
        ViewColumn("Coin", stretch=True),
        ViewColumn("Price", Kind.NUMBER, lambda value: formats.price(value, "$")),
        ViewColumn("24 h", Kind.CHANGE),
        ViewColumn("Market cap", Kind.NUMBER, lambda value: formats.compact(value, "$")),
        ViewColumn("Date", Kind.DATE),
        ViewColumn("State", Kind.STATUS),
    )
    names = ("비트코인", "이더리움", "리플", "솔라나", "도지코인", "Tether", "시바이누", "삼성전자", "체인링크")
    dice = random.Random(3)
    rows = [
        (
            place + 1,
            names[place % len(names)],
            10 ** dice.uniform(-6, 5),
            None if place == 5 else dice.gauss(0, 4),
            10 ** dice.uniform(7, 12.3),
            date(2026, 2, 19) - timedelta(days=place % 4),
            tuple(Status)[place % 5],
        )
        for place in range(count)
    ]
    table = TableView(style, "Coins of the day", columns)
    table.set_rows(rows)
    table.sort_by(4, descending=True)
    table.selectRow(3)
    return table


def parts_page(style: Style) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for layout in (tiles(style), cards(style), chips(style), buttons(style)):
        column.addLayout(layout)
    tables = QHBoxLayout()
    tables.addWidget(coins(style), 3)
    empty = TableView(style, "Issues", (ViewColumn("Code"), ViewColumn("Severity")))
    empty.set_empty("No quality issues yet. Collect a first day of KRX to check it.", "Collect KRX")
    empty.set_rows([])
    tables.addWidget(empty, 2)
    column.addLayout(tables, 1)
    return page


def walk(seed: int, start: float, days: int = 1825, spread: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    last = np.datetime64("2026-02-19")
    values = start * np.exp(np.cumsum(dice.normal(0.0005, spread, days)))
    return last - np.arange(days)[::-1], values


def lines(count: int) -> list[Series]:
    names = ("비트코인", "이더리움", "리플", "솔라나", "도지코인", "시바이누", "체인링크", "삼성전자")
    made = []
    for place in range(count):
        days, values = walk(place, 10 ** (4.5 - place % 6))
        values[900:960] = np.nan
        made.append(Series(f"s{place}", names[place % len(names)] + (f" {place}" if place > 7 else ""), days, values))
    return made


def charts_page(style: Style) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    source = "Source: CoinGecko. Daily values at 00:00 UTC."
    prices = TimeChart(style, ChartFacts("코인 가격, USD", source))
    prices.show_series(lines(4))
    prices.show_scale(Scale.REBASED)
    column.addWidget(prices, 3)
    below = QHBoxLayout()
    fear = TimeChart(style, banded(ChartFacts("공포·탐욕 지수", "Source: alternative.me"), fear_and_greed_bands()))
    days, values = walk(8, 40, 400, 0.06)
    fear.show_series([Series("fng", "공포·탐욕 지수", days, np.clip(values, 4, 96))])
    empty = TimeChart(style, ChartFacts("DeFi TVL", empty="No data yet.", empty_action="Collect crypto"))
    below.addWidget(fear, 3)
    below.addWidget(empty, 2)
    column.addLayout(below, 2)
    return page


def many_page(style: Style) -> QWidget:
    chart = TimeChart(style, ChartFacts("Twenty coins", "Source: CoinGecko"))
    chart.show_series(lines(20))
    chart.show_scale(Scale.LOG)
    return chart


def rest_page(style: Style) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    gauges = QHBoxLayout()
    bands = fear_and_greed_bands()
    gauges.addWidget(Gauge(style, GaugeFacts("공포·탐욕 지수", bands, 38, "2026-02-19", 42)))
    gauges.addWidget(Gauge(style, GaugeFacts("Stress", bands, 81.4, "2026-02-19", 12, 1)))
    gauges.addWidget(Gauge(style, GaugeFacts("Empty", bands, None, "")))
    column.addLayout(gauges)
    for facts in (ProgressFacts("KRX history, KOSPI 2026-02-18", 12, 245, 130.0), ProgressFacts("삼성전자 일별 시세")):
        progress = Progress(style)
        progress.show_progress(facts)
        column.addWidget(progress)
    errors = (
        ErrorFacts("CoinGecko is busy", "It asks to wait 40 s. The run goes on by itself.", "Try again"),
        ErrorFacts(
            "KRX refused the key",
            "The key is not approved for the service KOSPI daily bars. Apply for it on the KRX Open API site.",
            "Open settings",
            "HTTP 401 from data-dbg.krx.co.kr\nrespMsg: Unauthorized API Call",
        ),
    )
    for error in errors:
        panel = ErrorPanel(style)
        panel.show_error(error)
        column.addWidget(panel)
        panel.unfold(unfolded=bool(error.details))
    column.addStretch()
    return page


PAGES = {"rest": rest_page, "parts": parts_page, "charts": charts_page, "many": many_page}


def main(arguments: list[str]) -> int:
    application = QApplication(arguments)
    application.setFont(QFont("Noto Sans CJK KR", 9))
    theme = Theme(application, RESOURCES, ThemeChoice(arguments[1] if len(arguments) > 1 else "light"))
    theme.install()
    style = Style(theme, Icons(RESOURCES / "icons", theme))
    page = PAGES[arguments[2] if len(arguments) > 2 else "parts"](style)
    page.setProperty("role", "page")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.setWindowTitle("Market Tray parts")
    page.resize(1100, 760)
    page.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
