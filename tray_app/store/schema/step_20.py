"""Schema step 20: names of indices and series, earlier identifiers and first sightings are summed too.

Nothing is changed but the sums, which are made anew after every migration (see store.sums).
"""

PURPOSE = "sums of everything that sets are made of"

STATEMENTS: tuple[str, ...] = ()
