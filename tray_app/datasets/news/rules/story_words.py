"""Words by which headlines of both languages tell the same or the opposite, in the form of story.py's words.

Korean entries fit anywhere within a word, English ones are whole words.
"""

import re
from collections.abc import Mapping


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def axes_in(text: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """Return the words of each side of each paragraph; bars stand between the sides."""
    return tuple(tuple(words_in(side) for side in axis.split("|")) for axis in text.split("\n\n"))


def kinds_in(text: str) -> tuple[frozenset[str], ...]:
    """Return the words of each line."""
    return tuple(words_in(line) for line in text.splitlines())


def by_length(text: str) -> tuple[str, ...]:
    """Return the words of a text, longest first."""
    return tuple(sorted(words_in(text), key=lambda word: (-len(word), word)))


NUMBERS: Mapping[str, str] = {
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "두": "2",
    "세": "3",
    "네": "4",
}

# Words that tell nothing of a story.
EMPTY = words_in("""
a an the of to in on at by for with is are was were be been being its it his her their this that these those from
into has have had will would say says said than over per s and or all new most via still also show shows through how
what why
who which while i we they he she but so very see sees saw
hit hits reach reaches reached edge edges edged level levels amid
suffer suffers suffered post posts posted face faces faced take takes took make makes
made
get gets got come comes came goes went again just 기록 위해 위한 대해 대한 따라 따른 통해 관련 이후 실시 시행 단행
""")

# Words a line that tell the same in headlines.
ALIKE = kinds_in("""
shares share stocks equities
data report figures numbers
jobs payrolls
jobless unemployment joblessness
economy gdp
halt suspend
redemptions withdrawals
versus against vs
unwind exit
support prop
surprise unexpectedly unexpected
use usage
bank lender
end close finish settle
top surpass exceed beat breach cross break
stress strain tension
worry fear concern
oil crude
gold bullion
yuan renminbi
pound sterling
chief chair chairman chairwoman boss
officials policymakers
big large major huge massive
company firm
probe investigation inquiry
rescue bailout
layoffs redundancies
warn caution
unveil announce introduce reveal
quit resign
name appoint nominate
inject pump supply
wager bet
accord agreement deal pact
fine penalty
turmoil turbulence
swift rapid quick
purchases buying
acquire buy purchase
draw attract
vow pledge promise
delay postpone defer
aid assist help
spark trigger prompt cause fuel
rattle roil shake jolt
near approach
remain stay
rout selloff
earnings results
staff workers employees
talks negotiations
hurry race rush
sticky stubborn persistent
split divided
hopes optimism
forecasts estimates expectations
output production
tech technology
regulator watchdog
limit cap curb
tariffs duties levies
target goal
biggest largest
sharp steep
key main
annual yearly
urge call
개최 열어 열려 열린
usd dollar greenback
crypto cryptocurrency cryptocurrencies
unit subsidiary
속출 잇따라 잇달아 잇따른 줄줄이 잇단
발표 공개
증시 주식시장
위험 리스크
대책 방안
사상 역대
투입 공급 푼다 풀어 푼
회복 되찾
해킹 탈취
첫 최초 처음
스프레드 금리차
영업이익 영업익
종료 끝낸 끝내 끝낼
경고 경종
총재 수장
""")

# Korean particles and the ends of words.
PARTICLES = by_length("""
으로부터 에서는 에게서 으로는 으로 에서 에게 까지 부터 보다 처럼 마다 이다 은 는 이 가 을 를 에 의 로 와 과 도 만 서
""")
ENDINGS = by_length("""
했습니다 하였다 했다 한다 하기로 하기 하면서 하며 하고 해야 하자 한 할 해 됐다 된다 되나 돼 됨 됐 키로 토록 나서
나선다 나섰다 었다 았다 는다 은다 린다 렸다 인다 였다 다 며 고 세 치
""")
VERB_ENDS = frozenset("다아어여해한워져진려린쳐춰와었았서써라")

# What denies by standing before a word, and by being a part of it.
NEGATIONS = words_in("""
aren't can't cannot denied denies deny didn't doesn't don't fail failed failing fails isn't n't neither never no nor
not refuse refused refuses wasn't without won't
""")
KOREAN_NEGATION = re.compile(r"않|못|아니|^안$")
DENYING = ("un", "in", "im", "non", "dis", "불", "비", "미", "무", "부", "역", "탈")

# What is hoped, feared or weighed has not happened: before the word in English, behind it in Korean.
HYPOTHETICAL = words_in("""
bet bets consider considering considers could expect expected expecting expects eye eyes forecast forecasts hint
hinted hints likely may might mull mulls plan planned plans possible predict predicts seek seeks seen signal signaled
signals urge urges weigh weighing weighs
""")
KOREAN_HYPOTHETICAL = re.compile(r"시사|전망|예상|가능성|우려|검토|촉구|기대|관측|추진|예정|소수의견|주장|필요")

# By what one thing is told against another: turned around, it is another story.
AGAINST = words_in("above acquire against beat below outpace outperform overtake sue sued")
KOREAN_AGAINST = words_in("대비 제치")

# Opposites, an axis a paragraph: of two titles that take different sides of one, one denies the other.
OPPOSITES = axes_in("""
rise rose risen raise increase climb jump surge soar gain spike hike higher up advance rally rallied grow grew double
accelerate quicken strengthen widen expand worsen deteriorate deepen tighten boost
lift mount build intensify escalate heat rebound rocket skyrocket leap add upgrade swell balloon firm 상승 인상 급등
급증 증가 올려 올린 올릴 올라
올랐 올렸 늘어 늘었 늘려 늘린 확대 상향 폭등 치솟 뛰어 뛰었 껑충 강세 높인 높여 높이 높아 심화
확산 커져 커진 가속 반등 오름 매수 유입 강화 조인 조이 죈 악화 오른 오르고
오르며 오르자 오르나 오를 늘고 늘며 늘자 늘릴 커지 벌어 넓어 과열 증액 증산 증세
| fall fell fallen cut cutting lower decrease drop dropped decline slide plunge tumble sink sank slump down ease
shrink shrank lose lost slow weaken narrow contract improve fade reduce flee fled slip slipped dip cool thaw
plummet dive dove nosedive crash retreat subside abate recede wane dwindle relax loosen soften diminish moderate
trim slash
shed downgrade vanish disappear evaporate 하락
인하 급락 급감 감소 내려 내린 내릴 내렸 줄어 줄었 줄인 축소 하향 폭락 떨어 약세 낮춘 낮춰 낮추 낮아 완화 진정 둔화 내림
매도 유출 투매 빠져나 풀려 개선 무너 붕괴 얼어붙 밑으로 하회 내리고 내리며 내리자 내리나 줄고 줄며 줄자 줄일 작아 좁혀
좁아 냉각 감액 감산 감세
| hold held keep kept leave left unchanged steady pause stand maintain stabilize 동결 유지 보합

freeze froze frozen 얼어붙
| thaw 풀려 녹아

inflow
| outflow

exist 있다 있어 있나 있는
| lack 없다 없어 없나 없는 없이

approve pass passes allow confirm support accept back agree reach win won defend 승인 허용 허가 가결 찬성 인정 시인
타결 합의 체결 수용 지지 통과 성공
| reject block ban banned deny denied oppose fail refuse lose lost veto 불허 금지 반려 부결 반대 부인 결렬 파기 거부
기각 실패 탈락

begin began start open reopen resume launch activate return emerge resurface impose 시작 재개 개시 착수 가동 출발
개장 돌입 신청
| end halt suspend close stop stopped expire scrap discontinue deactivate vanish disappear cease cancel 종료 중단 정지
마감 마쳐 마쳤 폐지 폐장 철회 졸업 멈춰

buy bought purchase 매입 순매수 사들
| sell sold dump 매각 순매도 팔아 팔았

upgrade 상향
| downgrade 하향 강등

profit surplus 흑자
| loss losses deficit 적자

strong strongest robust solid 호황 낙관
| weak weakest soft sluggish tepid 불황 비관

high highest record worst widest most above past beyond exceed exceeds 최고 최대 이상 초과 상회 돌파 넘어 넘었 넘긴 넘겼
넘겨 웃돌 웃돈
| low lowest best least below under 최저 최소 이하 미달 밑돌 밑돈

ample calm stable plentiful abundant sufficient 안정 충분 풍부
| scarce tight unstable insufficient short 불안 경색 부족

recovery recover regain 회복 되찾 호조
| recession downturn 침체 부진

more
| less fewer

beat top exceed
| miss missed

bullish
| bearish

upside
| downside

upbeat optimistic
| downbeat pessimistic

hire hired
| fire fired

join
| quit

inject
| drain

secure
| deny denied

heavy
| thin light

premium 프리미엄
| discount 디스카운트

hoard
| lend

invert 역전
| steepen

positive 양수
| negative 음수

continue
| end expire

투입
| 회수

양호
| 악화

success succeed
| fail failure

progress
| collapse stall

extend 연장 지속
| expire end 종료 해소

호재
| 악재

승소
| 패소

지정
| 해제

유임 연임
| 사퇴 사임

before 앞두고 직전
| after following 직후

hawkish 매파
| dovish 비둘기

open 개장 출발
| close 마감 폐장

guilty 유죄
| acquitted 무죄
""")

# Of each kind one is not another: titles that name different ones tell different stories.
KINDS = kinds_in("""
january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday 월요일 화요일 수요일 목요일 금요일 토요일 일요일
us uk korea japan china germany france euro canada india 미국 중국 일본 한국 영국 유럽 북한
fed ecb boj boe boc pboc rba snb 한은
s&p nasdaq dow nikkei kospi kosdaq 코스피 코스닥 나스닥 다우
gold oil silver copper bitcoin ether stock bond gilt bund 금값 유가 비트코인 이더리움 원화 엔화 위안화 달러화 유로화
내년 올해 지난해 작년
어제 오늘 내일
yesterday today tomorrow
외국인 기관 개인
moody's fitch 무디스 피치
수출 수입
export import exports imports
여당 야당
morning afternoon
1분기 2분기 3분기 4분기 상반기 하반기
가계대출 기업대출 주택대출
예금금리 대출금리
해외투자 국내투자
실업률 고용률 물가 성장률
은행 증권사 보험사 저축은행 카드사
repo swap
profit revenue
inflation labor unemployment
""")
