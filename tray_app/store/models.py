"""The store's own tables as peewee models. They are bound to no database: every query is given the one it runs on."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import peewee
from peewee import AutoField, BooleanField, DoubleField, IntegerField, TextField

from tray_app.core.table import Column, Kind, Table
from tray_app.core.times import iso_instant


def stored(value: Any) -> Any:
    """Return a value as it is stored: days and instants (UTC) are ISO texts."""
    if isinstance(value, datetime):
        return iso_instant(value)
    return value.isoformat() if isinstance(value, date) else value


class DayField(TextField):
    """A date as ISO text."""

    def db_value(self, value: Any) -> Any:
        """Return what is stored."""
        return stored(value)


class InstantField(TextField):
    """An instant (UTC) as ISO text."""

    def db_value(self, value: Any) -> Any:
        """Return what is stored."""
        return stored(value)


class SeriesProgress(peewee.Model):
    """How far a daily series is stored without a hole, and up to which date its values are final."""

    series = TextField(primary_key=True)
    final_through = DayField(null=True)
    covered_from = DayField(null=True)
    covered_through = DayField(null=True)
    updated_at = InstantField()

    class Meta:  # noqa: D106
        table_name = "series_progress"
        without_rowid = True


class BlankDays(peewee.Model):
    """Days of a series that should have a value; their source answered without one when all were so many days old."""

    series = TextField()
    date_from = DayField()
    date_through = DayField()
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
    due_at = InstantField(null=True)
    window_start = DayField(null=True)
    window_end = DayField(null=True)
    status = TextField()
    started_at = InstantField()
    finished_at = InstantField(null=True)
    duration = DoubleField(null=True)
    data_date = DayField(null=True)
    success_count = IntegerField(default=0)
    failure_count = IntegerField(default=0)
    warning_count = IntegerField(default=0)
    steps = TextField(default="[]")
    message = TextField(default="")
    again_since = InstantField(null=True)
    only_subject = TextField(default="")

    class Meta:  # noqa: D106
        table_name = "collection_runs"


class Restatement(peewee.Model):
    """A stored final value that a later answer changed."""

    table_name = TextField()
    row_key = TextField()
    column_name = TextField()
    seen_at = InstantField()
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
    day = DayField()
    calls = IntegerField(default=0)

    class Meta:  # noqa: D106
        table_name = "api_usage"
        primary_key = peewee.CompositeKey("source", "day")
        without_rowid = True


class LeaseRow(peewee.Model):
    """Who collects a dataset now, for people; the lock itself is a held transaction (store.lease)."""

    collector = TextField(primary_key=True)
    holder = TextField()
    acquired_at = InstantField()

    class Meta:  # noqa: D106
        table_name = "lease"
        without_rowid = True


class BackfillRequest(peewee.Model):
    """History somebody asked for, until it is stored."""

    request_id = AutoField()
    collector = TextField()
    date_from = DayField()
    date_to = DayField(null=True)
    state = TextField()
    attempts = IntegerField(default=0)
    next_try_at = InstantField(null=True)
    requested_at = InstantField()
    newest_first = BooleanField(default=False)
    again_since = InstantField(null=True)
    only_subject = TextField(default="")

    class Meta:  # noqa: D106
        table_name = "backfill_requests"


class AskedAgain(peewee.Model):
    """Days of a series, or a market's session, that were asked for again although they were stored."""

    subject = TextField()
    date_from = DayField()
    date_through = DayField()
    asked_at = InstantField()

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
    first_seen_at = InstantField()
    whole_at = InstantField(null=True)

    class Meta:  # noqa: D106
        table_name = "source_answers"
        without_rowid = True


class ExportJobRow(peewee.Model):
    """A set somebody asked for, and how far it has come."""

    job_id = TextField(primary_key=True)
    request = TextField()
    status = TextField()
    progress = DoubleField(default=0)
    created_at = InstantField()
    started_at = InstantField(null=True)
    finished_at = InstantField(null=True)
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


class QualityIssueRow(peewee.Model):
    """Something a quality rule has found."""

    dataset_name = TextField()
    trade_date = DayField()
    subject = TextField()
    issue_code = TextField()
    severity = TextField()
    instrument_id = IntegerField(null=True)
    index_code = TextField(null=True)
    issue_detail = TextField()
    first_seen_at = InstantField()
    last_seen_at = InstantField()
    resolved_at = InstantField(null=True)
    acknowledged_note = TextField(null=True)
    run_id = IntegerField()
    accepted_at = InstantField(null=True)
    accepted_by = TextField(null=True)
    accepted_note = TextField(null=True)

    class Meta:  # noqa: D106
        table_name = "data_quality_issues"
        primary_key = peewee.CompositeKey("dataset_name", "trade_date", "subject", "issue_code")
        without_rowid = True


OWN_MODELS: tuple[type[peewee.Model], ...] = (
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
    QualityIssueRow,
)
FIELDS: Mapping[Kind, type[peewee.Field]] = MappingProxyType(
    {
        Kind.TEXT: TextField,
        Kind.WORD: TextField,
        Kind.DATE: DayField,
        Kind.INSTANT: InstantField,
        Kind.INTEGER: IntegerField,
        Kind.FLOAT: DoubleField,
        Kind.FLAG: BooleanField,
        Kind.DAY: IntegerField,
        Kind.MOMENT: IntegerField,
    }
)


def model_of(table: Table) -> type[peewee.Model]:
    """Return a dataset's table as a model: what came later stands behind what was there first."""
    placed = sorted(table.columns, key=lambda column: column.added.step if column.added else 0)
    is_plain_key = len(table.key) == 1
    meta = {
        "table_name": table.name,
        "without_rowid": not table.has_row_number,
        "indexes": ((table.unique, True),) if table.unique else (),
        **({} if is_plain_key else {"primary_key": peewee.CompositeKey(*table.key)}),
    }
    fields = {column.name: _field(column, is_key=table.key == (column.name,)) for column in placed}
    return type(table.name, (peewee.Model,), {"__doc__": None, **fields, "Meta": type("Meta", (), meta)})


def _field(column: Column, *, is_key: bool) -> peewee.Field:
    table, _, target = column.references.partition(".")
    references = [peewee.SQL(f"REFERENCES {table} ({target})")] if table else []
    return FIELDS[column.kind](
        null=column.nullable,
        unique=column.unique,
        default=column.default,
        primary_key=is_key,
        constraints=references,
    )
