"""The dataset `krx`: stocks, ETFs and indices of the Korea Exchange, session by session."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from tray_app.core.checks.self_check import SelfCheck
from tray_app.core.times import KST
from tray_app.core.words import N_
from tray_app.datasets.dataset import Attribution, ByHand, Dataset, DatasetParts, DatasetStep, FirstDay, HandParts
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rules.calendar import EARLIEST
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset
from tray_app.datasets.krx.tables import COLLECTED, TABLES
from tray_app.keys import Key
from tray_app.option import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tray_app.datasets.krx.collect.by_hand import DaysByHand
    from tray_app.datasets.krx.reads import KrxReads
    from tray_app.demo.upstream import Upstream

STATISTICS = Attribution(
    "한국거래소 통계정보",
    "https://openapi.krx.co.kr",
    N_("Korean stocks: {link}, for the key's owner and non-commercial use only."),
)

AUTH_KEY = Key(
    "KRX_AUTH_KEY",
    N_("KRX Open API key"),
    N_('Needed for the Korea Exchange; <a href="{url}">free from KRX</a>, with an approval for each service.'),
    "https://openapi.krx.co.kr/",
    is_needed=True,
    wanted=N_("Korean stocks need your own free key of the KRX Open API."),
    sample="sample",
)

DAILY_LIMIT = Option(
    "krx_daily_limit",
    10_000,
    N_("Calls a day that the KRX key may send"),
    "KRX_DAILY_LIMIT",
    N_("The key's own limit is 10,000."),
)
WITH_ETFS = Option(
    "krx_etfs",
    False,  # noqa: FBT003 - its default
    N_("Collect ETFs from KRX too"),
    "MARKET_TRAY_KRX_ETFS",
    N_("One more call a session; its service needs an approval of its own."),
)

CALENDAR = DatasetStep("calendar", N_("Trading calendar"))
INSTRUMENTS = DatasetStep("instruments", N_("Listed issues"))
KOSPI = DatasetStep("kospi", N_("KOSPI"))
KOSDAQ = DatasetStep("kosdaq", N_("KOSDAQ"))
KONEX = DatasetStep("konex", N_("KONEX"))
ETFS = DatasetStep("etfs", N_("ETFs"))
INDICES = DatasetStep("indices", N_("Indices"))
FACTORS = DatasetStep("factors", N_("Adjustment factors"))
QUALITY = DatasetStep("quality", N_("Quality checks"))


def _parts() -> DatasetParts[KrxReads]:
    from tray_app.datasets.krx.parts import PARTS  # noqa: PLC0415 - with the engine

    return PARTS


def _open_by_hand(parts: HandParts) -> DaysByHand:
    from tray_app.datasets.krx.parts import open_by_hand  # noqa: PLC0415 - with the engine

    return open_by_hand(parts)


def _sample_hosts() -> Mapping[str, Upstream]:
    from tray_app.datasets.krx.sample.host import Krx  # noqa: PLC0415 - the sample server's only

    return {"data-dbg.krx.co.kr": Krx()}


BY_HAND = ByHand("krx", _open_by_hand)

KRX = Dataset(
    name=BY_HAND.dataset,
    title=N_("KRX"),
    due=(time(8, 10), time(18, 0)),
    source_zone=KST,
    steps=(CALENDAR, INSTRUMENTS, KOSPI, KOSDAQ, KONEX, ETFS, INDICES, FACTORS, QUALITY),
    tables=frozenset({*(table.name for table in COLLECTED), "data_quality_issues"}),
    owns=TABLES,
    issues=tuple(IssueDataset),
    exports=(KRX_SETS,),
    parts=_parts,
    attributions=(STATISTICS,),
    keys=(AUTH_KEY,),
    sample_hosts=_sample_hosts,
    # A session of a market has two lists, that of its issues, and that of an issue's last day.
    self_check=SelfCheck(days=2, calls=4),
    due_hint=N_("A session is published at 08:00 of the next one."),
    own_options=(DAILY_LIMIT, WITH_ETFS),
    newest_first=True,
    quality_rules=tuple(IssueCode),
    first_day=FirstDay(EARLIEST, N_("The Korea Exchange offers days from {day} on.")),
)
