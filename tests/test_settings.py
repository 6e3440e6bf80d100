"""Settings: every option once, the environment wins, a broken file is set aside, writes are atomic."""

import dataclasses
import os
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import SECRET, settings_with

from tray_app.core.errors import BadInput
from tray_app.datasets.news.dataset import FEED_LIST
from tray_app.datasets.options import OPTIONS
from tray_app.settings import (
    LoadedSettings,
    NotificationLevel,
    PriceColours,
    Settings,
    ThemeChoice,
    read_environment,
)

FEEDS = (
    "# mine\nRepo | en | UTC | search: repo market\n연합뉴스 | ko | Asia/Seoul | https://www.yna.co.kr/rss/economy.xml"
)
TEXTS = st.sampled_from(["", "http://127.0.0.1:8080", "http://proxy.example:3128"])
some_settings = st.builds(
    settings_with,
    crypto_times=st.sets(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4).map(
        lambda times: tuple(sorted(times))
    ),
    history_on_first_run=st.booleans(),
    fred_without_key=st.booleans(),
    news_feeds=st.sampled_from(["", FEEDS]),
    notifications=st.sampled_from(NotificationLevel),
    theme=st.sampled_from(ThemeChoice),
    price_colours=st.sampled_from(PriceColours),
    proxy=TEXTS,
    upstream=TEXTS,
    log_days=st.integers(1, 10_000),
)


def test_every_option_has_a_label_and_a_name_of_its_own() -> None:
    assert len({option.environment for option in OPTIONS}) == len(list(OPTIONS))
    assert all(option.label_text for option in OPTIONS)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert OPTIONS.load(tmp_path / "settings.toml", {}) == LoadedSettings(Settings())
    assert list(tmp_path.iterdir()) == []


@given(wanted=some_settings)
def test_what_is_saved_is_loaded(wanted: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("settings") / "deep" / "settings.toml"
    OPTIONS.save(path, wanted)
    assert OPTIONS.load(path, {}) == LoadedSettings(wanted)
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


def test_only_what_differs_from_the_defaults_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    OPTIONS.save(path, Settings(log_days=7))
    assert path.read_bytes() == b"log_days = 7\n"
    OPTIONS.save(path, Settings())
    assert path.read_bytes() == b""


def test_the_environment_wins_and_does_not_get_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    OPTIONS.save(path, Settings(log_days=7, proxy="http://old:1"))
    loaded = OPTIONS.load(path, {"MARKET_TRAY_LOG_DAYS": "99", "MARKET_TRAY_PROXY": "http://new:1"})
    assert (loaded.settings.log_days, loaded.settings.proxy) == (99, "http://new:1")
    assert loaded.fixed_by_environment == {"log_days", "proxy"}
    OPTIONS.save(path, dataclasses.replace(loaded.settings, theme=ThemeChoice.DARK), keep=loaded.fixed_by_environment)
    again = OPTIONS.load(path, {}).settings
    assert (again.log_days, again.proxy, again.theme) == (7, "http://old:1", ThemeChoice.DARK)


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    assert OPTIONS.load(tmp_path / "settings.toml", {"MARKET_TRAY_LOG_DAYS": ""}).fixed_by_environment == frozenset()


@pytest.mark.parametrize(
    "content", [b"log_days = ", b"[[[", "이름 = 값".encode(), "x = '한국'".encode("cp949"), b"\x00\x01"]
)
def test_a_broken_file_is_set_aside_with_the_defaults_and_a_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    loaded = OPTIONS.load(path, {})
    assert loaded.settings == Settings()
    assert "settings-broken.toml" in loaded.problem
    assert (tmp_path / "settings-broken.toml").read_bytes() == content
    assert not path.exists()
    assert OPTIONS.load(path, {}).problem == ""


def test_one_bad_value_falls_back_alone_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('log_days = "many"\ntheme = "dark"\nunknown = 1\n', encoding="utf-8")
    loaded = OPTIONS.load(path, {})
    assert loaded.settings == Settings(theme=ThemeChoice.DARK)
    assert "log_days" in loaded.problem
    assert "whole number" in loaded.problem
    assert path.exists()


def test_a_file_that_windows_editor_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbflog_days = 7\r\n")
    assert OPTIONS.load(path, {}) == LoadedSettings(Settings(log_days=7))


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    OPTIONS.save(path, Settings(log_days=7))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        OPTIONS.save(path, Settings(log_days=8))
    assert OPTIONS.load(path, {}).settings.log_days == 7


@pytest.mark.parametrize(
    ("name", "value", "parsed"),
    [
        ("crypto_times", "18:00, 06:00", (time(6), time(18))),
        ("crypto_times", ["06:00", "06:00"], (time(6),)),
        ("crypto_times", [time(6, 0)], (time(6),)),
        ("history_on_first_run", "No", False),
        ("history_on_first_run", True, True),
        ("log_days", "14", 14),
        ("theme", "dark", ThemeChoice.DARK),
        ("proxy", " http://proxy.example:3128 ", "http://proxy.example:3128"),
        ("proxy", "proxy.example:3128", "http://proxy.example:3128"),
        ("proxy", f"http://someone:{SECRET}@proxy:1", f"http://someone:{SECRET}@proxy:1"),
        ("upstream", "", ""),
    ],
)
def test_values_are_read(name: str, value: Any, parsed: Any) -> None:
    assert OPTIONS[name].parse(value) == parsed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("crypto_times", ""),
        ("crypto_times", []),
        ("crypto_times", 6),
        ("crypto_times", "06:00:30"),
        ("crypto_times", "06:00:00.5"),
        ("crypto_times", "06:00+09:00"),
        ("crypto_times", "24:01"),
        ("history_on_first_run", "maybe"),
        ("log_days", 0),
        ("log_days", "-3"),
        ("log_days", 1.5),
        ("log_days", None),
        ("theme", "blue"),
        ("notifications", ""),
        ("news_feeds", 5),
        ("proxy", 5),
        ("proxy", "ftp://proxy"),
        ("proxy", "http://"),
        ("proxy", "http://proxy:port"),
        ("proxy", "http://a b"),
        ("upstream", "http://127.0.0.1:99999"),
        ("upstream", "http://[::1"),
    ],
)
def test_other_values_are_refused_with_what_is_allowed(name: str, value: Any) -> None:
    with pytest.raises(BadInput, match="Allowed"):
        OPTIONS[name].parse(value)


