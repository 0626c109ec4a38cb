"""How the stories of an issue stand now, though it was written before: what was taken back is not told as news.

The store says which issues that may be (``Parcel.stale``); the others are sent as they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import structlog

from bot.markup import Message
from feeds.issue import Digest, DigestKind, Parcel
from feeds.model import Story, StoryId
from feeds.present import present_digest
from storage.news import News

log = structlog.get_logger(__name__)

_REMEMBERED = 256
_AT_ONCE = frozenset({DigestKind.INSTANT, DigestKind.BREAKING})


class Standing:
    """Looks stories up, and says issues as they stand now."""

    def __init__(self, news: News, *, write: Callable[[Parcel], Sequence[Message]]) -> None:
        self._news = news
        self.write = write
        self._known: dict[Digest, Digest] = {}
        """The very same object for all who get the same, by which rendering knows it."""

    async def stories(self, parcels: Iterable[Parcel]) -> Mapping[StoryId, Story]:
        """Read what parcels tell of, and what is linked to that."""
        return await stories_now(self._news, {one.story_id for parcel in parcels for one in parcel.digest.stories})

    def now(self, parcel: Parcel, stories: Mapping[StoryId, Story]) -> Digest:
        """Say a parcel's digest as its stories stand."""
        digest = present_digest(parcel.digest, stories)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        return self._known.setdefault(digest, digest)

    async def freshen(self, parcels: Sequence[Parcel]) -> Sequence[Parcel]:
        """Give parcels about to be sent the words that are true now; never raises."""
        stale = {parcel.id: parcel for parcel in parcels if parcel.stale and not parcel.sent_parts}
        if not stale:
            return parcels
        try:
            stories = await self.stories(stale.values())
            fresh = {number: self._freshened(parcel, stories) for number, parcel in stale.items()}
        except Exception:
            # They are claimed, and would wait for ever; as they were written they are edited once they have arrived.
            log.exception("issues not freshened", issues=len(stale))
            return parcels
        return [fresh.get(parcel.id, parcel) for parcel in parcels]

    def _freshened(self, parcel: Parcel, stories: Mapping[StoryId, Story]) -> Parcel:
        fresh = replace(parcel, digest=self.now(parcel, stories))
        # Parts are counted as they were written: after a crash the rest of them are sent.
        return fresh if len(self.write(fresh)) == len(self.write(parcel)) else parcel


async def stories_now(news: News, ids: AbstractSet[StoryId]) -> Mapping[StoryId, Story]:
    """Read stories as they stand, and those in other languages that tell the same."""
    found = {story.id: story for story in await news.stories(ids)}
    linked = {one for story in found.values() for one in story.linked} - found.keys()
    return found | {story.id: story for story in await news.stories(linked)}


def withdrawn(parcel: Parcel) -> bool:
    """Whether all that a parcel was to tell at once was taken back before anybody read it."""
    if not parcel.stale or parcel.sent_parts or parcel.digest.kind not in _AT_ONCE:
        return False
    return all(story.marks.retracted_at is not None for story in parcel.digest.stories)
