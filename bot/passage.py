"""No more requests in any second than allowed, counted where Telegram counts them: when they reach it.

A turn is given out here, and the request reaches Telegram a little later: after a commit, perhaps after a stall of this
machine or of that one. Two requests a second apart here may be closer there. How much later than usual a request came
shows in how much longer than usual its answer took; by so much it is counted later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

_MEMORY = 20
"""Seconds at full rate, once to twice as many, that the best time is remembered: the way to Telegram may change."""
_PATIENCE = 7.5
"""A request is counted later by so many intervals at most, or one that hangs would stop the others."""
_MARGIN = 0.002


@dataclass(slots=True)
class Passage:
    """One request on its way; ``counted`` is when it reached Telegram, at the latest."""

    began: float
    counted: float


class Passages:
    """The requests of the last second."""

    def __init__(self, count: int, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._late = _PATIENCE / count
        self._memory = _MEMORY * count
        self._best, self._lately, self._learnt = inf, inf, 0
        self._last: deque[Passage] = deque(maxlen=count)
        self._line = asyncio.Lock()

    async def enter(self) -> Passage:
        """Wait until one more request may be made; ``leave`` when it was answered."""
        if not self._line.locked() and self._wait() <= 0:
            return self._begin()
        async with self._line:
            wait = self._wait()
            while wait > 0:
                # What is under way may be answered any moment and turn out to have been quick.
                await asyncio.sleep(min(wait, self._late / 5))
                wait = self._wait()
            return self._begin()

    def leave(self, passage: Passage) -> None:
        """Learn from the answer when the request was received."""
        took = self._monotonic() - passage.began
        self._best, self._lately, self._learnt = min(self._best, took), min(self._lately, took), self._learnt + 1
        if self._learnt >= self._memory:
            self._best, self._lately, self._learnt = self._lately, inf, 0
        passage.counted = passage.began + min(took - self._best + _MARGIN, self._late)

    def _begin(self) -> Passage:
        now = self._monotonic()
        passage = Passage(now, now + self._late)
        self._last.append(passage)
        return passage

    def _wait(self) -> float:
        if len(self._last) < (self._last.maxlen or 0):
            return 0.0
        return self._last[0].counted + 1.0 - self._monotonic()
