"""What can be exported of the dataset `krx`."""

from tray_app.core.words import N_
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.krx.rules.quality.catalogue import IssueDataset

KRX_SETS = ExportKind(
    "krx",
    title=N_("Korea Exchange (daily bars and indices)"),
    counted=N_("{rows} daily bars"),
    none_stored=N_("No daily bars are stored for these days and markets. Collect them first."),
    attribution="한국거래소 통계정보 (Korea Exchange)",
    dates="Asia/Seoul",
    remarks=(
        "Codes are text: leading zeros and letters matter. Dates are session days in Korea.",
        "Where nothing was traded, open, high and low are null and the close is the one carried by the exchange.",
        "`is_tradable` and `signal_validity_reason` say which rows a backtest may act on.",
        "`trading_calendar`: `is_open` is true of proven sessions only; a day of `state` `unknown` may have been one.",
        "`instruments`: `moved_to` names the listing an issue went on in on another market. That one's factors adjust",
        "the rows of the earlier one too: the two are one series. Why a listing ended (`end_reason`), since when it",
        "was in liquidation, are inferred from its rows. Where `is_identified` is false no master list told of it:",
        "its `instrument_id` will change then, and `instrument_id_map` of a later set says to which.",
        "`instrument_name` and `section` are those of each day; a section that was not kept is null.",
        "`etf_daily`, in sets with the market ETF: `premium` is the close over the NAV less one, null without a NAV.",
        "No factors are known of ETFs: their adjusted prices are the prices.",
        "Sessions that are due and have no rows are named in `manifest.json` under `missing_sessions`.",
    ),
    frame_bytes=45_000,
    issues=frozenset(IssueDataset),
    has_bars=True,
)
