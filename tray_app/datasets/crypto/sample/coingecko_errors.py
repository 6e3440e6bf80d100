"""CoinGecko's error bodies, whose levels differ."""

from datetime import datetime

from tray_app.demo.wire import Json, Reply, json_reply

PRICING = "https://www.coingecko.com/en/api/pricing"
TOO_MANY = (
    f"You've exceeded the Rate Limit. Please visit {PRICING} to subscribe to our API plans for higher rate limits."
)
SPENT = (
    "You've reached 10,000 calls limit. You may visit developer dashboard for details, "
    f"or subscribe to paid subscription for higher rate limit: {PRICING}"
)
MISSING = "API Key Missing. Please make sure you're using the right authentication method."
TOO_OLD = (
    "Your request exceeds the allowed time range. Public API users are limited to querying historical data "
    f"within the past 365 days. Upgrade to a paid plan to enjoy full historical data access: {PRICING}."
)


def rate_limited() -> Reply:
    """Return the 429 of too many calls a minute: an integer code, no time stamp, no Retry-After."""
    return json_reply({"status": {"error_code": 429, "error_message": TOO_MANY}}, 429)


def quota_spent(at: datetime) -> Reply:
    """Return the 429 of a spent monthly quota."""
    return json_reply(_status(at, 10006, SPENT), 429)


def refused_key(at: datetime) -> Reply:
    """Return the 401 of a missing or wrong key."""
    return json_reply(_status(at, 10002, MISSING), 401)


def history_limit(at: datetime) -> Reply:
    """Return the 401 of a history beyond 365 days, one level deeper than the others."""
    return json_reply({"error": _status(at, 10012, TOO_OLD)}, 401)


def plain(message: str, status: int) -> Reply:
    """Return an error that is a bare text under `error`."""
    return json_reply({"error": message}, status)


def _status(at: datetime, code: int, message: str) -> Json:
    stamp = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+00:00"
    return {"status": {"timestamp": stamp, "error_code": code, "error_message": message}}
