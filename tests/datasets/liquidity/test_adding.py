"""A macro series takes one line of the product, whatever its rhythm; what comes of it and the sample server follow."""

from pathlib import Path

from copied_tree import CopiedTree

CATALOGUE = "tray_app/datasets/liquidity/catalogue.py"
BEFORE = '        MacroSeries("DGS10", '
LINES = """\
        MacroSeries("DGS5", tr("Treasury yield, 5 years"), percent, fred, date(1986, 1, 2)),
        MacroSeries("PAYEMS", tr("Employees"), tr("thousands"), fred, date(1986, 1, 1), Frequency.MONTHLY, lag=25),
        MacroSeries("GDP", tr("Gross domestic product"), billions, fred, date(1986, 1, 1), Frequency.QUARTERLY, lag=60),
        MacroSeries("GOLD", tr("Gold"), "USD", Provider.YAHOO, date(2000, 1, 3), is_price=True),
"""
PROOF = """
import sys
from datetime import date
from pathlib import Path

from support import NOW, Clock
from liquidity_machine import SEARCH, a_liquidity_machine
from tray_app.core.model import RunStatus, Window
from tray_app.demo.server import SampleServer

with SampleServer(lambda: NOW) as server, a_liquidity_machine(Path(sys.argv[1]), server, Clock(NOW)) as machine:
    machine.settings = SEARCH
    run = machine.run()
    assert run.status is RunStatus.SUCCESS, run
    months, quarters = (
        [point.date for point in machine.reads.observations(name)] for name in ("PAYEMS", "GDP")
    )
    assert months and all(day.day == 1 for day in months), months
    assert quarters and all(day.day == 1 and day.month in (1, 4, 7, 10) for day in quarters), quarters
    assert machine.reads.newest_observation("DGS5") >= date(2026, 8, 20)
    assert machine.reads.newest_observation("GOLD") >= date(2026, 8, 20)
"""


def test_a_macro_series_takes_one_line(tmp_path: Path) -> None:
    tree = CopiedTree(tmp_path / "tree")
    tree.change(CATALOGUE, (BEFORE, LINES + BEFORE))
    tree.prove(PROOF, tmp_path / "home")
