"""What code and documents cite is there: documents with their sections, files, folders and links."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from repository import REPOSITORY

ROOMS = ("tray_app", "market_tray", "tests", "benchmarks", ".ci", "docs")
SUFFIXES = frozenset({".py", ".md", ".sh", ".toml", ""})
# A document, and where a section of it is named, that too: docs/sources/krx.md, "Calendar".
CITATION = re.compile(r"(?<![\w./-])docs/(?P<path>[\w./-]+\.md)(?:, \"(?P<section>[^\"]+)\")?")
ELSEWHERE = re.compile(r"(?<![\w./-])(?:facts|design)/\w")
LINK = re.compile(r"\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
# A path of the repository, as documents write it; a star or a word in capitals stands for something.
PATH = re.compile(r"`(?P<path>(?:tray_app|market_tray|tests|benchmarks|resources|docs|\.ci)/[\w./-]*)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every file that may cite, its text on one line without the marks of comments."""
    files = [*REPOSITORY.glob("*.md"), REPOSITORY / "pyproject.toml"]
    for room in ROOMS:
        files += (each for each in (REPOSITORY / room).rglob("*") if each.suffix in SUFFIXES and each.is_file())
    for file in files:
        if "__pycache__" not in file.parts:
            lines = (line.strip().removeprefix("# ") for line in file.read_text("utf-8").splitlines())
            yield file.relative_to(REPOSITORY), " ".join(lines)


def documents() -> list[Path]:
    """Return the repository's documents."""
    return [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]


def headings(document: Path) -> list[str]:
    """Return a document's headings."""
    return [heading.strip() for heading in HEADING.findall(document.read_text("utf-8"))]


def anchor(heading: str) -> str:
    """Return the name a heading is linked by."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_document_that_is_cited_is_there_with_its_section() -> None:
    cited = [
        (file, REPOSITORY / "docs" / found["path"], found["section"])
        for file, text in texts()
        for found in CITATION.finditer(text)
    ]
    assert len(cited) > 20
    missing = [
        f"{file}: {document.name}, {section}"
        for file, document, section in cited
        if not document.is_file() or (section is not None and section not in headings(document))
    ]
    assert missing == []


def test_nothing_outside_the_repository_is_cited() -> None:
    assert [f"{file}: {found}" for file, text in texts() for found in ELSEWHERE.findall(text)] == []


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.relative_to(REPOSITORY).as_posix())
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    wrong = []
    for found in LINK.finditer(text):
        target = (document.parent / found["path"]).resolve() if found["path"] else document
        anchors = (
            [anchor(heading) for heading in headings(target)] if target.suffix == ".md" and target.exists() else []
        )
        if not target.exists() or (found["anchor"] and found["anchor"] not in anchors):
            wrong.append(found[0])
    wrong += [found["path"] for found in PATH.finditer(text) if not (REPOSITORY / found["path"]).exists()]
    assert wrong == []


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted(page.name for page in (REPOSITORY / "docs" / "adr").glob("[0-9]*.md"))
    listed = re.findall(
        r"^\| \[(\d+)\]\(([^)]+)\) \| (.+) \|$", (REPOSITORY / "docs/adr/README.md").read_text("utf-8"), re.MULTILINE
    )
    assert [name for _, name, _ in listed] == pages
    for number, (told, name, title) in enumerate(listed, 1):
        assert (told, name[:4]) == (str(number), f"{number:04}")
        assert headings(REPOSITORY / "docs" / "adr" / name)[0] == f"{number}. {title}"
