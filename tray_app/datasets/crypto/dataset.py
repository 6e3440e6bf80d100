"""The dataset `crypto`: coins, the whole market, DeFi, stablecoins, and Fear & Greed, by UTC days."""

from __future__ import annotations

from datetime import UTC, time
from typing import TYPE_CHECKING

from tray_app.core.checks.self_check import SelfCheck
from tray_app.core.words import N_
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.crypto.metrics import ATTRIBUTIONS, STEPS
from tray_app.datasets.crypto.tables import ISSUES, TABLES
from tray_app.datasets.dataset import Dataset, DatasetParts
from tray_app.keys import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tray_app.datasets.crypto.reads import CryptoReads
    from tray_app.datasets.export_kind import ReadRows
    from tray_app.demo.upstream import Upstream

DEMO_KEY = Key(
    "COINGECKO_DEMO_KEY",
    N_("CoinGecko demo key"),
    N_('Optional. Makes fetching history faster; <a href="{url}">free from CoinGecko</a>.'),
    "https://www.coingecko.com/en/developers/dashboard",
    wanted=N_("With CoinGecko's free Demo key the crypto history arrives about ten times faster."),
)


def _parts() -> DatasetParts[CryptoReads]:
    from tray_app.datasets.crypto.collect import PARTS  # noqa: PLC0415 - with the engine

    return PARTS


def _export_rows() -> Mapping[str, ReadRows]:
    from tray_app.datasets.crypto.export_reads import ROWS  # noqa: PLC0415 - pyarrow, for exports only

    return ROWS


def _sample_hosts() -> Mapping[str, Upstream]:
    from tray_app.datasets.crypto.sample.hosts import sample_hosts  # noqa: PLC0415 - the sample server's only

    return sample_hosts()


CRYPTO = Dataset(
    name="crypto",
    title=N_("Crypto"),
    due=(time(6, 0),),
    source_zone=UTC,
    steps=STEPS,
    tables=frozenset(table.name for table in TABLES),
    owns=TABLES,
    issues=(ISSUES,),
    exports=(CRYPTO_SETS,),
    export_rows=_export_rows,
    parts=_parts,
    attributions=ATTRIBUTIONS,
    keys=(DEMO_KEY,),
    sample_hosts=_sample_hosts,
    self_check=SelfCheck(days=3, calls=1),
    counts_in_utc=True,
)
