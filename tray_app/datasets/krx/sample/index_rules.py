"""The sample exchange's indices: what each is called, who belongs to it, how its level follows its members."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.sample.traits import Flags, Floats, Traits
from tray_app.datasets.krx.sample.words import Sector

ALL = 10**6
_START = date(2010, 1, 4)
_LATE = date(2026, 1, 2)
_MAKERS = frozenset(Sector(number) for number in range(12))
_FINANCE = frozenset({Sector.BANK, Sector.SECURITIES, Sector.INSURANCE, Sector.HOLDING})


@dataclass(frozen=True)
class IndexRule:
    """One index: its members are the largest issues of KOSPI and KOSDAQ (by places from to, to exclusive) that fit.

    A market's total holds everybody and has no price. close_only indices have neither a range nor sizes.
    """

    family: IndexClass
    name: str
    start: float
    kospi: tuple[int, int] = (0, 0)
    kosdaq: tuple[int, int] = (0, 0)
    sectors: frozenset[Sector] | None = None
    section: int | None = None
    is_total: bool = False
    close_only: bool = False
    since: date = _START


def _kospi(
    name: str, start: float, top: tuple[int, int] = (0, ALL), *sectors: Sector, since: date = _START
) -> IndexRule:
    return IndexRule(IndexClass.KOSPI, name, start, kospi=top, sectors=frozenset(sectors) or None, since=since)


def _kosdaq(
    name: str, start: float, top: tuple[int, int] = (0, ALL), *sectors: Sector, since: date = _START
) -> IndexRule:
    return IndexRule(IndexClass.KOSDAQ, name, start, kosdaq=top, sectors=frozenset(sectors) or None, since=since)


def _krx(name: str, start: float, kospi: int, kosdaq: int, *sectors: Sector, since: date = _START) -> IndexRule:
    chosen = frozenset(sectors) or None
    return IndexRule(IndexClass.KRX, name, start, (0, kospi), (0, kosdaq), chosen, since=since)


def _closing(name: str, start: float, kospi: tuple[int, int], kosdaq: tuple[int, int]) -> IndexRule:
    return IndexRule(IndexClass.KRX, name, start, kospi, kosdaq, close_only=True)


S = Sector
_TOP_200, _TOP_150 = (0, 200), (0, 150)
INDEX_RULES: tuple[IndexRule, ...] = (
    _closing("코리아 밸류업 지수", 610.0, (0, 80), (0, 30)),
    _closing("KRX TMI", 1010.0, (0, ALL), (0, ALL)),
    _krx("KRX 300", 1000.0, 220, 80),
    _closing("KRX 중대형 TMI", 1000.0, (0, 300), (0, 100)),
    _closing("KRX 중형 TMI", 880.0, (100, 300), (30, 150)),
    _closing("KRX 소형 TMI", 900.0, (300, ALL), (150, 600)),
    _closing("KRX 초소형 TMI", 1450.0, (600, ALL), (600, ALL)),
    _krx("KTOP 30", 4800.0, 30, 0),
    _krx("KRX 100", 3550.0, 90, 10),
    _krx("KRX 자동차", 1450.0, 300, 50, S.VEHICLES),
    _krx("KRX 반도체", 1320.0, 300, 100, S.ELECTRONICS),
    _krx("KRX 헬스케어", 1150.0, 200, 100, S.PHARMA, S.INSTRUMENTS),
    _krx("KRX 은행", 1010.0, 300, 0, S.BANK),
    _krx("KRX 에너지화학", 1880.0, 200, 20, S.CHEMICAL, S.UTILITY),
    _krx("KRX 철강", 2460.0, 300, 60, S.METAL),
    _krx("KRX 방송통신", 1020.0, 300, 80, S.TELECOM),
    _krx("KRX 건설", 1270.0, 300, 50, S.CONSTRUCTION),
    _krx("KRX 증권", 1120.0, 300, 0, S.SECURITIES),
    _krx("KRX 기계장비", 1210.0, 250, 60, S.MACHINERY),
    _krx("KRX 보험", 1380.0, 300, 0, S.INSURANCE),
    _krx("KRX 운송", 1490.0, 300, 50, S.TRANSPORT),
    _krx("KRX 경기소비재", 1010.0, 200, 40, S.TRADE, S.TEXTILE),
    _krx("KRX 필수소비재", 1020.0, 250, 40, S.FOOD),
    _krx("KRX 미디어&엔터테인먼트", 980.0, 300, 80, S.LEISURE),
    _krx("KRX 정보기술", 830.0, 150, 80, S.ELECTRONICS, S.SOFTWARE),
    _krx("KRX 유틸리티", 990.0, 300, 0, S.UTILITY),
    _krx("KRX 300 정보기술", 1000.0, 220, 80, S.ELECTRONICS, S.SOFTWARE),
    _krx("KRX 300 금융", 1000.0, 220, 80, *_FINANCE),
    _krx("KRX 300 자유소비재", 1000.0, 220, 80, S.TRADE, S.VEHICLES, S.TEXTILE),
    _krx("KRX 300 산업재", 1000.0, 220, 80, S.MACHINERY, S.CONSTRUCTION, S.TRANSPORT),
    _krx("KRX 300 헬스케어", 1000.0, 220, 80, S.PHARMA, S.INSTRUMENTS),
    _krx("KRX 300 커뮤니케이션서비스", 1000.0, 220, 80, S.TELECOM, S.LEISURE, S.PUBLISHING),
    _krx("KRX 300 소재", 1000.0, 220, 80, S.CHEMICAL, S.METAL, S.MINERAL, S.PAPER),
    _krx("KRX 300 필수소비재", 1000.0, 220, 80, S.FOOD, S.SERVICES),
    _krx("KRX 표본 소프트웨어", 1000.0, 300, 150, S.SOFTWARE, since=_LATE),
    _krx("KRX 표본 서비스", 1000.0, 300, 150, S.SERVICES, since=_LATE),
    _krx("KRX 표본 부동산", 1000.0, 400, 150, S.REAL_ESTATE, since=_LATE),
    _krx("KRX 표본 유리·시멘트", 1000.0, 400, 150, S.MINERAL, since=_LATE),
    _krx("KRX 표본 지주", 1000.0, 300, 100, S.HOLDING, since=_LATE),
    _krx("KRX 표본 TOP 10", 1000.0, 10, 0, since=_LATE),
    IndexRule(IndexClass.KOSPI, "코스피 (외국주포함)", 1.0, kospi=(0, ALL), is_total=True),
    _kospi("코스피", 1682.77),
    _kospi("코스피 200", 221.86, _TOP_200),
    _kospi("코스피 100", 1640.1, (0, 100)),
    _kospi("코스피 50", 1560.4, (0, 50)),
    _kospi("코스피 200 중소형주", 830.2, (100, 200)),
    _kospi("코스피 200 초대형제외 지수", 150.6, (1, 200)),
    _kospi("코스피200제외 코스피지수", 1720.3, (200, ALL)),
    _kospi("코스피 200 커뮤니케이션서비스", 1030.0, _TOP_200, S.TELECOM, S.LEISURE, S.PUBLISHING),
    _kospi("코스피 200 건설", 261.4, _TOP_200, S.CONSTRUCTION),
    _kospi("코스피 200 중공업", 402.9, _TOP_200, S.VEHICLES),
    _kospi("코스피 200 철강/소재", 1290.3, _TOP_200, S.METAL, S.MINERAL, S.PAPER),
    _kospi("코스피 200 에너지/화학", 1145.7, _TOP_200, S.CHEMICAL, S.UTILITY),
    _kospi("코스피 200 정보기술", 960.5, _TOP_200, S.ELECTRONICS, S.SOFTWARE),
    _kospi("코스피 200 금융", 820.3, _TOP_200, *_FINANCE),
    _kospi("코스피 200 생활소비재", 840.1, _TOP_200, S.FOOD, S.TRADE),
    _kospi("코스피 200 경기소비재", 1006.0, _TOP_200, S.TEXTILE, S.VEHICLES),
    _kospi("코스피 200 산업재", 910.8, _TOP_200, S.MACHINERY, S.TRANSPORT),
    _kospi("코스피 200 헬스케어", 940.2, _TOP_200, S.PHARMA, S.INSTRUMENTS),
    _kospi("음식료·담배", 2830.0, (0, ALL), S.FOOD),
    _kospi("섬유·의류", 178.9, (0, ALL), S.TEXTILE),
    _kospi("종이·목재", 340.5, (0, ALL), S.PAPER),
    _kospi("화학", 3140.0, (0, ALL), S.CHEMICAL),
    _kospi("제약", 3520.0, (0, ALL), S.PHARMA),
    _kospi("비금속", 830.6, (0, ALL), S.MINERAL),
    _kospi("금속", 6790.0, (0, ALL), S.METAL),
    _kospi("기계·장비", 1140.0, (0, ALL), S.MACHINERY),
    _kospi("전기전자", 7260.0, (0, ALL), S.ELECTRONICS),
    _kospi("의료·정밀기기", 1330.0, (0, ALL), S.INSTRUMENTS),
    _kospi("운송장비·부품", 1820.0, (0, ALL), S.VEHICLES),
    _kospi("유통", 441.0, (0, ALL), S.TRADE),
    _kospi("전기·가스", 1170.0, (0, ALL), S.UTILITY),
    _kospi("건설", 206.3, (0, ALL), S.CONSTRUCTION),
    _kospi("운송·창고", 1960.0, (0, ALL), S.TRANSPORT),
    _kospi("통신", 302.4, (0, ALL), S.TELECOM),
    _kospi("금융", 498.2, (0, ALL), *_FINANCE),
    _kospi("증권", 2690.0, (0, ALL), S.SECURITIES),
    _kospi("보험", 15330.0, (0, ALL), S.INSURANCE),
    _kospi("일반서비스", 1130.0, (0, ALL), S.SERVICES, S.SOFTWARE),
    _kospi("제조", 3250.0, (0, ALL), *_MAKERS),
    _kospi("코스피 대형주", 1660.0, (0, 100)),
    _kospi("코스피 중형주", 1790.0, (100, 300)),
    _kospi("코스피 소형주", 1240.0, (300, ALL)),
    _kospi("코스피 200 비중상한 30%", 221.9, _TOP_200),
    _kospi("코스피 200 비중상한 25%", 219.4, _TOP_200),
    _kospi("코스피 200 비중상한 20%", 216.2, _TOP_200),
    _kospi("코스피 200 TOP 10", 800.0, (0, 10)),
    _kospi("IT 서비스", 1000.0, (0, ALL), S.SOFTWARE, since=_LATE),
    _kospi("오락·문화", 1000.0, (0, ALL), S.LEISURE, since=_LATE),
    _kospi("부동산", 1000.0, (0, ALL), S.REAL_ESTATE, since=_LATE),
    _kospi("코스피 표본 20", 1000.0, (0, 20), since=_LATE),
    IndexRule(IndexClass.KOSDAQ, "코스닥 (외국주포함)", 1.0, kosdaq=(0, ALL), is_total=True),
    _kosdaq("코스닥", 513.57),
    _kosdaq("코스닥 150", 1000.0, _TOP_150),
    _kosdaq("코스닥 글로벌", 1000.0, (0, 50)),
    _kosdaq("코스닥 150 정보기술", 1000.0, _TOP_150, S.ELECTRONICS, S.SOFTWARE),
    _kosdaq("코스닥 150 헬스케어", 1000.0, _TOP_150, S.PHARMA, S.INSTRUMENTS),
    _kosdaq("코스닥 150 커뮤니케이션서비스", 1000.0, _TOP_150, S.LEISURE, S.TELECOM, S.PUBLISHING),
    _kosdaq("코스닥 150 소재", 1000.0, _TOP_150, S.CHEMICAL, S.METAL, S.MINERAL),
    _kosdaq("코스닥 150 산업재", 1000.0, _TOP_150, S.MACHINERY, S.CONSTRUCTION, S.TRANSPORT),
    _kosdaq("코스닥 150 필수소비재", 1000.0, _TOP_150, S.FOOD, S.SERVICES),
    _kosdaq("코스닥 150 자유소비재", 1000.0, _TOP_150, S.TRADE, S.VEHICLES, S.TEXTILE),
    _kosdaq("일반서비스", 2210.0, (0, ALL), S.SERVICES, S.SOFTWARE),
    _kosdaq("제조", 1420.0, (0, ALL), *_MAKERS),
    _kosdaq("건설", 131.2, (0, ALL), S.CONSTRUCTION),
    _kosdaq("유통", 302.7, (0, ALL), S.TRADE),
    _kosdaq("운송·창고", 1480.0, (0, ALL), S.TRANSPORT),
    _kosdaq("금융", 1060.0, (0, ALL), *_FINANCE),
    _kosdaq("오락·문화", 460.8, (0, ALL), S.LEISURE),
    _kosdaq("음식료·담배", 2410.0, (0, ALL), S.FOOD),
    _kosdaq("섬유·의류", 101.7, (0, ALL), S.TEXTILE),
    _kosdaq("종이·목재", 2620.0, (0, ALL), S.PAPER),
    _kosdaq("출판·매체복제", 901.5, (0, ALL), S.PUBLISHING),
    _kosdaq("화학", 1630.0, (0, ALL), S.CHEMICAL),
    _kosdaq("제약", 2900.0, (0, ALL), S.PHARMA),
    _kosdaq("비금속", 7700.0, (0, ALL), S.MINERAL),
    _kosdaq("금속", 2040.0, (0, ALL), S.METAL),
    _kosdaq("기계·장비", 480.6, (0, ALL), S.MACHINERY),
    _kosdaq("전기전자", 1060.0, (0, ALL), S.ELECTRONICS),
    _kosdaq("의료·정밀기기", 1230.0, (0, ALL), S.INSTRUMENTS),
    _kosdaq("운송장비·부품", 2560.0, (0, ALL), S.VEHICLES),
    _kosdaq("기타제조", 720.3, (0, ALL), S.OTHER_MAKERS),
    _kosdaq("코스닥 대형주", 1000.0, (0, 100)),
    _kosdaq("코스닥 중형주", 470.0, (100, 400)),
    _kosdaq("코스닥 소형주", 1380.0, (400, ALL)),
    IndexRule(IndexClass.KOSDAQ, "코스닥 우량기업부", 1000.0, kosdaq=(0, ALL), section=1),
    IndexRule(IndexClass.KOSDAQ, "코스닥 벤처기업부", 1000.0, kosdaq=(0, ALL), section=2),
    IndexRule(IndexClass.KOSDAQ, "코스닥 중견기업부", 1000.0, kosdaq=(0, ALL), section=3),
    IndexRule(IndexClass.KOSDAQ, "코스닥 기술성장기업부", 1000.0, kosdaq=(0, ALL), section=4),
    _kosdaq("IT 서비스", 1000.0, (0, ALL), S.SOFTWARE, since=_LATE),
    _kosdaq("코스닥 표본 20", 1000.0, (0, 20), since=_LATE),
)


@dataclass(frozen=True)
class Membership:
    """Who belongs to which index: issues that belong to the same ones share a cell; an index is a row of cells."""

    cell: NDArray[np.int64]
    rows: Floats

    def sums(self, values: Floats) -> Floats:
        """Return the sum over the members of each index; exact for whole numbers whose total is below 2**53."""
        return self.rows @ np.bincount(self.cell, weights=values, minlength=self.rows.shape[1])

    def moves(self, before: Floats, after: Floats) -> Floats:
        """Return by what each index moves when its members' values do."""
        total = self.sums(before)
        return np.where(total > 0, self.sums(after) / np.maximum(total, 1.0), 1.0)


