"""Headlines and documents in the store: counted once, newest first, with the document before of the same kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, product

import pytest
from support import NOW, dump, query

from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.reads import NewsReads
from tray_app.datasets.news.rules.model import (
    DocumentKind,
    DocumentText,
    DocumentTone,
    Headline,
    Hit,
    HitKind,
    ScoredSentence,
)
from tray_app.datasets.news.store.documents import DocumentStore
from tray_app.datasets.news.store.stories import MARKS_AT_ONCE, NewsStore
from tray_app.store.database import Database
from tray_app.store.series import Provenance

SEEN = Provenance(NOW, 1)
PUBLISHED = datetime(2026, 8, 21, 14, 30, tzinfo=UTC)


@pytest.fixture
def news(database: Database) -> NewsStore:
    return NewsStore(database)


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    return DocumentStore(database)


@pytest.fixture
def reads(database: Database) -> NewsReads:
    return NewsReads(database)


def item(key: str = "one", title: str = "Repo rates jump at quarter-end", **changes: object) -> Headline:
    made = Headline(key, title, "Reuters", f"https://news.test/{key}", PUBLISHED, Language.ENGLISH, "Funding stress")
    return replace(made, **changes)  # type: ignore[arg-type]


def stories(count: int) -> list[Headline]:
    """Make up stories without a word in common: each is compared with none of the others."""
    words = ("".join(letters) for letters in product("bcdfghjklmnp", repeat=4))
    return [item(word, word.title()) for word in islice(words, count)]


# --- headlines ----------------------------------------------------------------------------------------------------


def test_a_story_from_two_outlets_is_one_article_with_two_copies(news: NewsStore, reads: NewsReads) -> None:
    other = item("two", "Repo Rates Jump at Quarter-End", outlet="Bloomberg", published=PUBLISHED + timedelta(hours=2))
    assert news.fold([item(), other], NOW) == 1
    [article] = reads.articles()
    assert (article.title, article.outlet, article.copies) == ("Repo rates jump at quarter-end", "Reuters", 2)
    assert (article.published, article.first_seen, article.language) == (PUBLISHED, NOW, Language.ENGLISH)


def test_an_item_is_counted_once_however_often_it_is_served(database: Database, news: NewsStore) -> None:
    news.fold([item(), item("two")], NOW)
    before = dump(database)
    assert news.fold([item("two"), item()], NOW + timedelta(hours=1)) == 0
    assert dump(database) == before


def test_a_copy_that_comes_a_day_later_counts(news: NewsStore, reads: NewsReads) -> None:
    news.fold([item()], NOW)
    assert news.fold([item("two", published=PUBLISHED + timedelta(days=1))], NOW + timedelta(days=1)) == 0
    [article] = reads.articles()
    assert (article.copies, article.first_seen) == (2, NOW)


def test_a_date_ahead_of_the_clock_counts_as_now(news: NewsStore, reads: NewsReads) -> None:
    news.fold([item(title="Repo rates jump at the very end of the quarter")], NOW)
    ahead = item("two", "Repo rates jump at the end of the quarter", published=NOW + timedelta(days=30))
    assert news.fold([ahead], NOW) == 0
    [article] = reads.articles()
    assert article.copies == 2


def test_many_items_are_looked_up_in_parts(news: NewsStore, reads: NewsReads) -> None:
    many = stories(2 * MARKS_AT_ONCE + 200)
    assert news.fold(many, NOW) == len(many)
    assert news.fold(many, NOW) == 0
    assert len(reads.articles(limit=2_000)) == len(many)


def test_articles_come_newest_first(news: NewsStore, reads: NewsReads) -> None:
    old = item("old", "Dollar funding tightens", published=PUBLISHED - timedelta(days=3))
    news.fold([old, item()], NOW)
    assert [article.title for article in reads.articles()] == [
        "Repo rates jump at quarter-end",
        "Dollar funding tightens",
    ]
    assert [article.title for article in reads.articles(limit=1)] == ["Repo rates jump at quarter-end"]
    assert [article.title for article in reads.articles(since=PUBLISHED)] == ["Repo rates jump at quarter-end"]
    assert reads.newest_article() == PUBLISHED


def test_every_story_since_an_instant_comes_with_what_is_counted(news: NewsStore, reads: NewsReads) -> None:
    many = stories(500)
    news.fold([item("old", "Dollar funding tightens", published=PUBLISHED - timedelta(days=3)), *many], NOW)
    told = reads.stories_since(PUBLISHED)
    assert {each.title for each in told} == {each.title for each in many}
    assert {(each.query, each.published, each.first_seen) for each in told} == {("Funding stress", PUBLISHED, NOW)}
    assert len(reads.stories_since(PUBLISHED - timedelta(days=3))) == 501


def test_no_headlines_are_no_news(news: NewsStore, reads: NewsReads) -> None:
    assert news.fold([], NOW) == 0
    assert reads.articles() == ()
    assert reads.newest_article() is None


def test_a_story_without_a_date_is_marked_and_stays_where_it_was_first_seen(news: NewsStore, reads: NewsReads) -> None:
    news.fold([item(published=None), item("two", "Swap lines reopen")], NOW)
    news.fold([item(published=None)], NOW + timedelta(days=1))
    found = {each.title: (each.published, each.is_time_first_seen) for each in reads.articles()}
    assert found == {item().title: (NOW, True), "Swap lines reopen": (PUBLISHED, False)}


# --- documents ----------------------------------------------------------------------------------------------------


def text(url: str = "a", kind: DocumentKind = DocumentKind.STATEMENT, days: int = 0) -> DocumentText:
    return DocumentText(url, f"Title {url}", kind, "", PUBLISHED + timedelta(days=days), ("One. Two.",))


def tone(policy: float = 0.5) -> DocumentTone:
    first = ScoredSentence(1, "Inflation remains elevated.", 1, (Hit(HitKind.HAWKISH, "inflation elevated"),))
    return DocumentTone(policy, 1.5, 6, (first, ScoredSentence(2, "Nothing else.", 0, ())))


def test_a_document_comes_back_with_its_sentences_and_the_one_before_of_its_kind(
    documents: DocumentStore, reads: NewsReads
) -> None:
    documents.store(text("a"), tone(), "digest", SEEN)
    documents.store(text("b", DocumentKind.SPEECH, 1), tone(), "digest", SEEN)
    documents.store(text("c", days=2), tone(-0.25), "digest", SEEN)
    newest, speech, oldest = reads.documents()
    assert [newest.url, speech.url, oldest.url] == ["c", "b", "a"]
    assert (newest.previous_url, speech.previous_url, oldest.previous_url) == ("a", None, None)
    assert (newest.kind, newest.policy_tone, newest.stability_tone) == (DocumentKind.STATEMENT, -0.25, 1.5)
    assert [one.previous_url for one in reads.documents(limit=1)] == ["a"]
    assert reads.sentences("a") == tone().sentences
    assert reads.sentences("nowhere") == ()


def test_a_document_without_a_date_is_marked(documents: DocumentStore, reads: NewsReads) -> None:
    documents.store(text("a"), tone(), "digest", SEEN)
    documents.store(replace(text("b"), published=NOW), tone(), "digest", SEEN)
    assert {each.url: each.is_time_first_seen for each in reads.documents()} == {"a": False, "b": True}


def test_only_documents_that_are_not_stored_are_asked_for(documents: DocumentStore) -> None:
    documents.store(text("a"), tone(), "digest", SEEN)
    assert documents.unknown(["b", "a", "c", "b"]) == ("b", "c")


def test_another_dictionary_judges_what_is_stored_again(
    database: Database, documents: DocumentStore, reads: NewsReads
) -> None:
    documents.store(text("a"), tone(), "old", SEEN)
    documents.store(text("b"), tone(), "new", SEEN)
    [before] = documents.scored_by_another("new")
    assert (before.url, before.sentences) == ("a", ("Inflation remains elevated.", "Nothing else."))
    documents.score_again("a", DocumentTone(-1.0, 0.0, 5, (ScoredSentence(1, "Inflation.", -1, ()),)), "new")
    assert documents.scored_by_another("new") == ()
    assert reads.sentences("a") == (ScoredSentence(1, "Inflation.", -1, ()),)
    assert query(database, "SELECT policy_tone, words, run_id FROM fed_document WHERE url = 'a'") == [(-1.0, 5, 1)]


def test_a_document_stored_twice_is_one(database: Database, documents: DocumentStore) -> None:
    documents.store(text("a"), tone(), "digest", SEEN)
    before = dump(database)
    documents.store(text("a"), tone(), "digest", SEEN)
    assert dump(database) == before
