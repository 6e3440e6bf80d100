"""What verify asks of sessions that a person has accepted: rows named as missing are, and what they hide is not ok."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.sets import Finding
from tray_app.core.words import tr
from tray_app.export.files.masks import Validity

DAILY, REASON, CODE = "instrument_daily", "signal_validity_reason", "external_code"
INVALID, OK = (reason.name.lower() for reason in (Validity.INVALID, Validity.OK))


class AcceptedChecks:
    """Remembers the rows of the issues that some session was accepted without."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        told: Mapping[str, Mapping[str, Any]] = document.get("accepted_sessions", {})
        self._named = [
            (market, date.fromisoformat(day), kind, code)
            for market, days in told.items()
            for day, held in days.items()
            for kind in ("missing", "in_doubt")
            for code in held[kind]
        ]
        self._codes = {code for *_, code in self._named}
        self._reasons: dict[tuple[str, str], dict[date, str]] = {}

    def note(self, table: pa.Table) -> None:
        """Remember the rows of the issues in question."""
        if not self._codes:
            return
        codes = table.column(CODE).cast(pa.string())
        found = table.filter(pc.is_in(codes, value_set=pa.array(sorted(self._codes))))
        columns = [found.column(name).cast(pa.string()).to_pylist() for name in ("market_code", CODE, REASON)]
        days = found.column("trade_date").cast(pa.date32()).to_pylist()
        for market, code, reason, day in zip(*columns, days, strict=True):
            self._reasons.setdefault((market, code), {})[day] = reason

    def findings(self) -> Iterator[Finding]:
        """Yield where the rows are not as the manifest says of the accepted sessions."""
        for market, day, kind, code in self._named:
            reasons = self._reasons.get((market, code), {})
            if kind == "missing" and day in reasons:
                text = tr("holds {code} of {day}, which the manifest names as missing", code=code, day=day)
                yield Finding(DAILY, text, CODE)
            if kind == "in_doubt" and reasons.get(day, INVALID) != INVALID:
                text = tr("{code} of {day} does not count as invalid, though it is in doubt", code=code, day=day)
                yield Finding(DAILY, text, REASON)
            after = min((each for each in reasons if each > day), default=None)
            if after is not None and reasons[after] == OK:
                text = tr("{code} of {day} counts as ok, though the row before it is in doubt", code=code, day=after)
                yield Finding(DAILY, text, REASON)
