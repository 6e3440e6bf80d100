"""Identity of indices. KRX has no index codes, only a class and a Korean name with exact spaces; the codes are ours.

Sector names were rewritten for all history (a day of 2024-01 asked for in 2025 carries the names of 2025), so the list
of a day is no fixed set. Source: docs/sources/krx.md, "Indices".
"""

from collections.abc import Mapping

from tray_app.datasets.krx.rows import IndexBar, IndexClass, Market

ALIASES = {
    (IndexClass.KOSPI, "코스피"): "KOSPI",
    (IndexClass.KOSPI, "코스피 200"): "KOSPI200",
    (IndexClass.KOSPI, "코스피 (외국주포함)"): "KOSPI_TOTAL",
    (IndexClass.KOSDAQ, "코스닥"): "KOSDAQ",
    (IndexClass.KOSDAQ, "코스닥 150"): "KOSDAQ150",
    (IndexClass.KOSDAQ, "코스닥 (외국주포함)"): "KOSDAQ_TOTAL",
    (IndexClass.KRX, "KRX 300"): "KRX300",
}
TOTALS: Mapping[str, str] = {Market.KOSPI: "코스피 (외국주포함)", Market.KOSDAQ: "코스닥 (외국주포함)"}
MAIN_INDICES = {IndexClass.KOSPI: "코스피", IndexClass.KOSDAQ: "코스닥", IndexClass.KRX: None}
TOTAL_CODES = frozenset({"KOSPI_TOTAL", "KOSDAQ_TOTAL"})

_BY_CODE = {code: key for key, code in ALIASES.items()}


def index_code(index_class: IndexClass, name: str) -> str:
    """Return the code of an index: a short one for the main indices, else `CLASS:이름`."""
    return ALIASES.get((index_class, name), f"{index_class}:{name}")


def code_of(bar: IndexBar) -> str:
    """Return the code of the index a row is about."""
    return index_code(bar.index_class, bar.name)


def parse_index_code(code: str) -> tuple[IndexClass, str]:
    """Return the class and the exchange's name that a code stands for; ValueError when it is none."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    class_code, colon, name = code.partition(":")
    if not colon or not name or class_code not in set(IndexClass):
        raise ValueError(f"no index code: {code!r}")
    return IndexClass(class_code), name
