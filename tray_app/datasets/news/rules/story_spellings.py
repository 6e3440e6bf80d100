"""How headlines of both languages write one thing in several ways: what is rewritten before a title is read as words.

Patterns meet the title in small letters; the order of the spellings counts.
"""

import re

# Marks of the trade around a headline: [속보], (종합2보), UPDATE 2-, BREAKING:, and who says so at the end.
MARKS = re.compile(
    r"[\[(<【〈](?:속보|긴급|단독|\d?보|종합\d*보?|상보|특징주|표|그래픽|포토|영상|전문|업데이트|재송|1보|머니인|마켓인)[\])>】〉]"
    r"|^(?:breaking(?: news)?|exclusive|live(?: updates)?|watch|just in|corrected|correction|refile|alert|update ?\d*"
    r"|wrapup ?\d*|newsalert)\s*[:\-–—|]\s*"
    r"|[,\-–—:]\s*(?:sources?(?: says?)?|reports?(?: says?)?|sources familiar|minutes show|officials say)\s*$"
)

PEOPLES: tuple[tuple[str, str], ...] = (
    ("french", "france"),
    ("german", "germany"),
    ("japanese", "japan"),
    ("chinese", "china"),
    ("canadian", "canada"),
    ("indian", "india"),
    ("italian", "italy"),
    ("spanish", "spain"),
    ("swiss", "switzerland"),
    ("russian", "russia"),
    ("brazilian", "brazil"),
    ("turkish", "turkey"),
    ("european", "europe"),
)

