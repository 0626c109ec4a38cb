"""The bells: APScheduler rings them, supervised workers answer. Nothing of ours is in its store, so nothing is lost.

Due times are columns of the database; a bell only says "look". The scheduler's own defaults would skip a bell that is a
second late (``misfire_grace_time``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from feeds.errors import FatalError

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """A named bell and what is done when it rings; rings during the work are answered by once more."""

    name: str
    every: timedelta
    answer: Callable[[], Awaitable[object]]
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def at_rest(self) -> bool:
        """Whether every ring so far has been answered, well or badly."""
        return not self.rung.is_set() and not self.answering.is_set()

    def ring(self) -> None:
        """Say that there may be work."""
        self.rung.set()

    async def work(self) -> None:
        """Answer each ring, for ever."""
        while True:
            await self.rung.wait()
            self.answering.set()
            self.rung.clear()
            try:
                await self.answer()
            finally:
                self.answering.clear()


class Bells:
    """Rings all bells at their intervals while open, and each once at the start."""

    def __init__(self, bells: tuple[Bell, ...]) -> None:
        self._bells = bells
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )

    def start(self) -> None:
        """Start ringing."""
        for bell in self._bells:
            self._scheduler.add_job(_ring, IntervalTrigger(seconds=bell.every.total_seconds()), args=[bell])
            bell.ring()
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; work under way is the workers'."""
        self._scheduler.shutdown(wait=False)


async def supervise(name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Run a worker for ever: what it stumbles over is logged, and after a growing pause it starts again.

    ``FatalError`` (a refused token) ends the process: only a person can mend that. A worker that stumbles over its own
    end, when it is cancelled, has ended.
    """
    me = asyncio.current_task()
    pause = _FIRST_PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await work()
        except FatalError:
            raise
        except Exception:
            log.exception("worker stumbled", worker=name, again_in=pause)
            if me is not None and me.cancelling():
                raise asyncio.CancelledError from None
        if asyncio.get_running_loop().time() - started > _LONGEST_PAUSE:
            pause = _FIRST_PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _ring(bell: Bell) -> None:
    bell.ring()
