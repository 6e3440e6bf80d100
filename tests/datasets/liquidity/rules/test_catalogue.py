"""What the catalogue of series says of itself, and why some series may not be passed on."""

import pytest

from tray_app.datasets.liquidity.catalogue import Provider, Restriction, catalogue
from tray_app.datasets.liquidity.rules.restrictions import included_sentence, left_out_sentences, restrictions


@pytest.mark.parametrize(
    ("restriction", "named"),
    [(Restriction.ICE, "ICE"), (Restriction.CBOE, "Cboe"), (Restriction.YAHOO, "Yahoo")],
)
def test_a_restriction_says_who_forbids(restriction: Restriction, named: str) -> None:
    assert restriction.reason.startswith(named)
    assert restriction.reason.endswith(".")


def test_what_is_free_needs_no_reason() -> None:
    assert Restriction.NONE.reason == ""
    assert [each for each in Restriction if not each.reason] == [Restriction.NONE]


def test_every_series_stands_once_and_every_price_is_restricted() -> None:
    series = catalogue()
    assert len({each.series_id for each in series}) == len(series)
    prices = [each for each in series if each.provider is Provider.YAHOO]
    assert {each.restriction for each in prices} == {Restriction.YAHOO}
    assert prices != list(series)
    assert not [each for each in series if each.provider is Provider.FRED and each.restriction is Restriction.YAHOO]


def test_what_is_left_out_is_named_by_reason() -> None:
    found = restrictions(
        {"VIXCLS": "fred", "BAMLH0A0HYM2": "fred", "SOFR": "fred", "^VIX": "yahoo", "BAMLC0A0CM": "fred"}
    )
    assert left_out_sentences(found) == (
        f"Left out: BAMLC0A0CM, BAMLH0A0HYM2. {Restriction.ICE.reason}",
        f"Left out: VIXCLS. {Restriction.CBOE.reason}",
        f"Left out: ^VIX. {Restriction.YAHOO.reason}",
    )
    assert left_out_sentences({}) == ()
    assert included_sentence(found) == (
        "Included for your own use only, not to be passed on: BAMLC0A0CM, BAMLH0A0HYM2, VIXCLS, ^VIX."
    )


def test_a_series_the_catalogue_has_dropped_is_judged_by_who_served_it() -> None:
    assert restrictions({"GONE": "fred", "^GONE": "yahoo", "LOST": "elsewhere"}) == {
        "LOST": Restriction.YAHOO,
        "^GONE": Restriction.YAHOO,
    }
