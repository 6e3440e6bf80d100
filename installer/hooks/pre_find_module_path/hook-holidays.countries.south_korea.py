"""The one country that is asked for, which the empty package has not beside it."""

from importlib.util import find_spec
from pathlib import Path


def pre_find_module_path(api):
    """Find the country where the library has it."""
    api.search_dirs = [str(Path(find_spec("holidays").origin).parent / "countries")]
