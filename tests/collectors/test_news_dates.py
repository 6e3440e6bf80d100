"""Items of feeds dated when they cannot be: kept with the time they are first seen at, and named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from liquidity_machine import NEWS, LiquidityMachine, a_liquidity_machine
from support import HOSTS, NOW, Clock

from tray_app.core.model import RunStatus
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request
from tray_app.settings import Settings

BANK = "www.bok.or.kr"
ADDRESS = f"https://{BANK}/portal/bbs/P0000559/news.rss"
ITEM = (
    "<item><title>{title}</title><link>https://www.bok.or.kr/{title}</link><guid>an-id-of-the-banks-own-{title}</guid>"
    "<pubDate>{date}</pubDate></item>"
)


class Bank(Upstream):
    """A bank with one good item and one of another date."""

    date = "Wed, 01 Jan 2100 00:00:00 GMT"

    def answer(self, request: Request) -> Reply:
        """Return the feed."""
        del request
        items = ITEM.format(title="good", date="Sat, 22 Aug 2026 09:00:00 GMT") + ITEM.format(
            title="odd", date=self.date
        )
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
        made.settings = Settings(news_feeds=f"Bank | ko | Asia/Seoul | {ADDRESS}")
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
    assert max(article.published for article in machine.reads.articles()) == NOW


def test_the_issue_goes_with_the_item(machine: LiquidityMachine, bank: Bank) -> None:
    machine.run(NEWS)
    bank.date = "Sat, 22 Aug 2026 08:00:00 GMT"
    assert machine.run(NEWS).status is RunStatus.SUCCESS
    assert issues(machine) == []
