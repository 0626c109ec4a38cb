"""«Читайте также» for stories whose newsrooms name nothing: the nearest stories of a fortnight.

Decides only when to look; what is near is the archive's to say. Remembers what it was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from feeds.clock import Clock
from feeds.digest import MOST_RELATED
from feeds.issue import Digest, DigestStory, Section
from feeds.model import Related, StoryId
from feeds.pipeline import Archive

FORTNIGHT = timedelta(days=14)
_REMEMBERED = 2000


class RelatedStories:
    """Completes digests; without an archive it leaves them as they are."""

    def __init__(self, archive: Archive | None, *, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._known: dict[StoryId, Sequence[Related]] = {}

    async def complete(self, digest: Digest) -> Digest:
        """Give each story of a digest that has no related articles the nearest ones."""
        if self._archive is None or all(story.related for story in digest.stories):
            return digest
        return replace(digest, sections=tuple([await self._section(section) for section in digest.sections]))

    async def _section(self, section: Section) -> Section:
        return replace(section, stories=tuple([await self._story(story) for story in section.stories]))

    async def _story(self, story: DigestStory) -> DigestStory:
        if story.related or self._archive is None:
            return story
        if story.story_id not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[story.story_id] = await self._archive.nearest(
                story.headline,
                lang=story.lang,
                since=self._clock() - FORTNIGHT,
                besides=story.story_id,
                limit=MOST_RELATED,
            )
        return replace(story, related=tuple(self._known[story.story_id]))
