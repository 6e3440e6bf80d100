"""Answers that come late, out of order, or after the page was left: no page ends up with another's contents."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tray_app.core.events import EngineChanged
from tray_app.core.model import Window
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.datasets.options import OPTIONS
from tray_app.ui.links import CollectLink, InstrumentLink
from tray_app.ui.pages.collect.page import CollectPage
from tray_app.ui.pages.collect.plan import take_plan
from tray_app.ui.pages.crypto.page import CryptoPage
from tray_app.ui.pages.export.page import ExportPage
from tray_app.ui.pages.export.wizard_pages import estimate_text, saved_choices
from tray_app.ui.pages.instruments.data import take_found
from tray_app.ui.pages.instruments.page import InstrumentsPage
from tray_app.ui.pages.liquidity.page import LiquidityPage
from tray_app.ui.pages.liquidity.sections import SectionName
from tray_app.ui.pages.liquidity.tone import ToneSection
from tray_app.ui.pages.log.page import LogPage
from tray_app.ui.pages.log.view import Level, LineFilter
from tray_app.ui.pages.settings.page import SettingsPage
from tray_app.ui.pages.status.issues import take_issues
from tray_app.ui.pages.status.page import StatusPage
from ui.pages.exchange import NAMES, fill, keep_issues, weekdays
from ui.pages.exporting import CRYPTO
from ui.pages.races import Race
from ui.pages.stress_days import Filling, stress_days
from ui.pages.stress_days import fill as fill_liquidity

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tray_app.ui.charts.time_chart import TimeChart
    from tray_app.ui.page import Page
    from tray_app.ui.parts.form.fields import ComboField
    from tray_app.ui.parts.form.segmented import SegmentedControl
    from ui.pages.world import World

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
DAYS = weekdays(date(2026, 7, 1), 30)


def lines_of(chart: TimeChart | None) -> list[str]:
    return [line.key for line in chart.plot.shown_lines()] if chart is not None and chart.plot is not None else []


def test_instruments(world: World) -> None:
    fill(world.home, DAYS)
    race = Race(world, InstrumentsPage)
    page = race.page
    assert isinstance(page, InstrumentsPage)
    led: list[str] = []

    def lead(dice: Random) -> None:
        led[:] = [dice.choice(list(NAMES))]
        page.open_link(InstrumentLink(led[0]))

    def write(dice: Random) -> None:
        led.clear()
        page.search.field.setText(dice.choice(["", "005930", "03542", "삼성", "네이버", "nobody"]))

    def take_first(_dice: Random) -> None:
        led.clear()
        QTest.keyClick(page.search.field, Qt.Key.Key_Return)

    def choose(dice: Random) -> None:
        led.clear()
        page.search._choose(dice.randrange(3))

    def check() -> None:
        text = page.search.field.text().strip()
        found = take_found(world.engine, text)
        model = page.search.table.model()
        assert [model.index(row, 0).data() for row in range(model.rowCount())] == [each.code for each in found.issues]
        if led:
            assert page.view.isVisible()
            assert page.view.title.text() == f"{led[0]} {NAMES[led[0]]}"
        picture = page.view.picture
        if page.view.isVisible():
            assert picture is not None
            assert picture.issue == page._issue
            assert page.view.title.text().startswith(picture.issue.code)

    race.moves = {"lead": lead, "write": write, "enter": take_first, "choose": choose, "refresh": refresh(page)}
    race.check = check
    race.run()


def refresh(page: Page) -> Callable[[Random], None]:
    return lambda _dice: page.refresh()


def test_status(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Coverage is read again and again here; a quarter of it is coverage too.
    monkeypatch.setattr("tray_app.ui.pages.status.coverage.EARLIEST", date(2026, 6, 1))
    fill(world.home, DAYS, DAYS[20], DAYS[10])
    keep_issues(world.home, DAYS[-1])
    race = Race(world, StatusPage)
    page = race.page
    assert isinstance(page, StatusPage)
    issues = page.krx.issues

    def choose_kind(dice: Random) -> None:
        if issues.groups.model().rowCount():
            issues.groups.selectRow(dice.randrange(issues.groups.model().rowCount()))

    def choose_severity(dice: Random) -> None:
        press(issues.severities, dice.choice(["all", "ERROR", "WARN", "INFO"]))

    def acknowledge(_dice: Random) -> None:
        if issues._facts.issues:
            issues.acknowledged.emit(issues._facts.issues[:1], "seen")

    def check() -> None:
        wanted, severity, open_only = issues.choice
        expected = take_issues(world.engine, wanted, severity, open_only=open_only)
        assert issues._facts == expected
        model = issues.table.model()
        details = [model.index(row, 2).data() for row in range(model.rowCount())]
        assert sorted(details) == sorted(each.detail for each in expected.issues)
        assert {name: card.activity.value for name, card in page.cards.items()} == {
            "liquidity": "idle",
            "crypto": "idle",
            "news": "idle",
            "krx": "wants_key",
        }

    race.moves = {
        "kind": choose_kind,
        "severity": choose_severity,
        "state": lambda dice: press(issues.states, dice.choice(["open", "all"])),
        "acknowledge": acknowledge,
        "refresh": refresh(page),
        "event": lambda _dice: page.on_event(EngineChanged()),
    }
    race.check = check
    race.run()


def press(control: SegmentedControl, key: str) -> None:
    """Choose as a click does."""
    control.choose(key)
    control.chosen.emit(key)


def test_crypto(world: World) -> None:
    world.collect()
    race = Race(world, CryptoPage)
    page = race.page
    assert isinstance(page, CryptoPage)
    coins = [coin.coin_id for coin in world.engine.reads(CRYPTO_DATASET).coin_names()]

    def check() -> None:
        assert page._choices is not None
        wanted = page._choices.coins
        assert wanted is None or page._coins_shown == wanted
        assert lines_of(page.charts.prices) == list(page._coins_shown)
        assert page.chooser.button.text() == f"Coins ({len(page._coins_shown)})"

    race.moves = {
        "coins": lambda dice: page.choose_coins(tuple(dice.sample(coins, dice.randint(1, 4)))),
        "add": lambda dice: page.add_coin(dice.choice(coins)),
        "refresh": refresh(page),
        "event": lambda _dice: page.on_event(EngineChanged()),
    }
    race.check = check
    race.run()


def test_liquidity(world: World) -> None:
    today = present.now().date()
    filling = Filling(today, days=150, headlines=10, documents=5)
    fill_liquidity(world.home.root, filling)
    race = Race(world, LiquidityPage)
    page = race.page
    assert isinstance(page, LiquidityPage)
    sections = page.sections
    days = [day.date for day in stress_days(filling)]
    series = ("SOFR", "EFFR", "BAA10Y", "^VIX", "DGS10", "^GSPC", "RRPONTSYD")
    chosen_day: list[date] = []

    def choose_day(dice: Random) -> None:
        sections.show_section(SectionName.INDEX)
        chosen_day[:] = [dice.choice(days)]
        sections.index.choose_day(chosen_day[0])

    def step(dice: Random) -> None:
        chosen_day.clear()
        sections.index._step(dice.choice([-1, 0, 1]))

    def choose_document(dice: Random) -> None:
        tone = sections.section(SectionName.TONE)
        assert isinstance(tone, ToneSection)
        if tone._documents:
            tone._choose(dice.randrange(len(tone._documents)))

    def check() -> None:
        day = sections.index._day
        if chosen_day:
            assert day == chosen_day[0]
        assert day is None or str(day) in sections.index.breakdown.title.text()
        raw = sections.raw
        if sections.shown is SectionName.RAW:
            drawn = [key for chart in raw.charts.values() if chart.isVisible() for key in lines_of(chart)]
            assert sorted(drawn) == sorted(raw._chosen)
            assert raw.chooser.button.text() == f"Series ({len(raw._chosen)})"
        tone = sections.section(SectionName.TONE)
        assert isinstance(tone, ToneSection)
        if tone._url:
            read = tone.sentences._read
            assert read is None or read.document.url == tone._url
            assert read is None or tone.sentences.link.toolTip() == tone._url

    race.moves = {
        "section": lambda dice: sections.show_section(dice.choice(list(SectionName))),
        "series": lambda dice: sections.raw.choose(dice.sample(series, dice.randint(1, 3))),
        "lead": lambda dice: sections.show_series((dice.choice(series),), dice.choice(days)),
        "day": choose_day,
        "step": step,
        "document": choose_document,
        "refresh": refresh(page),
    }
    race.check = check
    race.run()


def test_collect(world: World) -> None:
    world.engine.keep_key("KRX_AUTH_KEY", "demo")
    fill(world.home, DAYS, hole=DAYS[5])
    race = Race(world, CollectPage)
    page = race.page
    assert isinstance(page, CollectPage)

    def show_range(dice: Random) -> None:
        first = dice.choice(DAYS)
        page.form.show_range(first, first + timedelta(days=dice.randint(-1, 9)))

    def empty_field(_dice: Random) -> None:
        page.form.first.line.clear()
        page.form.first.changed.emit()

    def lead(dice: Random) -> None:
        day = dice.choice(DAYS)
        page.open_link(CollectLink("krx", Window(day, day)))

    def lead_again(dice: Random) -> None:
        day = dice.choice(DAYS)
        page.open_link(CollectLink("krx", Window(day, day + timedelta(days=3), again_since=world.engine.now())))

    def check() -> None:
        combo = page.form.subjects.combo
        offered = [str(combo.itemData(place)) for place in range(combo.count())]
        assert offered == ["", *(each.key for each in world.engine.subjects(page.form.dataset.name))]
        window = page.form.window_of_fields()
        if window is None:
            assert page.plan.sentence.text() == "Fill in the days to see what it takes."
            assert not page.plan.start.isEnabled()
            return
        plan = take_plan(world.engine, page.form.dataset.name, window)
        assert page.plan.sentence.text() == plan.sentence
        assert tuple(page.plan.facts.texts()) == plan.facts
        assert page.plan.start.isEnabled() is plan.can_start
        assert page.progress.isHidden()

    race.moves = {
        "dataset": lambda dice: press(page.form.datasets, dice.choice(["krx", "crypto", "liquidity"])),
        "range": show_range,
        "empty": empty_field,
        "lead": lead,
        "lead again": lead_again,
        "again": lambda _dice: page.form.again.click(),
        "subject": lambda dice: page.form.subjects.combo.setCurrentIndex(
            dice.randrange(page.form.subjects.combo.count())
        ),
        "refresh": refresh(page),
        "event": lambda _dice: page.on_event(EngineChanged()),
    }
    race.check = check
    race.run()


def test_export(world: World) -> None:
    world.collect()
    saved_choices(world.home.root).write(CRYPTO)
    race = Race(world, ExportPage)
    page = race.page
    assert isinstance(page, ExportPage)
    page.open_wizard()
    wizard = page.wizard
    assert wizard is not None

    def to_options(_dice: Random) -> None:
        if wizard.currentPage() in {wizard.what, wizard.dates}:
            wizard.next()

    def check() -> None:
        if wizard.currentPage() is wizard.how:
            estimate = world.engine.exports.estimate(wizard.how.request())
            assert wizard.how.estimate.text() == estimate_text(estimate)
        assert [job.job_id for job in page._facts.jobs] == [job.job_id for job in world.engine.exports.jobs()]
        assert not wizard.how.query.is_busy

    def change_days(dice: Random) -> None:
        if wizard.currentPage() is wizard.how:
            wizard.back()
        if wizard.currentPage() is wizard.dates:
            wizard.dates.first.line.setText(str(present.now().date() - timedelta(days=dice.randint(0, 3))))

    race.moves = {
        "next": to_options,
        "days": change_days,
        "preset": lambda dice: press_combo(wizard.how.preset, dice),
        "refresh": refresh(page),
    }
    race.check = check
    race.run()
    wizard.close()


def press_combo(field: ComboField, dice: Random) -> None:
    """Choose another entry."""
    field.combo.setCurrentIndex(dice.randrange(field.combo.count()))


def test_settings(world: World) -> None:
    race = Race(world, SettingsPage)
    page = race.page
    assert isinstance(page, SettingsPage)
    names = ("krx_etfs", "fred_without_key", "history_on_first_run")
    secrets = map(str, count())

    def keep(dice: Random) -> None:
        row = page.keys[dice.choice(["KRX_AUTH_KEY", "FRED_API_KEY"])]
        row.field.setText(f"key-{next(secrets)}")
        row.keep_button.click()

    def check() -> None:
        settings = world.engine.settings.settings
        for name in names:
            assert page.options[name].control().isChecked() is settings.value(OPTIONS[name])  # type: ignore[attr-defined]
        for state in world.engine.key_states():
            assert page.keys[state.name]._place is state.place

    race.moves = {
        "switch": lambda dice: page.options[dice.choice(names)].control().click(),  # type: ignore[attr-defined]
        "keep": keep,
        "delete": lambda dice: page.keys[dice.choice(list(page.keys))].delete_button.click(),
        "refresh": refresh(page),
        "event": lambda _dice: page.on_event(EngineChanged()),
    }
    race.check = check
    race.run()


def test_log(world: World) -> None:
    race = Race(world, LogPage)
    page = race.page
    assert isinstance(page, LogPage)
    numbers = count()
    logger = logging.getLogger("tray_app.race")

    def check() -> None:
        wanted = LineFilter(page.search.text(), Level(page.level.choice() or Level.ALL))
        lines, _position = world.parts.log_tail.since(0)
        shown = page.view.toPlainText()
        assert shown.split("\n" if shown else None) == list(wanted.wanted(lines))

    race.moves = {
        "line": lambda dice: logger.log(dice.choice([logging.WARNING, logging.ERROR]), "line %d", next(numbers)),
        "filter": lambda dice: page.search.setText(dice.choice(["", "1", "line 2"])),
        "level": lambda dice: press(page.level, dice.choice(list(Level))),
        "refresh": refresh(page),
    }
    race.check = check
    race.run()
