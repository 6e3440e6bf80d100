"""What the engine makes of the dataset `news`."""

from tray_app.datasets.dataset import DatasetParts
from tray_app.datasets.news.collect.collector import NewsCollector, within_run
from tray_app.datasets.news.collect.parts import open_parts
from tray_app.datasets.news.reads import NewsReads

PARTS = DatasetParts(
    lambda parts: NewsCollector(open_parts(parts)), NewsReads, lambda parts: within_run(open_parts(parts))
)
