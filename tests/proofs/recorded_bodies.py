"""The parsers once more with what their hosts really sent, cut to a few rows, where the recordings are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from repository import RECORDED

from proofs.body_cutting import ROWS, first_rows, items_of, json_of, newest, small
from proofs.body_subjects import SINCE, Subject, krx_parsers, krx_subject
from tray_app.datasets.crypto.coingecko import CoinGecko
from tray_app.datasets.liquidity.source.yahoo import Yahoo

RECORDINGS = RECORDED
CRYPTO, LIQUIDITY, KRX = RECORDINGS / "crypto", RECORDINGS / "liquidity", RECORDINGS / "krx" / "openapi"
KRX_DAY = date(2024, 1, 5)
# When the charts were asked for, or soon after.
BITCOIN_SEEN_AT = datetime(2023, 6, 3, 7, tzinfo=UTC)
YAHOO_SEEN_AT = {
    "360750.KS": datetime(2026, 5, 27, 12, tzinfo=UTC),
    "219480.KS": datetime(2026, 5, 27, 12, tzinfo=UTC),
    "BZ=F": datetime(2026, 8, 6, 12, tzinfo=UTC),
}


def recorded_subjects(sampled: Mapping[str, Subject]) -> dict[str, Subject]:
    """Return the parsers a recording is there for, each by the name of its sampled one and what sets it apart."""
    if not RECORDINGS.is_dir():
        return {}
    same = {f"{name}-recorded": replace(sampled[name], bodies=each) for name, each in _bodies() if each}
    return {**same, **_bitcoin(sampled["market_chart"]), **_yahoo(sampled["yahoo"]), **_krx()}


def _bodies() -> Iterator[tuple[str, Sequence[bytes]]]:
    yield "markets", [json_of(small(_value(each))) for each in _files(CRYPTO, "cg_coins_markets_top*.json")]
    yield "global", [json_of(small(_value(each))) for each in _files(CRYPTO, "cg_global_*.json")[:3]]
    yield "stablecoins", [newest(each.read_bytes()) for each in _files(CRYPTO, "llama_stablecoincharts_all_*.json")]
    yield "fear_greed", [each.read_bytes() for each in _files(CRYPTO, "fng_limit[12]_*.json")[-3:]]
    yield "fred", [each.read_bytes() for each in _files(LIQUIDITY, "fred_json/series_observations_SOFR*.json")]
    yield (
        "fred_csv",
        [
            b"".join(each.read_bytes().splitlines(keepends=True)[:ROWS])
            for each in _files(LIQUIDITY, "fred_csv/SOFR.csv")
        ],
    )
    yield "feeds", [items_of(each.read_bytes()) for each in _files(LIQUIDITY, "rss/google*.xml")]
    yield "fed_feed", [items_of(each.read_bytes()) for each in _files(LIQUIDITY, "rss/fed*.xml")]


def _bitcoin(sampled: Subject) -> dict[str, Subject]:
    """The whole life of Bitcoin, cut to its first and to its newest days."""
    charts = [_value(each) for each in _files(CRYPTO, "cg_market_chart_bitcoin_usd_max_*.json")]
    bodies = [
        json_of({name: points[part] for name, points in chart.items()})
        for chart in charts
        for part in (slice(ROWS), slice(-ROWS, None))
    ]
    found = replace(
        sampled,
        bodies=bodies,
        parser=lambda http: CoinGecko(http, "key").history("bitcoin", 365, BITCOIN_SEEN_AT),
        seen_at=BITCOIN_SEEN_AT,
    )
    return {"market_chart-recorded": found} if bodies else {}


def _yahoo(sampled: Subject) -> dict[str, Subject]:
    charts = [_value(each) for each in _files(LIQUIDITY, "yahoo/*.json")]
    found = {}
    for chart in charts:
        [result] = chart["chart"]["result"] or [None]
        symbol = result["meta"]["symbol"] if result else ""
        if symbol in YAHOO_SEEN_AT:
            found[f"yahoo-recorded-{symbol}"] = _yahoo_subject(sampled, symbol, json_of(_newest_rows(chart)))
    return found


def _yahoo_subject(sampled: Subject, symbol: str, body: bytes) -> Subject:
    seen_at = YAHOO_SEEN_AT[symbol]
    return replace(
        sampled,
        bodies=(body,),
        parser=lambda http: Yahoo(http).closes(symbol, SINCE, seen_at),
        # Its zone is part of its body, and may be any.
        seen_at=seen_at + timedelta(hours=26),
    )


def _newest_rows(value: Any) -> Any:
    """Return a chart with the newest rows of its columns."""
    if isinstance(value, dict):
        return {name: _newest_rows(each) for name, each in value.items()}
    return [_newest_rows(each) for each in value[-ROWS:]] if isinstance(value, list) else value


def _krx() -> dict[str, Subject]:
    found = {}
    for name, (path, parser) in krx_parsers(KRX_DAY).items():
        rows = [
            first_rows(each.read_bytes()) for each in _files(KRX, f"{path.partition('/')[2]}_{KRX_DAY:%Y%m%d}.json")
        ]
        if rows:
            found[f"{name}-recorded"] = krx_subject(rows, parser, KRX_DAY)
    return found


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


def _value(path: Path) -> Any:
    return json.loads(path.read_bytes())
