"""What the sample Federal Reserve says: own sentences, tighter or easier with a cycle of some years."""

import math
from collections.abc import Sequence

from tray_app.demo.series import dice

CYCLE_DAYS = 1300.0
RATE_MIDDLE = 3.0
RATE_SWING = 2.25
DECIDED = 0.35

# What is said when policy is to tighten, when it is to stay, when it is to ease.
SAID = {
    "activity": (
        "Economic activity has been expanding at a strong pace. Household spending has accelerated since the spring.",
        "Economic activity has changed little on balance. Business surveys point in different directions.",
        "Economic activity has slowed. Household spending has weakened and business investment has declined.",
    ),
    "labor": (
        "Job gains have been robust. The unemployment rate has fallen further, and the labor market is tight.",
        "The unemployment rate is close to where it was in the winter. Firms report few changes in their plans.",
        "Job gains have slowed. The unemployment rate has risen, and layoffs have increased in several industries.",
    ),
    "prices": (
        "Inflation has risen and remains elevated. Wages have been rising rapidly, and cost pressures are broad.",
        "Inflation is near 2 percent. Survey measures of longer-term expectations are unchanged.",
        "Inflation has declined and is running below 2 percent. Energy prices have fallen over the past months.",
    ),
    "outlook": (
        "The Committee anticipates that further policy firming will be appropriate.",
        "The Committee will assess incoming data and the balance of risks.",
        "The Committee is prepared to provide additional accommodation if downside risks to employment increase.",
    ),
}
MARKETS_TENSE = (
    "Conditions in short-term funding markets were strained at the end of the quarter. Some dealers reported that "
    "balance sheets were full, and bid-ask spreads widened for a week. Usage of the standing facility increased."
)
MARKETS_CALM = (
    "Trading in short-term funding markets was orderly, and rates stayed within the target range. A few participants "
    "noted that some lenders remain vulnerable to a turn in commercial real estate."
)


def stance(day: int) -> float:
    """Return how tight policy wants to be on a day, -1 to 1."""
    return 0.85 * math.sin(2 * math.pi * day / CYCLE_DAYS) + 0.15 * math.sin(2 * math.pi * day / 170.0)


def mood(day: int, tilt: float = 0.0) -> int:
    """Return the place in a block: 0 to tighten, 1 to stay, 2 to ease."""
    leaning = stance(day) + tilt
    return 0 if leaning > DECIDED else 2 if leaning < -DECIDED else 1


def rate(day: int) -> float:
    """Return the upper end of the target range on a day, in per cent and whole quarters."""
    return round((RATE_MIDDLE - RATE_SWING * math.cos(2 * math.pi * day / CYCLE_DAYS)) * 4) / 4


def economy(day: int, tilt: float = 0.0) -> tuple[str, str, str]:
    """Return a paragraph each on activity, jobs and prices."""
    # Data disagree: each of the three is read a little tighter or easier than policy as a whole.
    activity, labor, prices = (
        SAID[name][mood(day, tilt + dice(name, day, 9973) / 9973 - 0.5)] for name in ("activity", "labor", "prices")
    )
    return activity, labor, prices


def decision(day: int, previous: int) -> str:
    """Return the paragraph that tells what the committee decided."""
    now, before = rate(day), rate(previous)
    told = "maintain the target range for the federal funds rate at"
    if now != before:
        verb = "raise" if now > before else "lower"
        told = (
            f"{verb} the target range for the federal funds rate by {quarters(abs(now - before))} percentage point to"
        )
    span = f"{quarters(now - 0.25)} to {quarters(now)} percent"
    return f"The Committee decided to {told} {span}. {SAID['outlook'][mood(day)]}"


def markets(day: int) -> str:
    """Return a paragraph on funding markets: some months are tense."""
    return MARKETS_TENSE if dice("tense", day // 30, 3) == 0 else MARKETS_CALM


def pick(block: Sequence[str], seed: str, day: int) -> str:
    """Return one of a block's sentences."""
    # A checksum's last bits follow the day too closely.
    return block[dice(seed, day, 9973) * len(block) // 9973]


def quarters(value: float) -> str:
    """Return a rate the way statements write it: 4, 1/4, 3-3/4."""
    whole, part = divmod(round(value * 4), 4)
    return "-".join(text for text in (str(whole) if whole or not part else "", ("", "1/4", "1/2", "3/4")[part]) if text)
