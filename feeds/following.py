"""Watches stories that went out: who joined them, what their newsrooms put right; and asks for their posts to follow.

Looks at what the store says changed, so a crash loses nothing: the first look after a start goes an hour back. Knows
neither messages nor Telegram.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from feeds.clock import Clock
from feeds.issue import DigestStory
from feeds.model import Story, StoryId
from feeds.present import Change, gravest

BACK = timedelta(hours=1)
"""How far back the first look goes."""
OVERLAP = timedelta(minutes=1)
"""By how much looks overlap: what was committed while one was looking is seen by the next."""
TOLD = timedelta(days=3)
"""How long a story that was told is followed: as long as its newsrooms' articles are folded into it."""


class PostedStories(Protocol):
    """Where it is known what was told and what is to be drawn anew (``storage.redraws``)."""

    async def retold(self, *, since: datetime) -> Sequence[StoryId]:
        """Which stories that went out were told again at ``since`` or later, or linked to one that was."""
        ...

    async def tellings(self, story_id: StoryId, *, since: datetime) -> Sequence[DigestStory]:
        """In which words digests made at ``since`` or later told a story."""
        ...

    async def want(self, story_id: StoryId, *, now: datetime) -> int:
        """Let every copy of a story say what is true now."""
        ...

    async def grew(self, story_id: StoryId, *, now: datetime) -> int:
        """Let posts of a story that went at once say in a while that more sources tell it."""
        ...


class Newsroom(Protocol):
    """Where stories are kept (``storage.news``)."""

    async def story(self, story_id: StoryId) -> Story | None:
        """One story with all its items."""
        ...


class Marking(Protocol):
    """Where stories are marked (``storage.marks``)."""

    async def correct(self, story_id: StoryId, *, now: datetime) -> int:
        """Say that a story was told wrongly, in every copy; how many wait for it."""
        ...


class Following:
    """Looks at what changed since it last looked."""

    def __init__(self, *, posted: PostedStories, news: Newsroom, marks: Marking, clock: Clock) -> None:
        self._posted = posted
        self._news = news
        self._marks = marks
        self._clock = clock
        self._looked: datetime | None = None

    async def look(self) -> int:
        """Ask for redraws of stories that were put right or told by more; how many copies will be drawn anew."""
        now = self._clock()
        since = self._looked - OVERLAP if self._looked else now - BACK
        wanted = sum([await self._follow(story_id, now=now) for story_id in await self._posted.retold(since=since)])
        self._looked = now
        return wanted

    async def _follow(self, story_id: StoryId, *, now: datetime) -> int:
        story = await self._news.story(story_id)
        if story is None or story.marks.retracted_at is not None:
            return 0
        linked = [other for one in sorted(story.linked) if (other := await self._news.story(one))]
        told = await self._posted.tellings(story_id, since=now - TOLD)
        match gravest(told, story, linked):
            case Change.CORRECTED:
                if story.marks.corrected_at is None:
                    return await self._marks.correct(story_id, now=now)
                return await self._posted.want(story_id, now=now)
            case Change.GREW:
                return await self._posted.grew(story_id, now=now)
            case _:
                return 0
