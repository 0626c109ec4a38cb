"""Finding stories by words: what is kept of an item for it, and which stories a person's words find.

Words are compared by their roots (``feeds.words``), ё as е. Knows no chat; what the databases do differently is in
``storage.fulltext``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Item, Related, Story, StoryId
from feeds.words import roots
from storage import rows
from storage.engine import Database, batches
from storage.fulltext import Column, holds
from storage.stories import read_stories
from storage.tables import item_words, items, stories

_TEXT = 4000
"""Characters of an item's text that can be found by: about what its first two screens say."""

_LONGEST = 60  # letters; PostgreSQL refuses words beyond 2,046 bytes, and nobody types one
_ASKED = 12
_CANDIDATES = 300
_TITLE, _BODY = 3.0, 1.0
_HALF_LIFE = timedelta(days=14)
_NEAR = 0.3


class Search:
    """Stored stories by the words in them. Any text may be asked for; one without words finds nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, query: str, *, limit: int = 10, since: datetime | None = None, langs: Iterable[str] = ()
    ) -> Sequence[Story]:
        """Find stories with all the words of ``query``, or if there are none with some; the best and freshest first.

        A word in a title counts three times one in the text; worth halves in a fortnight. ``since`` and ``langs`` (none
        = all) are asked of the telling that is found.
        """
        asked = _distinct(roots(query))[:_ASKED]
        if not asked or limit < 1:
            return []
        told = [items.c.published_at >= since] if since else []
        told += [items.c.lang.in_(langs)] if (langs := sorted(langs)) else []
        async with self._database.transaction() as connection:
            found = await _candidates(connection, asked, told, whole=True)
            if not found and len(asked) > 1:
                found = await _candidates(connection, asked, told, whole=False)
            best = _ranked(found, asked)[:limit]
            told_of = {
                story.id: story
                for story in await read_stories(connection, select(stories.c.id).where(stories.c.id.in_(best)))
            }
        return [told_of[StoryId(story_id)] for story_id in best]

    async def nearest(
        self, title: str, *, lang: str, since: datetime, besides: StoryId, limit: int
    ) -> Sequence[Related]:
        """Find articles told at ``since`` or later whose titles share the rarer words of ``title``, the likest first.

        One for each story, none of the story ``besides`` itself.
        """
        asked = _distinct(roots(title))[:_ASKED]
        told = [items.c.published_at >= since, items.c.lang == lang, items.c.story_id != besides]
        async with self._database.transaction() as connection:
            rows_found = await _newest(connection, asked, told, column="title", whole=False) if asked else []
        near: dict[int, Related] = {}
        for row in _alike(rows_found, asked):
            near.setdefault(row.story_id, Related(title=row.shown, url=row.url))
        return list(near.values())[:limit]


async def keep_words(connection: AsyncConnection, stored: Sequence[tuple[int, Item]]) -> None:
    """Keep what items can be found by, in place of what was kept; in the transaction that stores them."""
    for batch in batches([item_id for item_id, _ in stored]):
        await connection.execute(delete(item_words).where(item_words.c.item_id.in_(batch)))
    if stored:
        await connection.execute(insert(item_words), [_words(item_id, item) for item_id, item in stored])


def _words(item_id: int, item: Item) -> dict[str, Any]:
    title = _distinct(roots(item.title))
    rest = roots(" ".join((item.summary, item.text[:_TEXT], *item.categories)))
    return {"item_id": item_id, "title": " ".join(title), "words": " ".join(_distinct([*title, *rest]))}


def _distinct(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if len(word) <= _LONGEST]


async def _candidates(
    connection: AsyncConnection, asked: Sequence[str], told: Sequence[ColumnElement[bool]], *, whole: bool
) -> list[rows.AnyRow]:
    """Read the newest rows with the words in their title, and the newest with the words anywhere."""
    titled = await _newest(connection, asked, told, column="title", whole=whole)
    anywhere = await _newest(connection, asked, told, column="words", whole=whole)
    return list({row.id: row for row in (*titled, *anywhere)}.values())


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
    newest = joined.where(and_(condition, *told)).order_by(items.c.published_at.desc(), items.c.id.desc())
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
