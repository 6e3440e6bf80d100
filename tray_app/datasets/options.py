"""Every option of the program: those of the datasets and those that all share."""

from tray_app.datasets import DATASETS
from tray_app.settings import Options

OPTIONS = Options(
    (*(dataset.due_option for dataset in DATASETS), *(option for dataset in DATASETS for option in dataset.own_options))
)
