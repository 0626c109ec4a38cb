"""Finding stories by words: what is kept of an item for it, and which stories a person's words find.

Words are compared by their roots (``feeds.words``), ё as е. Knows no chat; what the databases do differently is in
``storage.fulltext``.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Related, Story, StoryId
from feeds.searchwords import GENERATION, SearchWords, distinct, words_of
from feeds.words import roots
from storage import rows
from storage.bulk import add_rows
from storage.engine import Database, batches
from storage.fulltext import Column, holds
from storage.headlines import Headlines
from storage.stories import read_stories
from storage.tables import item_words, items, stories

_ASKED = 12
_REREAD = 50
"""Articles in one transaction: others wait a twentieth of a second for it."""
_CANDIDATES = 300
_YOUNG = 2000
"""Articles with the words that are looked at; their ids rise nearly as their times do."""
_TITLE, _BODY = 3.0, 1.0
_HALF_LIFE = timedelta(days=14)
_NEAR = 0.3
_OWN = 20
"""Headlines that may be of the very story that others are looked for."""


class Search:
    """Stored stories by the words in them. Any text may be asked for; one without words finds nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._headlines = Headlines(database)

    async def read_up(self, since: datetime) -> None:
        """Read the headlines since then, so that nobody who asks for the nearest waits for that."""
        await self._headlines.read_up(since)

    async def find(
        self,
        query: str,
        *,
        limit: int = 10,
        since: datetime | None = None,
        langs: Iterable[str] = (),
        whole: bool = False,
    ) -> Sequence[Story]:
        """Find stories with all the words of ``query``, or if there are none with some; the best and freshest first.

        A word in a title counts three times one in the text; worth halves in a fortnight. ``since`` and ``langs`` (none
        = all) are asked of the telling that is found. ``whole`` is satisfied with nothing less than all the words.
        """
        asked = list(distinct(roots(query)))[:_ASKED]
        if not asked or limit < 1:
            return []
        told = [items.c.published_at >= since] if since else []
        told += [items.c.lang.in_(langs)] if (langs := sorted(langs)) else []
        async with self._database.transaction() as connection:
            found = await _candidates(connection, asked, told, whole=True)
            if not found and len(asked) > 1 and not whole:
                found = await _candidates(connection, asked, told, whole=False)
            best = _ranked(found, asked)[:limit]
            told_of = {
                story.id: story
                for story in await read_stories(connection, select(stories.c.id).where(stories.c.id.in_(best)))
            }
        return [told_of[StoryId(story_id)] for story_id in best]

    async def having(self, words: Sequence[str], *, since: datetime) -> frozenset[StoryId]:
        """Find the stories with an article published at ``since`` or later that has one of these roots anywhere."""
        asked = list(distinct(words))
        if not asked:
            return frozenset()
        joined = select(items.c.story_id).join(item_words, item_words.c.item_id == items.c.id).distinct()
        async with self._database.transaction() as connection:
            condition = holds(asked, "words", dialect=connection.dialect.name, whole=False)
            found = await connection.scalars(joined.where(condition, items.c.published_at >= since))
            return frozenset(StoryId(story_id) for story_id in found)

    async def count(self, words: Sequence[str] = (), *, since: datetime) -> int:
        """Count the stories with an article told at ``since`` or later that has all these roots; without any, all."""
        asked = list(distinct(words))
        if words and not asked:
            return 0
        told = select(func.count(items.c.story_id.distinct())).where(items.c.published_at >= since)
        async with self._database.transaction() as connection:
            if asked:
                condition = holds(asked, "words", dialect=connection.dialect.name, whole=True)
                told = told.where(items.c.id.in_(select(item_words.c.item_id).where(condition)))
            return int(await connection.scalar(told) or 0)

    async def nearest(
        self, title: str, *, lang: str, since: datetime, besides: StoryId, limit: int
    ) -> Mapping[StoryId, Related]:
        """Find articles told at ``since`` or later: with the nearest headlines first, then with the rarer words of it.

        The likest first, one for each story, none of the story ``besides`` itself.
        """
        asked = list(distinct(roots(title)))[:_ASKED]
        told = [items.c.published_at >= since, items.c.lang == lang, items.c.story_id != besides]
        like = await self._headlines.nearest(title, lang=lang, since=since, limit=limit + _OWN)
        async with self._database.transaction() as connection:
            found = await _by_id(connection, like, told)
            if len({row.story_id for row in found}) < limit and asked:
                found += _alike(await _newest(connection, asked, told, column="title", whole=False), asked)
        near: dict[StoryId, Related] = {}
        for row in found:
            near.setdefault(StoryId(row.story_id), Related(title=row.shown, url=row.url))
        return dict(islice(near.items(), limit))

    async def reread(self) -> int:
        """Read anew all articles that were read when other roots came of words, the newest first; how many.

        Others get their turn after every few; what is done stays done when it is broken off.
        """
        done = 0
        while some := await self._reread():
            done += some
            await asyncio.sleep(0)
        return done

    async def _reread(self) -> int:
        told = select(items.c.id, items.c.title, items.c.summary, items.c.text, items.c.categories)
        stale = told.join(item_words, item_words.c.item_id == items.c.id).where(item_words.c.reading < GENERATION)
        newest = stale.order_by(item_words.c.reading.desc(), item_words.c.item_id.desc()).limit(_REREAD)
        changed = update(item_words).where(item_words.c.item_id == bindparam("item"))
        changed = changed.values(title=bindparam("roots"), words=bindparam("all"), reading=GENERATION)
        async with self._database.transaction() as connection:
            found = (await connection.execute(newest)).all()
            read = [(row.id, words_of(row.title, row.summary, row.text, row.categories)) for row in found]
            values = [{"item": item_id, "roots": one.title, "all": one.words} for item_id, one in read]
            if values:
                await connection.execute(changed, values)
        return len(values)


