"""Killed before any of its file operations, work on files leaves the old or the new, and the next try ends whole.

    python -m proofs.file_operations [--part K/N] [NAME...]      (from the folder of the tests)

--part takes every N-th kill of each, beginning with the K-th. Prints how many kills there were.
"""

import argparse
import logging
import sys

from proofs.file_subjects import SUBJECTS
from proofs.killing import MOST, prove


def main() -> None:
    """Prove what is asked for; exit 1 when a kill left a trace."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("names", nargs="*", default=[*SUBJECTS])
    asked = parser.parse_args()
    # What is logged is not of interest here.
    logging.getLogger().addHandler(logging.NullHandler())
    begin, step = map(int, asked.part.split("/"))
    sys.exit(1 if sum(prove(name, SUBJECTS[name], range(begin, MOST, step)) for name in asked.names) else 0)


if __name__ == "__main__":
    main()
