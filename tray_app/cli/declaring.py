"""`session`: what a person says of a day of the exchange."""

from datetime import date

from tray_app.cli.output import SUCCESS, Printer
from tray_app.core.krx.calendar import Declaration, Evidence, SessionWord
from tray_app.core.words import tr
from tray_app.engine.facade import Engine


def declare(engine: Engine, day: date, said: SessionWord, note: str, printer: Printer) -> int:
    """Keep what a person says of a day, or take it back. Raises BadInput where stored rows say otherwise."""
    if said is SessionWord.PREDICTED:
        engine.forget_declared(day)
        text = tr("{day} is as the calendar predicts it.", day=day)
    else:
        engine.declare_session(Declaration(day, said is SessionWord.OPEN, note))
        text = tr("{day} is kept as {said}, evidence manual. The next run of KRX goes by it.", day=day, said=said.value)
    evidence = None if said is SessionWord.PREDICTED else Evidence.MANUAL
    printer.result({"date": day.isoformat(), "session": said, "evidence": evidence}, text)
    return SUCCESS
