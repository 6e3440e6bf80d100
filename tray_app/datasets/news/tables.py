"""The tables of the dataset `news`: stories, and the items of feeds they were seen in."""

from tray_app.core.table import Column, Kind, Table, columns

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
TABLES = (NEWS_ARTICLE, NEWS_COPY)
