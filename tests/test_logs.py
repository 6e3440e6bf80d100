"""Logs: a file a day, compressed, a month kept, no secret in any line; the tail in memory."""

import gzip
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support import SECRET

from tray_app.logs import DailyCompressedFile, LogTail, start_logging, stop_logging

NAME = "market-tray.log"
logger = logging.getLogger("tray_app.test")


@pytest.fixture(autouse=True)
def no_logging_left() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    stop_logging()
    logging.getLogger().setLevel(level)


def log_of(folder: Path) -> str:
    return (folder / NAME).read_text(encoding="utf-8")


def a_day_later(handler: DailyCompressedFile) -> None:
    """Let the handler believe that the next midnight has passed."""
    handler.rolloverAt -= 24 * 60 * 60


def days(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != NAME)


def test_lines_go_to_the_file_and_the_tail(tmp_path: Path) -> None:
    heard: list[str] = []
    tail = start_logging(tmp_path / "logs", 30, tuple)
    forget = tail.subscribe(heard.append)
    logger.info("한국어 %d", 1)
    logger.debug("not this")
    forget()
    logger.info("two")
    [first, second] = log_of(tmp_path / "logs").splitlines()
    assert "INFO" in first
    assert "한국어 1" in first
    assert tail.lines() == (first, second)
    assert heard == [first]


def test_stop_takes_only_our_own_handlers_away(tmp_path: Path) -> None:
    other = logging.StreamHandler()
    logging.getLogger().addHandler(other)
    try:
        before = list(logging.getLogger().handlers)
        start_logging(tmp_path, 30, tuple)
        stop_logging()
        assert logging.getLogger().handlers == before
    finally:
        logging.getLogger().removeHandler(other)


def test_secrets_are_struck_out_of_every_line_and_traceback(tmp_path: Path) -> None:
    secrets: list[str] = []
    tail = start_logging(tmp_path, 30, lambda: secrets)
    secrets += [SECRET[:8], SECRET]
    logger.info("key=%s", SECRET)
    try:
        int(f"bad key {SECRET}")
    except ValueError:
        logger.exception("failed with %s", {"key": SECRET})
    said = log_of(tmp_path) + "\n".join(tail.lines())
    assert SECRET not in said
    assert SECRET[8:] not in said
    assert "invalid literal for int() with base 10: 'bad key ***'" in said


def test_libraries_that_talk_of_requests_are_kept_quiet(tmp_path: Path) -> None:
    start_logging(tmp_path, 30, tuple)
    for name in ("urllib3.connectionpool", "requests", "apprise", "keyring.backend", "schedule", "peewee"):
        logging.getLogger(name).info("GET /?key=%s", SECRET)
    logger.info("ours")
    assert SECRET not in log_of(tmp_path)


def test_a_listener_that_fails_does_not_disturb_who_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    tail = start_logging(tmp_path, 30, tuple)

    def broken(_line: str) -> None:
        raise ZeroDivisionError

    tail.subscribe(broken)
    logger.info("goes on")
    assert "goes on" in log_of(tmp_path)


def test_the_tail_is_bounded_and_can_be_followed() -> None:
    tail = LogTail()
    _lines, position = tail.since(0)
    for number in range(2500):
        tail.handle(logging.LogRecord("n", logging.INFO, "", 0, f"line {number}", None, None))
    lines, position = tail.since(position)
    assert (len(lines), position) == (2000, 2500)
    assert lines[-1] == "line 2499"
    assert tail.since(position) == ((), 2500)
    assert len(tail.lines()) == 2000


# --- rotation -----------------------------------------------------------------------------------------------------


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[DailyCompressedFile]:
    made = DailyCompressedFile(tmp_path / NAME, 30)
    yield made
    made.close()


def write(handler: DailyCompressedFile, text: str) -> None:
    handler.handle(logging.LogRecord("n", logging.INFO, "", 0, text, None, None))


def test_a_past_day_is_compressed_and_the_new_one_starts_empty(tmp_path: Path, handler: DailyCompressedFile) -> None:
    write(handler, "yesterday 어제")
    a_day_later(handler)
    write(handler, "today")
    [packed] = days(tmp_path)
    yesterday = datetime.fromtimestamp(handler.rolloverAt - 2 * 24 * 60 * 60).strftime("%Y-%m-%d")  # noqa: DTZ006
    assert packed == f"{NAME}.{yesterday}.gz"
    assert gzip.decompress((tmp_path / packed).read_bytes()).decode("utf-8").strip() == "yesterday 어제"
    assert log_of(tmp_path).strip() == "today"


def test_thirty_days_are_kept(tmp_path: Path, handler: DailyCompressedFile) -> None:
    today = datetime(2026, 1, 1)  # noqa: DTZ001 - names only
    for number in range(40):
        (tmp_path / f"{NAME}.{today + timedelta(days=number):%Y-%m-%d}.gz").write_bytes(b"")
    (tmp_path / "unrelated.2020-01-01.gz").write_bytes(b"")
    write(handler, "old")
    a_day_later(handler)
    write(handler, "new")
    kept = [name for name in days(tmp_path) if name.startswith(NAME)]
    assert len(kept) == 30
    assert f"{NAME}.2026-01-01.gz" not in kept
    assert "unrelated.2020-01-01.gz" in days(tmp_path)


def test_two_processes_on_one_home_do_not_throw_a_day_away(tmp_path: Path, handler: DailyCompressedFile) -> None:
    other = DailyCompressedFile(tmp_path / NAME, 30)
    try:
        write(handler, "one, yesterday")
        write(other, "other, yesterday")
        for each in (handler, other):
            a_day_later(each)
        write(handler, "one, today")
        write(other, "other, today")
        write(handler, "one again, today")
    finally:
        other.close()
    [packed] = days(tmp_path)
    old = gzip.decompress((tmp_path / packed).read_bytes()).decode("utf-8").splitlines()
    assert old == ["one, yesterday", "other, yesterday"]
    assert log_of(tmp_path).splitlines() == ["one, today", "other, today", "one again, today"]


def test_a_restart_after_midnight_still_ends_yesterdays_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("yesterday\n", encoding="utf-8")
    past = datetime.now().timestamp() - 2 * 24 * 60 * 60  # noqa: DTZ005 - a file's time
    os.utime(tmp_path / NAME, (past, past))
    start_logging(tmp_path, 30, tuple)
    logger.info("today")
    assert len(days(tmp_path)) == 1
    assert "yesterday" not in log_of(tmp_path)


def fail(text: str) -> None:
    raise ValueError(text)


def test_no_text_forges_a_line_or_gives_an_order(tmp_path: Path) -> None:
    forged = "2026-01-01 00:00:00,000 ERROR   worker     tray_app: all is lost"
    tail = start_logging(tmp_path, 30, tuple)
    logger.warning("title: %s", f"x\n{forged}\r{forged}\u2028{forged}\x1b[2J\x00\u202e")
    try:
        fail(f"x\n{forged}")
    except ValueError:
        logger.exception("failed")
    written = log_of(tmp_path)
    assert [line for record in tail.lines() for line in record.split("\n")] == written.splitlines()
    begins = [line for line in written.split("\n") if line[:4].isdigit()]
    assert [line.split()[2] for line in begins] == ["WARNING", "ERROR"]
    assert written.count(forged) == 4
    assert all(letter.isprintable() or letter == "\n" for letter in written)
