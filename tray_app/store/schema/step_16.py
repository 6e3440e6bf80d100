"""Schema step 16: the run log says which runs asked for what was stored already, and for what alone."""

PURPOSE = "the run log tells what was asked for again, and of which series or market alone"

STATEMENTS = (
    "ALTER TABLE collection_runs ADD COLUMN again_since TEXT",
    "ALTER TABLE collection_runs ADD COLUMN only_subject TEXT NOT NULL DEFAULT ''",
)
