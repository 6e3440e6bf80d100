"""docs/data.md holds every table, view, file, key and preset of the program, and none that is gone."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from export.kit import export, make_home, read_manifest

from documents.data_tables import AS_STORED, DOCUMENT, SETS, VIEWS, Section, present, sections, stored_columns, written
from tray_app.core.model import RunKind, RunStatus, Trigger
from tray_app.core.quality import Severity
from tray_app.datasets import SHOWN
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.adjustment import AdjustmentMethod
from tray_app.datasets.krx.rules.calendar import DayState, Evidence
from tray_app.datasets.krx.rules.episodes import EndReason
from tray_app.datasets.krx.rules.indices import ALIASES
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerState
from tray_app.datasets.liquidity.catalogue import Frequency, Provider
from tray_app.datasets.liquidity.rules.model import Band, Category
from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.rules.model import DocumentKind, HitKind
from tray_app.export.files.masks import REASONS
from tray_app.export.presets import PRESETS
from tray_app.store.backfill import RequestState
from tray_app.store.export_jobs import JobStatus

TEXT = DOCUMENT.read_text("utf-8")
SAID = {section.name: section for section in sections(TEXT)}
# Columns that hold one of a few words, and the words.
WORDS: dict[tuple[str, str], Iterable[str]] = {
    ("macro_series", "frequency"): Frequency,
    ("macro_series", "source"): Provider,
    ("stress_index", "band"): Band,
    ("stress_contribution", "category"): Category,
    ("news_article", "lang"): Language,
    ("fed_document", "type"): DocumentKind,
    ("fed_sentence", "hits"): HitKind,
    ("instruments", "market_code"): Market,
    ("instruments", "end_reason"): EndReason,
    ("indices", "index_class"): IndexClass,
    ("indices", "index_code"): [*ALIASES.values(), "CLASS:name"],
    ("trading_calendar", "state"): DayState,
    ("trading_calendar", "evidence"): Evidence,
    ("day_ledger", "dataset"): BarKind,
    ("day_ledger", "state"): LedgerState,
    ("day_summary", "dataset"): BarKind,
    ("price_adjustment_factors", "method"): AdjustmentMethod,
    ("data_quality_issues", "dataset_name"): [about for dataset in SHOWN for about in dataset.issues],
    ("data_quality_issues", "severity"): Severity,
    ("collection_runs", "triggered_by"): Trigger,
    ("collection_runs", "kind"): RunKind,
    ("collection_runs", "status"): RunStatus,
    ("backfill_requests", "state"): RequestState,
    ("export_jobs", "status"): JobStatus,
    ("instrument_daily.parquet", "signal_validity_reason"): REASONS,
}


def rows(chapter: str) -> list[str]:
    """Return what the rows of a chapter's table are about."""
    part = TEXT.split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w-]+)` \|", part, re.MULTILINE)


def test_the_tables_are_those_of_the_program() -> None:
    assert set(SAID) == {known.name for known in present()}
    assert written(TEXT, present()) == TEXT, "run: PYTHONPATH=tests python -m documents"


def test_what_is_new_is_written_without_a_meaning_and_what_is_gone_is_taken_out() -> None:
    known = present()
    without = [each for each in known if each.name not in {"crypto_price", "stress_daily.parquet"}]
    shorter = written(TEXT, without)
    assert {section.name for section in sections(shorter)} == {each.name for each in without}
    again = {section.name: section for section in sections(written(shorter, known))}
    assert {name: section.chapter for name, section in again.items()} == {each.name: each.chapter for each in known}
    assert {column.meaning for column in again["crypto_price"].columns} == {""}


def test_a_new_column_stands_with_its_title_and_unit() -> None:
    said = "| `btc_dominance` | real, may be null | % | Bitcoin's share of the market value |\n"
    titled = "| `btc_dominance` | real, may be null | % | Bitcoin dominance |\n"
    assert said in TEXT
    assert written(TEXT.replace(said, ""), present()) == TEXT.replace(said, titled)


def test_a_column_that_sets_take_from_the_store_needs_no_other_meaning() -> None:
    row = "| `rank` | int64, may be null | - | as stored |\n"
    assert written(TEXT.replace(row, "", 1), present()) == TEXT


@pytest.mark.parametrize("section", SAID.values(), ids=list(SAID))
def test_each_has_a_purpose_and_every_column_a_meaning(section: Section) -> None:
    assert "".join(section.prose).strip()
    assert [column.name for column in section.columns if not (column.unit and column.meaning)] == []


@pytest.mark.parametrize(
    "section", [each for each in SAID.values() if each.chapter == SETS], ids=lambda section: section.name
)
def test_as_stored_means_a_column_of_a_table_that_is_named(section: Section) -> None:
    stored = stored_columns(section, TEXT)
    assert [
        each.name for each in section.columns if each.meaning.startswith(AS_STORED) and each.name not in stored
    ] == []


@pytest.mark.parametrize(("place", "words"), WORDS.items(), ids=[".".join(place) for place in WORDS])
def test_words_are_those_of_the_program(place: tuple[str, str], words: Iterable[str]) -> None:
    name, column = place
    (meaning,) = (each.meaning for each in SAID[name].columns if each.name == column)
    assert set(re.findall(r"`([^`]+)`", meaning)) == set(map(str, words))


def test_views_are_told_apart_from_tables() -> None:
    assert {each.chapter for each in SAID.values() if each.name.endswith("_v1")} == {VIEWS}


def test_the_manifests_keys_are_those_of_a_set(tmp_path: Path) -> None:
    export(make_home(tmp_path / "home"), tmp_path / "set")
    assert rows("The manifest") == list(read_manifest(tmp_path / "set"))


def test_every_preset_is_named() -> None:
    assert rows("Presets") == [preset.name for preset in PRESETS]
