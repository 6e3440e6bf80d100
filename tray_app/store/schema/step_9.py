"""Schema step 9: the log for people tells the Korean day of a run and its steps, whatever came of it."""

PURPOSE = "the log for people by the Korean day of the run, always with its steps"

STATEMENTS = (
    "DROP VIEW IF EXISTS collector_log",
    """
    CREATE VIEW collector_log AS
    SELECT run_id AS id,
           date(started_at, '+9 hours') AS date,
           collector,
           status,
           duration,
           steps AS details,
           triggered_by,
           started_at AS created_at
    FROM collection_runs
    """,
)
