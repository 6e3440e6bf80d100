"""The sample exchange's indices: what each is called, who belongs to it, how its level follows its members.

Written as name:first level[:places by size[:sectors]], places of KOSPI and of KOSDAQ joined by +. Marks: = a market's
total, which holds everybody and has no price; ~ closes only, neither a range nor sizes; * only since 2026.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.rules.indices import ALIASES
from tray_app.datasets.krx.sample.market import SampleMarket
from tray_app.datasets.krx.sample.ticks import Flags, Floats
from tray_app.demo.series import dice

BLOCK = 64
LATE = date(2026, 1, 2)
_WORDS = {
    "makers": "food textile paper chemical pharma mineral metal machinery electronics instruments vehicles "
    "other_makers",
    "finance": "bank securities insurance holding",
}
_INDICES = {
    IndexClass.KRX: """
~코리아 밸류업 지수:610:80+30; ~KRX TMI:1010; KRX 300:1000:220+80; ~KRX 중대형 TMI:1000:300+100;
~KRX 중형 TMI:880:100-300+30-150; ~KRX 소형 TMI:900:300-+150-600; ~KRX 초소형 TMI:1450:600-+600-; KTOP 30:4800:30+0;
KRX 100:3550:90+10; KRX 자동차:1450:300+50:vehicles; KRX 반도체:1320:300+100:electronics;
KRX 헬스케어:1150:200+100:instruments pharma; KRX 은행:1010:300+0:bank; KRX 에너지화학:1880:200+20:chemical utility;
KRX 철강:2460:300+60:metal; KRX 방송통신:1020:300+80:telecom; KRX 건설:1270:300+50:construction;
KRX 증권:1120:300+0:securities; KRX 기계장비:1210:250+60:machinery; KRX 보험:1380:300+0:insurance;
KRX 운송:1490:300+50:transport; KRX 경기소비재:1010:200+40:textile trade; KRX 필수소비재:1020:250+40:food;
KRX 미디어&엔터테인먼트:980:300+80:leisure; KRX 정보기술:830:150+80:electronics software;
KRX 유틸리티:990:300+0:utility; KRX 300 정보기술:1000:220+80:electronics software; KRX 300 금융:1000:220+80:finance;
KRX 300 자유소비재:1000:220+80:textile trade vehicles; KRX 300 산업재:1000:220+80:construction machinery transport;
KRX 300 헬스케어:1000:220+80:instruments pharma; KRX 300 커뮤니케이션서비스:1000:220+80:leisure publishing telecom;
KRX 300 소재:1000:220+80:chemical metal mineral paper; KRX 300 필수소비재:1000:220+80:food services;
*KRX 표본 소프트웨어:1000:300+150:software; *KRX 표본 서비스:1000:300+150:services;
*KRX 표본 부동산:1000:400+150:real_estate; *KRX 표본 유리·시멘트:1000:400+150:mineral;
*KRX 표본 지주:1000:300+100:holding; *KRX 표본 TOP 10:1000:10+0
""",
    IndexClass.KOSPI: """
=코스피 (외국주포함):1; 코스피:1682.77; 코스피 200:221.86:200; 코스피 100:1640.1:100; 코스피 50:1560.4:50;
코스피 200 중소형주:830.2:100-200; 코스피 200 초대형제외 지수:150.6:1-200; 코스피200제외 코스피지수:1720.3:200-;
코스피 200 커뮤니케이션서비스:1030:200:leisure publishing telecom; 코스피 200 건설:261.4:200:construction;
코스피 200 중공업:402.9:200:vehicles; 코스피 200 철강/소재:1290.3:200:metal mineral paper;
코스피 200 에너지/화학:1145.7:200:chemical utility; 코스피 200 정보기술:960.5:200:electronics software;
코스피 200 금융:820.3:200:finance; 코스피 200 생활소비재:840.1:200:food trade;
코스피 200 경기소비재:1006:200:textile vehicles; 코스피 200 산업재:910.8:200:machinery transport;
코스피 200 헬스케어:940.2:200:instruments pharma; 음식료·담배:2830::food; 섬유·의류:178.9::textile;
종이·목재:340.5::paper; 화학:3140::chemical; 제약:3520::pharma; 비금속:830.6::mineral; 금속:6790::metal;
기계·장비:1140::machinery; 전기전자:7260::electronics; 의료·정밀기기:1330::instruments; 운송장비·부품:1820::vehicles;
유통:441::trade; 전기·가스:1170::utility; 건설:206.3::construction; 운송·창고:1960::transport; 통신:302.4::telecom;
금융:498.2::finance; 증권:2690::securities; 보험:15330::insurance; 일반서비스:1130::services software;
제조:3250::makers; 코스피 대형주:1660:100; 코스피 중형주:1790:100-300; 코스피 소형주:1240:300-;
코스피 200 비중상한 30%:221.9:200; 코스피 200 비중상한 25%:219.4:200; 코스피 200 비중상한 20%:216.2:200;
코스피 200 TOP 10:800:10; *IT 서비스:1000::software; *오락·문화:1000::leisure; *부동산:1000::real_estate;
*코스피 표본 20:1000:20
""",
    IndexClass.KOSDAQ: """
