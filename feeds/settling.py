"""Polls that brought nothing are committed many at a time: thousands of 304s an hour, each with a new due time.

Nobody waits for his own: a poll is handed over with what is to be done when it is committed, and whatever comes next
from its host goes on. Knows neither why a poll brought nothing nor how it is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from feeds.model import Source, SourceId
from feeds.polls import PollState

LINGER: Final = 0.1
"""Seconds the first of a batch waits for others."""

Then = Callable[[Exception | None], None]
"""What is to be done when a poll is committed, or, with what went wrong for its whole batch, when it was not."""


class Commit(Protocol):
    """Stores polls; ``before`` is how their sources were claimed."""

    async def __call__(self, polls: Mapping[SourceId, PollState], *, before: Mapping[SourceId, PollState]) -> None:
        """Store them all or none."""
        ...


@dataclass(slots=True)
class _Batch:
    polls: dict[SourceId, PollState] = field(default_factory=dict)
    before: dict[SourceId, PollState] = field(default_factory=dict)
    then: list[Then] = field(default_factory=list)
    full: asyncio.Event = field(default_factory=asyncio.Event)


class Settling:
    """Gathers polls and hands them to ``commit`` together, one batch at a time under ``lock``."""

    def __init__(self, commit: Commit, lock: asyncio.Lock) -> None:
        self._commit = commit
        self._lock = lock
        self._batch: _Batch | None = None
        self._flushing: set[asyncio.Task[None]] = set()
        self._handed: set[SourceId] = set()
        self._under_way = 0

    def __enter__(self) -> None:
        """Begin a poll: when none is under way any more, those handed over wait for nobody else."""
        self._under_way += 1

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._under_way -= 1
        if not self._under_way and self._batch is not None:
            self._batch.full.set()

    def __contains__(self, source_id: SourceId) -> bool:
        """Whether a poll of this source was handed over and is not committed yet."""
        return source_id in self._handed

    def settle(self, source: Source, poll: PollState, *, then: Then) -> None:
        """Hand a poll over; ``then`` is called soon, in another task, and must not raise."""
        batch = self._batch
        if batch is None:
            batch = self._batch = _Batch()
            flushing = asyncio.create_task(self._flush(batch))
            self._flushing.add(flushing)
            flushing.add_done_callback(self._flushing.discard)
        self._handed.add(source.id)
        batch.polls[source.id], batch.before[source.id] = poll, source.poll
        batch.then.append(then)

    async def settled(self, source: Source, poll: PollState) -> None:
        """Hand a poll over and wait until it is committed; raises what went wrong for its whole batch."""
        told: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self.settle(source, poll, then=lambda error: None if told.done() else told.set_result(error))
        if error := await told:
            raise ConnectionError("the batch was not committed") from error

    async def drain(self) -> None:
        """Wait until all that was handed over is committed."""
        while self._flushing:
            if self._batch is not None:
                self._batch.full.set()
            await asyncio.wait(self._flushing)

    async def _flush(self, batch: _Batch) -> None:
        error: Exception | None = None
        try:
            await _until(batch.full)
            async with self._lock:
                self._batch = None
                await self._commit(batch.polls, before=batch.before)
        except Exception as failure:  # noqa: BLE001 - told to everybody in the batch
            error = failure
        finally:
            if self._batch is batch:
                self._batch = None
            self._handed -= batch.polls.keys()
        for then in batch.then:
            then(error)


async def _until(full: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LINGER):
            await full.wait()
    except TimeoutError:
        return
