"""No more requests in any second than allowed, counted where Telegram counts them: when they reach it.

A turn is given out here, and the request reaches Telegram later: after a commit, perhaps after a stall of this machine
or of that one. When it did is not known, only that it lies between the beginning of the request and the answer. So a
request takes a place from its beginning until a second after the latest moment at which it can have come, and there
are as many places as Telegram takes in a second: whatever is late, no second of Telegram's sees one more.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

_MEMORY = 20
"""Seconds at full rate, once to twice as many, that the best time is remembered: the way to Telegram may change."""
_LESSONS = 3
"""Seconds at full rate until the best time is believed: the first requests are slow, and their way may be shorter."""
_PATIENCE = 2.0
"""Seconds after which a request without an answer gives its place free, if one that began later was answered."""
_MARGIN = 0.002
"""Seconds of the best time that do not count as its way: two best halves may be shorter than the best whole."""


@dataclass(slots=True, eq=False)
class Passage:
    """One request on its way."""

    began: float


class Passages:
    """The requests that can have come within the last second, ``count`` at most.

    ``waiting`` says how many wait for a place, and ``eased`` is called when one less does.
    """

    def __init__(self, count: int, *, monotonic: Callable[[], float], eased: Callable[[], None] = lambda: None) -> None:
        self._monotonic = monotonic
        self._eased = eased
        self.waiting = 0
        self._count = count
        self._memory = _MEMORY * count
        self._lessons = _LESSONS * count
        self._best, self._lately, self._learnt = inf, inf, 0
        self._sure = False
        self._flying: dict[Passage, None] = {}
        """By when they began."""
        self._answered = -inf
        """When the latest of those that were answered began."""
        self._free_at: list[float] = []
        """When the places of those that were answered become free; a heap."""
        self._line = asyncio.Lock()
        self._news = asyncio.Event()

    async def enter(self) -> Passage:
        """Wait until one more request may be made; ``leave`` when it was answered."""
        if not self._line.locked() and self._wait() <= 0:
            return self._begin()
        self.waiting += 1
        try:
            async with self._line:
                while (wait := self._wait()) > 0:
                    self._news.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(None if wait == inf else wait):
                            await self._news.wait()
                return self._begin()
        finally:
            self.waiting -= 1
            self._eased()

    def leave(self, passage: Passage) -> None:
        """Learn from the answer when the request was received."""
        now = self._monotonic()
        took = now - passage.began
        self._best, self._lately, self._learnt = min(self._best, took), min(self._lately, took), self._learnt + 1
        self._sure = self._sure or self._learnt >= self._lessons
        if self._learnt >= self._memory:
            self._best, self._lately, self._learnt = self._lately, inf, 0
        self._answered = max(self._answered, passage.began)
        self._flying.pop(passage, None)
        # The next one takes a way, too: by the time that takes at its best, it may begin sooner.
        way = max(self._best - _MARGIN, 0.0) if self._sure else 0.0
        heapq.heappush(self._free_at, now - way + 1.0)
        self._news.set()

    def _begin(self) -> Passage:
        passage = Passage(self._monotonic())
        self._flying[passage] = None
        return passage

    def _wait(self) -> float:
        now = self._monotonic()
        while self._free_at and self._free_at[0] <= now:
            heapq.heappop(self._free_at)
        opens = self._free_at[0] if self._free_at else inf
        while self._flying and (oldest := next(iter(self._flying))).began < self._answered:
            if oldest.began + _PATIENCE > now:
                opens = min(opens, oldest.began + _PATIENCE)
                break
            # It hangs by itself: what Telegram read after it has been answered.
            del self._flying[oldest]
        return 0.0 if len(self._flying) + len(self._free_at) < self._count else opens - now
