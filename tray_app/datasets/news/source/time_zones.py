"""Zones as feeds name them: offsets, the names that mean one zone only, and those of the IANA table.

Python's own mail-date parser knows a handful of American names and takes all others for no zone at all.
IST, AST and GST are left out: each means several zones. CST is the American one of RFC 822, BST the British one.
"""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# Hours east of Greenwich.
_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2,
    "MESZ": 2, "MEZ": 1, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "PKT": 5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8,
    "PHT": 8, "AWST": 8, "KST": 9, "JST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "NST": -3.5, "NDT": -2.5, "BRT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
# Without S or D for the season these are the place's own time of the day they stand on.
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?(?::?00)?")
_FARTHEST = timedelta(hours=14)


def named_zone(name: str) -> tzinfo:
    """Return the zone a date names, such as KST or Asia/Seoul; ValueError when it is unknown or means several."""
    hours = _HOURS.get(name.upper())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    place = _PLACES.get(name.upper(), name)
    if "/" not in place:
        raise ValueError(name)
    try:
        return ZoneInfo(place)
    except (LookupError, OSError) as error:
        raise ValueError(name) from error


def zone_of_offset(offset: str) -> tzinfo:
    """Return the zone of +0900, +09:00, +9 and their like; ValueError for one that is nowhere.

    -0000 tells the instant in UTC and nothing of the sender's own zone (RFC 5322).
    """
    found = _OFFSET.fullmatch(offset)
    if found is None:
        raise ValueError(offset)
    hours, minutes = int(found[2]), int(found[3] or 0)
    east = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or east > _FARTHEST:
        raise ValueError(offset)
    return timezone(east if found[1] == "+" else -east) if east else UTC
