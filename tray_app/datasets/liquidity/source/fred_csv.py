"""The file behind FRED's charts, fredgraph.csv: a way without a key, undocumented and so only for those who ask for it.

The header has been "DATE,ID" and is "observation_date,ID"; missing values have been "." and are empty.
"""

from datetime import date

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr
from tray_app.datasets.liquidity.source.fred_rows import Cell, read_points
from tray_app.net.request import Response
from tray_app.net.sift import Sieve

DATE_COLUMNS = frozenset({"observation_date", "DATE"})


def read_csv(sieve: Sieve, response: Response, since: date | None) -> Sifted[SeriesPoint]:
    """Return the points of a file; SourceChangedShape when it is a page, of another series, or not whole."""
    body, series_id = sieve.body, sieve.subject
    if response.is_page:
        raise body.changed(tr("a web page instead of data"))
    try:
        text = response.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise body.changed(tr("not UTF-8")) from error
    if not text.endswith("\n"):
        # A file that broke off within its last number would still look like a number.
        raise body.changed(tr("the last line is not whole"))
    lines = text.splitlines()
    columns = lines[0].split(",")
    if len(columns) != 2 or columns[0] not in DATE_COLUMNS or columns[1] != series_id:
        raise body.changed(tr("the first line does not name {series}", series=series_id))
    return read_points(sieve, (_cells(line) for line in lines[1:]), since)


def _cells(line: str) -> Cell:
    day, comma, value = line.partition(",")
    return day, value if comma else None
