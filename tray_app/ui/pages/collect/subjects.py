"""The series and markets of a dataset that can be collected alone, as people call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.model import CollectorName
from tray_app.core.words import tr
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.datasets.titles import step_title
from tray_app.ui.pages.crypto.data import STEP_OF, Metric

if TYPE_CHECKING:
    from tray_app.engine.facade import Engine


@dataclass(frozen=True, slots=True)
class Subject:
    """A series or market: what the engine calls it, and what people do."""

    key: str
    title: str


def take_subjects(engine: Engine, name: CollectorName) -> tuple[Subject, ...]:
    """Read what can be collected alone; not for the UI thread."""
    titles = _titles(engine, name)
    return tuple(Subject(key, titles.get(key, key)) for key in engine.subjects(name))


def subject_title(engine: Engine, name: CollectorName, key: str) -> str:
    """Return what people call a series or market, nothing for all of them; not for the UI thread."""
    return _titles(engine, name).get(key, key) if key else ""


def _titles(engine: Engine, name: CollectorName) -> dict[str, str]:
    if name == KRX.name:
        return {track.market_code: _market_title(track.market_code) for track in (*TRACKS, ETF_TRACK)}
    if name == LIQUIDITY.name:
        return {each.series_id: f"{each.series_id} ({each.title})" for each in catalogue()}
    if name == CRYPTO.name:
        coins = {coin.coin_id: f"{coin.name} ({coin.symbol.upper()})" for coin in engine.reads(CRYPTO).coin_names()}
        return coins | {
            metric.value: step_title(STEP_OF[metric]) for metric in (Metric.TVL, Metric.STABLECOINS, Metric.FEAR_GREED)
        }
    return {}


def _market_title(market: str) -> str:
    """Return a market with what is asked for of it: a class of indices goes with the market of its name."""
    kinds = {track.dataset for track in (*TRACKS, ETF_TRACK) if track.market_code == market}
    if kinds == {BarKind.EQUITY, BarKind.INDEX}:
        return tr("{market} (issues and indices)", market=market)
    return (
        tr("{market} (issues)", market=market) if BarKind.EQUITY in kinds else tr("{market} (indices)", market=market)
    )
