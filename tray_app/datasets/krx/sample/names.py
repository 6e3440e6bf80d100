"""Codes, ISINs and names of made-up issues, in the forms the exchange gives out; no real company starts so."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
FIRST_LETTER_CODE = date(2025, 7, 1)
BROKERS = ("가람", "노을", "도담", "마루", "보람", "솔빛", "여울", "은하", "차오름", "한별")
_SYLLABLES = (
    "가 ga 겸 gyeom 결 gyeol 곰 gom 규 gyu 나 na 눈 nun 늘 neul 다 da 담 dam 돌 dol 들 deul 란 ran 루 ru 마 ma 말 mal "
    "모 mo 벼 byeo 별 byeol 봄 bom 빈 bin 새 sae 설 seol 솔 sol 숲 sup 슬 seul 쌍 ssang 여 yeo 올 ol 윤 yun 은 eun "
    "잔 jan 쪽 jjok 참 cham 채 chae 콩 kong 토 to 품 pum 하 ha 햇 haet 훈 hun 휘 hwi"
)
# Real companies are called so, or start so.
_TAKEN = frozenset({"하나", "하늘", "다올", "솔루", "모나", "모다", "모토", "토마", "토모", "다휘"})
# A sector's companies on KOSPI and on KOSDAQ, and what they call themselves.
_SECTORS = """
food 40 25 식품 Food 제과 Confectionery 사료 Feed; textile 25 15 섬유 Textile 패션 Fashion;
paper 20 8 제지 Paper 펄프 Pulp; chemical 95 95 화학 Chemical 소재 Materials 케미칼 Chemicals;
pharma 45 130 제약 Pharm 바이오 Bio 테라퓨틱스 Therapeutics; mineral 25 20 시멘트 Cement 글라스 Glass;
metal 45 75 철강 Steel 금속 Metal 특수강 SpecialSteel;
machinery 45 200 기계 Machinery 로보틱스 Robotics 정공 Precision 장비 Equipment;
electronics 70 300 전자 Electronics 반도체 Semiconductor 디스플레이 Display 세미 Semi;
instruments 12 100 메디칼 Medical 정밀 Instruments; vehicles 60 70 모터스 Motors 조선 Shipbuilding 항공우주 Aerospace;
other_makers 8 35 가구 Furniture 리빙 Living; trade 60 110 상사 Trading 유통 Distribution 마트 Mart;
utility 12 4 전력 Power 가스 Gas; construction 35 40 건설 Construction 산업개발 Development;
transport 25 15 해운 Shipping 로지스 Logis; telecom 5 12 텔레콤 Telecom; bank 12 2 은행 Bank 금융지주 FinancialGroup;
securities 22 4 증권 Securities; insurance 12 1 생명 Life 화재 Fire; holding 75 60 홀딩스 Holdings 지주 Corporation;
services 50 90 서비스 Service 교육 Education 환경 Environment; software 30 210 소프트 Soft 데이터 Data 게임즈 Games;
leisure 18 70 엔터 Entertainment 미디어 Media; publishing 2 14 출판 Publishing 북스 Books; real_estate 20 4 리츠 REIT
"""
# The last character of a preferred share's code: its marks in the short, legal and English name, and in the ISIN.
_PREFERRED = {
    "5": ("우", "1우선주", "1P", "100"),
    "7": ("2우B", "2우선주(신형)", "2PB", "200"),
    "9": ("3우B", "3우선주(신형)", "3PB", "300"),
    "K": ("4우(전환)", "4우선주(전환)", "4PC", "K01"),
    "L": ("5우B", "5우선주(신형)", "5PB", "L02"),
    "M": ("6우C", "6우선주(신형)", "6PC", "M03"),
}


@dataclass(frozen=True)
class Sector:
    """A kind of business: its name, its weights on KOSPI and KOSDAQ, words for it in Korean and English."""

    name: str
    weights: tuple[int, int]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Title:
    """A company's short name, legal name and English name."""

    name: str
    legal: str
    english: str

    def preferred(self, letter: str) -> "Title":
        """Return the name of the preferred share with this last code character."""
        short, legal, mark, _ = _PREFERRED[letter]
        english = f"{self.english.removesuffix(' Co., Ltd.')}({mark})"
        return Title(self.name + short, self.legal + legal, english)


class NameBook:
    """Gives out every code and every name once."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._old = iter(luck.sample(range(15, 11_400), 3000))
        self._digits, self._letters = _ascending(11_420, luck), _ascending(0, luck)
        self._foreign = iter(range(90_003, 99_999, 3))
        self._given: set[str] = set()
        words = _SYLLABLES.split()
        self._syllables = tuple(zip(words[::2], words[1::2], strict=True))

    def code(self, listed: date, *, is_founder: bool = False, is_foreign: bool = False) -> str:
        """Return a code: scattered for issues older than 2010, then ascending; from mid-2025 most have a letter."""
        if is_foreign:
            return f"{next(self._foreign)}0"
        if is_founder:
            return f"{next(self._old):05}0"
        if listed >= FIRST_LETTER_CODE and self._luck.random() < 0.7:
            return f"{next(self._letters):04}{self._luck.choice(CODE_LETTERS)}0"
        return f"{next(self._digits):05}0"

    def company(self, sector: Sector) -> Title:
        """Return a name that says the business."""
        while True:
            (first, first_roman), (second, second_roman) = self._luck.sample(self._syllables, 2)
            word, english = self._luck.choice(sector.words)
            name = first + second + word
            if first + second not in _TAKEN and name not in self._given:
                self._given.add(name)
                legal = f"(주){name}" if self._luck.random() < 0.05 else name
                return Title(name, legal, f"{(first_roman + second_roman).title()} {english} Co., Ltd.")

    @staticmethod
    def shell(number: int) -> Title:
        """Return the name of a shell company set up to merge."""
        turn, broker = number // len(BROKERS) + 1, BROKERS[number % len(BROKERS)]
        return Title(f"{broker}스팩{turn}호", f"{broker}제{turn}호기업인수목적", f"Sample No.{number + 1} SPAC")


def sectors() -> tuple[Sector, ...]:
    """Return every kind of business."""
    parts = (line.split() for line in _SECTORS.split(";"))
    return tuple(
        Sector(name, (int(kospi), int(kosdaq)), tuple(zip(words[::2], words[1::2], strict=True)))
        for name, kospi, kosdaq, *words in parts
    )


def isin_of(code: str, *, is_foreign: bool = False) -> str:
    """Return the ISIN of a Korean share, or of a foreign issuer's of Hong Kong or the Cayman Islands."""
    if is_foreign:
        number = int(code) * 7 % 1_000_000
        start = f"HK0000{number:05}"[:11] if number % 2 else f"KYG{number:06}X1"[:11]
    else:
        start = f"KR7{code[:5]}{_PREFERRED[code[-1]][3] if code[-1] in _PREFERRED else '000'}"
    return start + check_digit(start)


def check_digit(start: str) -> str:
    """Return the last digit of an ISIN whose first eleven characters are given (ISO 6166)."""
    digits = "".join(str(int(character, 36)) for character in start)
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _ascending(number: int, luck: random.Random) -> Iterator[int]:
    while True:
        number += luck.randint(1, 4)
        yield number
