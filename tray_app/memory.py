"""Keeps the idle process small: memory a run has used goes back to the system.

The C library of Linux gives each thread an arena of its own and keeps what was freed; elsewhere this does nothing.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ARENA_MAX = -8
ROWS_AT_ONCE = 50_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the garbage collector look less often while thousands of rows come and go, none of which form cycles.

    It would take a tenth of the time of a long collection otherwise.
    """
    usual = gc.get_threshold()
    gc.set_threshold(ROWS_AT_ONCE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def keep_one_arena() -> None:
    """Let all threads share one arena; call before the first thread starts."""
    if sys.platform == "linux" and (library := _c_library()) is not None:
        library.mallopt(ARENA_MAX, 1)


def give_back() -> None:
    """Return freed memory to the system; takes a millisecond or two."""
    if sys.platform == "linux" and (library := _c_library()) is not None:
        library.malloc_trim(0)


if sys.platform == "linux":
    import ctypes

    def _c_library() -> ctypes.CDLL | None:
        library = ctypes.CDLL(None)
        return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
