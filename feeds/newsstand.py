"""The stories of the last days, kept between those who ask for an issue; what changed since is read anew.

Whoever presses a button waits for what this holds, and ten thousand stories take seconds to read. Decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.clock import Clock
from feeds.model import Story, StoryId
from feeds.ownstories import TEXT
from feeds.pipeline import NewsStore

KEPT = timedelta(hours=72)
"""How far back stories are held; asks for older ones are answered by the store itself."""
_WHOLE = timedelta(hours=6)
"""After this everything is read once more, and what has become too old is let go."""


class Newsstand:
    """Stories told lately, in the order of their ids, without the ends of their texts, which nobody asks for here."""

    def __init__(self, news: NewsStore, *, clock: Clock) -> None:
        self._news = news
        self._clock = clock
        self._held: dict[StoryId, Story] = {}
        self._mark = -1
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    @property
    def mark(self) -> int:
        """Changes whenever what is held does."""
        return self._mark

    async def stories(self, *, since: datetime) -> Sequence[Story]:
        """All stories with an article published at ``since`` or later, as the store has them now."""
        oldest = self._clock() - KEPT
        if since < oldest:
            return await self._news.recent_stories(since=since)
        async with self._reading:
            await self._catch_up(oldest)
            return [story for story in self._held.values() if story.items[-1].item.published_at >= since]

    async def _catch_up(self, oldest: datetime) -> None:
        now = self._clock()
        mark, changed = self._news.changed_since(self._mark)
        outdated = self._read_at is None or not timedelta(0) <= now - self._read_at < _WHOLE
        if changed is None or outdated:
            whole = await self._news.recent_stories(since=oldest)
            self._held = {story.id: _shortened(story) for story in whole}
            self._read_at = now
        elif changed:
            fresh = {story.id: story for story in await self._news.stories(changed)}
            for story_id in changed - fresh.keys():
                self._held.pop(story_id, None)
            kept = {key: _shortened(one) for key, one in fresh.items() if one.items[-1].item.published_at >= oldest}
            self._held |= kept
            if any(key not in self._held for key in fresh) or kept:
                self._held = dict(sorted(self._held.items()))
        # Noted before the reading began: what was committed meanwhile is read again, which does no harm.
        self._mark = mark


def _shortened(story: Story) -> Story:
    if all(len(stored.item.text) <= TEXT for stored in story.items):
        return story
    items = tuple(replace(stored, item=replace(stored.item, text=stored.item.text[:TEXT])) for stored in story.items)
    return replace(story, items=items)
