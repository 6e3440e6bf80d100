"""The way to a host: direct, through a proxy, past one that inspects; and what is trusted on each."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from net.certificates import Authority, authority
from net.proxy_kit import BODY, host, proxy
from tray_app.core.errors import AppError, BadInput, CertificateRefused, NetworkDown, ProxyRefused
from tray_app.datasets.options import OPTIONS
from tray_app.engine.cancel import CancelFlag
from tray_app.net import session as session_module
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions, Request

NAME = "api.example"
URL = f"https://{NAME}/v1/things"
PASSWORD = "p%40ss%2Fw0rd-of-the-proxy"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def _no_proxy_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Give a private authority that stands in the system's store, and in no library's own list."""
    made = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@contextmanager
def asking(proxy_address: str = "") -> Iterator[HttpClient]:
    http = HttpClient(HttpOptions(proxy=proxy_address), lambda _source: None, CancelFlag())
    try:
        yield http
    finally:
        http.close()


def refused(proxy_address: str, url: str = URL) -> AppError:
    with asking(proxy_address) as http, pytest.raises(AppError) as caught:
        http.get(Request(url))
    return caught.value


def test_direct(company: Authority) -> None:
    with host(company.server("127.0.0.1")) as there, asking() as http:
        assert http.get(Request(f"https://127.0.0.1:{there.port}/v1")).body == BODY


def test_a_proxy_that_inspects_with_an_authority_of_the_systems_store(company: Authority) -> None:
    with host(company.server(NAME)) as there, proxy(there.port) as way, asking(way.url) as http:
        assert http.get(Request(URL)).body == BODY
    assert way.asked == [f"CONNECT {NAME}:443 HTTP/1.0"]


