"""requirements-server.lock: what of requirements.lock a machine without a screen needs, versions and hashes the same.

It is made of what this environment's packages say they require, for Linux and Windows: install requirements.lock first.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import cast

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import REPOSITORY

DOCUMENT = REPOSITORY / "requirements-server.lock"
WHOLE = REPOSITORY / "requirements.lock"
# Each is asked for by the program itself, and draws windows.
WINDOWS = {"pyside6-essentials", "pyqtgraph"}
SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
PINNED = re.compile(r"^(?P<name>[\w.-]+)==.*?(?=^[\w.-]+==|\Z)", re.MULTILINE | re.DOTALL)


def pinned(lock: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the lines of each package of a lock file; a name may come for several versions of Python."""
    for found in PINNED.finditer(lock):
        yield canonicalize_name(found["name"]), found[0]


def present() -> str:
    """Return the lock of a server as the packages say it must be now."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    needed = closure(Requirement(each) for each in project["dependencies"])
    return "".join(lines for name, lines in pinned(WHOLE.read_text("utf-8")) if name in needed)


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """Return the names of packages with all that they require, but none that draws windows."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        each = waiting.pop()
        name = canonicalize_name(each.name)
        if name in found or name in WINDOWS or not _is_wanted(each):
            continue
        found.add(name)
        try:
            waiting += (Requirement(text) for text in metadata.requires(name) or ())
        except metadata.PackageNotFoundError:  # what only another system installs, which requires nothing more
            continue
    return found


def _is_wanted(requirement: Requirement) -> bool:
    if requirement.marker is None:
        return True
    here = cast("dict[str, str]", default_environment()) | {"extra": ""}
    machines = (
        here | system | {"python_version": version, "python_full_version": f"{version}.0"}
        for system in SYSTEMS
        for version in VERSIONS
    )
    return any(requirement.marker.evaluate(machine) for machine in machines)
