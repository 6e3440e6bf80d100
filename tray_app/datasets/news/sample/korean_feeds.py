"""The sample www.yna.co.kr and www.bok.or.kr: a newspaper's feed in +0900, a central bank's in KST."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from tray_app.core.times import to_kst
from tray_app.datasets.news.sample.news_stories import KOREAN, Telling, tellings
from tray_app.datasets.news.sample.rss import FeedHost, cdata, channel, escaped, rss_reply
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Reply, Request

YONHAP = KOREAN.outlets[0]
BOK_SITE, BOK_PATH = "https://www.bok.or.kr", "/portal/bbs/P0000559"
BOK_DAYS = 60
# Releases are embargoed until noon in Seoul.
BOK_SECOND = 3 * 3600
BOK_RELEASES = ("{month}월 중 금융시장 동향", "{month}월말 외환보유액", "통화정책방향", "금융안정 상황 점검")
NAMESPACES = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'


class Yonhap(FeedHost):
    """The newspaper's own tellings of the stories that the Korean search finds too."""

    def items(self, request: Request) -> list[str] | None:
        """Return those of /rss/economy.xml, newest first."""
        if request.path != "/rss/economy.xml":
            return None
        found = tellings(KOREAN, request.seconds - 2 * DAY_SECONDS, request.seconds)
        own = sorted((each for each in found if each.outlet is YONHAP), key=lambda each: -each.second)
        return [_article(each) for each in own]

    def feed(self, request: Request, items: Sequence[str]) -> Reply:
        """Return the newspaper's channel."""
        del request
        head = (
            f"<title>{cdata('연합뉴스 경제 최신기사')}</title><link>{YONHAP.url}/economy</link><language>ko</language>"
        )
        return rss_reply(channel(head, items, namespaces=NAMESPACES))


class BankOfKorea(FeedHost):
    """A press release on every other working day."""

    def items(self, request: Request) -> list[str] | None:
        """Return those of /portal/bbs/P0000559/news.rss, newest first, with their whole texts."""
        if request.path != f"{BOK_PATH}/news.rss":
            return None
        newest = (request.seconds - BOK_SECOND) // DAY_SECONDS
        days = range(newest, newest - BOK_DAYS, -1)
        return [_release(day) for day in days if (day + 3) % 7 < 5 and dice("bok", day, 2)]

    def feed(self, request: Request, items: Sequence[str]) -> Reply:
        """Return the bank's channel."""
        del request
        head = f"<title>{cdata('한국은행 보도자료')}</title><link>{BOK_SITE}</link><language>ko</language>"
        return rss_reply(channel(head, items, newline="\r\n"), "application/xml;charset=UTF-8")


def _article(telling: Telling) -> str:
    at = to_kst(datetime.fromtimestamp(telling.second, UTC))
    link = f"{YONHAP.url}/view/AKR{at:%Y%m%d}{dice(telling.seed, 0, 900_000) + 100_000:06d}002"
    return (
        f"<item><title>{cdata(escaped(telling.title))}</title><link>{link}</link><guid>{link}</guid>"
        f"<description>{cdata('(서울=연합뉴스) ' + telling.title)}</description>"
        f"<dc:creator>{cdata('기자')}</dc:creator><pubDate>{format_datetime(at)}</pubDate></item>"
    )


def _release(day: int) -> str:
    at = to_kst(datetime.fromtimestamp(day * DAY_SECONDS + BOK_SECOND, UTC))
    title = BOK_RELEASES[dice("bok title", day, len(BOK_RELEASES))].format(month=at.month)
    link = f"{BOK_SITE}{BOK_PATH}/view.do?nttId={10_000_000 + day}&menuNo=200761"
    return (
        f"<item><title>{cdata(title)}</title><link>{cdata(link)}</link>"
        f"<description>{cdata(f'<p>{title}을(를) 다음과 같이 발표합니다.</p>')}</description>"
        f"<pubDate>{format_datetime(at).replace('+0900', 'KST')}</pubDate></item>"
    )
