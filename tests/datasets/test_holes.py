"""Holes inside stored ranges: asked for, filled, and left alone once their source has had its time."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from altered import Altered
from liquidity_machine import FRED_HOST, SEARCH, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from machine import Harness, a_machine
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, NOW, STABLECOINS, Clock

from tray_app.core.holes import AGES
from tray_app.core.model import RunStatus, Window
from tray_app.demo.server import SampleServer

FIRST = date(2026, 3, 2)
HOLE = date(2026, 6, 10)
EVERYTHING = Window(date(2017, 9, 27))


@pytest.fixture
def hosts() -> dict[str, Altered]:
    return {host: Altered(host) for host in (FRED_HOST, YAHOO_HOST, COINGECKO, LLAMA, STABLECOINS, FEAR_GREED)}


@pytest.fixture
def samples(clock: Clock, hosts: dict[str, Altered]) -> Iterator[SampleServer]:
    with SampleServer(clock.now, hosts={**HOSTS, **hosts}) as running:
        yield running


@pytest.fixture
def liquidity(tmp_path: Path, samples: SampleServer, clock: Clock) -> Iterator[LiquidityMachine]:
    with a_liquidity_machine(tmp_path, samples, clock) as made:
        made.settings = SEARCH
        yield made


@pytest.fixture
def crypto(tmp_path: Path, samples: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, samples, clock) as made:
        made.run()
        made.run(EVERYTHING)
        made.asked()
        yield made


def lose(machine: Harness | LiquidityMachine, sql: str, *values: object) -> None:
    """Take stored values away, with their part in the sums."""
    with machine.database.writing() as connection:
        assert connection.execute(sql, values).rowcount == 1


def without_close(day: date) -> Callable[[Any], Any]:
    """Leave a day out of a chart of Yahoo."""

    def changed(answer: Any) -> Any:
        [chart] = answer["chart"]["result"]
        offset = timedelta(seconds=chart["meta"]["gmtoffset"])
        days = [(datetime.fromtimestamp(each, UTC) + offset).date() for each in chart["timestamp"]]
        kept = [place for place, each in enumerate(days) if each != day]
        chart["timestamp"] = [chart["timestamp"][place] for place in kept]
        for block in (*chart["indicators"]["quote"], *chart["indicators"].get("adjclose", [])):
            for name, column in block.items():
                block[name] = [column[place] for place in kept]
        return answer

    return changed


def as_it_is(answer: Any) -> Any:
    return answer


def values(machine: LiquidityMachine, series: str) -> dict[date, float]:
    return {point.date: point.value for point in machine.reads.observations(series)}


def calls(machine: LiquidityMachine, window: Window) -> int:
    return sum(step.calls for step in machine.liquidity.plan(window, machine.clock.now()))


@pytest.mark.parametrize("series", ["DGS10", "DFF", "WALCL", "NFCI", "DRTSCILM", "^GSPC", "KRW=X"])
def test_a_value_lost_inside_a_stored_series_is_asked_for_and_filled(liquidity: LiquidityMachine, series: str) -> None:
    window = Window(date(2025, 1, 1), only=series)
    liquidity.run(window=window)
    whole = values(liquidity, series)
    inside = sorted(day for day in whole if day >= window.date_from)
    lost = inside[len(inside) // 2]
    liquidity.asked()
    liquidity.run(window=window)
    assert liquidity.asked() == []
    lose(liquidity, "DELETE FROM macro_observation WHERE series_id = ? AND date = ?", series, lost.isoformat())
    assert calls(liquidity, window) == 1
    assert liquidity.run(window=window).status is RunStatus.SUCCESS
    assert len(liquidity.asked()) == 1
    assert values(liquidity, series) == whole
    liquidity.run(window=window)
    assert liquidity.asked() == []


def test_only_the_range_asked_for_counts(liquidity: LiquidityMachine) -> None:
    window = Window(FIRST, only="DGS10")
    liquidity.run(window=window)
    liquidity.asked()
    lose(liquidity, "DELETE FROM macro_observation WHERE series_id = 'DGS10' AND date = ?", HOLE.isoformat())
    liquidity.run(window=Window(FIRST, HOLE - timedelta(days=1), only="DGS10"))
    liquidity.run(window=Window(HOLE + timedelta(days=1), only="DGS10"))
    assert liquidity.asked() == []
    liquidity.run(window=Window(HOLE, HOLE, only="DGS10"))
    assert len(liquidity.asked()) == 1


def test_a_close_that_yahoo_lacks_for_twenty_days_is_brought(
    liquidity: LiquidityMachine, clock: Clock, hosts: dict[str, Altered]
) -> None:
    absent = date(2026, 8, 19)
    hosts[YAHOO_HOST].change("/v8/finance/chart/", without_close(absent))
    window = Window(FIRST, only="^GSPC")
    clock.at = datetime(2026, 8, 20, 21, 30, tzinfo=UTC)
    liquidity.run(window=window)
    clock.at = datetime(2026, 9, 4, 21, 30, tzinfo=UTC)
    liquidity.run(window=window)
    before = values(liquidity, "^GSPC")
    assert absent not in before
    assert max(before) > absent + timedelta(days=14)
    liquidity.asked()
    liquidity.run(window=window)
    assert liquidity.asked() == []
    # Now it is there; a day is asked for at growing ages, and the next of them is reached.
    hosts[YAHOO_HOST].change("/v8/finance/chart/", as_it_is)
    clock.at = datetime(2026, 9, 9, 21, 30, tzinfo=UTC)
    assert calls(liquidity, window) == 1
    assert liquidity.run(window=window).status is RunStatus.SUCCESS
    assert len(liquidity.asked()) == 1
    assert absent in values(liquidity, "^GSPC")
    liquidity.run(window=window)
    assert liquidity.asked() == []


def test_what_the_source_does_not_have_is_not_asked_for_for_ever(
    liquidity: LiquidityMachine, clock: Clock, hosts: dict[str, Altered]
) -> None:
    absent = date(2026, 8, 19)
    hosts[YAHOO_HOST].change("/v8/finance/chart/", without_close(absent))
    window = Window(FIRST, only="^GSPC")
    clock.at = datetime(2026, 8, 24, 21, 30, tzinfo=UTC)
    liquidity.run(window=window)
    ages = []
    for _week in range(26):
        liquidity.asked()
        liquidity.run(window=Window(FIRST, date(2026, 8, 20), only="^GSPC"))
        if liquidity.asked():
            ages.append((clock.now().date() - absent).days)
        clock.advance(days=7)
    assert len(ages) == len(AGES) - 1
    assert all(age <= asked < age + 7 for age, asked in zip(AGES[1:], ages, strict=True))


@pytest.mark.parametrize(
    ("table", "subject", "sql"),
    [
        ("crypto_metric", "defi_tvl", "UPDATE crypto_metric SET defi_tvl = NULL WHERE date = ?"),
        ("crypto_metric", "stablecoin_mcap", "UPDATE crypto_metric SET stablecoin_mcap = NULL WHERE date = ?"),
        ("crypto_metric", "fear_greed_index", "UPDATE crypto_metric SET fear_greed_index = NULL WHERE date = ?"),
        ("crypto_price", "bitcoin", "DELETE FROM crypto_price WHERE coin_id = 'bitcoin' AND date = ?"),
    ],
)
@pytest.mark.parametrize("day", [HOLE, NOW.date() - timedelta(days=5)])
def test_a_day_lost_of_the_crypto_market_is_asked_for_and_filled(
    crypto: Harness, table: str, subject: str, sql: str, day: date
) -> None:
    before = crypto.query(f"SELECT * FROM {table} ORDER BY 1, 2")
    assert crypto.collector.missing_history(NOW) is None
    lose(crypto, sql, day.isoformat())
    missing = crypto.collector.missing_history(NOW)
    assert missing == Window(day)
    assert crypto.run(missing).status is RunStatus.SUCCESS
    assert len(crypto.asked()) == 1
    drop = {"crypto_price": 1, "crypto_metric": 1}[table]
    assert [row[:-drop] for row in crypto.query(f"SELECT * FROM {table} ORDER BY 1, 2")] == [
        row[:-drop] for row in before
    ]
    assert crypto.run(missing).status is RunStatus.SUCCESS
    assert crypto.asked() == []
    assert subject in {each.key for each in crypto.collector.subjects()}


def without_points(*days: date) -> Callable[[Any], Any]:
    """Leave days out of a chart of DefiLlama."""
    gone = {int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in days}

    def changed(answer: Any) -> Any:
        return [point for point in answer if int(point["date"]) not in gone]

    return changed


def test_a_day_that_defillama_does_not_have_is_asked_for_until_it_has_had_its_time(
    crypto: Harness, clock: Clock, hosts: dict[str, Altered]
) -> None:
    hosts[LLAMA].change("/v2/historicalChainTvl", without_points(HOLE))
    lose(crypto, "UPDATE crypto_metric SET defi_tvl = NULL WHERE date = ?", HOLE.isoformat())
    asked = 0
    window = Window(date(2026, 1, 1), date(2026, 7, 1), only="defi_tvl")
    for _month in range(6):
        crypto.run(window)
        asked += len(crypto.asked())
        crypto.run(window)
        assert crypto.asked() == []
        clock.advance(days=30)
    # At 73 days and at 112.
    assert asked == 2
    assert crypto.query("SELECT date_from, date_through, age FROM blank_days WHERE series = 'defi_tvl'") == [
        (HOLE.isoformat(), HOLE.isoformat(), AGES[-1])
    ]