RESTRICTIONS = "ban|cap|control|curb|freeze|halt|limit|restriction|sanction|suspension"
ORDINALS = ("first", "second", "third", "fourth")
# How Korean counts months, people and places: 석 달, 세 명, 여섯 곳.
COUNTS = ("한", "두", "(?:세|석|서)", "(?:네|넉)", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
COUNTED = "달(?!러)|개월|명|곳|번|차례|배"

# What is written in several ways, as one. The order counts.
SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"[↑▲]", " 상승 "),
        (r"[↓▼]", " 하락 "),
        (r"日銀|일본은행|일본 은행|日\s?은행|\bbank of japan\b|\bboj\b", " boj "),
        (r"(?<![가-힣])([가-힣])\s?[·‧・/]\s?([가-힣])(?![가-힣])", r"\1\2"),
        (r"美\s?연준|미국?\s?연준|연방준비제도(?:이사회)?|연준", " fed "),
        (r"美|(?<![가-힣])미(?![가-힣])", " 미국 "),
        (r"中", " 중국 "),
        (r"日", " 일본 "),
        (r"北", " 북한 "),
        (r"英", " 영국 "),
        (r"韓", " 한국 "),
        (r"한국은행|\bbank of korea\b|\b(?:south )?korea(?:['’]s|n)? central bank\b|\bbok\b", " 한은 "),
        (r"유럽중앙은행|\beuropean central bank\b", " ecb "),
        (r"\bbank of england\b", " boe "),
        (r"\bbank of canada\b", " boc "),
        (r"\bswiss national bank\b", " snb "),
        (r"\breserve bank of australia\b", " rba "),
        (r"\bbank of america\b", " bofa "),
        (r"\bjp ?morgan(?: chase)?\b", " jpmorgan "),
        (r"\bgoldman(?: sachs)?\b", " goldman "),
        (r"\binternational monetary fund\b|국제통화기금", " imf "),
        (r"\beuro[ -](?:zone|area)\b|유로존|유로 지역", " eurozone "),
        (r"\bexchange[ -]traded fund", " etf "),
        (r"\bmortgage[ -]backed (?:securities|bonds)\b", " mbs "),
        (r"\bgross domestic product\b|국내총생산", " gdp "),
        # Who takes back what restricts says the opposite of it.
        (rf"\b(?:lift|remove|scrap)(?:s|ed)? (?=(?:[a-z]+ ){{0,2}}(?:{RESTRICTIONS})s?\b)", " not "),
        (r"\bfederal reserve\b|\bfed's\b|\bfed’s\b", " fed "),
        (r"\bu\.\s?s\.?(?=\W|$)|\bunited states\b|\bamerican?\b", " us "),
        (r"\bu\.\s?k\.?(?=\W|$)|\bunited kingdom\b|\bbritain\b|\bbritish\b", " uk "),
        (r"\bsouth korean?(?:'s|’s)?\b|\bkorean?(?:'s|’s)?\b", " korea "),
        (r"(?:중국 )?인민은행|\b(?:china(?:['’]s)?|chinese) central bank\b|\bpeople['’]?s bank of china\b", " pboc "),
        (r"\bjapan(?:['’]s|ese)? central bank\b", " boj "),
        (r"금융통화위원회", " 금통위 "),
        (r"금융위원회", " 금융위 "),
        (r"금융감독원", " 금감원 "),
        (r"산업은행", " 산은 "),
        (r"양도성예금증서", " cd "),
        (r"기업어음", " cp "),
        (r"머니마켓펀드", " mmf "),
        (r"\bvolatility index\b|변동성\s?지수", " vix "),
        *((rf"(?<![가-힣]){count}\s?(?={COUNTED})", f"{number}") for number, count in enumerate(COUNTS, 1)),
        (r"(\d)\s?달(?!러)", r"\g<1>개월"),
        (r"장\s?(?=마감|마쳐|마쳤)", ""),
        (r"오름세", " 상승 "),
        (r"내림세", " 하락 "),
        (r"\bstands? pat\b|\bon hold\b", " unchanged "),
        (r"\bq([1-4])\b", r" q \1 "),
        (r"\b(?:biggest|largest|highest)[ -]ever\b", " record "),
        (r"\btaken over\b|\btakes? over\b", " seize "),
        (r"인플레이션", " 인플레 "),
        (r"원\s?[/·‧・]\s?달러", " 원달러 "),
        (r"달러당", " 달러 "),
        (r"(\d)천(?=[억만조])", r"\g<1>000"),
        (r"\b(?:a )?quarter[ -](?:of a )?(?:percentage )?point\b", " 0.25pp "),
        (r"\b(?:a )?half[ -](?:of )?(?:a )?(?:percentage )?point\b|\bhalf a point\b", " 0.5pp "),
        (r"percentage points?|%\s?포인트|%p\b|퍼센트포인트", "pp "),
        (r"\bper ?cent\b|퍼센트", "% "),
        (r"\bbasis points?\b|\bbps?\b|\bbp(?=[^a-z]|$)", "bp "),
        (r"\bbln\b|(?<=\d)bn\b", " billion "),
        (r"\btrn\b|(?<=\d)tn\b", " trillion "),
        (r"(?<=\d)m\b|\bmln\b", " million "),
        (r"\b(?:policy|interest|benchmark) rates?\b", " rate "),
        (r"\ball[ -]time high\b|\brecord[ -]high\b", " record "),
        (r"\b(?:all[ -]time|record)[ -]low\b", " lowest "),
        (r"\bt-bills?\b", " treasury bill "),
        (r"\bhigh[ -]yield\b", " junk "),
        (r"\btriple[ -]a\b", " aaa "),
        (r"\bsilicon valley bank\b", " svb "),
        (r"\bwall street(?:['’]s)? fear gauge\b|\bfear gauge\b", " vix "),
        (r"연중|올해 들어", " 연중 "),
        (r"\bcpi\b|\bconsumer[ -]price(?: index|s)?\b|소비자물가(?:지수)?", " cpi "),
        (r"\bsteps? in\b|\bstepped in\b", " intervenes "),
        (r"\bhome loans?\b", " mortgage "),
        *((rf"\b{word}[ -]quarter\b", f" q {place} ") for place, word in enumerate(ORDINALS, 1)),
        (r"\bhead of\b", " chief "),
        (r"\b(?:flow|pour)(?:s|ed|ing)? (?:in|into|to)\b", " inflow "),
        (r"\b(?:flow|pour)(?:s|ed|ing)? (?:out of|out|from)\b", " outflow "),
        *((rf"\b{people}\b", f" {country} ") for people, country in PEOPLES),
        (r"\bat least\b", " "),
        (r"\bahead of\b", " before "),
    )
)
