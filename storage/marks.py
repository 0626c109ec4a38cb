"""Marks on stories: breaking, corrected, taken back; with the last two, that every copy of the story is to say so.

Who sets them is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.marks import UNMARKED, Marks
from feeds.model import StoryId
from storage.copies import want_copies
from storage.engine import Database, batches, insert_new
from storage.journal import Journal
from storage.people import story_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What is marked on one story."""

    marks: Marks = UNMARKED
    breaking_at: datetime | None = None


class StoryMarks:
    """The marks of stories; a story without any is not there."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    async def of(self, story_ids: Sequence[StoryId]) -> Mapping[StoryId, Marked]:
        """Read the marks of those of these stories that have any."""
        async with self._database.transaction() as connection:
            return await marks_of(connection, story_ids)

    async def break_news(self, story_id: StoryId, *, at: datetime, by: int | None = None) -> None:
        """Let a story be breaking news from a moment on; one that lies ahead leaves time to think again.

        ``by`` is the editor who wants to hear to how many it went.
        """
        await self._set(story_id, breaking_at=at, breaking_by=by)

    async def calm(self, story_id: StoryId) -> None:
        """Let a story be no breaking news after all: what was sent stays, nothing more goes."""
        await self._set(story_id, breaking_at=None, breaking_by=None)

    async def broken(self, *, since: datetime) -> Mapping[StoryId, datetime]:
        """Which stories an editor called breaking news, and since when."""
        lately = select(story_marks.c.story_id, story_marks.c.breaking_at).where(story_marks.c.breaking_at >= since)
        async with self._database.transaction() as connection:
            return {StoryId(row.story_id): row.breaking_at for row in await connection.execute(lately)}

    async def unheard(self, *, before: datetime) -> Sequence[tuple[StoryId, int, datetime]]:
        """Which stories broke before a moment and whose editor has not heard how far they went: story, editor, when."""
        columns = select(story_marks.c.story_id, story_marks.c.breaking_by, story_marks.c.breaking_at)
        waiting = columns.where(story_marks.c.breaking_by.is_not(None), story_marks.c.breaking_at <= before)
        async with self._database.transaction() as connection:
            found = await connection.execute(waiting.order_by(story_marks.c.breaking_at))
            return [(StoryId(row.story_id), row.breaking_by, row.breaking_at) for row in found]

    async def heard(self, story_id: StoryId) -> None:
        """Say that its editor has heard."""
        mine = update(story_marks).where(story_marks.c.story_id == story_id).values(breaking_by=None)
        async with self._database.transaction() as connection:
            await connection.execute(mine)

    async def correct(self, story_id: StoryId, *, note: str = "", now: datetime) -> int:
        """Say that a story was told wrongly; ``note`` says what is right, in an editor's words.

        How many copies are to be drawn anew, as of the other two.
        """
        return await self._put_right(story_id, corrected_at=now, retracted_at=None, note=note, now=now)

    async def retract(self, story_id: StoryId, *, note: str = "", now: datetime) -> int:
        """Take a story back; ``note`` says why."""
        return await self._put_right(story_id, retracted_at=now, note=note, now=now)

    async def restore(self, story_id: StoryId, *, now: datetime) -> int:
        """Let a story that was taken back, or corrected, stand as its newsrooms tell it."""
        return await self._put_right(story_id, corrected_at=None, retracted_at=None, note="", now=now)

    async def _put_right(self, story_id: StoryId, *, now: datetime, **values: Any) -> int:
        async with self._database.transaction() as connection:
            await _write(connection, story_id, values)
            # In the same commit: a mark that no copy ever heard of would stay in none.
            wanted = await want_copies(connection, [story_id], now=now)
        self._journal.note([story_id])
        return wanted

    async def _set(self, story_id: StoryId, **values: Any) -> None:
        async with self._database.transaction() as connection:
            await _write(connection, story_id, values)
        self._journal.note([story_id])


async def _write(connection: AsyncConnection, story_id: StoryId, values: dict[str, Any]) -> None:
    await connection.execute(insert_new(connection, story_marks).values(story_id=story_id, note=""))
    await connection.execute(update(story_marks).where(story_marks.c.story_id == story_id).values(values))


async def marks_of(connection: AsyncConnection, story_ids: Sequence[int]) -> dict[StoryId, Marked]:
    """Read the marks of stories."""
    found: dict[StoryId, Marked] = {}
    for batch in batches(story_ids):
        for row in await connection.execute(select(story_marks).where(story_marks.c.story_id.in_(batch))):
            marks = Marks(corrected_at=row.corrected_at, retracted_at=row.retracted_at, note=row.note)
            found[StoryId(row.story_id)] = Marked(marks=marks, breaking_at=row.breaking_at)
    return found
