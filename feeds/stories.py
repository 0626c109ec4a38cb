"""Keeps the window beside the store and asks it: which story is an article of, what is linked, what would a review say.

Knows no SQL. The window is only a memory of what the store holds: it is filled when first needed and after every
commit from what was committed, so a crash between the two loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from feeds.clock import Clock
from feeds.cluster import WINDOW, foldable, group
from feeds.model import (
    Finding,
    FindingKind,
    Item,
    ItemId,
    SourceId,
    StoryDraft,
    StoryId,
    Telling,
)
from feeds.pipeline import NewsStore
from feeds.profiles import Profile
from feeds.review import Merge, Pair, Review, neighbours, regroup, review
from feeds.translations import APART, linked
from feeds.window import Entry, Window

_BATCH = 200
_NEAR = 40
_TURN = 20  # articles taken in before others get a turn


Profiles = Mapping[str, Profile]
_UNREAD: Profiles = MappingProxyType({})


class Stories:
    """The stories of the last three days; one task at a time may draft and settle."""

    def __init__(self, *, store: NewsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._window = Window()
        self._last = ItemId(0)
        self._loaded = False

    async def draft(self, items: Sequence[Item], read: Profiles = _UNREAD) -> tuple[StoryDraft, ...]:
        """Put new articles of one source into stories: by address and title first, then by what they tell.

        ``read`` holds by their keys the profiles that are made already.
        """
        if not items:
            return ()
        await self._load()
        known = await self._store.matching_tellings(
            urls=[item.url for item in items],
            title_keys=[item.title_key for item in items if foldable(item.title_key)],
            since=min(item.published_at for item in items) - WINDOW,
        )
        drafts: dict[StoryId | int, StoryDraft] = {}
        for number, draft in enumerate(group(items, known)):
            placed = draft if draft.story_id is not None else self._placed(draft, read)
            key = placed.story_id if placed.story_id is not None else -1 - number
            before = drafts.get(key)
            drafts[key] = replace(before, items=before.items + placed.items) if before else placed
            await asyncio.sleep(0)
        return tuple(drafts.values())

    async def settle(
        self, changed: Sequence[Item], read: Profiles = _UNREAD, *, source_id: SourceId | None = None
    ) -> None:
        """Take in what was just committed: new articles with their links, and articles whose text changed.

        ``read`` holds by their keys the profiles of that source's articles that are made already.
        """
        await self._load()
        entries = await self._take_in(read, source_id)
        links: dict[tuple[StoryId, StoryId], float] = {}
        for entry in entries:
            links |= self._links(entry)
            await asyncio.sleep(0)
        if links:
            await self._store.link(links, now=self._clock())
        for item in changed:
            self._window.change(item, read.get(item.key))

    async def review(self) -> Review:
        """Look at the whole window again; merge stories nobody was sent yet, and keep what was found for a person."""
        await self._load()
        self._window.expire(self._clock() - WINDOW)
        entries, pairs = list(self._window), list[Pair]()
        for found in neighbours(entries, self._window):
            pairs += found
            await asyncio.sleep(0)
        groups = await asyncio.to_thread(regroup, len(entries), pairs)
        reviewed = review([entry.story_id for entry in entries], groups)
        findings = [await self._merged(merge) for merge in reviewed.merges]
        for split in reviewed.splits:
            sizes = " + ".join(str(size) for size in split.groups)
            findings.append(Finding(kind=FindingKind.SPLIT, story_id=split.story_id, detail=sizes))
        await self._store.keep_findings(findings, now=self._clock())
        await self._relink()
        return reviewed

    async def _merged(self, merge: Merge) -> Finding:
        kept, *others = merge.stories
        done = True
        for gone in others:
            if await self._store.merge_stories(kept, gone, now=self._clock()):
                self._window.merge(kept, gone)
            else:
                done = False
        detail = " + ".join(str(story_id) for story_id in others)
        return Finding(kind=FindingKind.MERGE, story_id=kept, detail=detail, done=done)

    async def _relink(self) -> None:
        """Find all links anew: a crash between a commit and its links loses them."""
        links: dict[tuple[StoryId, StoryId], float] = {}
        for entry in list(self._window):
            links |= self._links(entry)
            await asyncio.sleep(0)
        if links:
            await self._store.link(links, now=self._clock())

    def _placed(self, draft: StoryDraft, read: Profiles) -> StoryDraft:
        first = draft.items[0]
        liked = self._window.place(first, read.get(first.key))
        return draft if liked is None else replace(draft, story_id=liked.story_id)

    def _links(self, entry: Entry) -> dict[tuple[StoryId, StoryId], float]:
        found = {}
        for other in self._window.candidates(entry, limit=_NEAR, terms=entry.profile.names):
            if other.lang == entry.lang or abs(entry.published_at - other.published_at) > APART:
                continue
            value = linked(entry.profile, other.profile, rarity=self._window.rarity)
            if value:
                found[min(entry.story_id, other.story_id), max(entry.story_id, other.story_id)] = value
        return found

    async def _load(self) -> None:
        if not self._loaded:
            await self._take_in()
            self._loaded = True

    async def _take_in(self, read: Profiles = _UNREAD, source_id: SourceId | None = None) -> list[Entry]:
        since = self._clock() - WINDOW
        self._window.expire(since)
        entries: list[Entry] = []
        full = True
        while full:
            batch = await self._tellings(since)
            full = len(batch) == _BATCH
            for item_id, telling in batch:
                made = read.get(telling.key) if telling.source_id == source_id else None
                entries.append(self._window.add(telling, made))
                self._last = item_id
                if len(entries) % _TURN == 0:
                    await asyncio.sleep(0)
        return entries

    async def _tellings(self, since: datetime) -> Sequence[tuple[ItemId, Telling]]:
        return await self._store.tellings_after(self._last, since=since, limit=_BATCH)
