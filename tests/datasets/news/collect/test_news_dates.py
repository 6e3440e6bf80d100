"""Items of feeds with a date that cannot be keep the time they are first seen at; those of no use are named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from liquidity_machine import NEWS, LiquidityMachine, a_liquidity_machine
from support import HOSTS, NOW, Clock, settings_with

from tray_app.core.model import RunStatus
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request

BANK = "www.bok.or.kr"
ADDRESS = f"https://{BANK}/portal/bbs/P0000559/news.rss"
ITEM = (
    "<item><title>{title}</title><link>https://www.bok.or.kr/{title}</link><guid>an-id-of-the-banks-own-{title}</guid>"
    "<pubDate>{date}</pubDate></item>"
)


class Bank(Upstream):
    """A bank with one good item and one of another date."""

    date = "Wed, 01 Jan 2100 00:00:00 GMT"
    more = ""

    def answer(self, request: Request) -> Reply:
        """Return the feed."""
        del request
        items = ITEM.format(title="good", date="Sat, 22 Aug 2026 09:00:00 GMT") + ITEM.format(
            title="odd", date=self.date
        )
        items += self.more
        feed = f'<rss version="2.0"><channel><title>Bank</title>{items}</channel></rss>'
        return Reply(200, feed.encode(), "application/rss+xml")


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def machine(tmp_path: Path, clock: Clock, bank: Bank) -> Iterator[LiquidityMachine]:
    with (
        SampleServer(clock.now, hosts={**HOSTS, BANK: bank}) as server,
        a_liquidity_machine(tmp_path, server, clock) as made,
    ):
        made.settings = settings_with(news_feeds=f"Bank | ko | Asia/Seoul | {ADDRESS}")
        yield made


def issues(machine: LiquidityMachine) -> list[tuple[Any, ...]]:
    return machine.query(
        "SELECT dataset_name, subject, issue_code FROM data_quality_issues WHERE resolved_at IS NULL ORDER BY 3"
    )


@pytest.mark.parametrize("date", ["Wed, 01 Jan 2100 00:00:00 GMT", "Sun, 31 Dec 1989 00:00:00 GMT"])
def test_an_impossible_date_is_named_and_not_believed(machine: LiquidityMachine, bank: Bank, date: str) -> None:
    bank.date = date
    run = machine.run(NEWS)
    assert run.status is RunStatus.PARTIAL
    assert issues(machine) == [("news", "Bank", "DATE_IMPOSSIBLE")]
    assert max(article.published for article in machine.news.articles()) == NOW


def test_the_issue_goes_with_the_item(machine: LiquidityMachine, bank: Bank) -> None:
    machine.run(NEWS)
    bank.date = "Sat, 22 Aug 2026 08:00:00 GMT"
    assert machine.run(NEWS).status is RunStatus.SUCCESS
    assert issues(machine) == []


@pytest.mark.parametrize(
    "more",
    [
        ITEM.format(title="\ufffd\ufffd\ufffd\ufffd", date="Sat, 22 Aug 2026 09:00:00 GMT"),
        "<item><title>no link</title></item>",
        "<item><title>no link</title><link>javascript:alert(1)</link></item>",
        "<item><link>https://www.bok.or.kr/no-title</link></item>",
    ],
)
def test_an_item_that_cannot_be_used_is_named_by_its_feed(machine: LiquidityMachine, bank: Bank, more: str) -> None:
    bank.date, bank.more = "Sat, 22 Aug 2026 08:00:00 GMT", more
    run = machine.run(NEWS)
    assert run.status is RunStatus.PARTIAL
    assert "Bank: 1 row: " in run.message
    assert issues(machine) == [("news", "Bank", "ROW_SET_ASIDE")]
    assert {article.title for article in machine.news.articles()} == {"good", "odd"}
    bank.more = ""
    assert machine.run(NEWS).status is RunStatus.SUCCESS
    assert issues(machine) == []


def test_issues_of_a_feed_that_is_no_longer_listed_go(machine: LiquidityMachine) -> None:
    machine.run(NEWS)
    assert len(issues(machine)) == 1
    machine.settings = settings_with(news_feeds="연합뉴스 | ko | Asia/Seoul | https://www.yna.co.kr/rss/economy.xml")
    machine.run(NEWS)
    assert issues(machine) == []
