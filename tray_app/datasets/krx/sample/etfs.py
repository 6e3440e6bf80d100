"""The sample ETFs: as many more by and by as there really were; listed with blank prices on weekday holidays."""

import math
from datetime import date

from tray_app.datasets.krx.sample.names import BROKERS, CODE_LETTERS
from tray_app.demo.series import Series, anchors, day_of, dice

_COUNTS = anchors("2010-01-04:50 2014-01:146 2018-01:325 2022-01:533 2024-01:812 2026-09:1168 2030-01:1500")
_GROUND = (
    "2010-01-04:220 2011-04-27:290 2016-02-12:225 2018-01-29:335 2020-03-19:200 2021-06-25:438 2022-09-30:280 "
    "2024-07-11:395 2025-04-09:305 2026-01-02:620 2026-09-10:900 2029-06:880"
)
_KINDS = ("200", "코스닥150", "레버리지", "국고채10년", "반도체", "배당성장", "미국500", "금선물", "은행", "2차전지")
LETTERS_FROM = 1_000


class SampleEtfs:
    """Prices follow one ground, each in its own measure; a value depends on the fund and the day alone.

    share: how many funds there are for one of the real ones.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._ground = Series("sample etf ground", anchors(_GROUND), step=0.008)
        self._counts = Series("sample etf count", _COUNTS, step=0.0)

    def rows(self, day: date, before: date, *, blank: str, is_open: bool) -> list[dict[str, str]]:
        """Return the rows of etp/etf_bydd_trd; on a day without a session every price is blank."""
        number, earlier = day_of(day.isoformat()), day_of(before.isoformat())
        count = round(self._counts.open(number) * self._share)
        rows = [self._row(fund, number, earlier) for fund in range(count)]
        stamp = f"{day:%Y%m%d}"
        for row in rows:
            row["BAS_DD"] = stamp
            if not is_open:
                row.update({name: blank for name in row if name not in {"BAS_DD", "ISU_CD", "ISU_NM", "IDX_IND_NM"}})
        return sorted(rows, key=lambda row: row["ISU_NM"])

    def _row(self, fund: int, number: int, earlier: int) -> dict[str, str]:
        name = f"{BROKERS[fund % len(BROKERS)]} {_KINDS[fund // 10 % len(_KINDS)]}"
        series = fund // (len(BROKERS) * len(_KINDS)) + 1
        close, before = self._price(fund, number), self._price(fund, earlier)
        shares = 100_000 * (1 + dice("etf units", fund, 400) + dice(f"etf units {fund}", number // 7, 20))
        opened = (close + before) // 10 * 5
        high, low = max(close, opened) + 5 * dice(f"etf high {fund}", number, 5), min(close, opened) - 5
        volume = 0 if dice(f"etf quiet {fund}", number, 50) == 0 else 1 + dice(f"etf volume {fund}", number, 90_000)
        traded = [str(price) if volume else "0" for price in (opened, high, low)]
        worth = close * (1.0 + dice(f"etf worth {fund}", number, 200) / 1e5 - 0.001)
        level, level_before = close / 50.0, before / 50.0
        return {
            "BAS_DD": "",
            "ISU_CD": _code(fund, LETTERS_FROM * self._share),
            "ISU_NM": name if series == 1 else f"{name} {series}호",
            "TDD_CLSPRC": str(close),
            "CMPPREVDD_PRC": str(close - before),
            "FLUC_RT": f"{100.0 * (close - before) / before:.2f}",
            "NAV": f"{worth:.2f}",
            "TDD_OPNPRC": traded[0],
            "TDD_HGPRC": traded[1],
            "TDD_LWPRC": traded[2],
            "ACC_TRDVOL": str(volume),
            "ACC_TRDVAL": str(volume * (opened + close) // 2),
            "MKTCAP": str(close * shares),
            "INVSTASST_NETASST_TOTAMT": str(int(worth * shares)),
            "LIST_SHRS": str(shares),
            "IDX_IND_NM": f"표본 {_KINDS[fund // 10 % len(_KINDS)]} 지수",
            "OBJ_STKPRC_IDX": f"{level:.2f}",
            "CMPPREVDD_IDX": f"{level - level_before:.2f}",
            "FLUC_RT_IDX": f"{100.0 * (close - before) / before:.2f}",
        }

    def _price(self, fund: int, number: int) -> int:
        measure = dice("etf measure", fund, 1000) / 700.0 - 0.3
        start = 5_000 + 5 * dice("etf start", fund, 6_000)
        noise = (dice(f"etf noise {fund}", number, 1000) / 1000.0 - 0.5) * 0.01
        price = start * math.exp(measure * math.log(self._ground.open(number) / 220.0) + noise)
        return max(500, round(price / 5) * 5)


def _code(fund: int, letters_from: float) -> str:
    if fund < letters_from:
        return f"{50_000 + fund * 7:05}0"
    return f"{fund:04}{CODE_LETTERS[fund % len(CODE_LETTERS)]}0"
