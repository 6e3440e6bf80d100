"""The Korea Exchange tables as peewee models, bound to no database."""

import peewee
from peewee import BooleanField, CompositeKey, FloatField, IntegerField, TextField


class Instrument(peewee.Model):
    """One listing episode of an issue."""

    instrument_id = IntegerField(primary_key=True)
    uid = TextField(unique=True)
    market_code = TextField()
    external_code = TextField()
    episode = IntegerField()
    isin = TextField(null=True)
    instrument_name = TextField()
    name_en = TextField(null=True)
    listing_date = TextField()
    delisting_date = TextField(null=True)
    share_class = TextField(null=True)
    security_group = TextField(null=True)
    section = TextField(null=True)
    par_value = TextField(null=True)
    listed_shares = IntegerField(null=True)
    first_seen = TextField()
    last_seen = TextField()
    source_name = TextField()
    collected_at = TextField()
    updated_at = TextField()
    end_reason = TextField(null=True)
    moved_from = IntegerField(null=True)
    moved_to = IntegerField(null=True)
    liquidation_from = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "instruments"
        indexes = ((("market_code", "external_code", "episode"), True),)


class InstrumentName(peewee.Model):
    """A name an issue has borne since a date."""

    instrument_id = IntegerField()
    valid_from = TextField()
    name = TextField()

    class Meta:  # noqa: D106
        table_name = "instrument_names"
        primary_key = CompositeKey("instrument_id", "valid_from")
        without_rowid = True


class InstrumentSection(peewee.Model):
    """The listing section an issue has stood in since a date; none where it was not kept."""

    instrument_id = IntegerField()
    valid_from = TextField()
    section = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "instrument_sections"
        primary_key = CompositeKey("instrument_id", "valid_from")
        without_rowid = True


class EarlierUid(peewee.Model):
    """An identifier that a listing bore in sets made before."""

    uid = TextField(primary_key=True)
    instrument_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "earlier_uids"
        without_rowid = True


class DailyMarketData(peewee.Model):
    """One issue on one session; days are numbers since 1970-01-01, prices and values won."""

    trade_date = IntegerField()
    instrument_id = IntegerField()
    open = FloatField(null=True)
    high = FloatField(null=True)
    low = FloatField(null=True)
    close = FloatField()
    change = FloatField()
    volume = IntegerField()
    turnover_value = IntegerField()
    market_value = IntegerField()
    listed_shares = IntegerField()
    base_price = FloatField()
    is_trade_halted = BooleanField()
    is_under_supervision = BooleanField()
    record_status = IntegerField()
    source_name = IntegerField()
    collected_at = IntegerField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "daily_market_data"
        primary_key = CompositeKey("trade_date", "instrument_id")
        without_rowid = True


class EtfDailyData(peewee.Model):
    """What the exchange told of an ETF beside its prices; NAV and net assets won, levels of the underlying points."""

    trade_date = IntegerField()
    instrument_id = IntegerField()
    nav = FloatField(null=True)
    net_assets = IntegerField(null=True)
    underlying_index = TextField(null=True)
    underlying_close = FloatField(null=True)
    underlying_change = FloatField(null=True)
    collected_at = IntegerField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "etf_daily_data"
        primary_key = CompositeKey("trade_date", "instrument_id")
        without_rowid = True


class Index(peewee.Model):
    """An index and our code for it."""

    index_id = IntegerField(primary_key=True)
    index_class = TextField()
    index_code = TextField(unique=True)
    index_name = TextField()

    class Meta:  # noqa: D106
        table_name = "indices"
        indexes = ((("index_class", "index_name"), True),)


class BenchmarkIndexData(peewee.Model):
    """One index on one session."""

    trade_date = IntegerField()
    index_id = IntegerField()
    open = FloatField(null=True)
    high = FloatField(null=True)
    low = FloatField(null=True)
    close = FloatField(null=True)
    change = FloatField(null=True)
    volume = IntegerField(null=True)
    turnover_value = IntegerField(null=True)
    market_cap = IntegerField(null=True)
    record_status = IntegerField()
    source_name = IntegerField()
    collected_at = IntegerField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "benchmark_index_data"
        primary_key = CompositeKey("trade_date", "index_id")
        without_rowid = True


class TradingCalendar(peewee.Model):
    """Whether a market was open on a day, and how that is known."""

    market_code = TextField()
    trade_date = TextField()
    state = TextField()
    is_open = BooleanField(null=True)
    holiday_name = TextField(null=True)
    evidence = TextField()
    source_name = TextField()
    collected_at = TextField()

    class Meta:  # noqa: D106
        table_name = "trading_calendar"
        primary_key = CompositeKey("market_code", "trade_date")
        without_rowid = True


class DayLedger(peewee.Model):
    """Where a session of a dataset and market stands."""

    dataset = TextField()
    market_code = TextField()
    trade_date = TextField()
    state = TextField()
    rows = IntegerField(default=0)
    attempts = IntegerField(default=0)
    next_try_at = TextField(null=True)
    reason = TextField(default="")
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "day_ledger"
        primary_key = CompositeKey("dataset", "market_code", "trade_date")
        without_rowid = True


class PriceAdjustmentFactor(peewee.Model):
    """A day on which earlier prices of an issue must be rescaled."""

    instrument_id = IntegerField()
    trade_date = IntegerField()
    factor = FloatField()
    share_factor = FloatField()
    method = TextField()
    is_flagged = BooleanField()
    inputs = TextField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "price_adjustment_factors"
        primary_key = CompositeKey("instrument_id", "trade_date")
        without_rowid = True


class DataQualityIssue(peewee.Model):
    """Something a quality rule has found."""

    dataset_name = TextField()
    trade_date = TextField()
    subject = TextField()
    issue_code = TextField()
    severity = TextField()
    instrument_id = IntegerField(null=True)
    index_code = TextField(null=True)
    issue_detail = TextField()
    first_seen_at = TextField()
    last_seen_at = TextField()
    resolved_at = TextField(null=True)
    acknowledged_note = TextField(null=True)
    run_id = IntegerField()
    accepted_at = TextField(null=True)
    accepted_by = TextField(null=True)
    accepted_note = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "data_quality_issues"
        primary_key = CompositeKey("dataset_name", "trade_date", "subject", "issue_code")
        without_rowid = True


class PendingCheck(peewee.Model):
    """A session whose rows are new and whose factors and quality are still to be worked out."""

    trade_date = IntegerField(primary_key=True)

    class Meta:  # noqa: D106
        table_name = "pending_checks"


class DaySummary(peewee.Model):
    """How many rows a market has on a session."""

    dataset = TextField()
    market_code = TextField()
    trade_date = IntegerField()
    rows = IntegerField()

    class Meta:  # noqa: D106
        table_name = "day_summary"
        primary_key = CompositeKey("dataset", "market_code", "trade_date")
        without_rowid = True


class MonthStamp(peewee.Model):
    """A counter that grows with every write to a month of a table."""

    table_name = TextField()
    month = TextField()
    stamp = IntegerField()

    class Meta:  # noqa: D106
        table_name = "month_stamp"
        primary_key = CompositeKey("table_name", "month")
        without_rowid = True


KRX_MODELS: tuple[type[peewee.Model], ...] = (
    Instrument,
    InstrumentName,
    InstrumentSection,
    EarlierUid,
    DailyMarketData,
    EtfDailyData,
    Index,
    BenchmarkIndexData,
    TradingCalendar,
    DayLedger,
    PriceAdjustmentFactor,
    DataQualityIssue,
    PendingCheck,
    DaySummary,
    MonthStamp,
)
