"""Every secret that has a use: those of the datasets, the needed ones first, then where notifications go."""

from tray_app.datasets import SHOWN
from tray_app.keys import NOTIFICATION_URLS

SOURCE_KEYS = tuple(sorted((key for dataset in SHOWN for key in dataset.keys), key=lambda key: not key.is_needed))
KEYS = (*SOURCE_KEYS, NOTIFICATION_URLS)
KEY_NAMES = tuple(key.name for key in KEYS)
