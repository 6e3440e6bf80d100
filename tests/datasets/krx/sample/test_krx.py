"""The sample KRX host: what it answers, refuses and holds back."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from demo.kit import SHARED_HOSTS, Clock, ask
from patience import PATIENCE

from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.indices import ALIASES
from tray_app.datasets.krx.sample.answers import SHARE, KrxAnswers
from tray_app.datasets.krx.sample.host import BAD_KEY, Krx
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import Reply

HOST = "data-dbg.krx.co.kr"
KEY = (("AUTH_KEY", "any-key"),)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SERVICES = (
    *("sto/stk_bydd_trd", "sto/ksq_bydd_trd", "sto/knx_bydd_trd"),
    *("sto/stk_isu_base_info", "sto/ksq_isu_base_info", "sto/knx_isu_base_info"),
    *("idx/krx_dd_trd", "idx/kospi_dd_trd", "idx/kosdaq_dd_trd", "etp/etf_bydd_trd"),
)
DAILY = "sto/stk_bydd_trd"


def krx(service: str, day: str, now: datetime = NOW, headers: tuple[tuple[str, str], ...] = KEY) -> Reply:
    return ask(HOST, f"/svc/apis/{service}", f"basDd={day}", now, headers=headers)


def rows(service: str, day: str, now: datetime = NOW) -> list[dict[str, str]]:
    reply = krx(service, day, now)
    assert reply.status == 200
    body: dict[str, Any] = json.loads(reply.body)
    assert list(body) == ["OutBlock_1"]
    found: list[dict[str, str]] = body["OutBlock_1"]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_rows_of_texts(service: str) -> None:
    found = rows(service, "20261118")
    assert len(found) >= (100 * SHARE if "/knx" in service else 40)
    assert {type(cell) for row in found for cell in row.values()} == {str}
    if "base_info" not in service:
        assert {row["BAS_DD"] for row in found} == {"20261118"}
    assert rows(f"{service}.json", "20261118") == found


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("20100104", (906, 1028, 0)),
        ("20140102", (900, 1011, 45)),
        ("20190102", (901, 1325, 153)),
        ("20240102", (952, 1703, 129)),
        ("20261118", (945, 1825, 108)),
    ],
)
def test_the_market_has_about_its_share_of_the_real_size(day: str, counts: tuple[int, int, int]) -> None:
    for service, count in zip(SERVICES[:3], counts, strict=True):
        assert abs(len(rows(service, day)) - count * SHARE) <= 8 * SHARE + 1, service
    for daily, master in zip(SERVICES[:3], SERVICES[3:6], strict=True):
        assert {row["ISU_CD"] for row in rows(daily, day)} == {row["ISU_SRT_CD"] for row in rows(master, day)}


def test_index_lists_have_their_real_sizes() -> None:
    for day, counts in (("20240105", (34, 47, 38)), ("20260910", (40, 51, 40))):
        assert tuple(len(rows(service, day)) for service in SERVICES[6:9]) == counts


def test_a_market_of_another_size_can_be_asked_for() -> None:
    day = date(2026, 11, 18)
    listed = [json.loads(KrxAnswers(share).daily(Market.KOSDAQ)(day, NOW))["OutBlock_1"] for share in (0.02, 0.06)]
    assert [len(each) for each in listed] == [pytest.approx(1825 * share, abs=2) for share in (0.02, 0.06)]


def test_an_index_that_the_program_names_needs_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ALIASES, (IndexClass.KOSDAQ, "코스닥 배당"), "KOSDAQ_DIVIDEND")
    days = (date(2026, 11, 17), date(2026, 11, 18))
    made = [KrxAnswers(0.02).indices(IndexClass.KOSDAQ)(day, NOW) for day in days]
    before, after = ({row["IDX_NM"]: row for row in json.loads(body)["OutBlock_1"]}["코스닥 배당"] for body in made)
    level, change = (float(after[name].replace(",", "")) for name in ("CLSPRC_IDX", "CMPPREVDD_IDX"))
    assert level - change == pytest.approx(float(before["CLSPRC_IDX"].replace(",", "")), abs=0.006)
    assert change != 0


def test_there_is_no_konex_before_july_2013() -> None:
    assert rows("sto/knx_bydd_trd", "20130628") == []
    assert len(rows("sto/knx_bydd_trd", "20130701")) == round(21 * SHARE)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("day", ["20091230", "20261122", "20261123", "20350102", "2026-11-18", "20260230", "", "x"])
def test_days_without_an_answer(service: str, day: str) -> None:
    assert krx(service, day).body == b'{"OutBlock_1":[]}'


@pytest.mark.parametrize("day", ["20260101", "20260603", "20260717", "20250501", "20241231", "20250127"])
def test_holidays_are_empty_but_for_the_etf_trap(day: str) -> None:
    for service in SERVICES[:-1]:
        assert rows(service, day) == []
    etfs = rows("etp/etf_bydd_trd", day)
    assert len(etfs) > 800 * SHARE
    assert {row["TDD_CLSPRC"] for row in etfs} == {row["ACC_TRDVOL"] for row in etfs} == {"" if day > "2026" else "-"}
    assert {row["BAS_DD"] for row in etfs} == {day}


def test_master_lists_answer_on_saturdays_with_fridays_list() -> None:
    for service in SERVICES[:3]:
        assert rows(service, "20260912") == []
    for service in SERVICES[3:6]:
        assert rows(service, "20260912") == rows(service, "20260911") != []
        assert rows(service, "20260913") == []
    assert rows("etp/etf_bydd_trd", "20260912") == []


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        ("20260910", datetime(2026, 9, 10, 23, 0, tzinfo=UTC)),
        ("20260911", datetime(2026, 9, 13, 23, 0, tzinfo=UTC)),
        ("20241230", datetime(2025, 1, 1, 23, 0, tzinfo=UTC)),
    ],
    ids=["Thursday", "Friday", "last of the year"],
)
def test_a_day_comes_out_at_eight_of_the_next_session(day: str, opens: datetime) -> None:
    for service in SERVICES:
        assert rows(service, day, opens - timedelta(seconds=1)) == []
        assert rows(service, day, opens) != []


def test_a_past_day_never_changes() -> None:
    soon, late = datetime(2026, 9, 10, 23, 0, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    first = [krx(service, "20260910", soon).body for service in SERVICES]
    for day in ("20280911", "20100105", "20181001", "20261118"):
        krx(DAILY, day, late)
    assert [krx(service, "20260910", late).body for service in SERVICES] == first


def test_two_exchanges_are_the_same() -> None:
    other = {HOST: Krx()}
    for service in SERVICES:
        for day in ("20110302", "20100105"):
            again = ask(HOST, f"/svc/apis/{service}", f"basDd={day}", NOW, headers=KEY, hosts=other)
            assert again.body == krx(service, day).body


@pytest.mark.parametrize("headers", [(), (("AUTH_KEY", ""),), (("AUTH_KEY", BAD_KEY),)])
def test_a_key_is_needed(headers: tuple[tuple[str, str], ...]) -> None:
    reply = krx(DAILY, "20240105", headers=headers)
    assert (reply.status, reply.body) == (401, b'{"respMsg":"Unauthorized Key","respCode":"401"}')


def test_bad_keys_can_be_chosen() -> None:
    hosts = {HOST: Krx(frozenset({"expired"}))}
    for key, status in (("expired", 401), (BAD_KEY, 200)):
        headers = (("auth_key", key),)
        assert ask(HOST, f"/svc/apis/{DAILY}", "basDd=x", NOW, headers=headers, hosts=hosts).status == status


def test_unknown_paths() -> None:
    reply = krx("sto/no_such_thing", "20240105")
    assert reply.status == 404
    message = "[svc/apis/sto/no_such_thing] API referenced by the path does not exist."
    assert json.loads(reply.body) == {"respMsg": message, "respCode": "404"}
    assert ask(HOST, "/", "", NOW, headers=KEY).status == 403


@pytest.mark.parametrize(
    ("mode", "status", "text"),
    [
        (Mode.STRAY_401, 401, '"Unauthorized Key"'),
        (Mode.WRONG_KEY, 401, '"Unauthorized Key"'),
        (Mode.REFUSED_KEY, 401, '"Unauthorized Key"'),
        (Mode.UNAPPROVED_SERVICE, 401, '"Unauthorized API Call"'),
        (Mode.MAINTENANCE_200, 200, "점검"),
        (Mode.MAINTENANCE_403, 403, "점검"),
        (Mode.HTML_200, 200, "<html>"),
        (Mode.QUOTA, 429, '"429"'),
        (Mode.RATE_LIMITED, 429, '"429"'),
        (Mode.SERVER_ERROR_HTML, 502, "502"),
        (Mode.WRONG_TYPE, 200, "temporarily"),
    ],
)
def test_misbehaviour(mode: Mode, status: int, text: str) -> None:
    with SampleServer(Clock(NOW), hosts=SHARED_HOSTS) as server, requests.Session() as client:
        client.trust_env = False
        server.misbehave.set(HOST, mode, times=1, path="/svc/apis/sto/ksq")
        address = f"{server.url}/{HOST}/svc/apis/sto/{{}}_bydd_trd?basDd=20261122"
        assert client.get(address.format("stk"), headers=dict(KEY), timeout=PATIENCE).status_code == 200
        answer = client.get(address.format("ksq"), headers=dict(KEY), timeout=PATIENCE)
        assert answer.status_code == status
        assert text in answer.content.decode()
        assert client.get(address.format("ksq"), headers=dict(KEY), timeout=PATIENCE).json() == {"OutBlock_1": []}
        assert server.count(HOST) == 3
        assert all(request.header("AUTH_KEY") == "(hidden)" for request in server.requests)


def test_wire_formats_of_the_years() -> None:
    for day, blank in (("20251230", "-"), ("20260102", "")):
        assert {row["SECT_TP_NM"] for row in rows(DAILY, day)} == {blank}
        total, headline, *others = rows("idx/kospi_dd_trd", day)
        assert [total[name] for name in ("CLSPRC_IDX", "CMPPREVDD_IDX", "FLUC_RT", "OPNPRC_IDX")] == [blank] * 4
        assert "," not in headline["CLSPRC_IDX"]
        assert any("," in row["CLSPRC_IDX"] for row in others) is (blank == "")
        closing = [row for row in rows("idx/krx_dd_trd", day) if "TMI" in row["IDX_NM"]]
        assert {row["OPNPRC_IDX"] for row in closing} == {row["MKTCAP"] for row in closing} == {blank}
        assert blank not in {row["CLSPRC_IDX"] for row in closing}
    stocks = [row for service in SERVICES[:3] for row in rows(service, "20260910")]
    assert not any("," in cell for row in stocks for name, cell in row.items() if name != "ISU_NM")


def test_codes_and_isins() -> None:
    masters = [row for service in SERVICES[3:6] for row in rows(service, "20261118")]
    codes = [row["ISU_SRT_CD"] for row in masters]
    assert all(re.fullmatch("[0-9A-Z]{6}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    lettered = [code for code in codes if re.fullmatch("[0-9]{4}[A-HJ-NP-TV-Z]0", code)]
    assert len(lettered) > 40 * SHARE
    assert {code[-1] for code in codes} >= {"0", "5", "7", "9", "K", "L", "M"}
    assert all(len(row["ISU_CD"]) == 12 and has_good_check_digit(row["ISU_CD"]) for row in masters)
    assert any(not row["ISU_CD"].startswith("KR") for row in masters)
    assert len({row["ISU_CD"] for row in masters}) == len(masters)
    early = [row["ISU_SRT_CD"] for service in SERVICES[3:6] for row in rows(service, "20250630")]
    assert all(code[:5].isdigit() for code in early)


def has_good_check_digit(isin: str) -> bool:
    digits = "".join(str(int(character, 36)) for character in isin)
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def test_sections_and_classes() -> None:
    kosdaq = rows("sto/ksq_isu_base_info", "20240105")
    sections = {row["SECT_TP_NM"] for row in kosdaq}
    assert sections == {
        "우량기업부",
        "벤처기업부",
        "중견기업부",
        "기술성장기업부",
        "SPAC(소속부없음)",
        "관리종목(소속부없음)",
        "투자주의환기종목(소속부없음)",
        "외국기업(소속부없음)",
    }
    shells = [row for row in kosdaq if "스팩" in row["ISU_ABBRV"]]
    assert 40 * SHARE < len(shells) < 130 * SHARE
    assert {row["SECT_TP_NM"] for row in shells} == {"SPAC(소속부없음)"}
    kospi = rows("sto/stk_isu_base_info", "20240105")
    assert {row["KIND_STKCERT_TP_NM"] for row in kospi} == {"보통주", "구형우선주", "신형우선주", "종류주권"}
    assert "무액면" in {row["PARVAL"] for row in kospi + kosdaq}
    assert {row["SECT_TP_NM"] for row in rows("sto/knx_isu_base_info", "20240105")} == {"일반기업부"}


def test_listing_dates_tell_who_is_new() -> None:
    before = {row["ISU_SRT_CD"] for service in SERVICES[3:6] for row in rows(service, "20240430")}
    fresh = [row for service in SERVICES[3:6] for row in rows(service, "20240705") if row["ISU_SRT_CD"] not in before]
    assert fresh
    assert all(date(2024, 5, 2) <= date.fromisoformat(row["LIST_DD"]) <= date(2024, 7, 5) for row in fresh)
