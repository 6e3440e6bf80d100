"""One thing that is wrong with a set."""

from dataclasses import dataclass

from tray_app.core.words import tr


@dataclass(frozen=True, slots=True)
class Finding:
    """A file, what is wrong with it, and where: rows count from 1."""

    file: str
    problem: str
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        """Return the finding as one line."""
        places = [self.file]
        if self.column is not None:
            places.append(tr("column {name}", name=self.column))
        if self.row is not None:
            places.append(tr("row {number}", number=f"{self.row:,}"))
        return f"{', '.join(places)}: {self.problem}"