def test_a_list_of_feeds_is_written_so_that_a_person_can_edit_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    OPTIONS.save(path, settings_with(news_feeds=FEEDS))
    assert FEEDS in path.read_text(encoding="utf-8")
    assert OPTIONS.load(path, {}).settings[FEED_LIST] == FEEDS


def test_a_list_of_feeds_that_cannot_be_used_names_its_line() -> None:
    with pytest.raises(BadInput, match="Line 2 of the feeds"):
        OPTIONS["news_feeds"].parse("# mine\nRepo | xx | UTC | search: repo")


def test_a_due_time_is_found_again_whatever_was_written(tmp_path: Path) -> None:
    # Seconds would be lost in the file and fractions in the log: such a due time would never count as served.
    for text in ("06:00", "6:00", "T06:00", "0600", "06"):
        try:
            [at] = OPTIONS["crypto_times"].parse(text)
        except BadInput:
            continue
        assert (at.second, at.microsecond) == (0, 0)


# --- the environment file -----------------------------------------------------------------------------------------


def test_the_process_wins_over_the_file_in_the_home(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=file\nB='한국'\n# note\nC\nD=a$b${A}\n", encoding="utf-8")
    found = read_environment({"A": "process", "Z": "1"}, file)
    assert found == {"A": "process", "B": "한국", "D": "a$b${A}", "Z": "1"}
    assert read_environment({"A": "process"}, tmp_path / "absent") == {"A": "process"}


def test_a_byte_order_mark_does_not_hide_the_first_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfCOINGECKO_DEMO_KEY=abc\r\n")
    assert read_environment({}, file) == {"COINGECKO_DEMO_KEY": "abc"}


def test_another_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("A=한국".encode("cp949"))
    with pytest.raises(BadInput, match="UTF-8"):
        read_environment({}, file)
