"""What tells which articles are one story: recent tellings, links between languages, merges of a nightly review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import Finding, ItemId, SourceId, StoryId, Telling
from storage import rows
from storage.engine import batches, insert_new
from storage.sources import Sources
from storage.tables import coverage, findings, items, stories, story_links

_BEGINNING = 1200
"""Characters of a text that are enough for the words compared."""


class Clusters(Sources):
    """The store as grouping sees it."""

    async def tellings_after(self, item_id: ItemId, *, since: datetime, limit: int) -> Sequence[tuple[ItemId, Telling]]:
        """Read articles published at ``since`` or later with a greater id, in the order of their ids."""
        beginning = func.substr(items.c.text, 1, _BEGINNING).label("beginning")
        told = (
            select(*(column for column in items.c if column.name != "text"), beginning)
            .where(items.c.id > item_id, items.c.published_at >= since)
            .order_by(items.c.id)
            .limit(limit)
        )
        async with self._database.transaction() as connection:
            return [(ItemId(row.id), _telling(row)) for row in await connection.execute(told)]

    async def link(self, links: Mapping[tuple[StoryId, StoryId], float], *, now: datetime) -> None:
        """Remember stories told in two languages; links of stories that are gone fall away."""
        async with self._database.transaction() as connection:
            asked = sorted({story_id for pair in links for story_id in pair})
            living: set[int] = set()
            for batch in batches(asked):
                living.update(await connection.scalars(select(stories.c.id).where(stories.c.id.in_(batch))))
            values = [
                {"one": min(pair), "other": max(pair), "value": value, "created_at": now}
                for pair, value in sorted(links.items())
                if living.issuperset(pair) and pair[0] != pair[1]
            ]
            if values:
                await connection.execute(insert_new(connection, story_links, or_update=("value",)), values)
        self._journal.note(story_id for pair in links for story_id in pair)

    async def merge_stories(self, kept: StoryId, gone: StoryId, *, now: datetime) -> bool:
        """Give one story the tellings of another, unless either was sent to anybody; whether it was done."""
        async with self._database.transaction() as connection:
            sent = select(coverage.c.story_id).where(coverage.c.story_id.in_((kept, gone))).limit(1)
            touched = update(stories).where(stories.c.id == kept).values(updated_at=now, rules="")
            if (await connection.scalar(sent)) is not None or not (await connection.execute(touched)).rowcount:
                return False
            await connection.execute(update(items).where(items.c.story_id == gone).values(story_id=kept))
            linked = await _relink(connection, kept, gone)
            await connection.execute(delete(stories).where(stories.c.id == gone))
        self._journal.note([kept, gone, *linked])
        return True

    async def keep_findings(self, found: Sequence[Finding], *, now: datetime) -> None:
        """Replace what the last review found."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(findings))
            values = [
                {"kind": one.kind, "story_id": one.story_id, "detail": one.detail, "done": one.done, "found_at": now}
                for one in found
            ]
            if values:
                await connection.execute(insert(findings), values)

    async def findings(self) -> Sequence[Finding]:
        """Read what the last review found."""
        async with self._database.transaction() as connection:
            found = await connection.execute(select(findings).order_by(findings.c.id))
            return [
                Finding(kind=row.kind, story_id=StoryId(row.story_id), detail=row.detail, done=row.done)
                for row in found
            ]


async def _relink(connection: AsyncConnection, kept: StoryId, gone: StoryId) -> list[StoryId]:
    """Give one story the links of another; to which others they lead."""
    mine = (story_links.c.one == gone) | (story_links.c.other == gone)
    found = (await connection.execute(select(story_links).where(mine))).all()
    values, thirds = [], []
    for row in found:
        third = row.other if row.one == gone else row.one
        thirds.append(StoryId(third))
        if third != kept:
            values.append(
                {"one": min(kept, third), "other": max(kept, third), "value": row.value, "created_at": row.created_at}
            )
    if values:
        await connection.execute(insert_new(connection, story_links), values)
    return thirds


def _telling(row: rows.AnyRow) -> Telling:
    return Telling(
        story_id=StoryId(row.story_id),
        source_id=SourceId(row.source_id),
        key=row.key,
        url=row.url,
        title=row.title,
        title_key=row.title_key,
        text=row.beginning or row.summary,
        lang=row.lang,
        published_at=row.published_at,
    )
