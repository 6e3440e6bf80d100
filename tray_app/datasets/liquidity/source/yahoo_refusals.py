"""What Yahoo says when it gives no prices, told apart: too many calls, unknown symbol, bad dates, outage, consent."""

from datetime import datetime, timedelta
from typing import Any

from tray_app.core.errors import AppError, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.words import tr
from tray_app.datasets.liquidity.source.unknown_series import UnknownSeries
from tray_app.net.body import Body
from tray_app.net.request import Response

YAHOO_HOST = "query1.finance.yahoo.com"
# A refusal is by address and lasts; calls meanwhile prolong it.
QUIET = timedelta(minutes=60)
TOO_MANY = b"Too Many Requests"
OUTAGE = b"Will be right back"
CONSENT = ("consent.yahoo.com", "guce.yahoo.com")
# Yahoo's own number for a client that asked too often.
DENIED = 999


class NoRows(AppError):
    """Yahoo has no rows between the dates asked for; the symbol is known."""

    def __init__(self) -> None:
        super().__init__(tr("No prices"), tr("Yahoo has no prices between the dates asked for."))


class LeftAlone(RateLimited):
    """Yahoo is not asked before retry_at (UTC); stored says what there is until then."""

    def __init__(self, until: str, stored: str, retry_at: datetime) -> None:
        AppError.__init__(
            self,
            tr("Yahoo asks to be left alone"),
            tr("Yahoo asks to be left alone until {until} KST; {stored}.", until=until, stored=stored),
            "",
        )
        self.retry_at = retry_at


def refused(symbol: str, response: Response, now: datetime) -> AppError | None:
    """Return the error that a status other than 200 stands for; None leaves it to the usual reading."""
    if response.status in {429, DENIED}:
        return _too_many(now)
    found = disguised(symbol, response, now)
    if found is not None:
        return found
    code, reason = _error(response)
    match response.status:
        case 404 if code:
            return UnknownSeries(YAHOO_HOST, symbol)
        case 400 if "Data doesn't exist" in reason:
            return NoRows()
        case 400 | 422 if code:
            return _changed(response, tr("the dates were refused: {reason}", reason=reason))
        case _:
            return None


def disguised(symbol: str, response: Response, now: datetime) -> AppError | None:
    """Return the error in an answer of any status that is a text or a page: never a matter of the symbol asked for."""
    start = response.body[:20_000]
    if TOO_MANY in start[:200] and b"{" not in start[:1]:
        return _too_many(now)
    if any(place in response.location or place.encode("ascii") in start for place in CONSENT):
        return _changed(response, tr("it asks for consent to cookies first (consent.yahoo.com)"))
    if OUTAGE in start:
        return SourceDown(YAHOO_HOST, tr("its page says that it will be right back"))
    if response.status == 200 and response.is_page:
        return _changed(response, tr("a web page instead of prices for {symbol}", symbol=symbol))
    return None


def _too_many(now: datetime) -> RateLimited:
    return RateLimited(
        YAHOO_HOST,
        tr(
            "Yahoo is left alone for {minutes:.0f} minutes; stored prices are used.", minutes=QUIET.total_seconds() / 60
        ),
        now + QUIET,
    )


def _error(response: Response) -> tuple[str, str]:
    """Return the code and description of an error body, empty when it has none."""
    try:
        answer = Body(YAHOO_HOST, response.body).value()
    except AppError:
        return "", ""
    error = _inside(_inside(answer, "chart"), "error") or _inside(_inside(answer, "finance"), "error")
    code, reason = _inside(error, "code"), _inside(error, "description")
    return code if isinstance(code, str) else "", reason if isinstance(reason, str) else ""


def _inside(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _changed(response: Response, what: str) -> SourceChangedShape:
    return Body(YAHOO_HOST, response.body).changed(what)
