"""Every way a sample host can misbehave, set from code and over HTTP."""

import json
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import requests
from patience import LIFTED, PATIENCE
from running_time import becomes_true, running_time

from demo.kit import COINGECKO, FEAR_GREED, LLAMA, Clock
from tray_app.demo.misbehave import Misbehave, Mode
from tray_app.demo.server import SampleServer

PING = f"/{COINGECKO}/api/v3/ping"
# Loopback answers at once; a busy machine may not.


def get(server: SampleServer, client: requests.Session, target: str = PING) -> requests.Response:
    return client.get(server.url + target, timeout=PATIENCE)


def test_rate_limited(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED)
    answer = get(server, client)
    assert answer.status_code == 429
    assert answer.json()["status"]["error_code"] == 429
    assert "Retry-After" not in answer.headers


def test_retry_after_in_seconds(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED_RETRY_AFTER, seconds=7)
    answer = get(server, client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["status"]["error_code"] == 429


def test_retry_after_as_a_date(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED_DATE, seconds=53)
    answer = get(server, client)
    assert answer.status_code == 429
    assert parsedate_to_datetime(answer.headers["Retry-After"]) == datetime(2026, 8, 22, 10, 47, tzinfo=UTC)


def test_quota(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.QUOTA_10006)
    answer = get(server, client)
    assert answer.status_code == 429
    status = answer.json()["status"]
    assert (status["error_code"], status["timestamp"]) == (10006, "2026-08-22T10:46:07.000+00:00")


def test_refused_key(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.REFUSED_KEY)
    answer = get(server, client)
    assert (answer.status_code, answer.json()["status"]["error_code"]) == (401, 10002)


def test_server_error(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(FEAR_GREED, Mode.SERVER_ERROR_HTML)
    answer = get(server, client, f"/{FEAR_GREED}/fng/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "<title>502 Bad Gateway</title>" in answer.text


@pytest.mark.parametrize(
    ("mode", "body"),
    [(Mode.EMPTY_LIST, []), (Mode.EMPTY_OBJECT, {}), (Mode.WRONG_TYPE, "temporarily unavailable")],
)
def test_wrong_bodies(server: SampleServer, client: requests.Session, mode: Mode, body: object) -> None:
    server.misbehave.set(LLAMA, mode)
    answer = get(server, client, f"/{LLAMA}/v2/historicalChainTvl")
    assert answer.status_code == 200
    assert answer.json() == body


def test_html_with_status_200(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(LLAMA, Mode.HTML_200)
    answer = get(server, client, f"/{LLAMA}/v2/historicalChainTvl")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_cut_body(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(LLAMA, Mode.CUT_BODY, times=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        get(server, client, f"/{LLAMA}/v2/historicalChainTvl")
    assert len(get(server, client, f"/{LLAMA}/v2/historicalChainTvl").json()) > 400


def test_slow_drip_arrives_whole(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.SLOW_DRIP, seconds=0.002, size=3)
    began = time.perf_counter()
    answer = get(server, client)
    assert answer.json() == {"gecko_says": "(V3) To the Moon!"}
    assert time.perf_counter() - began >= 0.001 * (len(answer.content) // 3)


def test_stop_does_not_wait_for_a_drip(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(LLAMA, Mode.SLOW_DRIP, seconds=2 * PATIENCE, size=10)
    with (
        client.get(f"{server.url}/{LLAMA}/v2/historicalChainTvl", stream=True, timeout=PATIENCE),
        running_time() as taken,
    ):
        server.stop()
    assert taken.seconds < PATIENCE


def test_timeout_hangs_until_the_server_stops(server: SampleServer) -> None:
    server.misbehave.set(COINGECKO, Mode.TIMEOUT)
    failures: list[Exception] = []

    def hang() -> None:
        try:
            requests.get(server.url + PING, timeout=LIFTED)
        except requests.RequestException as error:
            failures.append(error)

    threads = [threading.Thread(target=hang) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert server.log.wait_for(3, COINGECKO, seconds=PATIENCE)
    assert not server.log.wait_for(4, seconds=0.0)
    assert failures == []
    server.stop()
    for thread in threads:
        thread.join(PATIENCE)
    assert [type(error) for error in failures] == [requests.ConnectionError] * 3


def test_timeout_with_an_impatient_client(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.TIMEOUT, times=1)
    with pytest.raises(requests.ReadTimeout):
        client.get(server.url + PING, timeout=0.1)
    assert becomes_true(lambda: not server.misbehave.list(), PATIENCE)
    assert get(server, client).status_code == 200


def test_times_count_down(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED, times=2)
    assert [get(server, client).status_code for _ in range(4)] == [429, 429, 200, 200]
    assert server.misbehave.list() == ()


def test_the_longest_path_wins_and_others_are_spared(server: SampleServer, client: requests.Session) -> None:
    server.misbehave.set(COINGECKO, Mode.SERVER_ERROR_HTML, path="/api/v3/coins")
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED, path="/api/v3/coins/markets")
    assert get(server, client).status_code == 200
    assert get(server, client, f"/{COINGECKO}/api/v3/coins/markets?vs_currency=usd").status_code == 429
    chart = f"/{COINGECKO}/api/v3/coins/bitcoin/market_chart?vs_currency=usd&days=1"
    assert get(server, client, chart).status_code == 502
    assert get(server, client, f"/{FEAR_GREED}/fng/").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_switched_over_http(server: SampleServer, client: requests.Session, method: str) -> None:
    switch = f"{server.url}/_switch/{COINGECKO}"
    answer = client.request(
        method, f"{switch}?mode=rate_limited_retry_after&seconds=9&times=5&path=/api/v3/p", timeout=PATIENCE
    )
    assert answer.json() == [
        {
            "host": COINGECKO,
            "mode": "rate_limited_retry_after",
            "path": "/api/v3/p",
            "times": 5,
            "seconds": 9.0,
            "size": 1024,
        }
    ]
    assert get(server, client).headers["Retry-After"] == "9"
    assert get(server, client, f"/{COINGECKO}/api/v3/global").status_code == 200
    assert client.get(f"{server.url}/_switch", timeout=PATIENCE).json()[0]["times"] == 4
    assert client.request(method, f"{switch}?mode=ok", timeout=PATIENCE).json() == []
    assert get(server, client).status_code == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"/_switch/{COINGECKO}?mode=sulking", 400),
        (f"/_switch/{COINGECKO}?mode=timeout&times=0", 400),
        (f"/_switch/{COINGECKO}?mode=timeout&times=x", 400),
        (f"/_switch/{COINGECKO}?mode=slow_drip&seconds=-1", 400),
        (f"/_switch/{COINGECKO}?mode=slow_drip&size=0", 400),
        ("/_switch/example.org?mode=timeout", 404),
    ],
)
def test_bad_switches_change_nothing(server: SampleServer, client: requests.Session, target: str, status: int) -> None:
    answer = get(server, client, target)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert server.misbehave.list() == ()


def test_every_mode_has_an_effect(clock: Clock) -> None:
    from tray_app.demo.faults import misbehaved
    from tray_app.demo.misbehave import Switch
    from tray_app.demo.wire import Request

    from .kit import SHARED_HOSTS

    upstream = SHARED_HOSTS[FEAR_GREED]
    request = Request("GET", FEAR_GREED, "/fng/", (), (), b"", clock())
    good = upstream.answer(request)
    for mode in set(Mode) - {Mode.OK}:
        assert misbehaved(Switch(FEAR_GREED, mode), upstream, request, lambda: good) != good
    assert misbehaved(Switch(FEAR_GREED, Mode.OK), upstream, request, lambda: good) == good


def test_ok_for_one_path_keeps_the_others() -> None:
    switches = Misbehave()
    switches.set(LLAMA, "timeout", path="/a")
    switches.set(LLAMA, "timeout", path="b")
    switches.set(FEAR_GREED, "timeout")
    switches.set(LLAMA, "ok", path="/a")
    assert [(one.host, one.path) for one in switches.list()] == [(LLAMA, "/b"), (FEAR_GREED, "/")]
    switches.set(LLAMA, "ok")
    assert [one.host for one in switches.list()] == [FEAR_GREED]
    switches.clear()
    assert switches.list() == ()


def test_times_are_exact_when_many_ask(server: SampleServer) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED, times=10)
    seen: list[int] = []

    def ask_some() -> None:
        with requests.Session() as session:
            seen.extend(session.get(server.url + PING, timeout=PATIENCE).status_code for _ in range(5))

    threads = [threading.Thread(target=ask_some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [200] * 20 + [429] * 10
    assert json.loads(requests.get(f"{server.url}/_switch", timeout=PATIENCE).content) == []