async def keep_words(connection: AsyncConnection, stored: Sequence[tuple[int, SearchWords]]) -> None:
    """Keep what new items can be found by; in the transaction that stores them."""
    if stored:
        values = [
            {"item_id": item_id, "title": told.title, "words": told.words, "reading": GENERATION}
            for item_id, told in stored
        ]
        await add_rows(connection, item_words, values)


async def change_words(connection: AsyncConnection, stored: Sequence[tuple[int, SearchWords]]) -> None:
    """Keep what items can be found by now, in place of what was kept."""
    for batch in batches([item_id for item_id, _ in stored]):
        await connection.execute(delete(item_words).where(item_words.c.item_id.in_(batch)))
    await keep_words(connection, stored)


async def _candidates(
    connection: AsyncConnection, asked: Sequence[str], told: Sequence[ColumnElement[bool]], *, whole: bool
) -> list[rows.AnyRow]:
    """Read the newest rows with the words in their title, and the newest with the words anywhere."""
    titled = await _newest(connection, asked, told, column="title", whole=whole)
    anywhere = await _newest(connection, asked, told, column="words", whole=whole)
    return list({row.id: row for row in (*titled, *anywhere)}.values())


async def _by_id(
    connection: AsyncConnection, item_ids: Sequence[int], told: Sequence[ColumnElement[bool]]
) -> list[rows.AnyRow]:
    """Read these articles as they are now, in this order, as far as they are there and told so."""
    item = (items.c.id, items.c.story_id, items.c.published_at, items.c.url, items.c.title.label("shown"))
    read = await connection.execute(select(*item).where(items.c.id.in_(item_ids), *told)) if item_ids else ()
    found = {row.id: row for row in read}
    return [found[item_id] for item_id in item_ids if item_id in found]


async def _newest(
    connection: AsyncConnection,
    asked: Sequence[str],
    told: Sequence[ColumnElement[bool]],
    *,
    column: Column,
    whole: bool,
) -> list[rows.AnyRow]:
    item = (items.c.id, items.c.story_id, items.c.published_at, items.c.url, items.c.title.label("shown"))
    joined = select(*item, item_words.c.title, item_words.c.words).join(item_words, item_words.c.item_id == items.c.id)
    condition = holds(asked, column, dialect=connection.dialect.name, whole=whole)
    # Of what half of all articles say only the youngest are read: sorting them all takes longer than anybody waits.
    young = select(item_words.c.item_id).where(condition).order_by(item_words.c.item_id.desc()).limit(_YOUNG)
    newest = joined.where(and_(items.c.id.in_(young), *told)).order_by(items.c.published_at.desc(), items.c.id.desc())
    return list(await connection.execute(newest.limit(_CANDIDATES)))


def _alike(found: Sequence[rows.AnyRow], asked: Sequence[str]) -> list[rows.AnyRow]:
    """Keep what shares two words or more that together tell enough: a word says the more, the fewer titles have it."""
    titles = [set(row.title.split(" ")) for row in found]
    having = {word: sum(word in title for title in titles) for word in asked}
    telling = {word: math.log(1 + (len(found) + 1) / (1 + times)) for word, times in having.items()}
    enough = _NEAR * sum(telling.values())
    near = []
    for row, title in zip(found, titles, strict=True):
        shared = [telling[word] for word in asked if word in title and len(word) > 2]
        if len(shared) > 1 and sum(shared) >= enough:
            near.append((sum(shared), row))
    return [row for _, row in sorted(near, key=lambda pair: (-pair[0], -pair[1].id))]


def _ranked(found: Sequence[rows.AnyRow], asked: Sequence[str]) -> list[int]:
    if not found:
        return []
    newest = max(row.published_at for row in found)
    worth: dict[int, float] = {}
    for row in found:
        title, words = set(row.title.split(" ")), set(row.words.split(" "))
        relevance = sum(_TITLE if word in title else _BODY if word in words else 0.0 for word in asked)
        worth[row.story_id] = max(
            worth.get(row.story_id, 0.0), relevance * 0.5 ** ((newest - row.published_at) / _HALF_LIFE)
        )
    return sorted(worth, key=lambda story_id: (-worth[story_id], -story_id))
