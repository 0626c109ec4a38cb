"""«Читайте также» for stories whose newsrooms name nothing: the nearest stories of a fortnight.

Decides only when to look; what is near is the archive's to say. Remembers what it was told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from feeds.clock import Clock
from feeds.digest import MOST_RELATED
from feeds.issue import Digest, DigestStory
from feeds.model import Related, StoryId
from feeds.pipeline import Archive

FORTNIGHT = timedelta(days=14)
_LOOKED_AT = 10
"""Near stories that are looked up for each, so that some are left when those of the same batch are taken out."""
_REMEMBERED = 2000


class RelatedStories:
    """Completes digests; without an archive it adds nothing to them."""

    def __init__(self, archive: Archive | None, *, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._known: dict[StoryId, Mapping[StoryId, Related]] = {}

    async def read_up(self) -> None:
        """Have the archive read what was told in the last fortnight."""
        if self._archive is not None:
            await self._archive.read_up(self._clock() - FORTNIGHT)

    async def complete(self, digest: Digest, *, besides: Collection[StoryId] = ()) -> Digest:
        """Give each story of a digest that has no related articles the nearest ones.

        None that the digest tells itself, and none of ``besides``: those are told beside it.
        """
        batch = frozenset((*besides, *(story.story_id for story in digest.stories)))
        urls = frozenset(one for story in digest.stories for one in (story.url, *(told.url for told in story.tellings)))
        sections = []
        for section in digest.sections:
            stories = [await self._completed(story, batch, urls) for story in section.stories]
            sections.append(replace(section, stories=tuple(stories)))
        return digest if (made := tuple(sections)) == digest.sections else replace(digest, sections=made)

    async def complete_story(self, story: DigestStory) -> DigestStory:
        """Give one story the nearest ones where it has no related articles."""
        return await self._completed(story, frozenset(), frozenset())

    async def _completed(self, story: DigestStory, batch: frozenset[StoryId], urls: frozenset[str]) -> DigestStory:
        related = tuple(one for one in story.related if one.url not in urls)
        if not story.related and self._archive is not None:
            near = await self._nearest(story)
            related = tuple(one for story_id, one in near.items() if story_id not in batch)[:MOST_RELATED]
        return story if related == story.related else replace(story, related=related)

    async def _nearest(self, story: DigestStory) -> Mapping[StoryId, Related]:
        assert self._archive is not None  # noqa: S101  asked only where there is one
        if story.story_id not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[story.story_id] = await self._archive.nearest(
                story.headline,
                lang=story.lang,
                since=self._clock() - FORTNIGHT,
                besides=story.story_id,
                limit=_LOOKED_AT,
            )
        return self._known[story.story_id]
