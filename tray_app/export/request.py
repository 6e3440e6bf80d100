"""What a set shall hold, and how a request travels. Any face may build one; nothing here loads pyarrow."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from tray_app.core.errors import BadInput
from tray_app.core.words import N_, tr
from tray_app.datasets.export_kind import Asked, ExportKind
from tray_app.datasets.exports import BARS, EXPORTS
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.kinds import Basis, DateType, Layout
from tray_app.export.options import OF_BARS, OF_LICENCES, options_of, said
from tray_app.export.presets import PRESETS
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Preset

# The exchange opened in March 1956. A request may reach further, as one for all that is stored does.
OLDEST, NEWEST = date(1956, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What a set is asked to be, apart from its place and days; the defaults are those of the command line.

    No markets means those of stocks, no index codes every index; a code `KOSDAQ:*` is the whole class.
    include_restricted: macro series that may not be passed on are in the set too, for the user's own use.
    """

    datasets: tuple[ExportKind, ...] = field(
        default=(BARS,),
        metadata=said(
            "--dataset",
            f"May be given again; {BARS.name} unless said.",
            title=N_("Datasets"),
        ),
    )
    markets: tuple[Market, ...] = field(
        default=(),
        metadata=said(
            "--market-code",
            "May be given again; all but ETF unless said.",
            title=N_("Markets"),
            words={Market.ETF: N_("ETF (with NAV and premium)")},
            of=OF_BARS,
        ),
    )
    index_codes: tuple[str, ...] = field(
        default=(), metadata=said("--index-code", "KOSDAQ, or KOSDAQ:* for the class.", of=OF_BARS)
    )
    adjusted: bool = field(
        default=False,
        metadata=said("--adjusted", "Add adj_ columns.", title=N_("Adjusted prices too"), of=OF_BARS),
    )
    basis: Basis = field(
        default=Basis.END,
        metadata=said(
            "--basis",
            "Factors up to the end, or all known.",
            title=N_("Adjusted by"),
            words={Basis.END: N_("What was known on the last day"), Basis.LATEST: N_("All that is known now")},
        ),
    )
    include_issues: bool = field(
        default=False,
        metadata=said("--include-issues", "Add quality issues.", title=N_("Quality issues"), of=OF_BARS),
    )
    allow_errors: bool = field(
        default=False,
        metadata=said("--allow-errors", "Export despite errors.", title=N_("Even with errors"), of=OF_BARS),
    )
    layout: Layout = field(
        default=Layout.SINGLE,
        metadata=said(
            "--layout",
            "One file of daily bars, or one per year.",
            title=N_("Layout"),
            words={Layout.SINGLE: N_("One file"), Layout.YEAR: N_("One file per year")},
        ),
    )
    include_restricted: bool = field(
        default=False,
        metadata=said(
            "--include-restricted",
            "Also macro series under licence, for your own use only.",
            title=N_("Include them, for your own use only"),
            of=OF_LICENCES,
        ),
    )
    preset: Preset = field(default=PANDAS, metadata=said("--preset", "The program the set is for.", title=N_("For")))
    date_type: DateType = field(default=DateType.DATE32, metadata=said("--dates", "Type of the date columns."))


@dataclass(frozen=True, slots=True)
class ExportRequest(ExportOptions):
    """One set."""

    output_path: Path = field(metadata=said("--output-path", "New folder for the set, or a set to be replaced."))
    date_from: date = field(metadata=said("--date-from"))
    date_to: date = field(metadata=said("--date-to"))

    @property
    def chosen_datasets(self) -> tuple[ExportKind, ...]:
        """Return the datasets of the set, in one order whatever the order asked in."""
        return tuple(dataset for dataset in EXPORTS if dataset in self.datasets)

    @property
    def chosen_markets(self) -> tuple[Market, ...]:
        """Return the markets of the set, in one order whatever the order asked in; ETFs only when asked for."""
        return tuple(market for market in Market if market in (self.markets or STOCK_MARKETS))

    @property
    def has_bars(self) -> bool:
        """Whether the set holds daily bars."""
        return any(kind.has_bars for kind in self.datasets)

    @property
    def is_adjusted(self) -> bool:
        """Whether the adj_ columns are written: asked for, or needed by the preset."""
        return self.adjusted or self.preset.is_adjusting

    @property
    def asked(self) -> Asked:
        """Return what a dataset has to know of it."""
        return Asked(self.date_from, self.date_to, self.chosen_markets, self.is_adjusted, self.include_restricted)

    @property
    def within_reach(self) -> "ExportRequest":
        """Return the request without the days that no store holds: a set is read month by month."""
        return replace(self, date_from=max(self.date_from, OLDEST), date_to=min(self.date_to, NEWEST))

    def shape(self) -> dict[str, Any]:
        """Return the request as it is stored with the job and in the manifest; without the path."""
        plain = _plain(
            replace(
                self,
                datasets=self.chosen_datasets,
                markets=self.chosen_markets,
                index_codes=tuple(sorted(set(self.index_codes))),
                adjusted=self.is_adjusted,
            )
        )
        plain["market_codes"] = plain.pop("markets")
        return {key: plain[key] for key in SHAPE}


OPTIONS = options_of(ExportRequest)
# The keys of a request in documents, in their order.
SHAPE = (
    *("datasets", "market_codes", "index_codes", "date_from", "date_to", "adjusted", "basis", "include_issues"),
    *("allow_errors", "layout", "preset", "date_type", "include_restricted"),
)


def to_line(request: ExportRequest) -> str:
    """Return a request as one line of JSON, its end included, for the process that serves it."""
    return json.dumps(_plain(request)) + "\n"


def from_line(line: str) -> ExportRequest:
    """Return the request that a line holds. Raises BadInput, which names the field it is about."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _unreadable(tr("It is no JSON: {reason}.", reason=error)) from error
    if not isinstance(found, dict) or found.keys() - OPTIONS.keys():
        raise _unreadable(tr("Only {names} can be asked for.", names=", ".join(OPTIONS)))
    values = {}
    for name, value in found.items():
        try:
            values[name] = OPTIONS[name].read(value)
        except (TypeError, ValueError) as error:
            raise _unreadable(tr("{name} cannot be {value}.", name=name, value=json.dumps(value))) from error
    missing = [name for name, option in OPTIONS.items() if option.default is None and name not in values]
    if missing:
        raise _unreadable(tr("{names} is missing.", names=", ".join(missing)))
    return ExportRequest(**values)


def _plain(request: ExportRequest) -> dict[str, Any]:
    return {name: option.plain(getattr(request, name)) for name, option in OPTIONS.items()}


def _unreadable(message: str) -> BadInput:
    return BadInput(tr("The request cannot be read"), message)


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
            tr("Allowed: {names}.", names=", ".join(kind.name for kind in EXPORTS)),
        )
    if request.preset.needs_bars and not request.has_bars:
        raise BadInput(
            tr("The preset cannot be used"),
            tr(
                "The preset {preset} is made from the dataset {dataset}.", preset=request.preset.name, dataset=BARS.name
            ),
            tr(
                "Allowed without {dataset}: {names}.",
                dataset=BARS.name,
                names=", ".join(each.name for each in PRESETS if not each.needs_bars),
            ),
        )
