"""The sample exchange's indices: what each is called, who belongs to it, how its level follows its members.

Marks before a name: = a market's total, which holds everybody and has no price; ~ closes only, neither a range nor
sizes; * only since 2026.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.rules.indices import ALIASES, MAIN_INDICES
from tray_app.datasets.krx.sample.market import SampleMarket
from tray_app.datasets.krx.sample.ticks import Flags, Floats
from tray_app.demo.series import dice

LATE = date(2026, 1, 2)
# The levels of 2010's first session where they are known; the others begin anywhere.
STARTS = {"코스피": 1682.77, "코스닥": 513.57, "코스피 200": 221.86, "코스닥 150": 1000.0}
_NAMES = {
    IndexClass.KRX: """
~코리아 밸류업 지수; ~KRX TMI; KRX 300; ~KRX 중대형 TMI; ~KRX 중형 TMI; ~KRX 소형 TMI; ~KRX 초소형 TMI; KTOP 30;
KRX 100; KRX 자동차; KRX 반도체; KRX 헬스케어; KRX 은행; KRX 에너지화학; KRX 철강; KRX 방송통신; KRX 건설; KRX 증권;
KRX 기계장비; KRX 보험; KRX 운송; KRX 경기소비재; KRX 필수소비재; KRX 미디어&엔터테인먼트; KRX 정보기술; KRX 유틸리티;
KRX 300 정보기술; KRX 300 금융; KRX 300 자유소비재; KRX 300 산업재; KRX 300 헬스케어; KRX 300 커뮤니케이션서비스;
KRX 300 소재; KRX 300 필수소비재; *KRX 표본 소프트웨어; *KRX 표본 서비스; *KRX 표본 부동산; *KRX 표본 유리·시멘트;
*KRX 표본 지주; *KRX 표본 TOP 10
""",
    IndexClass.KOSPI: """
=코스피 (외국주포함); 코스피; 코스피 200; 코스피 100; 코스피 50; 코스피 200 중소형주; 코스피 200 초대형제외 지수;
코스피200제외 코스피지수; 코스피 200 커뮤니케이션서비스; 코스피 200 건설; 코스피 200 중공업; 코스피 200 철강/소재;
코스피 200 에너지/화학; 코스피 200 정보기술; 코스피 200 금융; 코스피 200 생활소비재; 코스피 200 경기소비재;
코스피 200 산업재; 코스피 200 헬스케어; 음식료·담배; 섬유·의류; 종이·목재; 화학; 제약; 비금속; 금속; 기계·장비;
전기전자; 의료·정밀기기; 운송장비·부품; 유통; 전기·가스; 건설; 운송·창고; 통신; 금융; 증권; 보험; 일반서비스; 제조;
코스피 대형주; 코스피 중형주; 코스피 소형주; 코스피 200 비중상한 30%; 코스피 200 비중상한 25%; 코스피 200 비중상한 20%;
코스피 200 TOP 10; *IT 서비스; *오락·문화; *부동산; *코스피 표본 20
""",
    IndexClass.KOSDAQ: """
=코스닥 (외국주포함); 코스닥; 코스닥 150; 코스닥 글로벌; 코스닥 150 정보기술; 코스닥 150 헬스케어;
코스닥 150 커뮤니케이션서비스; 코스닥 150 소재; 코스닥 150 산업재; 코스닥 150 필수소비재; 코스닥 150 자유소비재;
일반서비스; 제조; 건설; 유통; 운송·창고; 금융; 오락·문화; 음식료·담배; 섬유·의류; 종이·목재; 출판·매체복제; 화학; 제약;
비금속; 금속; 기계·장비; 전기전자; 의료·정밀기기; 운송장비·부품; 기타제조; 코스닥 대형주; 코스닥 중형주; 코스닥 소형주;
코스닥 우량기업부; 코스닥 벤처기업부; 코스닥 중견기업부; 코스닥 기술성장기업부; *IT 서비스; *코스닥 표본 20
""",
}


@dataclass(frozen=True)
class IndexRule:
    """One index: a market's main one holds its domestic issues, every other a part of them by its name."""

    family: IndexClass
    name: str
    mark: str

    @property
    def start(self) -> float:
        """The level of 2010's first session."""
        return STARTS.get(self.name, 500.0 + dice(self.name, 0, 1000))

    def is_shown(self, day: date) -> bool:
        """Whether a day's list has it."""
        return self.mark != "*" or day >= LATE

    def members(self, market: SampleMarket) -> list[bool]:
        """Return who belongs to it, by issue number."""
        whole, part = self.name in MAIN_INDICES.values(), 20 + dice(self.name, 1, 60)
        return [
            self.family in {IndexClass.KRX, one.market.value}
            and (self.mark == "=" or (not one.is_foreign and (whole or dice(self.name, one.number, 9973) % 100 < part)))
            for one in market.issues
        ]


class Indices:
    """Every index on a market, its levels made in one run. One that the program names is there without a line here."""

    def __init__(self, market: SampleMarket) -> None:
        self.rules = _rules()
        self._members: Flags = np.array([rule.members(market) for rule in self.rules])
        self._starts = np.array([rule.start for rule in self.rules])
        moves = [self._moves(market, session) for session in range(len(market.calendar.sessions))]
        self.levels = np.cumprod(moves, axis=0) * self._starts

    def before(self, session: int) -> Floats:
        """Return the levels of the session before, by place in the rules."""
        return self.levels[session - 1] if session else self._starts

    def sums(self, values: Floats) -> Floats:
        """Return the sum over the members of each index; exact for whole numbers whose total is below 2**53."""
        return self._members @ values

    def _moves(self, market: SampleMarket, session: int) -> Floats:
        day = market.day(session)
        held = np.where(day.alive & ~day.fresh, day.shares, 0.0)
        # Without BLAS, whose threads wait for one another where others keep the machine busy.
        before, after = np.einsum("ij,kj->ki", self._members, np.stack((held * day.base, held * day.close)))
        moved: Floats = np.where(before > 0, after / np.maximum(before, 1.0), 1.0)
        return moved


def _rules() -> tuple[IndexRule, ...]:
    names = [(family, name.strip()) for family, text in _NAMES.items() for name in text.split(";")]
    rules = [IndexRule(family, name.lstrip("=~*"), name[0] if name[0] in "=~*" else "") for family, name in names]
    known = {(rule.family, rule.name) for rule in rules}
    return (*rules, *(IndexRule(*one, "") for one in ALIASES if one not in known))
