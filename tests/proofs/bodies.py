"""Broken bodies through every parser: an error of ours, or rows that can be. Nothing else may come of them.

    python -m proofs.bodies [--count N] [--seed S] [--part K/N]      (from the folder of the tests)
    python -m proofs.bodies --replay PARSER SEED NUMBER

Bodies are broken by chance, each by what its parser, the seed and its number say, so that any can be tried again.
--count is shared out among the parsers; --part takes every N-th body of each, beginning with the K-th.
"""

import argparse
import logging
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from proofs.body_subjects import Subject, subjects
from proofs.mutations import mutated
from proofs.recorded_bodies import recorded_subjects
from tray_app.core.errors import AppError
from tray_app.net.request import Request, Response, refusal

OFFENDERS_SHOWN = 5
# Mostly a body comes as a good one would.
STATUSES = (*(200,) * 30, 302, 400, 401, 403, 404, 429, 503)


@dataclass(frozen=True)
class Fixed:
    """Stands for the HTTP client: gives one answer, whatever it is asked."""

    answer: Response

    def get(self, request: Request) -> Response:
        if self.answer.status == 200:
            return self.answer
        raise request.classify(self.answer) or refusal(request.host, self.answer)

    def wait(self, seconds: float) -> None:
        """Wait for nothing."""


def broken(name: str, subject: Subject, seed: int, number: int) -> Response:
    """Return a parser's answer of a seed and number."""
    chance = Random(f"{name} {seed} {number}")
    body = mutated(chance, chance.choice(subject.bodies), is_json=subject.is_json)
    status = chance.choice(STATUSES) if subject.is_asked else 200
    return Response(status, chance.choice(subject.content_types), body)


def outcome(subject: Subject, sent: Response) -> tuple[str, str]:
    """Return what came of an answer, refused or read, and what is wrong with that, or nothing."""
    try:
        answer = _parsed(subject, sent)
        wrong = subject.wrong(answer)
    except AppError as error:
        if not subject.is_asked:
            return "refused", f"raised {error!r}"
        return "refused", "" if str(error).isprintable() else f"says what cannot be shown: {str(error)!r}"
    except Exception as error:
        return "raised", f"{type(error).__name__}: {str(error)[:200]}"
    return "read", wrong


def _parsed(subject: Subject, sent: Response) -> Any:
    parser: Any = subject.parser
    return parser(Fixed(sent)) if subject.is_asked else parser(sent.body, sent.content_type)


def prove(name: str, subject: Subject, seed: int, numbers: range) -> int:
    """Try the bodies of these numbers; returns how many did what none may."""
    for body in subject.bodies:
        if not subject.count(_parsed(subject, Response(200, subject.content_types[0], body))):
            raise ValueError(f"{name}: nothing is read of a body that is whole: {body!r}")
    ends: Counter[str] = Counter()
    offenders = 0
    for number in numbers:
        end, wrong = outcome(subject, broken(name, subject, seed, number))
        ends[end] += 1
        if wrong:
            offenders += 1
            if offenders <= OFFENDERS_SHOWN:
                print(f"{name} {seed} {number}: {wrong}")  # noqa: T201
    print(f"{name}: {len(numbers)} bodies, {ends['read']} read, {ends['refused']} refused, {offenders} offenders")  # noqa: T201
    return offenders


def replay(parsers: Mapping[str, Subject], name: str, seed: int, number: int) -> int:
    """Try one body again and show it; returns whether it does what none may."""
    sent = broken(name, parsers[name], seed, number)
    end, wrong = outcome(parsers[name], sent)
    print(f"status {sent.status}, {sent.content_type}\n{sent.body!r}\n{end} {wrong}")  # noqa: T201
    return bool(wrong)


def main() -> None:
    """Prove what is asked for; exit 1 when there is an offender."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--replay", nargs=3, metavar=("PARSER", "SEED", "NUMBER"))
    asked = parser.parse_args()
    # What the parsers log is not of interest here.
    logging.getLogger().addHandler(logging.NullHandler())
    sampled = subjects()
    parsers = {**sampled, **recorded_subjects(sampled)}
    if asked.replay:
        name, seed, number = asked.replay
        sys.exit(replay(parsers, name, int(seed), int(number)))
    begin, step = map(int, asked.part.split("/"))
    numbers = range(begin, -(-asked.count // len(parsers)), step)
    offenders = sum(prove(name, subject, asked.seed, numbers) for name, subject in parsers.items())
    print(f"{len(numbers) * len(parsers)} bodies of {len(parsers)} parsers, seed {asked.seed}: {offenders} offenders")  # noqa: T201
    sys.exit(1 if offenders else 0)


if __name__ == "__main__":
    main()
