"""Which sample answers for which host of headlines and documents."""

from collections.abc import Mapping

from tray_app.datasets.news.sample.fed import FederalReserve
from tray_app.datasets.news.sample.google_news import GoogleNews
from tray_app.datasets.news.sample.korean_feeds import BankOfKorea, Yonhap
from tray_app.demo.upstream import Upstream


def sample_hosts() -> Mapping[str, Upstream]:
    """Return the sample hosts by name."""
    return {
        "news.google.com": GoogleNews(),
        "www.federalreserve.gov": FederalReserve(),
        "www.bok.or.kr": BankOfKorea(),
        "www.yna.co.kr": Yonhap(),
    }
