"""What a set shall hold. Pure values: any face may build one; nothing here loads pyarrow."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.kinds import Basis, DateType, ExportKind, Layout
from tray_app.export.presets import PRESETS
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Preset

# The exchange opened in March 1956. A request may reach further, as one for all that is stored does.
OLDEST, NEWEST = date(1956, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """One set. No markets means those of stocks, no index codes every index; a code `KOSDAQ:*` is the whole class.

    include_restricted: macro series that may not be passed on are in the set too, for the user's own use.
    """

    output_path: Path
    date_from: date
    date_to: date
    datasets: tuple[ExportKind, ...] = (ExportKind.KRX,)
    markets: tuple[Market, ...] = ()
    index_codes: tuple[str, ...] = ()
    adjusted: bool = False
    basis: Basis = Basis.END
    include_issues: bool = False
    allow_errors: bool = False
    layout: Layout = Layout.SINGLE
    preset: Preset = PANDAS
    date_type: DateType = DateType.DATE32
    include_restricted: bool = False

    @property
    def chosen_markets(self) -> tuple[Market, ...]:
        """Return the markets of the set, in one order whatever the order asked in; ETFs only when asked for."""
        return tuple(market for market in Market if market in (self.markets or STOCK_MARKETS))

    @property
    def is_adjusted(self) -> bool:
        """Whether the adj_ columns are written: asked for, or needed by the preset."""
        return self.adjusted or self.preset.is_adjusting

    @property
    def within_reach(self) -> "ExportRequest":
        """Return the request without the days that no store holds: a set is read month by month."""
        return replace(self, date_from=max(self.date_from, OLDEST), date_to=min(self.date_to, NEWEST))

    def shape(self) -> dict[str, Any]:
        """Return the request as it is stored with the job and in the manifest; without the path."""
        return {
            "datasets": [str(dataset) for dataset in sorted(set(self.datasets), key=list(ExportKind).index)],
            "market_codes": [str(market) for market in self.chosen_markets],
            "index_codes": sorted(set(self.index_codes)),
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
            "adjusted": self.is_adjusted,
            "basis": str(self.basis),
            "include_issues": self.include_issues,
            "allow_errors": self.allow_errors,
            "layout": str(self.layout),
            "preset": self.preset.name,
            "date_type": str(self.date_type),
            "include_restricted": self.include_restricted,
        }


def check(request: ExportRequest) -> None:
    """Raise BadInput for a request that no store could serve."""
    if request.date_to < request.date_from:
        raise BadInput(
            tr("The dates cannot be used"),
            tr("--date-to {last} lies before --date-from {first}.", last=request.date_to, first=request.date_from),
            tr("Allowed: dates like 2026-01-31, the first not after the last."),
        )
    if not request.datasets:
        raise BadInput(
            tr("A dataset is missing"),
            tr("A set holds at least one dataset."),
            tr("Allowed: {names}.", names=", ".join(ExportKind)),
        )
    if request.preset.needs_bars and ExportKind.KRX not in request.datasets:
        raise BadInput(
            tr("The preset cannot be used"),
            tr("The preset {preset} is made from the dataset krx.", preset=request.preset.name),
            tr("Allowed without krx: {names}.", names=", ".join(each.name for each in PRESETS if not each.needs_bars)),
        )
