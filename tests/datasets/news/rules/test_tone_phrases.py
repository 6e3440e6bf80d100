"""Phrases that say something else than their words near each other do: mandate, wishes, overshoot, absence, slack."""

import pytest

from datasets.news.rules.kit import document, shipped
from tray_app.datasets.news.rules.tone import score

DICTIONARY = shipped()

MANDATE = (
    "The Committee seeks to foster maximum employment.",
    "The statutory goals are maximum employment and price stability.",
    "The Committee is strongly committed to its maximum employment goal.",
    "This would support our maximum-employment mandate.",
    "Congress gave us the goal of full employment.",
)
WISHED_DISINFLATION = (
    "We are committed to bringing inflation down.",
    "The Committee is strongly committed to bringing inflation back down to 2 percent.",
    "We have the tools to bring down inflation.",
    "We will keep at it until inflation comes down.",
    "Inflation must come down.",
    "We would like to see inflation decline.",
    "The Committee is determined to lower inflation.",
    "Reducing inflation is our overarching focus.",
    "Getting inflation down to 2 percent takes time.",
    "Restoring price stability requires lowering inflation.",
    "The Committee wants inflation to fall further.",
    "Policy is focused on bringing inflation down.",
    "We must bring inflation back to 2 percent.",
    "The Committee is determined to bring inflation back to its 2 percent objective.",
)
PRICES_MAY_RISE = (
    "Inflation could overshoot.",
    "There is a risk that inflation overshoots our target.",
)
TOLD_DISINFLATION = (
    "Inflation is back to 2 percent.",
    "Inflation has come down.",
    "Inflation came down faster than expected.",
    "Inflation has fallen to its lowest level in years.",
    "Inflation is expected to decline.",
    "The decline in inflation has been faster than expected.",
)
OVERSHOOT = (
    "The Committee will aim to achieve inflation moderately above 2 percent for some time.",
    "A period of inflation moderately above two percent would be welcome.",
    "Policy stays as it is until inflation has risen to 2 percent and is on track to moderately exceed 2 percent.",
    "We seek inflation that averages 2 percent over time.",
    "We would allow a modest overshoot of inflation.",
)
ABSENT_PRESSURE = (
    "There is an absence of inflation pressures.",
    "The lack of upward pressure on prices persists.",
    "In the absence of wage pressures, policy can be patient.",
    "A lack of improvement in the labor market.",
    "The absence of rising prices is notable.",
    "There is little sign of inflation pressures.",
    "Lacking inflation pressures, policy can wait.",
)
ABSENT_SLACK = (
    "There is a lack of slack in the labor market.",
    "The absence of weakness in spending is notable.",
    "There is no slack left in the labor market.",
)
FALLING_UNEMPLOYMENT = (
    "Falling unemployment.",
    "The decline in unemployment has been faster than expected.",
    "The decline in unemployment has been slower than expected.",
    "With unemployment falling, wages have risen.",
    "Falling unemployment has tightened the labor market.",
    "The unemployment rate is at its lowest level in 50 years.",
    "The unemployment rate has been falling faster than expected.",
    "The jobless rate fell again.",
    "Declines in joblessness continue.",
    "The unemployment rate improved.",
    "Slack in the labor market has fallen.",
    "Labor market slack has diminished.",
)
RISING_UNEMPLOYMENT = (
    "Unemployment is no longer falling.",
    "The jobless rate rose.",
    "Labor market slack has increased.",
    "We are still far from maximum employment.",
)


@pytest.mark.parametrize(
    ("sentence", "tone"),
    [
        *((sentence, 0) for sentence in MANDATE),
        *((sentence, 1) for sentence in (*WISHED_DISINFLATION, *PRICES_MAY_RISE, *ABSENT_SLACK, *FALLING_UNEMPLOYMENT)),
        *((sentence, -1) for sentence in (*TOLD_DISINFLATION, *OVERSHOOT, *ABSENT_PRESSURE, *RISING_UNEMPLOYMENT)),
        ("Inflation remains well above 2 percent.", 1),
    ],
)
def test_phrases(sentence: str, tone: int) -> None:
    (found,) = score(document(sentence), DICTIONARY).sentences
    assert found.tone == tone, found.hits
