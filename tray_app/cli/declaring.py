"""`session` and `accept`: what a person says of a day of the exchange."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tray_app.cli.output import SUCCESS, Printer
from tray_app.core.errors import BadInput
from tray_app.core.shapes.homes import doubted_day_shape, session_shape
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import BY_HAND
from tray_app.datasets.krx.rules.acceptance import DoubtedDay
from tray_app.datasets.krx.rules.calendar import Declaration, Evidence, SessionWord
from tray_app.engine.facade import Engine


def declare(engine: Engine, day: date, said: SessionWord, note: str, printer: Printer) -> int:
    """Keep what a person says of a day, or take it back. Raises BadInput where stored rows say otherwise."""
    if said is SessionWord.PREDICTED:
        engine.by_hand(BY_HAND).forget_declared(day)
        text = tr("{day} is as the calendar predicts it.", day=day)
    else:
        engine.by_hand(BY_HAND).declare(Declaration(day, said is SessionWord.OPEN, note))
        text = tr("{day} is kept as {said}, evidence manual. The next run of KRX goes by it.", day=day, said=said.value)
    evidence = None if said is SessionWord.PREDICTED else Evidence.MANUAL
    printer.result(session_shape(day, said, evidence), text)
    return SUCCESS


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which market of a day to accept without its rows in doubt, or not any more; without a day all are told."""

    day: date | None
    market_code: str | None
    note: str
    is_taken_back: bool


def accept(engine: Engine, asked: Acceptance, printer: Printer) -> int:
    """Accept a day, take that back, or tell which days are in doubt or accepted. Raises BadInput, AlreadyRunning."""
    known = engine.by_hand(BY_HAND).doubted()
    if asked.day is None:
        now = engine.now()
        lines = [_line(each, now) for each in known]
        document = {"days": [_shape(each, now) for each in known]}
        printer.result(document, "\n".join(lines) or tr("No day is in doubt, and none is accepted."))
        return SUCCESS
    market = asked.market_code or _only_market(asked.day, known)
    if asked.is_taken_back:
        found = engine.by_hand(BY_HAND).take_back(asked.day, market)
        text = tr("{market} of {day} is in doubt again, and asked for again.", market=market, day=asked.day)
    else:
        found = engine.by_hand(BY_HAND).accept(asked.day, market, asked.note)
        text = tr(
            "{market} of {day} is accepted without {rows}: it is asked for no more by itself. Sets name what it lacks."
            " When `collect krx --again` brings the rows, that ends.",
            market=market,
            day=asked.day,
            rows=", ".join(found.rows),
        )
    printer.result(_shape(found, engine.now()), text)
    return SUCCESS


def _only_market(day: date, known: tuple[DoubtedDay, ...]) -> str:
    markets = [each.market_code for each in known if each.session == day]
    if len(markets) != 1:
        raise BadInput(
            tr("Which market?") if markets else tr("{day} is not in doubt", day=day),
            tr("In doubt or accepted of {day}: {names}.", day=day, names=", ".join(markets) or tr("none")),
            tr("Name one with --market; `market-tray accept` lists the days."),
        )
    return markets[0]


def _line(found: DoubtedDay, now: datetime) -> str:
    refusal = found.refusal(now)
    state = tr("accepted") if found.is_accepted else tr("in doubt") if refusal else tr("can be accepted")
    said = "; ".join(finding.text for finding in found.findings)
    why = "" if found.is_accepted or refusal is None else f" {refusal.message}"
    return f"{found.session}  {found.market_code:<7}{state:<17}{said}{why}"


def _shape(found: DoubtedDay, now: datetime) -> dict[str, Any]:
    refusal = None if found.is_accepted else found.refusal(now)
    return doubted_day_shape(
        (found.session, found.market_code),
        found.rows,
        found.findings,
        refusal=None if refusal is None else refusal.message,
        accepted=found.is_accepted,
    )
