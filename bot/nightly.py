"""The nightly second look at which articles are one story. Decides when; ``feeds.stories`` does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from feeds.clock import Clock
from feeds.schedule import zone_of
from feeds.stories import Stories

log = structlog.get_logger(__name__)

NIGHT = range(3, 5)
"""Hours of the local day in which few articles come and nobody is sent anything."""

_AT_MOST_EVERY = timedelta(hours=12)


class NightReview:
    """Reviews the window once a night; after a start at night once more, which does no harm."""

    def __init__(self, stories: Stories, *, clock: Clock, zone: str, retag: Callable[[], Awaitable[int]]) -> None:
        self._stories = stories
        self._clock = clock
        self._zone = zone_of(zone)
        self._retag = retag
        self._done_at: datetime | None = None

    async def answer(self) -> None:
        """Review when it is night and was not done tonight."""
        now = self._clock()
        if now.astimezone(self._zone).hour not in NIGHT:
            return
        if self._done_at is not None and now - self._done_at < _AT_MOST_EVERY:
            return
        found = await self._stories.review()
        self._done_at = now
        await self._retag()
        log.info("stories reviewed", merges=len(found.merges), splits=len(found.splits))
