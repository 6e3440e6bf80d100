"""Which stored series may be passed on, and the sentences that say why the others stay on this computer."""

from collections.abc import Iterable, Mapping

from tray_app.core.words import tr
from tray_app.datasets.liquidity.catalogue import Provider, Restriction, catalogue


def restrictions(sources: Mapping[str, str]) -> dict[str, Restriction]:
    """Return the restriction of each series that has one, in the order of the ids; sources by series id.

    A series the catalogue has dropped since is judged by who served it: only FRED's is taken for free.
    """
    known = {each.series_id: each.restriction for each in catalogue()}
    found = {
        series_id: known.get(series_id, Restriction.NONE if sources[series_id] == Provider.FRED else Restriction.YAHOO)
        for series_id in sorted(sources)
    }
    return {series_id: each for series_id, each in found.items() if each is not Restriction.NONE}


def left_out_sentences(restricted: Mapping[str, Restriction]) -> tuple[str, ...]:
    """Return for each restriction a sentence that names its series and says why they are left out."""
    return tuple(
        tr("Left out: {names}. {reason}", names=", ".join(names), reason=kind.reason)
        for kind, names in _by_kind(restricted)
    )


def included_sentence(restricted: Iterable[str]) -> str:
    """Return the sentence for a set that holds series which may not be passed on."""
    return tr(
        "Included for your own use only, not to be passed on: {names}.",
        names=", ".join(restricted),
    )


def _by_kind(restricted: Mapping[str, Restriction]) -> list[tuple[Restriction, list[str]]]:
    groups = [(kind, [name for name, each in restricted.items() if each is kind]) for kind in Restriction]
    return [(kind, names) for kind, names in groups if names]
