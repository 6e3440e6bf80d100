"""The server itself: routing, log, compression, connections, starting and stopping."""

import gzip
import http.client
import json
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from patience import PATIENCE

from demo.kit import COINGECKO, FEAR_GREED, LLAMA, MARKETS, MARKETS_20, RECORDED_DAY, SHARED_HOSTS, Clock, ask
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request, json_reply


class Echo(Upstream):
    def answer(self, request: Request) -> Reply:
        if request.path == "/break":
            raise RuntimeError("a fault of the sample")
        return json_reply({"method": request.method, "path": request.path, "body": request.body.decode("utf-8")})


def test_a_request_reaches_its_host(server: SampleServer, client: requests.Session) -> None:
    answer = client.get(f"{server.url}/{COINGECKO}{MARKETS}?{MARKETS_20}", timeout=PATIENCE)
    assert answer.status_code == 200
    assert answer.content == ask(COINGECKO, MARKETS, MARKETS_20).body
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_the_date_header_is_the_servers_clock(server: SampleServer, client: requests.Session) -> None:
    answer = client.get(f"{server.url}/{FEAR_GREED}/fng/", timeout=PATIENCE)
    assert answer.headers["Date"] == "Sat, 22 Aug 2026 10:46:07 GMT"


def test_the_clock_is_read_at_each_request(server: SampleServer, client: requests.Session, clock: Clock) -> None:
    first = client.get(f"{server.url}/{FEAR_GREED}/fng/", timeout=PATIENCE).json()
    clock.advance(timedelta(days=1))
    second = client.get(f"{server.url}/{FEAR_GREED}/fng/", timeout=PATIENCE).json()
    assert int(second["data"][0]["timestamp"]) - int(first["data"][0]["timestamp"]) == 86_400


def test_unknown_hosts_are_named(server: SampleServer, client: requests.Session) -> None:
    answer = client.get(f"{server.url}/example.org/x", timeout=PATIENCE)
    assert answer.status_code == 404
    assert "example.org" in answer.text
    assert server.requests == ()


def test_compressed_only_when_accepted(server: SampleServer) -> None:
    request = urllib.request.Request(f"{server.url}/{LLAMA}/v2/historicalChainTvl", headers={"User-Agent": "test"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as plain:
        assert plain.headers["Content-Encoding"] is None
        body = plain.read()
        assert int(plain.headers["Content-Length"]) == len(body)
    request.add_header("Accept-Encoding", "deflate, gzip;q=0.8")
    with urllib.request.urlopen(request, timeout=PATIENCE) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.read()) == body


def test_a_connection_stays_open(server: SampleServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=PATIENCE)
    ports = set()
    for _ in range(3):
        connection.request("GET", f"/{COINGECKO}/api/v3/ping", headers={"User-Agent": "test"})
        answer = connection.getresponse()
        assert answer.version == 11
        assert json.loads(answer.read())["gecko_says"]
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_without_a_user_agent_it_is_forbidden(server: SampleServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=PATIENCE)
    connection.request("GET", f"/{COINGECKO}/api/v3/ping")
    assert connection.getresponse().status == 403
    connection.close()


def test_the_log_counts_and_keeps_secrets_out(server: SampleServer, client: requests.Session) -> None:
    secret = "CG-very-secret"
    client.get(
        f"{server.url}/{COINGECKO}/api/v3/ping?x_cg_demo_api_key={secret}",
        headers={"x-cg-demo-api-key": secret, "User-Agent": "Market Tray"},
        timeout=PATIENCE,
    )
    client.get(f"{server.url}/{LLAMA}/v2/historicalChainTvl", timeout=PATIENCE)
    entry = server.requests[0]
    assert (entry.method, entry.host, entry.path, entry.at) == ("GET", COINGECKO, "/api/v3/ping", RECORDED_DAY)
    assert entry.header("User-Agent") == "Market Tray"
    assert entry.header("X-CG-Demo-Api-Key") == entry.param("x_cg_demo_api_key") == "(hidden)"
    assert secret not in repr(server.requests)
    assert (server.count(), server.count(COINGECKO), server.count(LLAMA, "/v2/")) == (2, 1, 1)
    assert secret not in client.get(f"{server.url}/_requests", timeout=PATIENCE).text
    assert len(client.get(f"{server.url}/_requests", timeout=PATIENCE).json()) == 2
    server.log.clear()
    assert server.requests == ()


def test_other_methods_and_own_hosts(clock: Clock, client: requests.Session) -> None:
    with SampleServer(clock, hosts={"echo.test": Echo()}) as server:
        posted = client.post(f"{server.url}/echo.test/a%20b", data="hällo".encode(), timeout=PATIENCE)
        assert posted.json() == {"method": "POST", "path": "/a b", "body": "hällo"}
        head = client.head(f"{server.url}/echo.test/x", timeout=PATIENCE)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["Content-Length"]) > 0
        assert client.get(f"{server.url}/echo.test/x", timeout=PATIENCE).json()["method"] == "GET"


