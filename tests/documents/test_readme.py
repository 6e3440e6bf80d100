"""README.md names the datasets, their sources and the commands as the program has them."""

import re
from dataclasses import replace
from typing import Any

import pytest
import typer

from documents.readme_tables import ATTRIBUTIONS, COLLECTORS, DOCUMENT, rows, sentence, written
from tray_app.app import run_tray
from tray_app.cli.commands import build
from tray_app.crashes import LastWords
from tray_app.datasets import DATASETS
from tray_app.datasets.dataset import Attribution, Dataset
from tray_app.wiring import starters

COMMANDS = "| command | does |"
TEXT = DOCUMENT.read_text("utf-8")


def test_its_tables_are_those_of_the_datasets() -> None:
    assert written(TEXT) == TEXT, "run: PYTHONPATH=tests python -m documents"
    assert len(rows(TEXT, ATTRIBUTIONS)) == sum(len(each.attributions) for each in DATASETS)


def test_a_dataset_that_is_new_stands_in_both_tables() -> None:
    owner = Attribution("Example", "https://example.org", "Tides &amp; winds: {link}. {notice}", "Ours {not} yours.")
    tides = replace(DATASETS[0], name="tides", title="Tides", attributions=(owner,))
    text = written(TEXT, (*DATASETS, tides))
    times = ", ".join(f"{due:%H:%M}" for due in DATASETS[0].due)
    assert rows(text, COLLECTORS)[-1] == ("`tides`", times, "Example", "Tides")
    assert rows(text, ATTRIBUTIONS)[-1] == ("Tides", "Tides & winds: [Example](https://example.org). Ours {not} yours.")
    assert written(text) == TEXT


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_source_is_linked_with_the_words_its_terms_ask_for(dataset: Dataset[Any]) -> None:
    for each in dataset.attributions:
        assert f"[{each.name}]({each.url})" in sentence(each)
        assert sentence(each) in TEXT


def test_its_commands_and_their_options_are_those_of_the_command_line() -> None:
    commands: Any = typer.main.get_command(build(starters(LastWords([]), run_tray)))
    options = {
        name: {"--help"} | {option for parameter in command.params for option in parameter.opts}
        for name, command in commands.commands.items()
        if not command.hidden
    }
    told: set[str] = set()
    for usage, does in rows(TEXT, COMMANDS):
        names = re.findall(r"`([a-z][a-z-]*)[^`]*`", usage)
        told.update(names)
        known = set[str]().union(*(options[name] for name in names))
        assert set(re.findall(r"--[a-z][a-z-]+", f"{usage} {does}")) <= known, usage
    assert told == set(options)
