"""Schema step 7: the stress index of New York's days, computed anew.

A day of the index is now New York's day at its end, so every stored day means something else than it did. The index is
a function of the stored observations: it is emptied here, and the next run of the liquidity collector computes it.
"""

PURPOSE = "the stress index of New York's days"

STATEMENTS = (
    "ALTER TABLE stress_index ADD COLUMN is_provisional INTEGER NOT NULL DEFAULT 0",
    "DELETE FROM stress_index",
    "DELETE FROM stress_contribution",
)
