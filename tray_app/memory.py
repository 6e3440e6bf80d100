"""Keeps the idle process small: memory a run has used goes back to the system.

The C library of Linux gives each thread an arena of its own and keeps what was freed; elsewhere this does nothing.
"""

import sys

ARENA_MAX = -8


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
