"""Sources, items and stories: commit 1 and what composing reads. Satisfies ``feeds.pipeline.NewsStore``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import (
    Item,
    KnownItem,
    SourceId,
    Story,
    StoryDraft,
    StoryId,
    Telling,
)
from feeds.polls import PollState
from feeds.searchwords import SearchWords, search_words
from storage import rows
from storage.bulk import insert_rows
from storage.clusters import Clusters
from storage.columns import bounded, storable
from storage.engine import batches
from storage.journal import Journal
from storage.polls import settle_one
from storage.search import change_words, keep_words
from storage.sources import SeedReport
from storage.stories import read_stories
from storage.tables import items, sources, stories

__all__ = ["Counts", "News", "SeedReport"]


_UNREAD: Mapping[str, SearchWords] = MappingProxyType({})
_STORED = select(items.c.key).where(
    items.c.source_id == bindparam("source"), items.c.key.in_(bindparam("asked", expanding=True))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the store holds; ``failing`` are enabled sources whose last poll failed."""

    sources: int
    enabled: int
    failing: int
    items: int
    stories: int


class News(Clusters):
    """Sources, and the items and stories that came of them."""

    async def known_items(self, source_id: SourceId, keys: Sequence[str]) -> Mapping[str, KnownItem]:
        """Say which of a source's item keys are stored already."""
        asked = {bounded(key): key for key in keys}
        columns = select(items.c.key, items.c.story_id, items.c.text_hash).where(items.c.source_id == source_id)
        known = {}
        async with self._database.transaction() as connection:
            for batch in batches(list(asked)):
                for row in await connection.execute(columns.where(items.c.key.in_(batch))):
                    key = asked[row.key]
                    known[key] = KnownItem(key=key, story_id=StoryId(row.story_id), text_hash=row.text_hash)
        return known

    @property
    def journal(self) -> Journal:
        """Where it is noted which stories changed."""
        return self._journal

    async def matching_tellings(
        self, *, urls: Sequence[str], title_keys: Sequence[str], since: datetime
    ) -> Sequence[Telling]:
        """Find stored items with one of these addresses, or one of these title keys published after ``since``."""
        by_url = [items.c.url_key.in_(batch) for batch in batches(urls)]
        titles = [key for key in title_keys if key]
        by_title = [and_(items.c.title_key.in_(batch), items.c.published_at >= since) for batch in batches(titles)]
        found: dict[int, Telling] = {}
        async with self._database.transaction() as connection:
            for condition in by_url + by_title:
                for row in await connection.execute(select(items).where(condition)):
                    found[row.id] = _telling(row)
        return [found[key] for key in sorted(found)]

    async def commit_poll(
        self,
        source_id: SourceId,
        poll: PollState,
        *,
        drafts: Sequence[StoryDraft] = (),
        changed: Sequence[Item] = (),
        words: Mapping[str, SearchWords] = _UNREAD,
        fingerprint: str = "",
        now: datetime,
    ) -> int:
        """Commit 1: poll state, new items in their stories and changed items at once; how many items were new.

        Items stored already are left as they are, so committing the same poll twice does nothing the second time.
        ``words`` are what items can be found by, by their keys; what is missing is read here. ``fingerprint`` names
        the rules that chose the drafts' topics; a draft for a stored story leaves its topics be,
        and one for a story that vanished begins it anew. For a source that was removed nothing is stored.
        """
        async with self._database.transaction() as connection:
            if not await settle_one(connection, source_id, poll):
                return 0
            fresh = await _fresh(connection, source_id, drafts)
            chosen = await _place(connection, fresh, fingerprint=fingerprint, now=now)
            values = [
                rows.item_values(item) | {"source_id": source_id, "story_id": story_id, "created_at": now}
                for draft, story_id in zip(fresh, chosen, strict=True)
                for item in draft.items
            ]
            if values:
                await _store(connection, values, _words([item for draft in fresh for item in draft.items], words))
            touched = await _change(connection, source_id, changed, words, now=now) if changed else []
        self._journal.note([*chosen, *touched])
        return len(values)

    async def recent_stories(self, *, since: datetime) -> Sequence[Story]:
        """All stories with an item published at ``since`` or later, each with all its items."""
        recent = select(items.c.story_id).where(items.c.published_at >= since)
        async with self._database.transaction() as connection:
            return await read_stories(connection, recent)

    async def stories(self, ids: Collection[StoryId]) -> Sequence[Story]:
        """Read these stories with all their items, in the order of their ids; those that are gone are left out."""
        found: list[Story] = []
        async with self._database.transaction() as connection:
            for batch in batches(sorted(ids)):
                found += await read_stories(connection, select(stories.c.id).where(stories.c.id.in_(batch)))
        return found

    def changed_since(self, mark: int) -> tuple[int, frozenset[StoryId] | None]:
        """Return a mark for now and the stories that changed since another; None when that is not remembered."""
        return self._journal.since(mark)

    async def story(self, story_id: StoryId) -> Story | None:
        """One story with all its items, or None when it was pruned."""
        async with self._database.transaction() as connection:
            found = await read_stories(connection, select(stories.c.id).where(stories.c.id == story_id))
            return found[0] if found else None

    async def stale_stories(self, fingerprint: str, *, since: datetime, limit: int) -> Sequence[Story]:
        """Stories told at ``since`` or later whose topics other rules chose, the newest first."""
        recent = select(items.c.story_id).where(items.c.published_at >= since)
        stale = (
            select(stories.c.id)
            .where(stories.c.rules != fingerprint, stories.c.id.in_(recent))
            .order_by(stories.c.id.desc())
            .limit(limit)
        )
        async with self._database.transaction() as connection:
            return list(reversed(await read_stories(connection, select(stale.subquery().c.id))))

    async def retag(self, topics: Mapping[StoryId, tuple[str, ...]], *, fingerprint: str) -> None:
        """Give stories the topics that the rules named by ``fingerprint`` choose."""
        statement = (
            update(stories)
            .where(stories.c.id == bindparam("story"))
            .values(topics=bindparam("chosen"), rules=fingerprint)
        )
        values = [{"story": story_id, "chosen": topics[story_id]} for story_id in sorted(topics)]
        async with self._database.transaction() as connection:
            if values:
                await connection.execute(statement, values)
        self._journal.note(topics)

    async def counts(self) -> Counts:
        """Count what is stored."""
        failing = and_(sources.c.enabled, sources.c.failures > 0)
        statement = select(
            select(func.count()).select_from(sources).scalar_subquery().label("sources"),
            select(func.count()).select_from(sources).where(sources.c.enabled).scalar_subquery().label("enabled"),
            select(func.count()).select_from(sources).where(failing).scalar_subquery().label("failing"),
            select(func.count()).select_from(items).scalar_subquery().label("items"),
            select(func.count()).select_from(stories).scalar_subquery().label("stories"),
        )
        async with self._database.transaction() as connection:
            return Counts(**(await connection.execute(statement)).mappings().one())

    async def prune(self, before: datetime) -> int:
        """Forget stories that nobody told or added to since ``before``, with their items; how many stories.

        Nothing in the outbox needs them: a digest holds its own words.
        """
        told = select(items.c.story_id).where(items.c.published_at >= before)
        old = delete(stories).where(stories.c.updated_at < before, stories.c.id.not_in(told))
        async with self._database.transaction() as connection:
            return (await connection.execute(old)).rowcount