def test_a_proxy_of_the_environment(company: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with host(company.server(NAME)) as there, proxy(there.port) as way, asking() as http:
        monkeypatch.setenv("HTTPS_PROXY", way.url)
        assert http.get(Request(URL)).body == BODY
    assert len(way.asked) == 1


def test_a_proxy_for_plain_http() -> None:
    with host() as there, proxy(there.port) as way, asking(way.url) as http:
        assert http.get(Request("http://feeds.example/rss")).body == BODY
    assert way.asked == ["GET http://feeds.example/rss HTTP/1.1"]


def test_the_proxy_of_the_settings_counts_before_that_of_the_environment(
    company: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with host(company.server(NAME)) as there, proxy(there.port) as way, asking(way.url) as http:
        assert http.get(Request(URL)).body == BODY


@pytest.mark.parametrize("given", ["settings", "environment"])
@pytest.mark.parametrize("spared", ["127.0.0.1", "localhost,127.0.0.0/8", "*"])
def test_no_proxy(company: Authority, monkeypatch: pytest.MonkeyPatch, given: str, spared: str) -> None:
    monkeypatch.setenv("NO_PROXY", spared)
    with host(company.server("127.0.0.1")) as there, proxy(there.port) as way:
        monkeypatch.setenv("HTTPS_PROXY", way.url)
        with asking(way.url if given == "settings" else "") as http:
            assert http.get(Request(f"https://127.0.0.1:{there.port}/v1")).body == BODY
    assert way.asked == []


@pytest.mark.parametrize("given", ["settings", "environment"])
@pytest.mark.parametrize(
    ("spared", "is_direct"),
    [
        (" LocalHost ,api.example", True),
        (".localhost", True),
        ("api.example, *.LOCALHOST", True),
        ("*.host", False),
        ("*.localhost.example", False),
        ("calhost", False),
        ("", False),
    ],
)
def test_a_name_that_no_proxy_spares(
    monkeypatch: pytest.MonkeyPatch, given: str, spared: str, *, is_direct: bool
) -> None:
    monkeypatch.setenv("NO_PROXY", spared)
    with host() as there, proxy(there.port) as way:
        monkeypatch.setenv("HTTP_PROXY", way.url)
        # Not every system finds this name by itself.
        with asking(way.url if given == "settings" else "") as http, suppress(NetworkDown):
            http.get(Request(f"http://rss.localhost:{there.port}/v1"))
    assert bool(way.asked) is not is_direct


# --- a proxy with a password ----------------------------------------------------------------------------------------


def test_a_proxy_with_a_password(company: Authority) -> None:
    with (
        host(company.server(NAME)) as there,
        proxy(there.port, "someone:p@ss/w0rd-of-the-proxy") as way,
        asking(way.url_with(f"someone:{PASSWORD}")) as http,
    ):
        assert http.get(Request(URL)).body == BODY
        assert http.probe(URL).error is None


@pytest.mark.parametrize("url", [URL, "http://feeds.example/rss"])
@pytest.mark.parametrize("credentials", ["", "someone:wrong-of-the-proxy@"])
def test_a_proxy_that_wants_another_password_says_so(url: str, credentials: str) -> None:
    with proxy(9, "someone:right") as way:
        error = refused(f"http://{credentials}127.0.0.1:{way.port}", url)
    assert isinstance(error, ProxyRefused)
    assert "wants a name and a password" in str(error)
    assert "wrong-of-the-proxy" not in repr([error, error.__cause__])


@pytest.mark.parametrize("status", ["403 Forbidden", "502 Bad Gateway", "503 Service Unavailable"])
def test_a_proxy_that_lets_nobody_through_is_named_with_its_status(status: str) -> None:
    with proxy(9, refusal=status.encode()) as way:
        error = refused(way.url)
    assert isinstance(error, NetworkDown)
    assert f"the proxy answered with status {status[:3]}" in str(error)


# --- a script instead of a proxy ------------------------------------------------------------------------------------

SCRIPTS = (
    "http://wpad.example/wpad.dat",
    "http://proxy.example:8080/proxy.pac?user=me",
    "http://me:secret-word@proxy.example/PROXY.PAC",
    "pac+http://proxy.example/setup",
    "file:///C:/setup/proxy.pac",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_proxy_script_is_refused_with_a_word(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "(PAC)" in str(refused(script))
    monkeypatch.setenv("HTTPS_PROXY", script)
    error = refused("")
    assert isinstance(error, BadInput)
    assert "(PAC)" in str(error)
    assert "secret-word" not in repr(error)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_proxy_script_is_not_taken_as_a_setting(script: str) -> None:
    with pytest.raises(BadInput, match="names a proxy \\(PAC\\)"):
        OPTIONS["proxy"].parse(script)


@pytest.mark.parametrize(
    "address", ["http://proxy.example:8080", "http://pac.example:3128/", "proxy.example:80", "pac:3128", ""]
)
def test_a_proxys_address_is_taken_as_a_setting(address: str) -> None:
    assert OPTIONS["proxy"].parse(address).removeprefix("http://") == address.removeprefix("http://")


# --- what is not trusted --------------------------------------------------------------------------------------------


def through_inspection(context: ssl.SSLContext) -> AppError:
    with host(context) as there, proxy(there.port) as way:
        return refused(way.url)


def test_a_list_of_authorities_of_ones_own_is_read_too(company: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(company.file))
    with host(company.server(NAME)) as there, proxy(there.port) as way, asking(way.url) as http:
        assert http.get(Request(URL)).body == BODY
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/company.pem")
    error = refused("")
    assert isinstance(error, BadInput)
    assert "/nowhere/company.pem" in str(error)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("spoilt", ["binary", "cut", "empty", "page"])
def test_a_list_of_authorities_that_is_none_is_named(
    company: Authority, monkeypatch: pytest.MonkeyPatch, variable: str, spoilt: str
) -> None:
    text = company.file.read_text(encoding="ascii")
    named = company.file.with_name(f"{spoilt}.cer")
    bodies = {"binary": ssl.PEM_cert_to_DER_cert(text), "cut": text[:200].encode(), "empty": b"", "page": b"<html>"}
    named.write_bytes(bodies[spoilt])
    monkeypatch.setenv(variable, str(named))
    error = through_inspection(company.server(NAME))
    assert isinstance(error, BadInput)
    assert f"{named}, of which no certificate in PEM form" in str(error)


def test_an_authority_that_is_not_in_the_systems_store(tmp_path: Path) -> None:
    error = through_inspection(authority(tmp_path).server(NAME))
    assert isinstance(error, CertificateRefused)
    assert "installed in the system store" in str(error)


def test_the_library_adds_no_authority_of_its_own(company: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    # The library's own list, with the test's authority in it, is what must not be asked.
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(company.file))
    empty = company.file.with_name("empty.pem")
    other = authority(_folder(company.file.parent / "other"))
    empty.write_bytes(other.file.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(empty))
    assert isinstance(through_inspection(company.server(NAME)), CertificateRefused)


def test_a_certificate_for_another_name(company: Authority) -> None:
    assert "made out to another name" in str(through_inspection(company.server("other.example")))


@pytest.mark.parametrize("begins", [timedelta(days=-60), timedelta(days=2)])
def test_a_certificate_out_of_its_time_lets_one_look_at_the_clock(company: Authority, begins: timedelta) -> None:
    context = company.server(NAME, valid_from=datetime.now(UTC) + begins)
    error = through_inspection(context)
    assert isinstance(error, CertificateRefused)
    assert "Look at the computer's date and time" in str(error)


def test_an_authority_without_key_identifiers_is_trusted_as_the_system_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = authority(tmp_path, with_key_ids=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    with host(company.server(NAME)) as there, proxy(there.port) as way, asking(way.url) as http:
        assert http.get(Request(URL)).body == BODY


def test_a_tls_library_that_insists_on_key_identifiers_is_told_in_a_sentence_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Python 3.13 and later do by default.
    trust = session_module.system_trust

    def strict() -> ssl.SSLContext:
        context = trust()
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(session_module, "system_trust", strict)
    company = authority(tmp_path, with_key_ids=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    error = through_inspection(company.server(NAME))
    assert isinstance(error, CertificateRefused)
    assert "lacks a key identifier" in str(error)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
