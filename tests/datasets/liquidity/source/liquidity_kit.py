"""Recorded answers of FRED and Yahoo, and small bodies in their shapes."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from repository import RECORDED

RECORDINGS = RECORDED / "liquidity"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded answers may not be shipped and are not here: {RECORDINGS}"
)
FRED = "api.stlouisfed.org"
FRED_CSV = "fred.stlouisfed.org"
YAHOO = "query1.finance.yahoo.com"
# Of the right form, and standing nowhere by chance.
KEY = "q7zx2w9plm4kt8rv1c5ny3bd6hf0jgsa"


def recorded(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def observations(*rows: tuple[str, str], count: int | None = None) -> dict[str, Any]:
    """Return a body of FRED; count may promise more than comes."""
    return {
        "realtime_start": "2026-08-22",
        "realtime_end": "2026-08-22",
        "count": len(rows) if count is None else count,
        "offset": 0,
        "limit": 100000,
        "observations": [
            {"realtime_start": "2026-08-22", "realtime_end": "2026-08-22", "date": day, "value": value}
            for day, value in rows
        ],
    }


def seconds(text: str) -> int:
    """Return a UTC time as seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def chart(rows: list[tuple[str, float | None]], **changes: Any) -> dict[str, Any]:
    """Return a chart of ^VIX with these rows; its newest session is Friday 2026-08-21's, 09:30 to 16:00 in New York."""
    meta = {
        "symbol": "^VIX",
        "dataGranularity": "1d",
        "exchangeTimezoneName": "America/New_York",
        "gmtoffset": -14_400,
        "regularMarketTime": seconds("2026-08-21T20:00"),
        "currentTradingPeriod": {"regular": {"start": seconds("2026-08-21T13:30"), "end": seconds("2026-08-21T20:00")}},
    }
    closes = [close for _opens, close in rows]
    result = {
        "meta": meta | changes,
        "timestamp": [seconds(opens) for opens, _close in rows],
        "indicators": {
            "quote": [dict.fromkeys(("open", "high", "low", "close", "volume"), closes)],
            "adjclose": [{"adjclose": closes}],
        },
    }
    return {"chart": {"result": [result], "error": None}}


def chart_error(code: str, description: str) -> str:
    return json.dumps({"chart": {"result": None, "error": {"code": code, "description": description}}})


def days(points: Any) -> list[date]:
    return [point.date for point in points]
