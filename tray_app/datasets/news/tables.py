"""The tables of the dataset `news`: stories, the items of feeds they were seen in, and the Fed's documents."""

from tray_app.core.table import Column, Kind, Table, columns, own

# What the issues of its values are about.
ISSUES = "news"
# Published when it was first seen where the source told no date; copies counts the outlets and items it was seen in.
NEWS_ARTICLE = Table(
    "news_article",
    key=("hash",),
    columns=(
        *columns(Kind.TEXT, "hash title outlet link"),
        *columns(Kind.INSTANT, "published_utc first_seen_utc"),
        *columns(Kind.WORD, "lang query"),
        Column("copies", Kind.INTEGER),
    ),
)
# An item that was counted is never counted twice.
NEWS_COPY = Table(
    "news_copy",
    key=("item_key",),
    columns=(Column("item_key", Kind.TEXT), Column("hash", Kind.TEXT, references="news_article.hash")),
)
# Published when it was collected where the source told no date; the tone is by a dictionary, named by its digest.
FED_DOCUMENT = Table(
    "fed_document",
    key=("url",),
    columns=(
        *columns(Kind.TEXT, "url title type speaker"),
        Column("published_utc", Kind.INSTANT),
        *columns(Kind.FLOAT, "policy_tone stability_tone"),
        Column("words", Kind.INTEGER),
        Column("dictionary", Kind.TEXT),
        own("collected_at", Kind.INSTANT),
        own("run_id", Kind.INTEGER),
    ),
)
# hits is a list of [kind, words].
FED_SENTENCE = Table(
    "fed_sentence",
    key=("url", "n"),
    columns=(
        Column("url", Kind.TEXT, references="fed_document.url"),
        Column("n", Kind.INTEGER),
        Column("text", Kind.TEXT),
        Column("tone", Kind.INTEGER),
        Column("hits", Kind.TEXT),
    ),
)
STORIES = (NEWS_ARTICLE, NEWS_COPY)
TABLES = (*STORIES, FED_DOCUMENT, FED_SENTENCE)
