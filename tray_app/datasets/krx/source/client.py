"""KRX Open API: whole-market daily rows, master lists and indices. Source: data-dbg.krx.co.kr/svc/apis.

Needs the user's own key in the header AUTH_KEY, and an approval for each service. One answer holds one day of one
market. An empty answer does not say why: closed, in the future, or not published before 08:00 KST of the next session.
Facts: docs/sources/krx.md.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tray_app.core.errors import KeyRefused, ServiceNotApproved
from tray_app.core.row_faults import Sifted
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.source.block import Block, read_block, sifted
from tray_app.datasets.krx.source.refusals import HOST, disguised, refused, wrong_key
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, etf_bars, index_bars
from tray_app.net.body import Body
from tray_app.net.request import DAILY, Http, Request, RetryPolicy

logger = logging.getLogger(__name__)

BASE = f"https://{HOST}/svc/apis"
KEY_HEADER = "AUTH_KEY"
PAUSE = 1 / 3
# A good key is refused now and then: only the third 401 in a row is believed.
STRAY_REFUSAL_WAITS = (1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Service:
    """One endpoint, with the name under which its approval is applied for."""

    path: str
    title: str


DAILY_ROWS: Mapping[Market, Service] = MappingProxyType(
    {
        Market.KOSPI: Service("sto/stk_bydd_trd", "유가증권 일별매매정보"),
        Market.KOSDAQ: Service("sto/ksq_bydd_trd", "코스닥 일별매매정보"),
        Market.KONEX: Service("sto/knx_bydd_trd", "코넥스 일별매매정보"),
    }
)
MASTER_LISTS: Mapping[Market, Service] = MappingProxyType(
    {
        Market.KOSPI: Service("sto/stk_isu_base_info", "유가증권 종목기본정보"),
        Market.KOSDAQ: Service("sto/ksq_isu_base_info", "코스닥 종목기본정보"),
        Market.KONEX: Service("sto/knx_isu_base_info", "코넥스 종목기본정보"),
    }
)
INDICES: Mapping[IndexClass, Service] = MappingProxyType(
    {
        IndexClass.KRX: Service("idx/krx_dd_trd", "KRX 시리즈 일별시세정보"),
        IndexClass.KOSPI: Service("idx/kospi_dd_trd", "KOSPI 시리즈 일별시세정보"),
        IndexClass.KOSDAQ: Service("idx/kosdaq_dd_trd", "KOSDAQ 시리즈 일별시세정보"),
    }
)
ETFS = Service("etp/etf_bydd_trd", "ETF 일별매매정보")


class KrxOpenApi:
    """Asks KRX, at most three times a second.

    Every method raises what HttpClient.get raises, and KeyRefused, ServiceNotApproved or QuotaSpent. A few rows that
    cannot be are left out of a list and named beside the others.
    """

    def __init__(self, http: Http, key: str, retry: RetryPolicy = DAILY) -> None:
        self._http = http
        self._key = key.strip()
        self._retry = retry

    def equities(self, market: Market, day: date) -> Sifted[EquityBar]:
        """Return a market's issues on a day, in the source's order. Endpoint sto/*_bydd_trd."""
        block = self._block(DAILY_ROWS[market], day)
        return sifted(block, day, lambda rows: equity_bars(rows, market, day), "ISU_CD", _code)

    def base_info(self, market: Market, day: date) -> Sifted[BaseInfo]:
        """Return the issues listed on a day; on Saturdays Friday's. Endpoint sto/*_isu_base_info."""
        block = self._block(MASTER_LISTS[market], day)
        return sifted(block, day, lambda rows: base_infos(rows, market, day), "ISU_SRT_CD", lambda info: info.code)

    def indices(self, index_class: IndexClass, day: date) -> Sifted[IndexBar]:
        """Return a family's indices on a day, market totals first. Endpoint idx/*_dd_trd."""
        block = self._block(INDICES[index_class], day)
        return sifted(block, day, lambda rows: index_bars(rows, index_class, day), "IDX_NM", lambda bar: bar.name)

    def etfs(self, day: date) -> Sifted[EquityBar]:
        """Return the ETFs with a price on a day, as issues of a market of their own. Endpoint etp/etf_bydd_trd.

        On weekday holidays the source lists them without prices; says nothing about the calendar.
        """
        return sifted(self._block(ETFS, day), day, lambda rows: etf_bars(rows, day), "ISU_CD", _code)

    def _block(self, service: Service, day: date) -> Block:
        if not self._key or not self._key.isascii() or not self._key.isprintable():
            # Such a key cannot even be sent in a header.
            raise wrong_key()
        for wait in STRAY_REFUSAL_WAITS:
            try:
                return self._block_once(service, day)
            except (KeyRefused, ServiceNotApproved) as error:
                logger.info("%s; this may be a stray refusal, asking again", error.title)
                self._http.wait(wait)
        return self._block_once(service, day)

    def _block_once(self, service: Service, day: date) -> Block:
        response = self._http.get(
            Request(
                f"{BASE}/{service.path}",
                {"basDd": f"{day:%Y%m%d}"},
                headers={KEY_HEADER: self._key},
                pause=PAUSE,
                retry=self._retry,
                classify=lambda response: refused(service.title, response),
            )
        )
        error = disguised(service.title, response)
        if error is not None:
            raise error
        return read_block(Body(HOST, response.body))


def _code(bar: EquityBar) -> str:
    return bar.code
