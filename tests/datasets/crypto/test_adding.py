"""A metric of a new source takes three files of the product: a line, the source, and its place among the series."""

from pathlib import Path

from copied_tree import CopiedTree

from tray_app.datasets.schema import SCHEMA

METRICS = "tray_app/datasets/crypto/metrics.py"
SERIES = "tray_app/datasets/crypto/series.py"
SOURCE = "tray_app/datasets/crypto/mining.py"
LINE = """HASH_RATE = Metric(
    maybe("hash_rate", Kind.FLOAT, N_("Hash rate"), "TH/s", added=Added(step={step}, sets=3)),
    MINING,
    BLOCKCHAIN,
    ValueRules(sign=Sign.POSITIVE, high=1e13, jump=0.9, is_relative=True, frozen=4),
    "hash_rate",
)

METRICS = ("""
CREDIT = 'BLOCKCHAIN = Attribution("blockchain.info", "https://www.blockchain.com", N_("Hash rate: {link}."))'
PLACE = 'PlainSeries(HASH_RATE, mining.LIFE, f"https://{mining.HOST}/", mining.hash_rate, sample=mining.Sample)'
CLIENT = '''"""blockchain.info: the hash rate of Bitcoin, in terahashes a second. No key."""

from datetime import UTC, date, datetime

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.source_life import SourceLife
from tray_app.datasets.crypto.metrics import HASH_RATE
from tray_app.demo.series import Series, anchors, day_of
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, json_reply
from tray_app.demo.wire import Request as Asked
from tray_app.net.body import Body, epoch_day
from tray_app.net.request import Http, Request, RetryPolicy
from tray_app.net.sift import Sieve

HOST = "api.blockchain.info"
LIFE = SourceLife(date(2009, 1, 3), UTC)
DAY_SECONDS = 86_400


def hash_rate(http: Http, now: datetime, retry: RetryPolicy) -> Sifted[SeriesPoint]:
    """Return the hash rate of each UTC date, oldest first. Endpoint /charts/hash-rate."""
    request = Request(f"https://{HOST}/charts/hash-rate", {"timespan": "all"}, pause=1.0, retry=retry)
    body = Body(HOST, http.get(request).body)
    return Sieve(body, LIFE, now, HASH_RATE.name).sift(
        body.field(body.value(), "values"),
        lambda row: epoch_day(body, row, "x"),
        lambda row, day: SeriesPoint(day, body.number(row, "y", low=0)),
    )


class Sample(Upstream):
    """The sample host: a value a day since 2024."""

    def __init__(self) -> None:
        self._series = Series("hash rate", anchors("2024-01-01:5e8 2026-01-01:9e8"), step=0.02)

    def answer(self, request: Asked) -> Reply:
        """Return the whole series."""
        days = range(day_of("2024-01-01"), request.seconds // DAY_SECONDS + 1)
        values = [{"x": day * DAY_SECONDS, "y": self._series.at(day * DAY_SECONDS)} for day in days]
        return json_reply({"values": values})
'''
# In the copy: an older store, a run against the sample server, and a set of what came.
PROOF = """
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support import NOW, Clock
from machine import a_machine
from tray_app.core.model import RunStatus
from tray_app.datasets import DATASETS
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.crypto.metrics import HASH_RATE
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.export.files import schemas
from tray_app.store.lifecycle import open_database
from tray_app.store.migrations import Schema
from tray_app.ui.pages.crypto.charts import CHARTS, chart_facts
from tray_app.ui.pages.crypto.tiles import TILED

folder = Path(sys.argv[1])
old = Schema(tuple(
    replace(table, columns=tuple(column for column in table.columns if column.added is None)) for table in SCHEMA.tables
))
open_database(folder / "market.db", folder / "backups", NOW, old).close_thread()
assert SCHEMA.version == old.version + 1
with SampleServer(lambda: NOW) as server, a_machine(folder, server, Clock(NOW)) as machine:
    run = machine.run()
    assert run.status is RunStatus.SUCCESS, run
    assert "mining" in [step.name for step in run.steps]
    newest = machine.collector._reads.newest_values("hash_rate")[0]
    assert newest.date == NOW.date(), newest
    assert machine.collector._reads.metrics()[-1].values["hash_rate"] == newest.value
    with machine.database.reading() as connection:
        assert connection.execute("SELECT COUNT(*) FROM data_sums WHERE table_name = 'crypto_metric'").fetchone()[0]
assert "hash_rate" in schemas.CRYPTO_METRIC.schema(schemas.DateType.DATE32).names
assert "hash_rate" not in schemas.CRYPTO_METRIC.schema(schemas.DateType.DATE32, "2").names
assert schemas.SCHEMA_VERSION == "3"
assert HASH_RATE in TILED and "hash_rate" in CHARTS and chart_facts("hash_rate").title == "Hash rate"
assert [step for step in CRYPTO.steps][-1] == "mining"
"""


def test_a_metric_of_a_new_source_takes_three_files(tmp_path: Path) -> None:
    tree = CopiedTree(tmp_path / "tree")
    tree.change(
        METRICS,
        ("import Column, ", "import Added, Column, "),
        (
            "ATTRIBUTIONS = (",
            f"{CREDIT}\nATTRIBUTIONS = (BLOCKCHAIN, ",
        ),
        ("STEPS = (", 'MINING = DatasetStep("mining", N_("Mining"))\nSTEPS = ('),
        ("STABLECOINS, FEAR_GREED)", "STABLECOINS, FEAR_GREED, MINING)"),
        ("METRICS = (", LINE.format(step=SCHEMA.version + 1)),
        ("DEFI_TVL, STABLECOIN_MCAP)", "DEFI_TVL, STABLECOIN_MCAP, HASH_RATE)"),
    )
    tree.add(SOURCE, CLIENT)
    tree.change(
        SERIES,
        ("import DEFI_TVL,", "import HASH_RATE, DEFI_TVL,"),
        ("REVISED_DAYS = 30\n", "from tray_app.datasets.crypto import mining\n\nREVISED_DAYS = 30\n"),
        (
            "    FEAR_GREED_SERIES,\n)",
            f"    FEAR_GREED_SERIES,\n    {PLACE},\n)",
        ),
    )
    tree.prove(PROOF, tmp_path / "home")
