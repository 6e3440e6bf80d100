"""What the engine makes of the dataset `liquidity`."""

from tray_app.datasets.dataset import DatasetParts
from tray_app.datasets.liquidity.collect.collector import LiquidityCollector
from tray_app.datasets.liquidity.collect.parts import open_parts
from tray_app.datasets.liquidity.reads import LiquidityReads

PARTS = DatasetParts(lambda parts: LiquidityCollector(open_parts(parts)), LiquidityReads)
