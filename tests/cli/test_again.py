"""`collect --again --only`: what is said of a range, and what cannot be said."""

from datetime import UTC, datetime

import pytest

from cli.conftest import Market
from tray_app.cli.collecting import Order, window
from tray_app.core.errors import BadInput
from tray_app.demo.server import SampleServer

NOW = datetime(2026, 8, 22, 1, tzinfo=UTC)
DAY = datetime(2026, 8, 1)  # noqa: DTZ001 - as the parser gives it


def test_a_range_is_asked_for_again_since_now() -> None:
    made = window(DAY, None, NOW, Order(again=True, only="KOSDAQ"))
    assert made is not None
    assert (made.again_since, made.only, made.is_again) == (NOW, "KOSDAQ", True)
    later = window(DAY, None, NOW.replace(hour=5), Order(again=True, only="KOSDAQ"))
    assert later is not None
    assert later != made
    assert later.is_same_work(made)
    plain = window(DAY, None, NOW, Order(only="KOSDAQ"))
    assert plain is not None
    assert not plain.is_same_work(made)


@pytest.mark.parametrize(
    ("order", "option"), [(Order(again=True), "--again"), (Order(only="x"), "--only"), (Order(True), "--newest-first")]
)
def test_today_s_run_takes_none_of_it(order: Order, option: str) -> None:
    with pytest.raises(BadInput, match=option):
        window(None, None, NOW, order)


def test_collect_one_coin_again(market: Market, server: SampleServer) -> None:
    market("collect", "crypto")
    market("collect", "crypto", "--date-from", "2026-08-01")
    server.log.clear()
    words = ("collect", "crypto", "--date-from", "2026-08-01", "--again", "--only", "bitcoin", "--json")
    plan = market(*words, "--plan").document["plan"]["crypto"]
    assert plan["calls"] == 1
    assert market(*words).code == 0
    logged = market("runs", "--json").document["runs"][0]
    assert (logged["window_start"], logged["again"], logged["only"]) == ("2026-08-01", True, "bitcoin")
    assert "again, only bitcoin" in market("runs").out.splitlines()[0]
    assert [one.path for one in server.requests] == ["/api/v3/coins/bitcoin/market_chart"]


@pytest.mark.parametrize("what", ["crypto", "all", "news"])
def test_a_series_that_is_none_is_refused_and_the_known_ones_are_named(
    market: Market, server: SampleServer, what: str
) -> None:
    said = market("collect", what, "--date-from", "2026-08-01", "--again", "--only", "KOSDOQ", "--json")
    assert said.code == 2
    assert ("defi_tvl" in str(said.document)) is (what != "news")
    assert not server.requests
