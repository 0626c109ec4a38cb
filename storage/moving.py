"""A source changes its address for good, and becomes one with the source that is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import SourceId
from storage.tables import items, sources, stories


async def move(connection: AsyncConnection, source_id: SourceId, url: str) -> SourceId | None:
    """Poll a source at another address from now on; the id of the source it became one with, if there was one.

    The validators that address gave through the redirect go along: they are its own.
    """
    found = await connection.execute(select(sources).where(sources.c.id == source_id).with_for_update())
    moving = found.one_or_none()
    if moving is None or moving.url == url:
        return None
    there = (await connection.execute(select(sources).where(sources.c.url == url))).one_or_none()
    if there is not None and there.merged_into != source_id:
        return await _merge(connection, moving, there)
    if there is not None:  # it had become this very source: the two change names
        await connection.execute(update(sources).where(sources.c.id == there.id).values(url=""))
    values: dict[str, Any] = {"url": url, **_no_detour()}
    if moving.detour_url == url:
        values |= {"etag": moving.detour_etag, "last_modified": moving.detour_modified}
    else:
        values |= {"etag": None, "last_modified": None}
    await connection.execute(update(sources).where(sources.c.id == source_id).values(values))
    if there is not None:
        await connection.execute(update(sources).where(sources.c.id == there.id).values(url=moving.url))
    return None


async def _merge(connection: AsyncConnection, moving: Row[Any], there: Row[Any]) -> SourceId:
    """Give ``there``, or what that was merged into, the items it lacks; ``moving`` stays as a name for it."""
    kept = SourceId(there.merged_into or there.id)
    taken = select(items.c.key).where(items.c.source_id == kept)
    await connection.execute(delete(items).where(items.c.source_id == moving.id, items.c.key.in_(taken)))
    await connection.execute(update(items).where(items.c.source_id == moving.id).values(source_id=kept))
    await connection.execute(delete(stories).where(stories.c.id.not_in(select(items.c.story_id))))
    mine = sources.c.merged_into == moving.id
    await connection.execute(update(sources).where(mine).values(merged_into=kept))
    gone = {"merged_into": kept, "enabled": False, **_no_detour()}
    await connection.execute(update(sources).where(sources.c.id == moving.id).values(gone))
    await connection.execute(update(sources).where(sources.c.id == kept).values(enabled=True))
    return kept


def _no_detour() -> Mapping[str, None]:
    columns = ("detour_url", "detour_etag", "detour_modified", "detour_since", "detour_times")
    return dict.fromkeys(columns)
