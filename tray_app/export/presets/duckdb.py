"""DuckDB: the set's own files, with views over them."""

from tray_app.export.kinds import ExportKind
from tray_app.export.presets.preset import Loading, Preset

OPENING = """
from pathlib import Path

import duckdb

connection = duckdb.connect()
connection.execute(Path("views.sql").read_text(encoding="utf-8"))
"""
BARS = """\
bars = connection.sql("SELECT * FROM instrument_daily ORDER BY trade_date, market_code, external_code")
"""
LOADING = Loading(
    bars=OPENING + BARS,
    opening=OPENING,
    tables={
        ExportKind.CRYPTO: """
coins = connection.sql("SELECT * FROM crypto_daily ORDER BY date, coin_id")
market = connection.sql("SELECT * FROM crypto_metric ORDER BY date")
""",
        ExportKind.MACRO: """
series = connection.sql("SELECT * FROM macro_daily ORDER BY series_id, date")
""",
        ExportKind.STRESS: """
stress = connection.sql("SELECT * FROM stress_daily ORDER BY date")
""",
    },
)
DUCKDB = Preset("duckdb", "DuckDB", LOADING, has_views=True)
