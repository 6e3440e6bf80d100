"""The step of the schema that CONTRIBUTING.md's example adds its column with: the one after the present ones."""

import re

from repository import REPOSITORY

from tray_app.datasets.schema import SCHEMA

DOCUMENT = REPOSITORY / "CONTRIBUTING.md"


def written(text: str) -> str:
    """Return the document with its added column in the next step."""
    return re.sub(r"(?<=added=Added\(step=)\d+", str(SCHEMA.version + 1), text)
