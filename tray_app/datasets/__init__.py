"""Every dataset in a folder of its own; this is the one line that names them, in the order `collect all` takes."""

from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.datasets.news.dataset import NEWS

DATASETS = (LIQUIDITY, CRYPTO, NEWS, KRX)
# As windows list them: what is most of it first.
SHOWN = tuple(reversed(DATASETS))
