"""The tables of macro series, the stress index, headlines and the Federal Reserve's documents, as peewee models."""

import peewee
from peewee import BooleanField, FloatField, IntegerField, TextField


class MacroSeriesRow(peewee.Model):
    """A series that is collected."""

    series_id = TextField(primary_key=True)
    title = TextField()
    units = TextField()
    frequency = TextField()
    source = TextField()

    class Meta:  # noqa: D106
        table_name = "macro_series"
        without_rowid = True


class MacroObservation(peewee.Model):
    """A series' value of a date, and when it was first stored; a later correction keeps that instant."""

    series_id = TextField()
    date = TextField()
    value = FloatField()
    first_seen_at = TextField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "macro_observation"
        primary_key = peewee.CompositeKey("series_id", "date")
        without_rowid = True


class StressIndexRow(peewee.Model):
    """The stress index on a day of New York; the newest is provisional until every input due that day is in.

    is_in_doubt: it is made of a value that stands among the quality issues.
    """

    date = TextField(primary_key=True)
    z = FloatField()
    score = FloatField()
    band = TextField()
    breadth = FloatField(null=True)
    coverage = FloatField()
    repo_flag = BooleanField()
    repo_label = TextField()
    updated_at = TextField()
    run_id = IntegerField()
    is_provisional = BooleanField(default=False)
    is_in_doubt = BooleanField(default=False)

    class Meta:  # noqa: D106
        table_name = "stress_index"
        without_rowid = True


class StressContributionRow(peewee.Model):
    """A category's part of the index; inputs is a list of [name, series, value, z, observed, age]."""

    date = TextField()
    category = TextField()
    z = FloatField()
    weight = FloatField()
    contribution = FloatField()
    inputs = TextField()

    class Meta:  # noqa: D106
        table_name = "stress_contribution"
        primary_key = peewee.CompositeKey("date", "category")
        without_rowid = True


class NewsArticle(peewee.Model):
    """A story; copies counts the outlets and items it was seen in.

    published_utc equals first_seen_utc where the source told no date that can be read.
    """

    hash = TextField(primary_key=True)
    title = TextField()
    outlet = TextField()
    link = TextField()
    published_utc = TextField()
    first_seen_utc = TextField()
    lang = TextField()
    query = TextField()
    copies = IntegerField()

    class Meta:  # noqa: D106
        table_name = "news_article"
        without_rowid = True


class NewsCopy(peewee.Model):
    """An item of a feed that was counted, and the story it belongs to, so that it is never counted twice."""

    item_key = TextField(primary_key=True)
    hash = TextField()

    class Meta:  # noqa: D106
        table_name = "news_copy"
        without_rowid = True


class FedDocumentRow(peewee.Model):
    """A document of the Federal Reserve with its tone by a dictionary, which is named by its digest.

    published_utc equals collected_at where the source told no date that can be read.
    """

    url = TextField(primary_key=True)
    title = TextField()
    type = TextField()
    speaker = TextField()
    published_utc = TextField()
    policy_tone = FloatField()
    stability_tone = FloatField()
    words = IntegerField()
    dictionary = TextField()
    collected_at = TextField()
    run_id = IntegerField()

    class Meta:  # noqa: D106
        table_name = "fed_document"
        without_rowid = True


class FedSentenceRow(peewee.Model):
    """A sentence of a document; hits is a list of [kind, words]."""

    url = TextField()
    n = IntegerField()
    text = TextField()
    tone = IntegerField()
    hits = TextField()

    class Meta:  # noqa: D106
        table_name = "fed_sentence"
        primary_key = peewee.CompositeKey("url", "n")
        without_rowid = True


class SourcePauseRow(peewee.Model):
    """A source that asked to be left alone until an instant."""

    source = TextField(primary_key=True)
    until = TextField()
    reason = TextField()

    class Meta:  # noqa: D106
        table_name = "source_pause"
        without_rowid = True


LIQUIDITY_MODELS: tuple[type[peewee.Model], ...] = (
    MacroSeriesRow,
    MacroObservation,
    StressIndexRow,
    StressContributionRow,
    NewsArticle,
    NewsCopy,
    FedDocumentRow,
    FedSentenceRow,
    SourcePauseRow,
)
