"""Votes on stories. What follows from them for anybody's taste is ``feeds.taste``'s to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select

from feeds.issue import ChatId
from feeds.model import StoryId
from feeds.taste import Vote
from storage.engine import Database, insert_new
from storage.people import votes

REMEMBERED: Final = 300
"""Votes of one chat that count: taste changes, and the newest say what it is."""


class Votes:
    """Who voted how; one vote for each chat and story."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, chat_id: ChatId, vote: Vote) -> int:
        """Vote, or take the vote back where it is the same as before; the vote that stands now, 0 for none."""
        this = (votes.c.chat_id == chat_id, votes.c.story_id == vote.story_id)
        async with self._database.transaction() as connection:
            before = await connection.scalar(select(votes.c.value).where(*this).with_for_update())
            await connection.execute(delete(votes).where(*this))
            if before == vote.value:
                return 0
            values = {
                "chat_id": chat_id,
                "story_id": vote.story_id,
                "value": vote.value,
                "topics": vote.topics,
                "voted_at": vote.voted_at,
            }
            await connection.execute(insert_new(connection, votes).values(values))
            return vote.value

    async def of(self, chat_id: ChatId, story_id: StoryId) -> int:
        """Read how a chat voted on a story; 0 when it did not."""
        this = select(votes.c.value).where(votes.c.chat_id == chat_id, votes.c.story_id == story_id)
        async with self._database.transaction() as connection:
            return int(await connection.scalar(this) or 0)

    async def all_of(self, chat_id: ChatId) -> Sequence[Vote]:
        """Read a chat's votes, the newest first, as many as count."""
        mine = select(votes).where(votes.c.chat_id == chat_id)
        newest = mine.order_by(votes.c.voted_at.desc(), votes.c.story_id.desc()).limit(REMEMBERED)
        async with self._database.transaction() as connection:
            return [
                Vote(story_id=StoryId(row.story_id), value=row.value, topics=row.topics, voted_at=row.voted_at)
                for row in await connection.execute(newest)
            ]
