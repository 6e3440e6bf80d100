"""What the values of macro series and prices may be, by their kind; the catalogue's lines say how far each one goes.

Ranges hold everything the series have been with room to spare. Jumps are beyond the largest real ones (1987, 2008, 2019
and 2020 among them), and a run of equal values is told from well above the longest real one.
"""

from datetime import date

from tray_app.core.checks.value_rules import Sign, ValueRules

# The largest value of a rate or yield in per cent since 1986 is 16.
LOWEST_RATE, HIGHEST_RATE = -1.0, 25.0


ANYTHING = ValueRules()


def rate(jump: float, frozen: int = 0, judged_from: date = date.min) -> ValueRules:
    """Return the rules of an interest rate in per cent; a jump is in percentage points."""
    return ValueRules(low=LOWEST_RATE, high=HIGHEST_RATE, jump=jump, frozen=frozen, judged_from=judged_from)


def spread(high: float, jump: float, frozen: int) -> ValueRules:
    """Return the rules of what is dearer than something safe, in percentage points."""
    return ValueRules(sign=Sign.POSITIVE, low=0.0, high=high, jump=jump, frozen=frozen)


def level(low: float, high: float, jump: float, frozen: int = 0) -> ValueRules:
    """Return the rules of what may be below zero; a jump is in its units."""
    return ValueRules(low=low, high=high, jump=jump, frozen=frozen)


def price(low: float, high: float, jump: float, frozen: int = 6) -> ValueRules:
    """Return the rules of a price, an index or an amount; a jump is of its logarithm."""
    return ValueRules(sign=Sign.POSITIVE, low=low, high=high, jump=jump, is_relative=True, frozen=frozen)
