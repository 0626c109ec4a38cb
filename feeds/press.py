"""What composing works with, whoever composes: the news of the last days, the themes, own words, further reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from feeds.clock import Clock
from feeds.composer import Composer
from feeds.model import Story, StoryId
from feeds.newsstand import Newsstand
from feeds.ownstories import OwnStories
from feeds.pipeline import Archive, NewsStore
from feeds.related import RelatedStories
from feeds.topics import Catalogue


class Press:
    """Held by all who compose, so that the news is read, and what was found remembered, once for them all."""

    def __init__(self, *, news: NewsStore, catalogue: Catalogue, clock: Clock, archive: Archive | None = None) -> None:
        self.news = news
        self.catalogue = catalogue
        self.clock = clock
        self.stand = Newsstand(news, clock=clock)
        self.own = OwnStories(archive)
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
