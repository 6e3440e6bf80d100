"""The tables as peewee models. They are bound to no database: every query is given the one it runs on."""

import peewee
from peewee import AutoField, BooleanField, FloatField, IntegerField, TextField

from tray_app.store.models_krx import KRX_MODELS
from tray_app.store.models_liquidity import LIQUIDITY_MODELS


class CryptoPrice(peewee.Model):
    """A coin on a UTC date, in dollars."""

    coin_id = TextField()
    date = TextField()
    symbol = TextField()
    name = TextField()
    rank = IntegerField(null=True)
    price_usd = FloatField()
    market_cap = FloatField(null=True)
    volume_24h = FloatField(null=True)
    change_24h = FloatField(null=True)
    change_7d = FloatField(null=True)
    source_name = TextField()
    collected_at = TextField()

    class Meta:  # noqa: D106
        table_name = "crypto_price"
        primary_key = peewee.CompositeKey("coin_id", "date")
        without_rowid = True


class CryptoMetric(peewee.Model):
    """The crypto market on a UTC date; each column keeps the date of its own source."""

    date = TextField(primary_key=True)
    total_market_cap = FloatField(null=True)
    total_volume_24h = FloatField(null=True)
    btc_dominance = FloatField(null=True)
    eth_btc_ratio = FloatField(null=True)
    fear_greed_index = IntegerField(null=True)
    fear_greed_label = TextField(null=True)
    defi_tvl = FloatField(null=True)
    stablecoin_mcap = FloatField(null=True)
    created_at = TextField()

    class Meta:  # noqa: D106
        table_name = "crypto_metric"
        without_rowid = True


class SeriesProgress(peewee.Model):
    """How far a daily series is stored without a hole, and up to which date its values are final."""

    series = TextField(primary_key=True)
    final_through = TextField(null=True)
    covered_from = TextField(null=True)
    covered_through = TextField(null=True)
    updated_at = TextField()

    class Meta:  # noqa: D106
        table_name = "series_progress"
        without_rowid = True


class BlankDays(peewee.Model):
    """Days of a series that should have a value; their source answered without one when all were so many days old."""

    series = TextField()
    date_from = TextField()
    date_through = TextField()
    age = IntegerField()

    class Meta:  # noqa: D106
        table_name = "blank_days"
        primary_key = peewee.CompositeKey("series", "date_from")
        without_rowid = True


class CollectionRun(peewee.Model):
    """A row of the run log."""

    run_id = AutoField()
    collector = TextField()
    triggered_by = TextField()
    kind = TextField()
    due_at = TextField(null=True)
    window_start = TextField(null=True)
    window_end = TextField(null=True)
    status = TextField()
    started_at = TextField()
    finished_at = TextField(null=True)
    duration = FloatField(null=True)
    data_date = TextField(null=True)
    success_count = IntegerField(default=0)
    failure_count = IntegerField(default=0)
    warning_count = IntegerField(default=0)
    steps = TextField(default="[]")
    message = TextField(default="")
    again_since = TextField(null=True)
    only_subject = TextField(default="")

    class Meta:  # noqa: D106
        table_name = "collection_runs"


class Restatement(peewee.Model):
    """A stored final value that a later answer changed."""

    table_name = TextField()
    row_key = TextField()
    column_name = TextField()
    seen_at = TextField()
    old = TextField(null=True)
    new = TextField(null=True)
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "restatements"
        primary_key = peewee.CompositeKey("table_name", "row_key", "column_name", "seen_at")
        without_rowid = True


class ApiUsage(peewee.Model):
    """Calls sent to a source on a Korean day."""

    source = TextField()
    day = TextField()
    calls = IntegerField(default=0)

    class Meta:  # noqa: D106
        table_name = "api_usage"
        primary_key = peewee.CompositeKey("source", "day")
        without_rowid = True


class LeaseRow(peewee.Model):
    """Who collects a dataset now, for people; the lock itself is a held transaction (store.lease)."""

    collector = TextField(primary_key=True)
    holder = TextField()
    acquired_at = TextField()

    class Meta:  # noqa: D106
        table_name = "lease"
        without_rowid = True


class BackfillRequest(peewee.Model):
    """History somebody asked for, until it is stored."""

    request_id = AutoField()
    collector = TextField()
    date_from = TextField()
    date_to = TextField(null=True)
    state = TextField()
    attempts = IntegerField(default=0)
    next_try_at = TextField(null=True)
    requested_at = TextField()
    newest_first = BooleanField(default=False)
    again_since = TextField(null=True)
    only_subject = TextField(default="")

    class Meta:  # noqa: D106
        table_name = "backfill_requests"


class AskedAgain(peewee.Model):
    """Days of a series, or a market's session, that were asked for again although they were stored."""

    subject = TextField()
    date_from = TextField()
    date_through = TextField()
    asked_at = TextField()

    class Meta:  # noqa: D106
        table_name = "asked_again"
        primary_key = peewee.CompositeKey("subject", "date_from")
        without_rowid = True


class EngineState(peewee.Model):
    """Small facts that survive a restart, such as the end of a pause."""

    name = TextField(primary_key=True)
    value = TextField()

    class Meta:  # noqa: D106
        table_name = "engine_state"
        without_rowid = True


class SourceAnswerRow(peewee.Model):
    """What a source answered last; whole_at is when nothing that was due of it was missing."""

    source = TextField(primary_key=True)
    digest = TextField()
    first_seen_at = TextField()
    whole_at = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "source_answers"
        without_rowid = True


class ExportJobRow(peewee.Model):
    """A set somebody asked for, and how far it has come."""

    job_id = TextField(primary_key=True)
    request = TextField()
    status = TextField()
    progress = FloatField(default=0)
    created_at = TextField()
    started_at = TextField(null=True)
    finished_at = TextField(null=True)
    output_path = TextField()
    files = TextField(default="[]")
    row_counts = TextField(default="{}")
    error = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "export_jobs"
        without_rowid = True


class DataSum(peewee.Model):
    """The sums of a table's rows of a scope (market, series) and period; see store.sums."""

    table_name = TextField()
    scope = TextField()
    period = TextField()
    rows = IntegerField()
    total = IntegerField()
    rest = IntegerField()

    class Meta:  # noqa: D106
        table_name = "data_sums"
        primary_key = peewee.CompositeKey("table_name", "scope", "period")
        without_rowid = True


MODELS: tuple[type[peewee.Model], ...] = (
    *KRX_MODELS,
    *LIQUIDITY_MODELS,
    CryptoPrice,
    CryptoMetric,
    SeriesProgress,
    BlankDays,
    CollectionRun,
    Restatement,
    ApiUsage,
    LeaseRow,
    BackfillRequest,
    AskedAgain,
    EngineState,
    SourceAnswerRow,
    ExportJobRow,
    DataSum,
)
