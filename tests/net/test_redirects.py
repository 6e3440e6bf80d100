"""Redirects against a real server: how far they are followed, where they may lead, and what they cost."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support import SECRET, client

from net.replies import HOST, URL, Told, json_body, noting, page, told
from tray_app.core.errors import AppError, QuotaSpent, SourceChangedShape, SourceDown
from tray_app.demo.wire import Delivery, Reply
from tray_app.engine.cancel import CancelFlag
from tray_app.net.http import HttpClient
from tray_app.net.redirects import MOST_HOPS, RedirectRefused
from tray_app.net.request import HttpOptions, Request, Response

OTHER = "moved.example"
# The sample server tells hosts apart as they are written.
SAME = (f"https://{HOST}/v2", f"https://{HOST.upper()}/v2", f"https://{HOST}:443/v2", "/v2")
HOSTS = (HOST, HOST.upper(), f"{HOST}:443", OTHER)
GOOD = json_body('{"fine": true}')
KEYED = (
    Request(URL, headers={"AUTH_KEY": SECRET}),
    Request(URL, headers={"Authorization": f"Bearer {SECRET}"}),
    Request(URL, parameters={"api_key": SECRET}),
    Request(URL, parameters={"q": SECRET}),
)


def away(location: str, status: int = 302, body: bytes = b"") -> Reply:
    return Reply(status, body, "text/html", (("Location", location),))


@contextmanager
def asking(*replies: Reply, secrets: tuple[str, ...] = (SECRET,)) -> Iterator[tuple[HttpClient, Told, list[str]]]:
    """Give a client of two hosts with these replies in turn, what they saw, and what was counted."""
    counted: list[str] = []
    with told(*replies, hosts=HOSTS) as (url, seen):
        http = HttpClient(HttpOptions(url, secrets=secrets), counted.append, CancelFlag())
        try:
            yield http, seen, counted
        finally:
            http.close()


def places(seen: Told) -> list[str]:
    return [f"{one.host}{one.path}" for one in seen.seen]


def refusal_of(request: Request, reply: Reply) -> RedirectRefused:
    """Return why a redirect was not followed; nothing may have been sent after it."""
    with asking(reply, GOOD) as (http, seen, _counted):
        with pytest.raises(RedirectRefused) as caught:
            http.get(request)
        assert len(seen.seen) == 1
    return caught.value


# --- followed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    request = Request(URL, parameters={"menu": "7"}, headers={"Accept": "text/xml"})
    with asking(away(f"https://{OTHER}/new", status), GOOD) as (http, seen, counted):
        assert http.get(request).body == b'{"fine": true}'
    assert places(seen) == [f"{HOST}/v1/things", f"{OTHER}/new"]
    assert (seen.seen[1].method, seen.seen[1].query) == ("GET", ())
    assert seen.seen[1].header("Accept") == "text/xml"
    assert counted == [HOST, OTHER]


@pytest.mark.parametrize(
    ("location", "path", "query"),
    [
        ("/v2/things?a=1%2C2&b=%ED%95%9C", "/v2/things", (("a", "1,2"), ("b", "한"))),
        ("other", "/v1/other", ()),
        ("?page=2", "/v1/things", (("page", "2"),)),
        (f"//{HOST}/v2#part", "/v2", ()),
        (f"https://{HOST}:443/v2", "/v2", ()),
        (" /v2 ", "/v2", ()),
        ("/뉴스".encode().decode("latin-1"), "/뉴스", ()),
        ("/caf\xe9", "/café", ()),
    ],
)
def test_a_redirect_is_read_against_the_address_that_was_asked(
    location: str, path: str, query: tuple[tuple[str, str], ...]
) -> None:
    with told(away(location), GOOD, hosts=HOSTS) as (url, seen), client(url) as http:
        http.get(Request(URL))
    assert (seen.seen[1].path, seen.seen[1].query) == (path, query)


def test_five_redirects_are_followed_and_no_sixth() -> None:
    hops = [away(f"/{number}") for number in range(MOST_HOPS + 1)]
    with asking(*hops[:MOST_HOPS], GOOD) as (http, seen, _counted):
        assert http.get(Request(URL)).status == 200
        assert len(seen.seen) == MOST_HOPS + 1
    with asking(*hops, GOOD) as (http, seen, counted):
        with pytest.raises(RedirectRefused, match="more than 5") as caught:
            http.get(Request(URL))
        assert len(seen.seen) == len(counted) == MOST_HOPS + 1
    assert caught.value.title
    assert caught.value.hint
    assert not caught.value.retryable


def test_a_redirect_without_a_place_is_an_unknown_form() -> None:
    with asking(page(302)) as (http, seen, _counted):
        with pytest.raises(SourceChangedShape, match="status 302"):
            http.get(Request(URL))
        assert len(seen.seen) == 1


def test_the_source_judges_a_redirect_before_it_is_followed() -> None:
    def judge(response: Response) -> AppError | None:
        return SourceDown(HOST, "consent") if "consent" in response.location else None

    with asking(away("/consent")) as (http, seen, _counted), pytest.raises(SourceDown, match="consent"):
        http.get(Request(URL, classify=judge))
    assert set(places(seen)) == {f"{HOST}/v1/things"}


def test_the_end_of_a_chain_is_judged_like_any_answer() -> None:
    with asking(away(f"https://{OTHER}/gone"), page(404)) as (http, seen, _counted):
        with pytest.raises(SourceChangedShape, match=f"{OTHER}.*status 404"):
            http.get(Request(URL))
        assert len(seen.seen) == 2


# --- not followed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [f"http://{HOST}/v1/things", f"http://{OTHER}/", "http://127.0.0.1:9/"])
def test_https_never_becomes_http(place: str) -> None:
    error = refusal_of(Request(URL), away(place))
    assert "from https to http://" in error.message


def test_https_behind_http_never_becomes_http_again() -> None:
    hops = (away(f"https://{OTHER}/"), away(f"http://{HOST}/"), GOOD)
    with asking(*hops) as (http, seen, _counted), pytest.raises(RedirectRefused, match=OTHER):
        http.get(Request(f"http://{HOST}/v1"))
    assert len(seen.seen) == 2


def test_loopback_http_is_followed_as_it_is_asked() -> None:
    with told(away(f"/{OTHER}/new"), GOOD, hosts=HOSTS) as (url, seen), client("") as http:
        assert http.get(Request(f"{url}/{HOST}/v1/things")).status == 200
    assert places(seen) == [f"{HOST}/v1/things", f"{OTHER}/new"]


@pytest.mark.parametrize("request_", KEYED, ids=["AUTH_KEY", "Authorization", "api_key", "value"])
@pytest.mark.parametrize("place", [f"https://{OTHER}/v1", f"https://{HOST}:8443/v1", f"https://sub.{HOST}/v1"])
def test_a_key_never_goes_to_another_origin(request_: Request, place: str) -> None:
    error = refusal_of(request_, away(f"{place}?api_key={SECRET}"))
    assert "must not see the key" in error.message


def test_a_key_never_goes_from_http_to_another_scheme_or_port() -> None:
    for place in (f"https://{HOST}/v1", f"http://{HOST}:81/v1"):
        refusal_of(Request(f"http://{HOST}/v1", headers={"AUTH_KEY": SECRET}), away(place))


@pytest.mark.parametrize("request_", KEYED, ids=["AUTH_KEY", "Authorization", "api_key", "value"])
@pytest.mark.parametrize("place", SAME)
def test_a_key_follows_no_redirect_at_its_own_origin_either(request_: Request, place: str) -> None:
    assert "must not see the key" in refusal_of(request_, away(place)).message


@pytest.mark.parametrize(
    "location",
    [
        "ftp://moved.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::",
        "https://:80/",
        "//me:pw@x.example/",
    ],
)
def test_what_is_no_web_address_is_not_followed(location: str) -> None:
    assert "no web address" in refusal_of(Request(URL), away(location)).message


@pytest.mark.parametrize("place", [f"https://{OTHER}", f"http://{OTHER}", f"https://{SECRET}.example", "ftp://x"])
def test_a_refused_redirect_tells_neither_key_nor_query(place: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="tray_app")
    request = Request(URL, parameters={"api_key": SECRET, "series": "told-by-us"})
    error = refusal_of(request, away(f"{place}/path/{SECRET}?api_key={SECRET}&told=by-them#{SECRET}"))
    said = f"{error!r} {error} {error.args} {error.__cause__!r} {caplog.text}"
    assert not [word for word in (SECRET, "told", "?") if word in said]
    assert all((error.title, error.message, error.hint))


# --- what a hop costs ---------------------------------------------------------------------------------------------


def test_hops_keep_the_distance_of_their_own_host() -> None:
    hops = (away(f"https://{OTHER}/a"), away(f"https://{OTHER}/b"), GOOD)
    with told(*hops, hosts=HOSTS) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL, pause=16.0))
    assert len(waits.waited) == 1
    assert 14 < waits.waited[0] <= 16


def test_a_host_without_calls_left_is_not_asked_by_a_hop() -> None:
    def reserve(host: str) -> None:
        if host == OTHER:
            raise QuotaSpent(host, "spent", "")

    with told(away(f"https://{OTHER}/"), GOOD, hosts=HOSTS) as (url, seen):
        http = HttpClient(HttpOptions(url), reserve, CancelFlag())
        with pytest.raises(QuotaSpent):
            http.get(Request(URL))
        http.close()
    assert places(seen) == [f"{HOST}/v1/things"]


def test_the_bytes_allowed_are_those_of_the_whole_chain() -> None:
    body = b" " * 60_000
    with asking(away("/next", body=body), Reply(200, body)) as (http, _seen, _counted):
        assert len(http.get(Request(URL, max_bytes=120_000)).body) == 60_000
    with asking(away("/next", body=body), Reply(200, body)) as (http, seen, _counted):
        with pytest.raises(SourceChangedShape, match="more than"):
            http.get(Request(URL, max_bytes=119_999))
        assert len(seen.seen) == 2


def test_the_body_of_a_redirect_is_not_read_further_than_allowed() -> None:
    with asking(away("/next", body=b" " * 200_000), GOOD) as (http, seen, _counted):
        with pytest.raises(SourceChangedShape, match="more than 100000 bytes"):
            http.get(Request(URL, max_bytes=100_000))
        assert len(seen.seen) == 1


def test_the_deadline_is_that_of_the_whole_chain() -> None:
    # 0.7 s for each hop: one alone is in time.
    slow = Reply(302, b" " * 8, "text/html", (("Location", "/next"),), Delivery.DRIP, 0.1, 1)
    with asking(slow) as (http, seen, _counted), pytest.raises(SourceDown, match="took longer than 1 s"):
        http.get(Request(URL, deadline=1.0))
    assert len(seen.seen) == 2


def test_a_fault_behind_a_redirect_starts_the_chain_anew() -> None:
    hops = (away("/next"), page(503), away("/next"), GOOD)
    with asking(*hops) as (http, seen, _counted):
        assert http.get(Request(URL)).status == 200
    assert places(seen) == [f"{HOST}/v1/things", f"{HOST}/next"] * 2