def fitting(traits: Traits) -> Flags:
    """Return whether each issue (column) could belong to each index (row) if it were large enough."""
    return np.stack([_could_fit(rule, traits) for rule in INDEX_RULES])


def members(fits: Flags, market: NDArray[np.int64], value: Floats, share: float) -> Membership:
    """Return the membership by market value in won (0: not listed) of the issues so far.

    share: how many issues there are for one of the real market, whose places the rules name.
    """
    places = [_places(value, market == place) for place in (0, 1)]
    large = np.stack([_is_large(rule, places, share) for rule in INDEX_RULES])
    belongs = large & fits[:, : len(value)]
    packed = np.ascontiguousarray(np.packbits(belongs, axis=0).T)
    kinds = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first_of_kind, cell = np.unique(kinds, return_index=True, return_inverse=True)
    return Membership(cell.reshape(-1), belongs[:, first_of_kind].astype(np.float64))


def _could_fit(rule: IndexRule, traits: Traits) -> Flags:
    fits = np.ones(len(traits.market), dtype=np.bool_)
    if rule.sectors is not None:
        fits &= np.isin(traits.sector, [int(sector) for sector in rule.sectors])
    if rule.section is not None:
        fits &= traits.usual_section == rule.section
    return fits if rule.is_total else fits & ~traits.foreign


def _is_large(rule: IndexRule, places: list[NDArray[np.int64]], share: float) -> Flags:
    large = np.zeros(len(places[0]), dtype=np.bool_)
    for place, (first, end) in zip(places, (rule.kospi, rule.kosdaq), strict=True):
        if end:
            large |= (place >= first * share) & (place < end * share)
    return large


def _places(value: Floats, in_market: Flags) -> NDArray[np.int64]:
    """Return the place by value within the market, and -1 outside it."""
    places = np.full(len(value), -1)
    inside = np.flatnonzero(in_market)
    places[inside[np.argsort(-value[inside], kind="stable")]] = np.arange(len(inside))
    return places
