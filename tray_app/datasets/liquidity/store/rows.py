"""How stress days become rows, and rows become them again."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tray_app.core.texts import compact_json
from tray_app.datasets.liquidity.rules.model import Category, CategoryDay, InputReading

CATEGORY_COLUMNS = "category, z, weight, contribution, inputs"


def inputs_text(inputs: Sequence[InputReading]) -> str:
    """Return inputs as compact JSON: a list of [name, series, value, z, observed, age]."""
    return compact_json([[each.name, each.series, each.value, each.z, str(each.observed), each.age] for each in inputs])


def category_of(row: Sequence[Any]) -> CategoryDay:
    """Return a category from CATEGORY_COLUMNS."""
    inputs = tuple(
        InputReading(name, series, value, z, date.fromisoformat(observed), age)
        for name, series, value, z, observed, age in json.loads(row[4])
    )
    return CategoryDay(Category(row[0]), row[1], row[2], row[3], inputs)
