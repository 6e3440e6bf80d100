"""The programs that sets are made for: a preset is a file of this folder, and its name in the one line below."""

from tray_app.export.presets.backtrader import BACKTRADER
from tray_app.export.presets.duckdb import DUCKDB
from tray_app.export.presets.lean import LEAN
from tray_app.export.presets.nautilus import NAUTILUS
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.polars import POLARS
from tray_app.export.presets.qlib import QLIB
from tray_app.export.presets.vectorbt import VECTORBT
from tray_app.export.presets.zipline import ZIPLINE

PRESETS = (PANDAS, POLARS, DUCKDB, VECTORBT, BACKTRADER, ZIPLINE, QLIB, LEAN, NAUTILUS)
