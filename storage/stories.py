"""Reading stories whole. Chooses none: whoever asks says which."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Story, StoryId
from storage import rows
from storage.engine import batches
from storage.marks import Marked, marks_of
from storage.opinions import approved
from storage.tables import items, sources, stories, story_links

_UNMARKED = Marked()


async def read_stories(connection: AsyncConnection, ids: Select[Any]) -> list[Story]:
    """Read stories whole, in the order of their ids; in batches, so that the loop gets a turn in between."""
    chosen = select(stories.c.id, stories.c.topics, stories.c.created_at)
    chosen = chosen.where(stories.c.id.in_(ids)).order_by(stories.c.id)
    known = {row.id: row for row in await connection.execute(chosen)}
    found = []
    for batch in batches(list(known)):
        links = await _links(connection, batch)
        marked = await marks_of(connection, batch)
        opinions = await approved(connection, batch)
        told = await connection.execute(
            select(
                items,
                sources.c.name.label("source_name"),
                sources.c.weight.label("source_weight"),
                sources.c.topics.label("source_topics"),
            )
            .join(sources, sources.c.id == items.c.source_id)
            .where(items.c.story_id.in_(batch))
            .order_by(items.c.story_id, items.c.published_at, items.c.id)
        )
        for key, group in groupby(told, key=lambda row: row.story_id):
            tellings = tuple(rows.stored_item(row) for row in group)
            linked = frozenset(links.get(key, ()))
            marks, ours = marked.get(key, _UNMARKED), opinions.get(key)
            story = Story(
                id=StoryId(key),
                topics=known[key].topics,
                items=tellings,
                linked=linked,
                opinion=ours.as_told() if ours else None,
                marks=marks.marks,
                breaking_at=marks.breaking_at,
                created_at=known[key].created_at,
            )
            found.append(story)
    return found


async def _links(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, set[StoryId]]:
    found: dict[int, set[StoryId]] = {}
    either = or_(story_links.c.one.in_(ids), story_links.c.other.in_(ids))
    for row in await connection.execute(select(story_links.c.one, story_links.c.other).where(either)):
        found.setdefault(row.one, set()).add(StoryId(row.other))
        found.setdefault(row.other, set()).add(StoryId(row.one))
    return found
