"""The dataset `liquidity`: US macro series, market prices, and the stress index of them, by New York's days."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from tray_app.core.checks.self_check import SelfCheck
from tray_app.core.source_life import NEW_YORK
from tray_app.core.words import N_
from tray_app.datasets.dataset import Attribution, Dataset, DatasetParts, DatasetStep
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.datasets.liquidity.tables import ISSUES, OF_MACRO, OF_STRESS, TABLES
from tray_app.keys import Key
from tray_app.option import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tray_app.datasets.export_kind import ReadRows
    from tray_app.datasets.liquidity.reads import LiquidityReads
    from tray_app.demo.upstream import Upstream

# FRED's terms ask for the notice, word for word.
FRED_DATA = Attribution(
    "FRED",
    "https://fred.stlouisfed.org",
    N_("Macro series: {link}. {notice}"),
    "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis.",
)
YAHOO = Attribution("Yahoo Finance", "https://finance.yahoo.com", N_("Market prices: {link}, for personal use."))

API_KEY = Key(
    "FRED_API_KEY",
    N_("FRED API key"),
    N_('Needed for the macro series of the stress index; <a href="{url}">free from FRED</a>.'),
    "https://fredaccount.stlouisfed.org/apikeys",
    is_needed=True,
    wanted=N_("US rates and spreads need your own free key of FRED."),
    sample="samplesamplesamplesamplesample00",
)

WITHOUT_KEY = Option(
    "fred_without_key",
    False,  # noqa: FBT003 - its default
    N_("Without a FRED key, fetch the files behind FRED's charts"),
    "MARKET_TRAY_FRED_WITHOUT_KEY",
    N_("Slower and undocumented; a free key is the better way."),
)

FRED = DatasetStep("fred", N_("Macro series"))
PRICE = DatasetStep("price", N_("Market prices"))
NEWS = DatasetStep("news", N_("Headlines"))
FED_TONE = DatasetStep("fed_tone", N_("Fed tone"))
STRESS = DatasetStep("stress_calc", N_("Stress index"))


def _parts() -> DatasetParts[LiquidityReads]:
    from tray_app.datasets.liquidity.collect.collector import PARTS  # noqa: PLC0415 - with the engine

    return PARTS


def _export_rows() -> Mapping[str, ReadRows]:
    from tray_app.datasets.liquidity.export_reads import ROWS  # noqa: PLC0415 - pyarrow, for exports only

    return ROWS


def _sample_hosts() -> Mapping[str, Upstream]:
    from tray_app.datasets.liquidity.sample.hosts import sample_hosts  # noqa: PLC0415 - the sample server's only

    return sample_hosts()


LIQUIDITY = Dataset(
    name="liquidity",
    title=N_("Liquidity"),
    due=(time(6, 0), time(7, 10)),
    source_zone=NEW_YORK,
    steps=(FRED, PRICE, NEWS, FED_TONE, STRESS),
    # Of what news does within its run too.
    tables=frozenset(
        {
            *(table.name for table in (*OF_MACRO, *OF_STRESS)),
            "news_article",
            "news_copy",
            "fed_document",
            "fed_sentence",
        }
    ),
    owns=TABLES,
    issues=(ISSUES,),
    exports=(MACRO_SETS, STRESS_SETS),
    export_rows=_export_rows,
    parts=_parts,
    attributions=(
        FRED_DATA,
        YAHOO,
    ),
    keys=(API_KEY,),
    sample_hosts=_sample_hosts,
    # A price history that was divided anew is asked for once more.
    self_check=SelfCheck(days=4, calls=2),
    due_hint=N_("One soon after the first takes New York's close alone."),
    own_options=(WITHOUT_KEY,),
)
