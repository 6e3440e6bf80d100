"""Made-up stories of the money markets, a handful a day, most of them told by more than one outlet."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tray_app.demo.series import DAY_SECONDS, dice

FEWEST_A_DAY = 5
MORE_A_DAY = 6
COPY_AFTER_SECONDS = 1500


@dataclass(frozen=True)
class Outlet:
    """A made-up newspaper."""

    name: str
    url: str


@dataclass(frozen=True)
class Telling:
    """One outlet's item of a story; second since 1970 UTC."""

    seed: str
    title: str
    outlet: Outlet
    second: int


@dataclass(frozen=True)
class Press:
    """What a language's papers write: openings and endings of titles, and who they are."""

    language: str
    openings: tuple[str, ...]
    endings: tuple[str, ...]
    outlets: tuple[Outlet, ...]


def _press(language: str, *texts: str) -> Press:
    openings, endings, outlets = (tuple(" ".join(text.split()).split(" / ")) for text in texts)
    papers = (text.rsplit(" ", 1) for text in outlets)
    return Press(language, openings, endings, tuple(Outlet(name, f"https://www.{host}") for name, host in papers))


ENGLISH = _press(
    "en",
    """
    Repo market rates jump {n} basis points / Dollar funding costs ease for a {nth} day / Standing repo facility
    draws ${n} billion / Treasury market liquidity thins / Funding stress gauge rises to a {n}-week high / Central banks
    reopen dollar swap lines / SOFR spike fades within {n} hours
    """,
    """
    as quarter-end nears / after a weak bond auction / while dealers' balance sheets fill up / on heavy bill
    settlement / as tax payments drain reserves / as traders speak of "thin air"
    """,
    "Harbour Ledger harbourledger.example / Basis & Curve basisandcurve.example / Northfield Wire northfield.example",
)
KOREAN = _press(
    "ko",
    """
    레포 금리 {n}bp 급등 / 단기자금시장 {n}일째 안정 / CP 금리 {n}주 만에 최고 / PF 유동성 지원 {n}조원 추가 / 달러
    유동성 경색 우려 완화 / 자금경색 조짐에 채권 발행 {n}건 중단
    """,
    "분기말 앞두고 / 국고채 입찰 부진에 / 금통위 하루 전 / 세금 납부 시기 겹쳐 / 해외 증시 불안 속 / 당국 점검 나서",
    "연합뉴스 yna.co.kr / 한빛경제 hanbitecon.example / 나루일보 naruilbo.example / 가람신문 garamnews.example",
)


def tellings(press: Press, first: int, last: int) -> Iterator[Telling]:
    """Yield every item published in [first, last], in seconds since 1970 UTC, oldest story first."""
    for day in range(first // DAY_SECONDS - 1, last // DAY_SECONDS + 1):
        for telling in _of_day(press, day):
            if first <= telling.second <= last:
                yield telling


def _of_day(press: Press, day: int) -> Iterator[Telling]:
    count = FEWEST_A_DAY + dice(f"stories {press.language}", day, MORE_A_DAY)
    pairs = list(product(press.openings, press.endings))
    for number in range(count):
        seed = f"story {press.language} {number}"
        opening, ending = pairs[dice(seed, day, len(pairs))]
        size = 2 + dice(f"size {seed}", day, 38)
        words = opening.format(n=size, nth=("second", "third", "fourth")[size % 3])
        title = f"{words} {ending}" if press is ENGLISH else f"{ending} {words}"
        start = day * DAY_SECONDS + dice(f"start {seed}", day, DAY_SECONDS)
        first_outlet = dice(f"outlet {seed}", day, len(press.outlets))
        for copy in range(1 + dice(f"copies {seed}", day, 3)):
            outlet = press.outlets[(first_outlet + copy) % len(press.outlets)]
            # Papers agree on the words, not on the marks.
            told = title.replace('"', "'") if copy else title
            second = start + copy * COPY_AFTER_SECONDS
            yield Telling(f"{seed} {day} {copy}", told, outlet, second - second % 60)
