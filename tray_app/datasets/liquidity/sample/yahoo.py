"""The sample query1.finance.yahoo.com: charts of every Yahoo symbol of the catalogue, with Yahoo's own oddities."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tray_app.datasets.liquidity.sample.yahoo_table import Bar, Exchange, YahooTable, utc_of
from tray_app.demo.misbehave import Mode
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_HTML, Json, Reply, Request, html_reply, json_reply, text_reply

CHART = "/v8/finance/chart/"
RANGES = ("1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max")
COLUMNS = ("open", "high", "low", "close")
MONTH_SECONDS = 31 * 86_400


class Yahoo(Upstream):
    """Refuses programs that do not look like a browser; gives quarterly rows to those who ask for range=max."""

    def __init__(self, table: YahooTable) -> None:
        self._table = table

    def answer(self, request: Request) -> Reply:
        """Return a symbol's chart, or the refusal the real host gives."""
        if not request.header("User-Agent").startswith("Mozilla/"):
            return too_many()
        symbol = request.path.removeprefix(CHART)
        if symbol == request.path:
            return html_reply("404 Not Found", 404)
        if symbol not in self._table.symbols:
            return chart_error(404, "Not Found", "No data found, symbol may be delisted")
        span = self._span(request)
        if span is None:
            return chart_error(422, "Unprocessable Entity", "Invalid input - start date cannot be after end date")
        return json_reply({"chart": {"result": [self._result(symbol, span, request)], "error": None}})

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return Yahoo's own errors."""
        match mode:
            case Mode.RATE_LIMITED:
                return too_many()
            case Mode.MAINTENANCE_200 | Mode.MAINTENANCE_403:
                page = "<!DOCTYPE html><html><body><h1>Will be right back...</h1></body></html>"
                return text_reply(page, 503 if mode is Mode.MAINTENANCE_403 else 200, TYPE_HTML)
            case Mode.CONSENT_REDIRECT:
                away = ("Location", "https://consent.yahoo.com/v2/collectConsent?sessionId=sample")
                return Reply(302, b"", TYPE_HTML, (away,))
            case Mode.PARTIAL_BODY:
                return _uneven(self.answer(request))
            case _:
                return None

    def _span(self, request: Request) -> tuple[int, int] | None:
        ends = request.param("period1"), request.param("period2")
        if ends == ("", ""):
            start = 0 if request.param("range") == "max" else request.seconds - MONTH_SECONDS
            return start, request.seconds
        try:
            first, last = (int(end) for end in ends)
        except ValueError:
            return None
        return (first, last) if first <= last else None

    def _result(self, symbol: str, span: tuple[int, int], request: Request) -> Json:
        bars = self._table.bars(symbol, *span, request.at)
        granularity = request.param("interval", "1d")
        if request.param("range") == "max":
            bars, granularity = _quarterly(bars), "3mo"
        meta = self._meta(symbol, granularity, request)
        if not bars:
            return {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        closes = [bar.prices[3] if bar.prices else None for bar in bars]
        quote: dict[str, Json] = {
            name: [bar.prices[place] if bar.prices else None for bar in bars] for place, name in enumerate(COLUMNS)
        }
        quote["volume"] = [bar.volume if bar.prices else None for bar in bars]
        return {
            "meta": meta,
            "timestamp": [bar.opens for bar in bars],
            "indicators": {"quote": [quote], "adjclose": [{"adjclose": closes}]},
        }

    def _meta(self, symbol: str, granularity: str, request: Request) -> Json:
        exchange = self._table.exchange(symbol)
        newest = self._table.newest_session(symbol, request.at)
        start, end = exchange.span(newest)
        newest_price = min(request.seconds, end)
        local = utc_of(newest_price).astimezone(ZoneInfo(exchange.zone))
        offset = int((local.utcoffset() or timedelta()).total_seconds())
        abbreviation = local.tzname() or ""
        return {
            "currency": "KRW" if symbol == "KRW=X" else "USD",
            "symbol": symbol,
            "exchangeName": exchange.name,
            "instrumentType": exchange.instrument,
            "firstTradeDate": _first_trade(exchange, self._table.symbols[symbol].starts),
            "regularMarketTime": newest_price,
            "hasPrePostMarketData": exchange.instrument == "ETF",
            "gmtoffset": offset,
            "timezone": abbreviation,
            "exchangeTimezoneName": exchange.zone,
            "regularMarketPrice": round(self._table.close(symbol, newest), 2),
            "chartPreviousClose": round(self._table.close(symbol, newest - timedelta(days=1)), 2),
            "priceHint": 2,
            "currentTradingPeriod": {
                name: {"timezone": abbreviation, "start": begins, "end": finishes, "gmtoffset": offset}
                for name, begins, finishes in (("pre", start, start), ("regular", start, end), ("post", end, end))
            },
            "dataGranularity": granularity,
            "range": request.param("range"),
            "validRanges": list(RANGES),
        }


def too_many() -> Reply:
    """Return Yahoo's refusal of a client: a bare text."""
    return text_reply("Edge: Too Many Requests", 429)


def chart_error(status: int, code: str, description: str) -> Reply:
    """Return an error body of the chart."""
    return json_reply({"chart": {"result": None, "error": {"code": code, "description": description}}}, status)


def _first_trade(exchange: Exchange, day: date) -> int:
    while not exchange.trades_on(day):
        day += timedelta(days=1)
    return exchange.span(day)[0]


def _quarterly(bars: Sequence[Bar]) -> Sequence[Bar]:
    quarters = {(utc_of(bar.opens).year, (utc_of(bar.opens).month - 1) // 3): bar for bar in reversed(bars)}
    return [*reversed(quarters.values()), *bars[-1:]]


def _uneven(whole: Reply) -> Reply:
    answer = json.loads(whole.body)
    for result in answer["chart"]["result"] or ():
        for column in result["indicators"]["quote"][0].values():
            del column[len(column) // 2 :]
    return json_reply(answer, whole.status)
