"""The news collector and the Fed's documents: one feed that fails, the user's own list, another dictionary."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from liquidity_machine import FED, GOOGLE, NEWS, LiquidityMachine, a_liquidity_machine
from support import NOW, Clock, settings_with

from tray_app.core.model import RunStatus, Trigger, Window
from tray_app.datasets.news.feeds import default_feeds
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.paths import resources

BANK = "www.bok.or.kr"


@pytest.fixture
def machine(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[LiquidityMachine]:
    with a_liquidity_machine(tmp_path, server, clock) as made:
        yield made


def test_a_good_day(machine: LiquidityMachine) -> None:
    run = machine.run(NEWS)
    assert (run.status, machine.steps(run)) == (RunStatus.SUCCESS, {"feeds": "success", "dedupe": "success"})
    assert machine.server.count() == len(default_feeds())
    articles = machine.news.articles(limit=1000)
    assert {article.language for article in articles} == {"en", "ko"}
    assert max(article.copies for article in articles) > 1
    assert all(article.published <= NOW for article in articles)
    newest = machine.news.newest_article()
    assert newest is not None
    assert run.data_date == newest.date()


def test_the_same_day_twice_changes_nothing(machine: LiquidityMachine) -> None:
    machine.run(NEWS)
    before = machine.data()
    again = machine.run(NEWS)
    assert machine.data() == before
    assert machine.notes(again)["dedupe"] == "nothing new"


def test_the_two_collectors_share_their_stories(machine: LiquidityMachine) -> None:
    machine.run()
    before = machine.query("SELECT * FROM news_article")
    machine.run(NEWS)
    assert machine.query("SELECT * FROM news_article") == before


def test_one_feed_that_fails_does_not_fail_the_others(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(BANK, Mode.HTML_200)
    run = machine.run(NEWS)
    assert (run.status, machine.steps(run)) == (RunStatus.PARTIAL, {"feeds": "partial", "dedupe": "success"})
    assert run.message.startswith("한국은행: www.bok.or.kr answered in an unknown form")
    assert run.message.endswith("of 6 of 7 feeds")
    assert machine.news.articles()


def test_a_host_that_refuses_is_not_asked_for_its_other_feeds(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(GOOGLE, Mode.RATE_LIMITED)
    run = machine.run(NEWS)
    # The call and its one more try.
    assert machine.server.count(GOOGLE) == 2
    assert "5 of 7 feeds" in run.message


def test_when_every_feed_fails_the_run_does(machine: LiquidityMachine) -> None:
    machine.settings = settings_with(
        news_feeds="Bank | ko | Asia/Seoul | https://www.bok.or.kr/portal/bbs/P0000559/news.rss"
    )
    machine.server.misbehave.set(BANK, Mode.SERVER_ERROR_HTML)
    run = machine.run(NEWS)
    assert (run.status, machine.steps(run)) == (RunStatus.FAILED, {"feeds": "failed", "dedupe": "failed"})
    assert run.worth_retrying


def test_without_network_the_run_waits(machine: LiquidityMachine) -> None:
    machine.server.stop()
    assert machine.run(NEWS, trigger=Trigger.SCHEDULER).status is RunStatus.WAITING


def test_the_users_own_list_counts(machine: LiquidityMachine) -> None:
    machine.settings = settings_with(news_feeds="# mine\nRepo | en | UTC | search: repo market")
    machine.run(NEWS)
    assert machine.asked() == [f"{GOOGLE}/rss/search"]
    assert {article.query for article in machine.news.articles()} == {"Repo"}


def test_a_list_without_feeds_asks_nobody(machine: LiquidityMachine) -> None:
    machine.settings = settings_with(news_feeds="# none")
    assert machine.run(NEWS).status is RunStatus.SUCCESS
    assert machine.asked() == []


def test_feeds_have_no_history(machine: LiquidityMachine) -> None:
    run = machine.run(NEWS, window=Window(NOW.date()))
    assert run.status is RunStatus.SUCCESS
    assert machine.asked() == []


# --- the Federal Reserve's documents ------------------------------------------------------------------------------


def test_documents_come_once_and_the_rest_another_day(
    machine: LiquidityMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tray_app.datasets.news.collect.fed_tone.MOST_DOCUMENTS", 25)
    machine.run()
    first = len(machine.news.documents())
    assert first == 25
    machine.run()
    second = len(machine.news.documents())
    assert first < second
    machine.asked()
    machine.run()
    assert len(machine.news.documents()) == second
    assert not [path for path in machine.asked(FED) if path.endswith(".htm")]


def test_a_page_that_cannot_be_read_leaves_the_others(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(FED, Mode.HTML_200, path="/newsevents/speech/")
    run = machine.run()
    assert machine.steps(run)["fed_tone"] == "partial"
    assert "could not be read" in machine.notes(run)["fed_tone"]
    assert {document.kind for document in machine.news.documents()} >= {"statement", "minutes", "testimony"}
    assert "speech" not in {document.kind for document in machine.news.documents()}


def test_the_users_dictionary_judges_what_is_stored_again(machine: LiquidityMachine) -> None:
    machine.run()
    before = {document.url: document.policy_tone for document in machine.news.documents()}
    words = json.loads((resources() / "fed_tone.json").read_text(encoding="utf-8"))
    for list_of_words in ("hawkish", "dovish", "rising", "falling"):
        words["policy"][list_of_words] = ["xyzzy"]
    (machine.folder / "fed_tone.json").write_text(json.dumps(words), encoding="utf-8")
    run = machine.run()
    assert "judged again" in machine.notes(run)["fed_tone"]
    after = {document.url: document.policy_tone for document in machine.news.documents()}
    assert any(before.values())
    assert not any(after[url] for url in before)
    assert "judged again" not in machine.notes(machine.run())["fed_tone"]


def test_a_dictionary_that_cannot_be_used_says_where(machine: LiquidityMachine) -> None:
    (machine.folder / "fed_tone.json").write_text("{", encoding="utf-8")
    run = machine.run()
    assert machine.steps(run)["fed_tone"] == "failed"
    assert "JSON" in machine.notes(run)["fed_tone"]