def test_a_fault_of_the_sample_is_a_500(
    clock: Clock, client: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    with SampleServer(clock, hosts={"echo.test": Echo()}) as server:
        assert client.get(f"{server.url}/echo.test/break", timeout=PATIENCE).status_code == 500
    assert "a fault of the sample" in caplog.text


def test_many_at_once(clock: Clock) -> None:
    paths = [
        f"/{COINGECKO}{MARKETS}?{MARKETS_20}",
        f"/{COINGECKO}/api/v3/global",
        f"/{LLAMA}/v2/historicalChainTvl",
        f"/{FEAR_GREED}/fng/?limit=0",
    ]
    with SampleServer(clock) as server, ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda path: requests.get(server.url + path, timeout=PATIENCE).content, paths * 10))
        assert server.count() == 40
    for place, body in enumerate(bodies):
        assert body == bodies[place % len(paths)]
    assert bodies[0] == ask(COINGECKO, MARKETS, MARKETS_20).body


def test_stopping_ends_threads_and_idle_connections(clock: Clock, client: requests.Session) -> None:
    before = threading.active_count()
    server = SampleServer(clock, hosts=SHARED_HOSTS)
    server.start()
    client.get(f"{server.url}/{COINGECKO}/api/v3/ping", timeout=PATIENCE)
    assert threading.active_count() > before
    server.stop()
    server.stop()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE)
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        client.get(f"{server.url}/{COINGECKO}/api/v3/ping", timeout=PATIENCE)


def test_starting_again_keeps_the_port_and_what_is_known(clock: Clock, client: requests.Session) -> None:
    server = SampleServer(clock, hosts=SHARED_HOSTS)
    with pytest.raises(RuntimeError):
        _ = server.url
    with server:
        url = server.url
        client.get(f"{url}/{COINGECKO}/api/v3/ping", timeout=PATIENCE)
        with pytest.raises(RuntimeError):
            server.start()
    with server:
        assert server.url == url
        assert client.get(f"{url}/{COINGECKO}/api/v3/ping", timeout=PATIENCE).status_code == 200
        assert server.count() == 2


def test_a_taken_port_is_refused(server: SampleServer, clock: Clock) -> None:
    second = SampleServer(clock, int(server.url.rpartition(":")[2]), hosts=SHARED_HOSTS)
    with pytest.raises(OSError, match=r"."):
        second.start()


def test_it_listens_on_loopback_only(server: SampleServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_a_client_that_leaves_is_no_error(
    server: SampleServer, client: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    server.misbehave.set(LLAMA, Mode.SLOW_DRIP, seconds=0.0, size=64)
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw:
        raw.sendall(f"GET /{LLAMA}/v2/historicalChainTvl HTTP/1.1\r\nUser-Agent: t\r\n\r\n".encode())
        assert raw.recv(10).startswith(b"HTTP/1.1")
    assert client.get(f"{server.url}/{COINGECKO}/api/v3/ping", timeout=PATIENCE).status_code == 200
    server.stop()
    assert caplog.text == ""
