"""Killed before any of its file operations, work on files leaves the old or the new, and the next try ends whole.

    python -m proofs.file_operations [--part K/N] [NAME...]      (from the folder of the tests)

--part takes every N-th kill of a migration, beginning with the K-th, and five times as many of what has no statements
of SQL to be killed before. Prints how many kills there were.
"""

import argparse
import logging
import sys

from proofs.file_subjects import SUBJECTS
from proofs.killing import MOST, Subject, prove

SELDOM = 5


def numbers(subject: Subject, begin: int, step: int) -> range:
    """Return the operations of a part before which a subject is killed."""
    if not subject.with_statements:
        step = max(1, step // SELDOM)
    return range(begin % step, MOST, step)


def main() -> None:
    """Prove what is asked for; exit 1 when a kill left a trace."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("names", nargs="*", default=[*SUBJECTS])
    asked = parser.parse_args()
    # What is logged is not of interest here.
    logging.getLogger().addHandler(logging.NullHandler())
    begin, step = map(int, asked.part.split("/"))
    sys.exit(1 if sum(prove(name, SUBJECTS[name], numbers(SUBJECTS[name], begin, step)) for name in asked.names) else 0)


if __name__ == "__main__":
    main()