=코스닥 (외국주포함):1; 코스닥:513.57; 코스닥 150:1000:150; 코스닥 글로벌:1000:50;
코스닥 150 정보기술:1000:150:electronics software; 코스닥 150 헬스케어:1000:150:instruments pharma;
코스닥 150 커뮤니케이션서비스:1000:150:leisure publishing telecom; 코스닥 150 소재:1000:150:chemical metal mineral;
코스닥 150 산업재:1000:150:construction machinery transport; 코스닥 150 필수소비재:1000:150:food services;
코스닥 150 자유소비재:1000:150:textile trade vehicles; 일반서비스:2210::services software; 제조:1420::makers;
건설:131.2::construction; 유통:302.7::trade; 운송·창고:1480::transport; 금융:1060::finance; 오락·문화:460.8::leisure;
음식료·담배:2410::food; 섬유·의류:101.7::textile; 종이·목재:2620::paper; 출판·매체복제:901.5::publishing;
화학:1630::chemical; 제약:2900::pharma; 비금속:7700::mineral; 금속:2040::metal; 기계·장비:480.6::machinery;
전기전자:1060::electronics; 의료·정밀기기:1230::instruments; 운송장비·부품:2560::vehicles; 기타제조:720.3::other_makers;
코스닥 대형주:1000:100; 코스닥 중형주:470:100-400; 코스닥 소형주:1380:400-; 코스닥 우량기업부:1000::우량기업부;
코스닥 벤처기업부:1000::벤처기업부; 코스닥 중견기업부:1000::중견기업부; 코스닥 기술성장기업부:1000::기술성장기업부;
*IT 서비스:1000::software; *코스닥 표본 20:1000:20
""",
}


@dataclass(frozen=True)
class IndexRule:
    """One index: its members are the largest issues of KOSPI and KOSDAQ, by places of the real market, that fit."""

    family: IndexClass
    name: str
    start: float
    places: tuple[range, range]
    fits: frozenset[str]
    mark: str

    def is_shown(self, day: date) -> bool:
        """Whether a day's list has it."""
        return self.mark != "*" or day >= LATE


class Indices:
    """Every index on a market, its levels made in one run. One that the program names is there without a line here."""

    def __init__(self, market: SampleMarket) -> None:
        self.rules = _rules()
        self._market = market
        self._fits = np.stack([_could_fit(rule, market) for rule in self.rules])
        self._members: dict[int, Flags] = {}
        starts = np.array([rule.start for rule in self.rules])
        self.levels = np.cumprod(np.concatenate([self._moves(first) for first in self._blocks()]), axis=0) * starts

    def before(self, session: int) -> Floats:
        """Return the levels of the session before, by place in the rules."""
        return self.levels[session - 1] if session else np.array([rule.start for rule in self.rules])

    def sums(self, session: int, values: Floats) -> Floats:
        """Return the sum over the members of each index; exact for whole numbers whose total is below 2**53."""
        return self._belonging(session // BLOCK * BLOCK) @ values

    def _blocks(self) -> range:
        return range(0, len(self._market.calendar.sessions), BLOCK)

    def _moves(self, first: int) -> Floats:
        last = min(first + BLOCK, len(self._market.calendar.sessions))
        belonging, moves = self._belonging(first), []
        for session in range(first, last):
            day = self._market.day(session)
            held = np.where(day.alive & ~day.fresh, day.shares, 0.0)
            # Without BLAS, whose threads wait for one another where others keep the machine busy.
            before, after = np.einsum("ij,kj->ki", belonging, np.stack((held * day.base, held * day.close)))
            moves.append(np.where(before > 0, after / np.maximum(before, 1.0), 1.0))
        return np.stack(moves)

    def _belonging(self, first: int) -> Flags:
        """Return who belongs to which index by market value at the first session of a block."""
        if first not in self._members:
            day = self._market.day(first)
            value = np.where(day.alive, day.close * day.shares, 0.0)
            ranks = [_ranks(value, self._market.places == place) / self._market.share for place in (0, 1)]
            self._members[first] = np.stack([_is_large(rule, ranks) for rule in self.rules]) & self._fits
        return self._members[first]


def _rules() -> tuple[IndexRule, ...]:
    rules = [_rule(family, text.strip()) for family, texts in _INDICES.items() for text in texts.split(";")]
    known = {(rule.family, rule.name) for rule in rules}
    more = [one for one in ALIASES if one not in known]
    return (*rules, *(_rule(family, f"{name}:{500 + dice(name, 0, 1000)}") for family, name in more))


def _rule(family: IndexClass, text: str) -> IndexRule:
    name, start, places, words = (*text.split(":"), "", "")[:4]
    mark = name[0] if name[0] in "=~*" else ""
    fits = frozenset(word for each in words.split() for word in _WORDS.get(each, each).split())
    kospi, kosdaq = places.split("+") if "+" in places else (places, places)
    none = range(0)
    chosen = (
        none if family is IndexClass.KOSDAQ else _range(kospi),
        none if family is IndexClass.KOSPI else _range(kosdaq),
    )
    return IndexRule(family, name.removeprefix(mark), float(start), chosen, fits, mark)


def _range(text: str) -> range:
    first, _, end = text.rpartition("-") if not text.endswith("-") else (text[:-1], "", "")
    return range(int(first or 0), int(end or 10**6))


def _could_fit(rule: IndexRule, market: SampleMarket) -> Flags:
    return np.array(
        [
            rule.mark == "="
            or (not one.is_foreign and (not rule.fits or bool(rule.fits & {one.sector.name, one.sections[0][1]})))
            for one in market.issues
        ]
    )


def _is_large(rule: IndexRule, ranks: list[Floats]) -> Flags:
    kospi, kosdaq = (
        (rank >= places.start) & (rank < places.stop) for rank, places in zip(ranks, rule.places, strict=True)
    )
    return kospi | kosdaq


def _ranks(value: Floats, in_market: Flags) -> Floats:
    """Return the place by value within the market, and below 0 outside it."""
    ranks = np.full(len(value), -1.0)
    inside = np.flatnonzero(in_market)
    ranks[inside[np.argsort(-value[inside], kind="stable")]] = np.arange(len(inside))
    return ranks
