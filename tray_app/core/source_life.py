"""When a source's rows can be dated: from its first possible day to its tomorrow. One rule for every source and row."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

from tray_app.core.times import KST

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Life:
    """The days a source's rows may carry: those from its first one to the day after today in its own zone."""

    first: date
    zone: tzinfo

    def last(self, now: datetime) -> date:
        """Return the source's tomorrow."""
        return now.astimezone(self.zone).date() + timedelta(days=1)

    def holds(self, day: date, now: datetime) -> bool:
        """Whether a row can be of a day."""
        return self.first <= day <= self.last(now)


class SourceLife(Enum):
    """Every source's life. Exchanges and agencies date by their own calendar, the others by UTC."""

    # The oldest day CoinGecko has ever given of any coin.
    COINGECKO = Life(date(2013, 4, 28), UTC)
    DEFILLAMA = Life(date(2017, 9, 27), UTC)
    STABLECOINS = Life(date(2017, 11, 29), UTC)
    FEAR_GREED = Life(date(2018, 2, 1), UTC)
    # DFF, the oldest series of the catalogue, begins then.
    FRED = Life(date(1954, 7, 1), NEW_YORK)
    # The S&P 500, Yahoo's oldest chart.
    YAHOO = Life(date(1927, 12, 30), NEW_YORK)
    # The exchange opened on that day: nothing was listed before.
    KRX_LISTINGS = Life(date(1956, 3, 3), KST)
    # The web's first feeds and the oldest documents the Federal Reserve has put there.
    FEEDS = Life(date(1990, 1, 1), UTC)

    @property
    def first(self) -> date:
        """Return the first day the source can have."""
        return self._life(None).first

    def holds(self, day: date, now: datetime, zone: tzinfo | None = None) -> bool:
        """Whether a row of the source can be of a day; zone is that of a symbol with a calendar of its own."""
        return self._life(zone).holds(day, now)

    def last(self, now: datetime, zone: tzinfo | None = None) -> date:
        """Return the source's tomorrow."""
        return self._life(zone).last(now)

    def _life(self, zone: tzinfo | None) -> Life:
        life: Life = self.value
        return life if zone is None else replace(life, zone=zone)
