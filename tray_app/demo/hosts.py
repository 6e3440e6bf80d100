"""Which sample answers for which host: those of every dataset."""

from collections.abc import Mapping

from tray_app.datasets import DATASETS
from tray_app.demo.upstream import Upstream


def sample_hosts() -> Mapping[str, Upstream]:
    """Return every sample host by name."""
    return {host: upstream for dataset in DATASETS for host, upstream in dataset.sample_hosts().items()}
