"""Polls that brought nothing are committed many at a time: thousands of 304s an hour, each with a new due time.

Knows neither why a poll brought nothing nor how it is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from feeds.model import SourceId
from feeds.polls import PollState

LINGER: Final = 0.02
"""Seconds the first of a batch waits for others."""


@dataclass(slots=True)
class _Batch:
    polls: dict[SourceId, PollState] = field(default_factory=dict)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None


class Settling:
    """Gathers polls and hands them to ``commit`` together, one batch at a time under ``lock``."""

    def __init__(self, commit: Callable[[Mapping[SourceId, PollState]], Awaitable[None]], lock: asyncio.Lock) -> None:
        self._commit = commit
        self._lock = lock
        self._batch: _Batch | None = None

    async def settle(self, source_id: SourceId, poll: PollState, *, linger: bool) -> None:
        """Return when the poll is committed; raise what went wrong for its whole batch.

        Without ``linger`` nobody else is expected and nothing is waited for.
        """
        batch = self._batch
        if batch is not None:
            batch.polls[source_id] = poll
            await batch.ended.wait()
            if batch.error is not None:
                raise ConnectionError("the batch was not committed") from batch.error
            return
        batch = self._batch = _Batch(polls={source_id: poll})
        try:
            if linger:
                await asyncio.sleep(LINGER)
            async with self._lock:
                self._batch = None
                await self._commit(batch.polls)
        except BaseException as error:
            batch.error = error
            raise
        finally:
            if self._batch is batch:
                self._batch = None
            batch.ended.set()
