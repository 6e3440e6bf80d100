"""Which sample answers for which host of macro series and prices."""

from collections.abc import Mapping

from tray_app.datasets.liquidity.sample.fred import Fred, FredGraph
from tray_app.datasets.liquidity.sample.fred_table import FredTable
from tray_app.datasets.liquidity.sample.macro import Economy
from tray_app.datasets.liquidity.sample.yahoo import Yahoo
from tray_app.datasets.liquidity.sample.yahoo_table import YahooTable
from tray_app.demo.upstream import Upstream


def sample_hosts() -> Mapping[str, Upstream]:
    """Return the sample hosts by name; those that tell of the same economy share one."""
    economy = Economy()
    macro = FredTable(economy)
    return {
        "api.stlouisfed.org": Fred(macro),
        "fred.stlouisfed.org": FredGraph(macro),
        "query1.finance.yahoo.com": Yahoo(YahooTable(economy)),
    }
