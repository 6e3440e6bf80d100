"""The sample www.yna.co.kr and www.bok.or.kr: a newspaper's feed in +0900, a central bank's in KST."""

from datetime import UTC, datetime
from email.utils import format_datetime

from tray_app.core.times import to_kst
from tray_app.datasets.news.sample.news_stories import KOREAN, Telling, tellings
from tray_app.datasets.news.sample.rss import FeedHost, cdata, channel, escaped, rss_reply
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Reply, Request, html_reply

YONHAP = KOREAN.outlets[0]
BOK_PATH = "/portal/bbs/P0000559"
BOK_DAYS = 60
BOK_RELEASES = (
    "{month}월 중 금융시장 동향",
    "{month}월말 외환보유액",
    "{month}월 소비자동향조사 결과",
    "통화정책방향",
    "{month}월 중 통화 및 유동성",
    "금융안정 상황 점검",
    "환매조건부채권 매매 결과",
)
BOK_TEXT = "<p>{title}을(를) 다음과 같이 발표합니다.</p><p>자세한 내용은 붙임을 참고하시기 바랍니다.</p>"
NAMESPACES = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'


class Yonhap(FeedHost):
    """The newspaper's own tellings of the stories that the Korean search finds too."""

    def answer(self, request: Request) -> Reply:
        """Return /rss/economy.xml, newest first."""
        if request.path != "/rss/economy.xml":
            return html_reply("404 Not Found", 404)
        found = tellings(KOREAN, request.seconds - 2 * DAY_SECONDS, request.seconds)
        own = sorted((each for each in found if each.outlet is YONHAP), key=lambda each: -each.second)
        return _yonhap([_article(each) for each in own])

    def quiet(self, request: Request) -> Reply:
        """Return the feed without articles."""
        del request
        return _yonhap([])


class BankOfKorea(FeedHost):
    """A press release on every other working day."""

    def answer(self, request: Request) -> Reply:
        """Return /portal/bbs/P0000559/news.rss, newest first, whole texts in the items."""
        if request.path != f"{BOK_PATH}/news.rss":
            return html_reply("404 Not Found", 404)
        today = request.seconds // DAY_SECONDS
        # Releases are embargoed until noon in Seoul.
        days = (day for day in range(today, today - BOK_DAYS, -1) if day * DAY_SECONDS + 3 * 3600 <= request.seconds)
        return _bank([_release(day) for day in days if (day + 3) % 7 < 5 and dice("bok", day, 2)])

    def quiet(self, request: Request) -> Reply:
        """Return the feed without releases."""
        del request
        return _bank([])


def _yonhap(items: list[str]) -> Reply:
    head = f"<title>{cdata('연합뉴스 경제 최신기사')}</title><link>{YONHAP.url}/economy</link><language>ko</language>"
    return rss_reply(channel(head, items, namespaces=NAMESPACES))


def _article(telling: Telling) -> str:
    at = to_kst(datetime.fromtimestamp(telling.second, UTC))
    link = f"{YONHAP.url}/view/AKR{at:%Y%m%d}{dice(telling.seed, 0, 900_000) + 100_000:06d}002"
    return (
        f"<item><title>{cdata(escaped(telling.title))}</title><link>{link}</link><guid>{link}</guid>"
        f"<description>{cdata('(서울=연합뉴스) ' + telling.title)}</description>"
        f"<dc:creator>{cdata('기자')}</dc:creator><pubDate>{format_datetime(at)}</pubDate></item>"
    )


def _bank(items: list[str]) -> Reply:
    head = f"<title>{cdata('한국은행 보도자료')}</title><link>https://www.bok.or.kr</link><language>ko</language>"
    return rss_reply(channel(head, items, newline="\r\n"), "application/xml;charset=UTF-8")


def _release(day: int) -> str:
    at = to_kst(datetime.fromtimestamp(day * DAY_SECONDS + 3 * 3600, UTC))
    title = BOK_RELEASES[dice("bok title", day, len(BOK_RELEASES))].format(month=at.month)
    link = f"https://www.bok.or.kr{BOK_PATH}/view.do?nttId={10_000_000 + day}&menuNo=200761"
    return (
        f"<item><title>{cdata(title)}</title><link>{cdata(link)}</link>"
        f"<description>{cdata(BOK_TEXT.format(title=title))}</description>"
        f"<pubDate>{format_datetime(at).replace('+0900', 'KST')}</pubDate></item>"
    )
