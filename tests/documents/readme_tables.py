"""The tables of README.md that follow the registry: names, times and attributions are the datasets' own.

What a collector asks and stores is told there by hand, in its row of the first table.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape

from repository import REPOSITORY

from tray_app.datasets import DATASETS
from tray_app.datasets.dataset import Attribution, Dataset

DOCUMENT = REPOSITORY / "README.md"
COLLECTORS = "| collector | time (Korea) | source | what is stored |"
ATTRIBUTIONS = "| dataset | whose data it is |"


def written(text: str, datasets: Sequence[Dataset[object]] = DATASETS) -> str:
    """Return the document with its tables as the datasets have them now."""
    told = {cells[0]: cells[2:] for cells in rows(text, COLLECTORS)}
    collectors = [(f"`{each.name}`", _times(each), *told.get(f"`{each.name}`", _sources(each))) for each in datasets]
    owners = [(each.title, sentence(told)) for each in datasets for told in each.attributions]
    return _replaced(_replaced(text, COLLECTORS, collectors), ATTRIBUTIONS, owners)


def rows(text: str, head: str) -> list[tuple[str, ...]]:
    """Return the cells of the table under a head."""
    lines = text.split(f"{head}\n")[1].split("\n\n", maxsplit=1)[0].split("\n")[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]


def sentence(attribution: Attribution) -> str:
    """Return what a source's terms ask to be said, with its link."""
    link = f"[{attribution.name}]({attribution.url})"
    return unescape(attribution.sentence).format(link=link, notice=attribution.notice)


def _times(dataset: Dataset[object]) -> str:
    return ", ".join(f"{due:%H:%M}" for due in dataset.due)


def _sources(dataset: Dataset[object]) -> tuple[str, str]:
    return ", ".join(each.name for each in dataset.attributions), dataset.title


def _replaced(text: str, head: str, found: Iterable[Sequence[str]]) -> str:
    line = re.compile(rf"{re.escape(head)}\n(\|[-|]+\|)\n(?:\|.*\n)*")
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in found)
    return line.sub(lambda match: f"{head}\n{match[1]}\n{table}", text)
