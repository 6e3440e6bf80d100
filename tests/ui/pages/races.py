"""A bridge whose answers come when a seeded dice says so, and the interleavings a page goes through behind it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tray_app.ui.queries.bridge import Bridge

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tray_app.engine.facade import Engine
    from tray_app.ui.page import Page
    from ui.pages.world import World

Result = TypeVar("Result")
INTERLEAVINGS = 200
MOST_TURNS = 1_000
LONGEST_PAUSE_MS = 1_000


@dataclass
class Held:
    """A question on its way: read when it was asked, or only when it is answered."""

    owner: QObject
    query: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    answer: Callable[[], None] | None = None

    def read(self) -> None:
        """Work the answer out; it may wait."""
        if self.answer is not None:
            return
        try:
            result = self.query()
        except Exception as error:
            problem, failed = error, self.failed
            self.answer = lambda: failed(problem) if failed else None
        else:
            self.answer = lambda: self.done(result)

    def deliver(self) -> None:
        """Hand the answer over, unless the one who asked is gone."""
        self.read()
        if self.answer is not None and isValid(self.owner):
            self.answer()


class HeldBridge(Bridge):
    """Holds every answer back."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.held: list[Held] = []

    def query(
        self,
        owner: QObject,
        query: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self.held.append(Held(owner, query, done, failed))


@dataclass
class Race:
    """A page, what a person can do on it, and how to tell that it shows what it says."""

    world: World
    make: Callable[[Any], Page]
    moves: Mapping[str, Callable[[random.Random], object]] = field(default_factory=dict)
    check: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.bridge = HeldBridge(self.world.engine)
        self.page = self.make(replace(self.world.parts, bridge=self.bridge))
        self.world.show(self.page)
        self.settle(random.Random(0))

    def run(self, times: int = INTERLEAVINGS) -> None:
        """Go through interleavings, and look at the page after each; what happened is told when it fails."""
        for seed in range(times):
            dice, told = random.Random(seed), [f"seed {seed}"]
            try:
                told.extend(self._step(dice) for _step in range(dice.randint(3, 9)))
                self.settle(dice)
                self.check()
            except Exception as error:
                raise AssertionError(", ".join(told)) from error
        self.bridge.close()

    def settle(self, dice: random.Random) -> None:
        """Come back to the page, and let everything be answered in an order of its own."""
        self.page.show()
        for _turn in range(MOST_TURNS):
            self._hurry()
            QApplication.processEvents()
            if self.bridge.held:
                self.bridge.held.pop(dice.randrange(len(self.bridge.held))).deliver()
            elif getattr(self.page, "is_settled", True) and not self._waiting():
                return
        raise AssertionError("the page does not come to rest")

    def _step(self, dice: random.Random) -> str:
        QApplication.processEvents()
        kind = dice.random()
        if kind < 0.5:
            name = dice.choice(list(self.moves))
            self.moves[name](dice)
            return name
        if kind < 0.62 and self.bridge.held:
            dice.choice(self.bridge.held).read()
            return "reads"
        if kind < 0.85 and self.bridge.held:
            self.bridge.held.pop(dice.randrange(len(self.bridge.held))).deliver()
            return "answers"
        if kind < 0.92:
            self._hurry()
            return "time passes"
        self.page.setVisible(not self.page.isVisible())
        return "comes back" if self.page.isVisible() else "leaves"

    def _waiting(self) -> list[QTimer]:
        timers = self.page.findChildren(QTimer)
        return [
            each for each in timers if each.isActive() and each.isSingleShot() and each.interval() < LONGEST_PAUSE_MS
        ]

    def _hurry(self) -> None:
        for timer in self._waiting():
            timer.stop()
            timer.timeout.emit()
