"""Names of made-up companies: two syllables that no listed company starts with so, and a word for the business."""

import random
from dataclasses import dataclass
from enum import IntEnum

_SYLLABLES = (
    "가 ga 겸 gyeom 결 gyeol 곰 gom 규 gyu 나 na 눈 nun 늘 neul 다 da 담 dam 돌 dol 들 deul 란 ran 루 ru 마 ma 말 mal "
    "모 mo 벼 byeo 별 byeol 봄 bom 빈 bin 새 sae 설 seol 솔 sol 숲 sup 슬 seul 쌍 ssang 여 yeo 올 ol 윤 yun 은 eun "
    "잔 jan 쪽 jjok 참 cham 채 chae 콩 kong 토 to 품 pum 하 ha 햇 haet 훈 hun 휘 hwi"
)
# Real companies are called so, or start so.
_TAKEN = frozenset({"하나", "하늘", "다올", "솔루", "모나", "모다", "모토", "토마", "토모", "다휘"})
BROKERS = ("가람", "노을", "도담", "마루", "보람", "솔빛", "여울", "은하", "차오름", "한별")


class Sector(IntEnum):
    """Kinds of business, as the sector indices tell them apart."""

    FOOD = 0
    TEXTILE = 1
    PAPER = 2
    CHEMICAL = 3
    PHARMA = 4
    MINERAL = 5
    METAL = 6
    MACHINERY = 7
    ELECTRONICS = 8
    INSTRUMENTS = 9
    VEHICLES = 10
    OTHER_MAKERS = 11
    TRADE = 12
    UTILITY = 13
    CONSTRUCTION = 14
    TRANSPORT = 15
    TELECOM = 16
    BANK = 17
    SECURITIES = 18
    INSURANCE = 19
    HOLDING = 20
    SERVICES = 21
    SOFTWARE = 22
    LEISURE = 23
    PUBLISHING = 24
    REAL_ESTATE = 25


@dataclass(frozen=True)
class Trade:
    """A sector's share of KOSPI's and KOSDAQ's companies, and words for their names in Korean and English."""

    sector: Sector
    kospi: int
    kosdaq: int
    words: tuple[tuple[str, str], ...]


def _trade(sector: Sector, kospi: int, kosdaq: int, words: str) -> Trade:
    parts = words.split()
    return Trade(sector, kospi, kosdaq, tuple(zip(parts[::2], parts[1::2], strict=True)))


