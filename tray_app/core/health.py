"""How a home is: where its data lies, and what a look at everything has found."""

from dataclasses import dataclass
from pathlib import Path

# Less free disk than this is told.
LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the data lies and how much room it takes, in bytes."""

    database: Path
    database_bytes: int
    backups: tuple[Path, ...]
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    is_well: bool
    detail: str
    advice: str = ""
