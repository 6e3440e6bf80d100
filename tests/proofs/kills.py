"""Killed at any commit, the next run ends where an unkilled one would: every commit of a run of each collector.

    python -m proofs.kills [--part K/N] [NAME...]      (from the folder of the tests)

One run copies its home right after each commit; each copy is resumed by one run, and then the whole content equals the
undisturbed one's. --part takes every N-th commit, beginning with the K-th. Prints how many commits there were.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS, Exchange, Issue
from krx_machine import a_krx_machine
from krx_wire import KrxWire
from liquidity_machine import LIQUIDITY, NEWS, a_liquidity_machine
from machine import a_machine
from support import HOSTS, NOW, Clock

from proofs.commits import content, copying, resumed_equals
from tray_app.core.model import CollectorName, Window
from tray_app.datasets.krx.rows import Market
from tray_app.demo.server import SampleServer

Work = Callable[[Path], None]
COUNT = 12
# Within twelve sessions: delistings, a relisting, a transfer, a split, a rights issue, name changes, a halt.
STORY = (
    Issue(Market.KOSDAQ, "0088A0", first=3),
    Issue(Market.KOSPI, "009900", last=4),
    Issue(Market.KOSDAQ, "009800", last=10),
    Issue(Market.KOSDAQ, "077700", names={2: "새이름", 9: "더새이름"}),
    Issue(Market.KONEX, "055500", last=6),
    Issue(Market.KOSDAQ, "055500", first=7),
    Issue(Market.KOSDAQ, "033300", last=2),
    Issue(Market.KOSDAQ, "033300", first=9),
    Issue(Market.KOSPI, "005930", split_at=8),
    Issue(Market.KOSDAQ, "073010", ex_date_at=5),
    Issue(Market.KOSPI, "011110", halted=range(5, 8)),
)
PLAIN = {Market.KOSPI: 6, Market.KOSDAQ: 8, Market.KONEX: 4}
ISSUES = (
    *STORY,
    *(
        Issue(market, f"{place + 1:01}{number:04}0")
        for place, (market, count) in enumerate(PLAIN.items())
        for number in range(100, 100 + count)
    ),
)


@dataclass(frozen=True)
class Subject:
    """A run to be killed; prepare makes what was there before it."""

    work: Work
    prepare: Work = lambda _home: None


def krx(home: Path) -> None:
    """Collect a range of the exchange."""
    with a_krx_machine(home, KrxWire(Exchange(ISSUES).body_of), at(SESSIONS[COUNT + 2], 9)) as machine:
        machine.run(Window(SESSIONS[0], SESSIONS[COUNT - 1]))


def crypto(home: Path) -> None:
    """Collect the day, and history."""
    with samples() as server, a_machine(home, server, Clock()) as machine:
        machine.run()
        machine.run(Window(date(2026, 1, 1)))


def liquidity(home: Path) -> None:
    """Collect the day, and history."""
    with samples() as server, a_liquidity_machine(home, server, Clock()) as machine:
        machine.run(LIQUIDITY)
        machine.run(LIQUIDITY, window=Window(NOW.date() - timedelta(days=90)))


def news(home: Path) -> None:
    """Collect the feeds."""
    with samples() as server, a_liquidity_machine(home, server, Clock()) as machine:
        machine.run(NEWS)


SUBJECTS: Mapping[CollectorName, Subject] = {
    "krx": Subject(krx),
    "crypto": Subject(crypto),
    "liquidity": Subject(liquidity),
    "news": Subject(news),
}


@contextmanager
def samples() -> Iterator[SampleServer]:
    """Give the sample sources on the day of the tests."""
    with SampleServer(lambda: NOW, hosts=HOSTS) as server:
        yield server


def prove(name: str, subject: Subject, begin: int, step: int) -> int:
    """Resume the copies of every step-th commit; returns how many ended otherwise."""
    failed = tried = 0
    with tempfile.TemporaryDirectory(prefix="market-tray-kills-") as scratch:
        folder = Path(scratch)
        subject.work(folder / "whole")
        whole = content(folder / "whole")
        with copying(folder / "run", folder / "copies") as copies:
            subject.work(folder / "run")
        for copy in copies[begin::step]:
            differing = resumed_equals(copy, subject.work, whole)
            tried += 1
            if differing:
                failed += 1
                print(f"{name}: after commit {copy.name} of {len(copies)}: {'; '.join(differing)}")  # noqa: T201
    print(f"{name}: {tried} of {len(copies)} commits resumed, {failed} ended otherwise")  # noqa: T201
    return failed


def main() -> None:
    """Prove what is asked for; exit 1 when a resumed run ends otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("names", nargs="*", default=[*SUBJECTS])
    asked = parser.parse_args()
    # What the runs log is not of interest here.
    logging.getLogger().addHandler(logging.NullHandler())
    begin, step = map(int, asked.part.split("/"))
    sys.exit(1 if sum(prove(name, SUBJECTS[name], begin, step) for name in asked.names) else 0)


if __name__ == "__main__":
    main()