TRADES = (
    _trade(Sector.FOOD, 40, 25, "식품 Food 제과 Confectionery 음료 Beverage 사료 Feed 수산 Seafood"),
    _trade(Sector.TEXTILE, 25, 15, "섬유 Textile 패션 Fashion 어패럴 Apparel 모직 Wool"),
    _trade(Sector.PAPER, 20, 8, "제지 Paper 펄프 Pulp 우드 Wood"),
    _trade(
        Sector.CHEMICAL,
        95,
        95,
        "화학 Chemical 소재 Materials 케미칼 Chemicals 첨단소재 AdvancedMaterials 코스메틱 Cosmetics",
    ),
    _trade(
        Sector.PHARMA, 45, 130, "제약 Pharm 바이오 Bio 파마 Pharma 테라퓨틱스 Therapeutics 진 Gene 생명과학 LifeScience"
    ),
    _trade(Sector.MINERAL, 25, 20, "시멘트 Cement 글라스 Glass 세라믹 Ceramics 레미콘 Concrete"),
    _trade(Sector.METAL, 45, 75, "철강 Steel 금속 Metal 제강 Steelworks 특수강 SpecialSteel 알루미늄 Aluminum"),
    _trade(
        Sector.MACHINERY,
        45,
        200,
        "기계 Machinery 로보틱스 Robotics 정공 Precision 엔진 Engine 이엔지 Eng 장비 Equipment",
    ),
    _trade(
        Sector.ELECTRONICS,
        70,
        300,
        "전자 Electronics 반도체 Semiconductor 디스플레이 Display 전기 Electric 세미 Semi 옵틱스 Optics",
    ),
    _trade(Sector.INSTRUMENTS, 12, 100, "메디칼 Medical 정밀 Instruments 헬스케어 Healthcare 메디텍 Meditech"),
    _trade(Sector.VEHICLES, 60, 70, "모터스 Motors 오토 Auto 조선 Shipbuilding 항공우주 Aerospace 모빌리티 Mobility"),
    _trade(Sector.OTHER_MAKERS, 8, 35, "가구 Furniture 악기 Instruments 토이 Toys 리빙 Living"),
    _trade(
        Sector.TRADE, 60, 110, "상사 Trading 유통 Distribution 홈쇼핑 HomeShopping 마트 Mart 인터내셔널 International"
    ),
    _trade(Sector.UTILITY, 12, 4, "전력 Power 가스 Gas 에너지 Energy"),
    _trade(Sector.CONSTRUCTION, 35, 40, "건설 Construction 산업개발 Development 토건 Civil 엔지니어링 Engineering"),
    _trade(Sector.TRANSPORT, 25, 15, "해운 Shipping 항공 Airlines 로지스 Logis 물류 Logistics"),
    _trade(Sector.TELECOM, 5, 12, "텔레콤 Telecom 통신 Telecommunications"),
    _trade(Sector.BANK, 12, 2, "은행 Bank 금융지주 FinancialGroup 저축은행 SavingsBank"),
    _trade(Sector.SECURITIES, 22, 4, "증권 Securities 투자증권 InvestmentSecurities"),
    _trade(Sector.INSURANCE, 12, 1, "생명 Life 화재 Fire 손해보험 Insurance"),
    _trade(Sector.HOLDING, 75, 60, "홀딩스 Holdings 지주 Corporation 인베스트 Invest 벤처투자 Ventures"),
    _trade(Sector.SERVICES, 50, 90, "서비스 Service 교육 Education 케어 Care 그린 Green 환경 Environment"),
    _trade(
        Sector.SOFTWARE,
        30,
        210,
        "소프트 Soft 데이터 Data 시스템즈 Systems 네트웍스 Networks 게임즈 Games 시큐어 Secure",
    ),
    _trade(Sector.LEISURE, 18, 70, "엔터 Entertainment 미디어 Media 레저 Leisure 스튜디오 Studio 픽처스 Pictures"),
    _trade(Sector.PUBLISHING, 2, 14, "출판 Publishing 북스 Books 콘텐츠 Contents"),
    _trade(Sector.REAL_ESTATE, 20, 4, "리츠 REIT 부동산신탁 Trust"),
)


@dataclass(frozen=True)
class Title:
    """A company's short name, legal name and English name."""

    name: str
    legal: str
    english: str


class NameBook:
    """Gives out every name once."""

    def __init__(self, luck: random.Random) -> None:
        parts = _SYLLABLES.split()
        roman = dict(zip(parts[::2], parts[1::2], strict=True))
        self._luck = luck
        self._starts = [
            (first + second, (roman[first] + roman[second]).title())
            for first in roman
            for second in roman
            if first != second and first + second not in _TAKEN
        ]
        self._given: set[str] = set()

    def company(self, sector: Sector) -> Title:
        """Return a name that says the business."""
        words = TRADES[sector].words
        while True:
            start, roman = self._luck.choice(self._starts)
            word, english = self._luck.choice(words)
            if start + word not in self._given:
                self._given.add(start + word)
                legal = f"(주){start}{word}" if self._luck.random() < 0.05 else start + word
                return Title(start + word, legal, f"{roman} {english} Co., Ltd.")

    def spac(self, number: int) -> Title:
        """Return the name of a shell company set up to merge."""
        broker = BROKERS[number % len(BROKERS)]
        turn = number // len(BROKERS) + 1
        return Title(f"{broker}스팩{turn}호", f"{broker}제{turn}호기업인수목적", f"Sample No.{number + 1} SPAC")


def preferred(title: Title, letter: str) -> Title:
    """Return the name of a company's preferred share with the given last code character."""
    short, legal, mark = {
        "5": ("우", "1우선주", "1P"),
        "7": ("2우B", "2우선주(신형)", "2PB"),
        "9": ("3우B", "3우선주(신형)", "3PB"),
        "K": ("4우(전환)", "4우선주(전환)", "4PC"),
        "L": ("5우B", "5우선주(신형)", "5PB"),
        "M": ("6우C", "6우선주(신형)", "6PC"),
    }[letter]
    return Title(title.name + short, title.legal + legal, title.english.removesuffix(" Co., Ltd.") + f"({mark})")
