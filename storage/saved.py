"""Stories that people saved: their headlines and addresses, which outlive the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from feeds.issue import ChatId
from feeds.model import StoryId
from storage.engine import Database, insert_new
from storage.people import saved

MOST: Final = 500
"""Stories that one person keeps; beyond, the oldest goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedStory:
    """A story as it was when somebody saved it."""

    story_id: StoryId
    headline: str
    url: str
    saved_at: datetime


class Saved:
    """What is saved, by chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, chat_id: ChatId, story: SavedStory) -> int:
        """Save a story, or leave it as it was saved; how many there are now. Beyond ``MOST`` the oldest go."""
        mine = saved.c.chat_id == chat_id
        values = {
            "chat_id": chat_id,
            "story_id": story.story_id,
            "headline": story.headline,
            "url": story.url,
            "saved_at": story.saved_at,
        }
        newest = select(saved.c.story_id).where(mine).order_by(saved.c.saved_at.desc(), saved.c.story_id.desc())
        async with self._database.transaction() as connection:
            await connection.execute(insert_new(connection, saved).values(values))
            kept = list(await connection.scalars(newest.limit(MOST + 1)))
            if len(kept) > MOST:
                await connection.execute(delete(saved).where(mine, saved.c.story_id.not_in(kept[:MOST])))
            return min(len(kept), MOST)

    async def drop(self, chat_id: ChatId, story_id: StoryId) -> bool:
        """Forget a saved story; False when it was not saved."""
        this = delete(saved).where(saved.c.chat_id == chat_id, saved.c.story_id == story_id)
        async with self._database.transaction() as connection:
            return bool((await connection.execute(this)).rowcount)

    async def has(self, chat_id: ChatId, story_id: StoryId) -> bool:
        """Say whether a chat saved a story."""
        this = select(saved.c.story_id).where(saved.c.chat_id == chat_id, saved.c.story_id == story_id)
        async with self._database.transaction() as connection:
            return await connection.scalar(this) is not None

    async def page(self, chat_id: ChatId, *, offset: int = 0, limit: int = MOST) -> Sequence[SavedStory]:
        """Read saved stories, the newest first."""
        mine = select(saved).where(saved.c.chat_id == chat_id)
        newest = mine.order_by(saved.c.saved_at.desc(), saved.c.story_id.desc()).offset(offset).limit(limit)
        async with self._database.transaction() as connection:
            return [
                SavedStory(story_id=StoryId(row.story_id), headline=row.headline, url=row.url, saved_at=row.saved_at)
                for row in await connection.execute(newest)
            ]

    async def count(self, chat_id: ChatId) -> int:
        """Count what a chat saved."""
        mine = select(func.count()).select_from(saved).where(saved.c.chat_id == chat_id)
        async with self._database.transaction() as connection:
            return int(await connection.scalar(mine) or 0)
