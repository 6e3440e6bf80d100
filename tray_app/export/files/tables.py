"""The small files of a set, from the store's tables."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.krx.tables import RecordStatus
from tray_app.export.files.instruments import Instruments
from tray_app.store.arrow_columns import date_column, days, number, price, text

STATUS_WORDS = pa.array([status.name for status in RecordStatus])


def chosen_indices(indices: pa.Table, codes: Sequence[str]) -> pa.Table:
    """Return the indices that codes name: `KOSDAQ` is one, `KOSDAQ:*` the class. Raises BadInput for an unknown one."""
    if not codes:
        return indices
    known = indices.column("index_code").to_pylist()
    classes = indices.column("index_class").to_pylist()
    wanted = [not {name, f"{kind}:*"}.isdisjoint(codes) for name, kind in zip(known, classes, strict=True)]
    unknown = [code for code in codes if code not in known and code.removesuffix(":*") not in classes]
    if unknown:
        plain = [name for name in known if ":" not in name]
        raise BadInput(
            tr("This index is not known"),
            tr("No index is stored as {names}.", names=", ".join(unknown)),
            tr(
                "Allowed: {codes}, or a whole class: {classes}.",
                codes=", ".join(plain) or "-",
                classes=", ".join(f"{kind}:*" for kind in sorted(set(classes))) or "-",
            ),
        )
    return indices.filter(pa.array(wanted, pa.bool_()))


def benchmark_table(bars: pa.Table, indices: pa.Table) -> pa.Table:
    """Return the rows of benchmark_daily.parquet."""
    places = pc.index_in(bars.column("index_id"), indices.column("index_id").combine_chunks())
    table = pa.table(
        {
            **{name: indices.column(name).take(places) for name in ("index_code", "index_class", "index_name")},
            "trade_date": days(bars.column("trade_date")),
            **{name: price(bars.column(name)) for name in ("open", "high", "low", "close", "change")},
            **{name: number(bars.column(name)) for name in ("volume", "turnover_value", "market_cap")},
            "record_status": STATUS_WORDS.take(bars.column("record_status").combine_chunks()),
        }
    )
    return table.sort_by([("trade_date", "ascending"), ("index_code", "ascending")])


def etf_table(rows: pa.Table, instruments: Instruments) -> pa.Table:
    """Return the rows of etf_daily.parquet; the premium is the close over the NAV less one, a share of the NAV."""
    episodes = instruments.table.take(pa.array(instruments.positions(whole(rows, "instrument_id"))))
    close, nav = price(rows.column("close")), price(rows.column("nav"))
    table = pa.table(
        {
            "instrument_id": episodes.column("uid"),
            "external_code": episodes.column("external_code"),
            "trade_date": days(rows.column("trade_date")),
            "close": close,
            "nav": nav,
            "premium": pc.subtract(pc.divide(close, nav), 1.0),
            "net_assets": number(rows.column("net_assets")),
            "underlying_index": text(rows.column("underlying_index")),
            **{name: price(rows.column(name)) for name in ("underlying_close", "underlying_change")},
        }
    )
    return table.sort_by([("trade_date", "ascending"), ("external_code", "ascending")])


def calendar_table(table: pa.Table) -> pa.Table:
    """Return the rows of trading_calendar.parquet."""
    return pa.table(
        {
            "market_code": text(table.column("market_code")),
            "trade_date": date_column(table.column("trade_date")),
            "state": text(table.column("state")),
            "is_open": pc.equal(table.column("is_open"), 1),
            "holiday_name": text(table.column("holiday_name")),
            "evidence": text(table.column("evidence")),
        }
    )


def factor_table(factors: pa.Table, instruments: Instruments) -> pa.Table:
    """Return the rows of adjustment_factors.parquet."""
    places = pa.array(instruments.positions(whole(factors, "instrument_id")))
    episodes = instruments.table
    table = pa.table(
        {
            "instrument_id": episodes.column("uid").take(places),
            "external_code": episodes.column("external_code").take(places),
            "market_code": episodes.column("market_code").take(places),
            "listing_date": date_column(episodes.column("listing_date").take(places)),
            "trade_date": days(factors.column("trade_date")),
            "factor": factors.column("factor").cast(pa.float64()),
            "share_factor": factors.column("share_factor").cast(pa.float64()),
            "method": text(factors.column("method")),
            "is_flagged": pc.not_equal(factors.column("is_flagged"), 0),
            "event_instrument_id": text(factors.column("event_uid")),
        }
    )
    keys = ("market_code", "external_code", "listing_date", "trade_date")
    return table.sort_by([(name, "ascending") for name in keys])


def id_map_table(earlier: pa.Table, instruments: Instruments, wanted: npt.NDArray[np.bool_]) -> pa.Table:
    """Return the rows of instrument_id_map.parquet: what some listings were called in sets made before."""
    places = instruments.positions(whole(earlier, "instrument_id"))
    episodes = instruments.table.take(pa.array(places))
    table = pa.table(
        {
            "old_instrument_id": text(earlier.column("old_uid")),
            "instrument_id": episodes.column("uid"),
            "external_code": episodes.column("external_code"),
            "market_code": episodes.column("market_code"),
            "listing_date": date_column(episodes.column("listing_date")),
        }
    )
    keys = ("market_code", "external_code", "listing_date", "old_instrument_id")
    return table.filter(pa.array(wanted[places])).sort_by([(name, "ascending") for name in keys])


def issue_table(issues: pa.Table, instruments: Instruments) -> pa.Table:
    """Return the rows of data_quality_issues.parquet: what was found, not when or in which run.

    The store hands them on in the file's order, those of no day first.
    """
    known = dict(zip(instruments.table.column("instrument_id").to_pylist(), range(instruments.count), strict=True))
    places = pa.array([known.get(number) for number in issues.column("instrument_id").to_pylist()], pa.int32())
    episodes = instruments.table
    return pa.table(
        {
            "dataset_name": text(issues.column("dataset_name")),
            "trade_date": date_column(issues.column("trade_date")),
            "subject": text(issues.column("subject")),
            "issue_code": text(issues.column("issue_code")),
            "severity": text(issues.column("severity")),
            "instrument_id": episodes.column("uid").take(places),
            "external_code": episodes.column("external_code").take(places),
            "market_code": episodes.column("market_code").take(places),
            "index_code": text(issues.column("index_code")),
            "issue_detail": text(issues.column("issue_detail")),
            "acknowledged_note": text(issues.column("acknowledged_note")),
        }
    )


def whole(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """Return a column without nulls as numbers."""
    values: npt.NDArray[np.int64] = table.column(name).cast(pa.int64()).to_numpy()
    return values


def iso_days(found: Iterable[date]) -> list[str]:
    """Return days as texts, in order."""
    return [day.isoformat() for day in sorted(found)]
