"""DuckDB: the set's own files, with views over them."""

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
    table='{name} = connection.sql("SELECT * FROM {name}")\n',
)
DUCKDB = Preset("duckdb", "DuckDB", LOADING, has_views=True)
