"""Identity of indices. KRX has no index codes, only a class and a Korean name with exact spaces; the codes are ours.

Sector names were rewritten for all history (a day of 2024-01 asked for in 2025 carries the names of 2025), so the list
of a day is no fixed set. Source: docs/sources/krx.md, "Indices".
"""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """An index: its class, its code of ours and the exchange's name."""

    index_class: IndexClass
    index_code: str
    name: str


def index_code(index_class: IndexClass, name: str) -> str:
    """Return the code of an index: a short one for the main indices, else `CLASS:이름`."""
    return ALIASES.get((index_class, name), f"{index_class}:{name}")


def identity_of(bar: IndexBar) -> IndexIdentity:
    """Return the identity of the index a row is about."""
    return IndexIdentity(bar.index_class, index_code(bar.index_class, bar.name), bar.name)


def parse_index_code(code: str) -> IndexIdentity:
    """Return the identity a code stands for; ValueError when it is none."""
    if code in _BY_CODE:
        index_class, name = _BY_CODE[code]
        return IndexIdentity(index_class, code, name)
    class_code, colon, name = code.partition(":")
    if not colon or not name or class_code not in set(IndexClass):
        raise ValueError(f"no index code: {code!r}")
    return IndexIdentity(IndexClass(class_code), code, name)
