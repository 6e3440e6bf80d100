from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from shiboken6 import isValid

from tray_app.logs import TAIL_LINES
from tray_app.settings import ThemeChoice
from tray_app.ui.pages.log.page import LogPage
from tray_app.ui.pages.log.view import Level, LineFilter
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QTextBlock

    from ui.pages.world import World

logger = logging.getLogger("tests.log")


@pytest.fixture(autouse=True)
def everything_logged() -> None:
    logger.setLevel(logging.INFO)


@pytest.fixture
def page(world: World) -> LogPage:
    return LogPage(world.parts)


def shown(page: LogPage) -> list[str]:
    return [line.split(": ", maxsplit=1)[-1] for line in page.view.toPlainText().splitlines()]


def last(page: LogPage) -> str:
    return (shown(page) or [""])[-1]


def log_lines(words: str, count: int) -> None:
    for number in range(count):
        logger.info("%s %d", words, number)


def on_another_thread(work: Callable[[], None]) -> None:
    thread = Thread(target=work, name="worker-like")
    thread.start()
    thread.join()


def test_lines_from_before_and_from_other_threads_are_shown(world: World, page: LogPage) -> None:
    logger.info("before the page was opened")
    world.show(page)
    on_another_thread(lambda: logger.info("from another thread"))
    world.until(lambda: shown(page)[-2:] == ["before the page was opened", "from another thread"])
    assert page.count.text() == f"{len(shown(page))} lines"


def test_many_lines_are_shown_in_few_updates(world: World, page: LogPage, monkeypatch: pytest.MonkeyPatch) -> None:
    world.show(page)
    updates: list[int] = []
    add = page.view.add_lines

    def counted(lines: Sequence[str]) -> None:
        updates.append(len(lines))
        add(lines)

    monkeypatch.setattr(page.view, "add_lines", counted)
    on_another_thread(lambda: log_lines("line", 500))
    world.until(lambda: last(page) == "line 499")
    assert sum(updates) >= 500
    assert len(updates) <= 2


def test_no_more_lines_than_the_tail_keeps(world: World, page: LogPage) -> None:
    world.show(page)
    on_another_thread(lambda: log_lines("line", TAIL_LINES + 300))
    world.until(lambda: last(page) == f"line {TAIL_LINES + 299}")
    assert len(shown(page)) == TAIL_LINES
    assert page.count.text() == f"{TAIL_LINES} lines"


def test_text_and_level_narrow_the_lines(world: World, page: LogPage) -> None:
    logger.info("Crypto daily: success")
    logger.warning("api.llama.fi is not working")
    logger.error("crypto: a fault of ours")
    world.show(page)
    page.search.setFocus()
    QTest.keyClicks(page.search, "CRYPTO fault")
    world.until(lambda: shown(page) == ["crypto: a fault of ours"])
    assert page.count.text().startswith("1 of ")
    page.search.clear()
    world.until(lambda: len(shown(page)) >= 3)
    choose(world, page, "Warnings")
    assert shown(page) == ["api.llama.fi is not working", "crypto: a fault of ours"]
    choose(world, page, "Errors")
    assert shown(page) == ["crypto: a fault of ours"]


def test_a_narrowed_log_takes_only_new_lines_that_match(world: World, page: LogPage) -> None:
    world.show(page)
    choose(world, page, "Errors")
    on_another_thread(lambda: logger.info("well"))
    on_another_thread(lambda: logger.error("not well"))
    world.until(lambda: shown(page) == ["not well"])


def test_the_filter_that_finds_nothing_says_so(world: World, page: LogPage) -> None:
    world.show(page)
    page.search.setText("no line holds this")
    world.until(lambda: page.view.placeholderText() == "No line matches the filter.")
    assert not page.view.toPlainText()


def test_a_reader_who_scrolled_away_is_left_in_peace(world: World, page: LogPage) -> None:
    log_lines("line", TAIL_LINES)
    world.show(page)
    world.until(lambda: last(page) == f"line {TAIL_LINES - 1}")
    assert page.view.at_end
    assert not page.newest.isVisible()
    bar = page.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert page.newest.isVisible()
    first = top_line(page)
    on_another_thread(lambda: log_lines("later", 40))
    world.until(lambda: last(page) == "later 39")
    assert top_line(page) == first
    world.click(page.newest)
    assert page.view.at_end
    assert not page.newest.isVisible()


def test_the_end_is_followed(world: World, page: LogPage) -> None:
    world.show(page)
    on_another_thread(lambda: log_lines("line", 200))
    world.until(lambda: last(page) == "line 199")
    assert page.view.at_end
    assert page.view.verticalScrollBar().maximum() > 0


def test_a_hidden_page_does_not_listen_and_shows_all_later(world: World, page: LogPage) -> None:
    world.show(page)
    page.hide()
    on_another_thread(lambda: logger.info("while hidden"))
    assert "while hidden" not in shown(page)
    page.show()
    world.until(lambda: last(page) == "while hidden")


def test_everything_shown_or_the_selection_is_copied(world: World, page: LogPage) -> None:
    logger.info("one")
    logger.info("two")
    world.show(page)
    choose(world, page, "All")
    world.click(page.copy_button)
    assert QGuiApplication.clipboard().text() == page.view.toPlainText()
    cursor = page.view.textCursor()
    cursor.select(cursor.SelectionType.WordUnderCursor)
    page.view.setTextCursor(cursor)
    world.click(page.copy_button)
    assert QGuiApplication.clipboard().text() == cursor.selectedText()


def test_errors_keep_their_colour_in_their_traceback_and_in_another_theme(world: World, page: LogPage) -> None:
    try:
        int("broken")
    except ValueError:
        logger.exception("it failed")
    logger.info("and went on")
    world.show(page)
    last = page.view.document().lastBlock()
    for scheme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        world.parts.style.theme.set_scheme(scheme)
        assert colours(last.previous()) == {world.parts.style.theme.color(Token.ERROR).name()}
        assert colours(last) == {world.parts.style.theme.color(Token.SECONDARY).name()}


def test_a_line_of_a_page_that_is_gone_is_no_error(world: World, page: LogPage) -> None:
    page.show()
    world.qtbot.waitExposed(page)
    page.close()
    page.deleteLater()
    world.until(lambda: not isValid(page))
    on_another_thread(lambda: logger.info("nobody listens"))


def test_words_match_in_any_order_and_case() -> None:
    lines = ["2026-02-19 06:01:00,000 INFO    worker     x: Crypto 다시 시작", "2026-02-19 06:01:00,000 ERROR   t y: z"]
    assert LineFilter("다시 crypto").wanted(lines) == lines[:1]
    assert LineFilter("", Level.WARNING).wanted(lines) == lines[1:]
    assert LineFilter("crypto", Level.ERROR).wanted([*lines, ""]) == []


def choose(world: World, page: LogPage, word: str) -> None:
    from PySide6.QtWidgets import QPushButton

    segment = next(one for one in page.level.findChildren(QPushButton) if one.text() == word)
    world.click(segment)


def top_line(page: LogPage) -> str:
    return page.view.firstVisibleBlock().text()


def colours(block: QTextBlock) -> set[str]:
    return {part.format.foreground().color().name() for part in block.layout().formats()}
