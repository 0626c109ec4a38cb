"""Reading stories whole. Chooses none: whoever asks says which."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Story, StoryId
from storage import rows
from storage.engine import batches
from storage.tables import items, sources, stories


async def read_stories(connection: AsyncConnection, ids: Select[Any]) -> list[Story]:
    """Read stories whole, in the order of their ids; in batches, so that the loop gets a turn in between."""
    chosen = select(stories.c.id, stories.c.topics).where(stories.c.id.in_(ids)).order_by(stories.c.id)
    topics = {row.id: row.topics for row in await connection.execute(chosen)}
    found = []
    for batch in batches(list(topics)):
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
            found.append(Story(id=StoryId(key), topics=topics[key], items=tellings))
    return found
