"""What the reading library asks of the headlines, as Arrow tables of plain text and integer columns."""

from datetime import timedelta

import pyarrow as pa

from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import Span


def articles(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the stories published on some UTC dates, oldest first; instants are texts."""
    after = span.last + timedelta(days=1)
    return reader.table(
        f"""
        SELECT published_utc, title, outlet, link, lang, query, copies, first_seen_utc FROM news_article
        WHERE published_utc >= '{span.first}' AND published_utc < '{after}' ORDER BY published_utc, hash
        """
    )