async def _fresh(connection: AsyncConnection, source_id: SourceId, drafts: Sequence[StoryDraft]) -> list[StoryDraft]:
    """Keep of the drafts what is not stored yet, each key once; drafts with nothing left fall away."""
    seen: set[str] = set()
    for batch in batches([item.key for draft in drafts for item in draft.items]):
        seen.update(await connection.scalars(_STORED, {"source": source_id, "asked": batch}))
    fresh = []
    for draft in drafts:
        kept = []
        for item in draft.items:
            if (key := bounded(item.key)) not in seen:
                seen.add(key)
                kept.append(item)
        if kept:
            fresh.append(draft if len(kept) == len(draft.items) else replace(draft, items=tuple(kept)))
    return fresh


async def _place(
    connection: AsyncConnection, drafts: Sequence[StoryDraft], *, fingerprint: str, now: datetime
) -> list[StoryId]:
    """Say which story each draft's items join, making the new ones."""
    living: set[StoryId] = set()
    for batch in batches(sorted({draft.story_id for draft in drafts if draft.story_id is not None})):
        # Touching them first keeps a pruner on another connection away until their items are in.
        touch = update(stories).where(stories.c.id.in_(batch)).values(updated_at=now).returning(stories.c.id)
        living.update(await connection.scalars(touch))
    new = [draft for draft in drafts if draft.story_id not in living]
    made = await insert_rows(connection, stories, [_story(draft, fingerprint=fingerprint, now=now) for draft in new])
    unused = map(StoryId, made)
    return [draft.story_id if draft.story_id in living else next(unused) for draft in drafts]


async def _store(connection: AsyncConnection, values: Sequence[dict[str, Any]], told: Sequence[SearchWords]) -> None:
    ids = await insert_rows(connection, items, values)
    await keep_words(connection, list(zip(ids, told, strict=True)))


def _story(draft: StoryDraft, *, fingerprint: str, now: datetime) -> dict[str, Any]:
    # Whoever drafted for a story that vanished since did not choose topics for it: nobody's rules make it stale.
    rules = fingerprint if draft.story_id is None else ""
    topics = tuple(map(storable, draft.topics))
    return {"topics": topics, "rules": rules, "created_at": now, "updated_at": now}


def _words(told: Sequence[Item], words: Mapping[str, SearchWords]) -> list[SearchWords]:
    return [words.get(item.key) or search_words(item) for item in told]


async def _change(
    connection: AsyncConnection,
    source_id: SourceId,
    changed: Sequence[Item],
    words: Mapping[str, SearchWords],
    *,
    now: datetime,
) -> list[StoryId]:
    """Replace stored items; which stories that changes."""
    values: list[dict[str, Any]] = []
    for item in changed:
        columns = rows.item_values(item)
        values.append({"item_key": columns.pop("key")} | columns)
    mine = and_(items.c.source_id == source_id, items.c.key == bindparam("item_key"))
    await connection.execute(update(items).where(mine), values)
    by_key = {bounded(item.key): item for item in changed}
    told_in: list[StoryId] = []
    for batch in batches(list(by_key)):
        changing = and_(items.c.source_id == source_id, items.c.key.in_(batch))
        touched = select(items.c.story_id).where(changing)
        # Nobody's rules chose topics for the text as it is now, until it is tagged again.
        changes = {"updated_at": now, "rules": ""}
        await connection.execute(update(stories).where(stories.c.id.in_(touched)).values(changes))
        found = (await connection.execute(select(items.c.id, items.c.key, items.c.story_id).where(changing))).all()
        told = _words([by_key[row.key] for row in found], words)
        await change_words(connection, [(row.id, one) for row, one in zip(found, told, strict=True)])
        told_in += [StoryId(row.story_id) for row in found]
    return told_in


def _telling(row: rows.AnyRow) -> Telling:
    return Telling(
        story_id=StoryId(row.story_id),
        source_id=SourceId(row.source_id),
        url=row.url,
        title=row.title,
        title_key=row.title_key,
        published_at=row.published_at,
    )
