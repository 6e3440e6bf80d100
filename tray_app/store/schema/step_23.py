"""Schema step 23: how long listings are seen and how many shares they have is summed too.

Nothing is changed but the sums, which are made anew after every migration (see store.sums).
"""

PURPOSE = "sums of the listings' first and last sessions and of their shares"

STATEMENTS: tuple[str, ...] = ()
