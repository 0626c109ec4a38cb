"""The articles of the last three days, indexed: which story a new one tells, and what resembles it.

Kept in memory and rebuilt from the store at a start; reading and changing it is plain arithmetic. Knows no store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from feeds.cluster import WINDOW
from feeds.guards import SAME_SOURCE, doubt
from feeds.model import Item, SourceId, StoryId, Telling
from feeds.profiles import Profile, profile
from feeds.rareterms import RareTerms
from feeds.similarity import Similarity, TermSimilarity

ATTACH: Final = 0.21
"""From this likeness on an article belongs to a story. Chosen on a day of headlines, reported on another."""

_SAME_DAY, _HALVED = timedelta(hours=24), timedelta(hours=48)
# A story is told within a day; what resembles it later is more and more likely what came of it.

_CANDIDATES = 30
_COMPARED = 40  # of a story's tellings, the newest

Identity = tuple[SourceId, str]
"""What an article is known by: its source and its key there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A story that an article resembles, and how much."""

    story_id: StoryId
    value: float


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """An article in the window."""

    identity: Identity
    story_id: StoryId
    lang: str
    published_at: datetime
    profile: Profile


class Window:
    """Answers which story an article tells, by average likeness to what is told already."""

    def __init__(self, similarity: Similarity | None = None) -> None:
        self._similarity: Similarity = similarity or TermSimilarity()
        self._entries: dict[Identity, Entry] = {}
        self._stories: dict[StoryId, dict[Identity, Entry]] = {}
        self._index: RareTerms[Identity] = RareTerms()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def add(self, telling: Telling, read: Profile | None = None) -> Entry:
        """Take in a stored article, ``read`` already or not; one that is there already is replaced."""
        entry = Entry(
            identity=(telling.source_id, telling.key),
            story_id=telling.story_id,
            lang=telling.lang,
            published_at=telling.published_at,
            profile=read or profile(telling.title, telling.text),
        )
        self._remove(entry.identity)
        self._put(entry)
        return entry

    def change(self, item: Item, read: Profile | None = None) -> None:
        """Read an article anew whose text has changed, or take it as ``read``; it stays in its story."""
        before = self._remove((item.source_id, item.key))
        if before is not None:
            entry = self.entry(item, read)
            entry.story_id = before.story_id
            self._put(entry)

    def expire(self, before: datetime) -> None:
        """Let go of what was published before."""
        for identity in [entry.identity for entry in self if entry.published_at < before]:
            self._remove(identity)

    def merge(self, kept: StoryId, gone: StoryId) -> None:
        """Give the tellings of one story to another."""
        for identity, entry in self._stories.pop(gone, {}).items():
            entry.story_id = kept
            self._stories.setdefault(kept, {})[identity] = entry

    def place(self, item: Item, read: Profile | None = None) -> Likeness | None:
        """Say which story an article tells, None when it is like none of them."""
        liked = self.resembling(self.entry(item, read), limit=1, least=ATTACH)
        return liked[0] if liked else None

    def entry(self, item: Item, read: Profile | None = None) -> Entry:
        """Read an article that is not in the window, or not yet, unless it is ``read`` already."""
        return Entry(
            identity=(item.source_id, item.key),
            story_id=StoryId(0),
            lang=item.lang,
            published_at=item.published_at,
            profile=read or profile(item.title, item.text or item.summary),
        )

    def resembling(self, entry: Entry, *, limit: int, least: float = 0.0) -> list[Likeness]:
        """Stories in the same language that an article resembles most, best first, none less than ``least``."""
        near = {other.story_id for other in self.candidates(entry, limit=_CANDIDATES) if other.lang == entry.lang}
        values = ((story_id, self._linkage(entry, story_id, least)) for story_id in near)
        found = [Likeness(story_id=story_id, value=value) for story_id, value in values if value >= least]
        return sorted(found, key=lambda liked: (-liked.value, liked.story_id))[:limit]

    def candidates(self, entry: Entry, *, limit: int, terms: Iterable[str] | None = None) -> list[Entry]:
        """Articles in any language, of about the same time, that share rare words or these ``terms`` with this one."""
        shared = _indexed(entry.profile) if terms is None else terms
        keys = self._index.candidates(shared, rarity=self._similarity.rarity, limit=limit, but=entry.identity)
        near = (self._entries[key] for key in keys)
        return [other for other in near if abs(other.published_at - entry.published_at) <= WINDOW]

    def told(self, story_id: StoryId) -> int:
        """Count the tellings of a story."""
        return len(self._stories.get(story_id, ()))

    def likeness(self, one: Entry, other: Entry) -> float:
        """Say how likely two articles tell one story, from 0 to 1, everything considered."""
        return self._doubted(self._similarity.compare(one.profile, other.profile), one, other)

    def _doubted(self, value: float, one: Entry, other: Entry) -> float:
        if not value:
            return 0.0
        if one.identity[0] == other.identity[0]:
            value *= SAME_SOURCE
        late = max(abs(one.published_at - other.published_at) - _SAME_DAY, timedelta(0))
        return value * doubt(one.profile, other.profile) * math.exp2(-late / _HALVED)

    def rarity(self, term: str) -> float:
        """Say how much a term tells in this window."""
        return self._similarity.rarity(term)

    def _linkage(self, entry: Entry, story_id: StoryId, least: float) -> float:
        """Take half the average and half the nearest: an average alone sends a young story's second telling away.

        Never the nearest alone: one bridge after another would make one story of half the window.
        """
        tellings = self._stories[story_id]
        others = tellings.values() if len(tellings) <= _COMPARED else list(tellings.values())[-_COMPARED:]
        alike = [
            (self._similarity.compare(entry.profile, one.profile), one) for one in others if one.lang == entry.lang
        ]
        if not alike or _linked([value for value, _ in alike]) < least:
            return 0.0  # doubts only lower it: most articles that share a word are told apart here
        return _linked([self._doubted(value, entry, one) for value, one in alike])

    def _put(self, entry: Entry) -> None:
        self._entries[entry.identity] = entry
        self._stories.setdefault(entry.story_id, {})[entry.identity] = entry
        self._index.add(entry.identity, _indexed(entry.profile))
        self._similarity.learn(entry.profile)

    def _remove(self, identity: Identity) -> Entry | None:
        entry = self._entries.pop(identity, None)
        if entry is None:
            return None
        self._index.remove(identity, _indexed(entry.profile))
        self._similarity.forget(entry.profile)
        tellings = self._stories[entry.story_id]
        del tellings[identity]
        if not tellings:
            del self._stories[entry.story_id]
        return entry


def _indexed(profile: Profile) -> Iterable[str]:
    return profile.title_stems | profile.text_stems


def _linked(values: Sequence[float]) -> float:
    return (math.fsum(values) / len(values) + max(values)) / 2
