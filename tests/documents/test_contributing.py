"""The worked examples of CONTRIBUTING.md are made in a copy of the tree, checked there, and counted."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from copied_tree import CopiedTree

from documents.contributing_step import DOCUMENT, written

BLOCK = re.compile(r"^`(new|changed): ([^`\n]+)`\n\n```\w+\n(.*?)```$", re.MULTILINE | re.DOTALL)
# What an example may touch of the program: folders of its own, files that were there.
ALLOWED = {
    "Add a macro series": (0, 1),
    "Add a crypto metric of a new source": (1, 2),
    "Add a preset": (1, 1),
    "Add a page": (1, 1),
    "Add a dataset, or a source of one": (1, 1),
}


@dataclass(frozen=True)
class Change:
    path: str
    is_new: bool
    text: str

    @property
    def is_of_the_program(self) -> bool:
        return not self.path.startswith("tests/")

    def make(self, tree: CopiedTree) -> None:
        """Write the file, or change the one place of it that the example shows."""
        if self.is_new:
            tree.add(self.path, self.text)
            return
        lines = self.text.splitlines(keepends=True)
        before, after = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
        tree.change(self.path, (before, after))


def examples() -> dict[str, list[Change]]:
    sections = (section.partition("\n") for section in DOCUMENT.read_text("utf-8").split("\n## ")[1:])
    found = {
        title: [Change(path, how == "new", text) for how, path, text in BLOCK.findall(rest)]
        for title, _, rest in sections
    }
    return {title: changes for title, changes in found.items() if changes}


def test_every_example_is_counted() -> None:
    assert set(examples()) == set(ALLOWED)


def test_a_column_is_added_by_the_next_step_of_the_schema() -> None:
    assert DOCUMENT.read_text("utf-8") == written(DOCUMENT.read_text("utf-8"))


@pytest.mark.parametrize("title", ALLOWED)
def test_an_example_holds_in_a_copy_of_the_tree(title: str, tmp_path: Path) -> None:
    tree = CopiedTree(tmp_path)
    changes = examples()[title]
    for change in changes:
        change.make(tree)

    ours = [change for change in changes if change.is_of_the_program]
    added = {str(Path(change.path).parent) for change in ours if change.is_new}
    touched = {change.path for change in ours if not change.is_new}
    assert (len(added), len(touched)) == ALLOWED[title]

    files = sorted({change.path for change in changes})
    tree.run("-m", "ruff", "check", "--no-cache", *files)
    tree.run("-m", "ruff", "format", "--no-cache", "--check", *files)
    own = [path for path in files if Path(path).name.startswith("test_")]
    tree.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_registry.py", *own)
