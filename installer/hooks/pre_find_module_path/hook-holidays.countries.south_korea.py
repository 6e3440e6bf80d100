"""The one country that is asked for, which the empty package has not beside it."""

from pathlib import Path
from typing import Any

import holidays


def pre_find_module_path(api: Any) -> None:
    """Find the country where the library has it."""
    api.search_dirs = [str(Path(holidays.__file__).parent / "countries")]
