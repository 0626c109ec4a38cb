"""What composing works with, whoever composes: the news of the last days, the themes, own words, further reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from feeds.clock import Clock
from feeds.composer import Composer
from feeds.issue import ChatId
from feeds.model import Story, StoryId
from feeds.newsstand import Newsstand
from feeds.ownstories import OwnStories
from feeds.pipeline import Archive, NewsStore
from feeds.related import RelatedStories
from feeds.topics import Catalogue


class Composing:
    """Chats that somebody composes for at this moment: what another tells them meanwhile would be told twice."""

    def __init__(self) -> None:
        self._taken: set[ChatId] = set()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def for_chats(self, ids: Iterable[ChatId]) -> AsyncIterator[None]:
        """Be the only one for these chats, from reading what they got until what they get is committed."""
        wanted = frozenset(ids)
        while not self._taken.isdisjoint(wanted):
            await self._freed.wait()
        self._taken |= wanted
        try:
            yield
        finally:
            self._taken -= wanted
            freed, self._freed = self._freed, asyncio.Event()
            freed.set()


class Press:
    """Held by all who compose, so that the news is read, and what was found remembered, once for them all."""

    def __init__(self, *, news: NewsStore, catalogue: Catalogue, clock: Clock, archive: Archive | None = None) -> None:
        self.news = news
        self.catalogue = catalogue
        self.clock = clock
        self.stand = Newsstand(news, clock=clock)
        self.own = OwnStories(archive)
        self.composing = Composing()
        self.related = RelatedStories(archive, clock=clock)
        self._themes = tuple(theme.id for theme in catalogue.themes)

    async def composer(
        self,
        stories: Sequence[Story],
        *,
        own: Mapping[StoryId, frozenset[str]],
        now: datetime,
        window: timedelta,
    ) -> Composer:
        """Make a composer of these stories; ``own`` says for whose own words they are."""
        languages = await self.news.languages()
        return Composer(stories, own=own, themes=self._themes, languages=languages, now=now, window=window)
