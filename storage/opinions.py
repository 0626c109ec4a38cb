"""Opinions of our editors: the words that stand, and every change of them. Of whoever decides, storage knows nothing.

Each change grows the version: who changes an older one than there is gets None, and changes nothing. What changes is
asked for in every posted copy within the same transaction, so that no crash leaves a copy behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.model import StoryId
from feeds.opinions import EditorsOpinion, OpinionOrigin, OpinionState
from storage import rows
from storage.columns import among
from storage.copies import want_copies
from storage.engine import Database, batches, insert_new
from storage.journal import Journal
from storage.people import opinion_history, opinions, votes

_FIELDS = tuple(field.name for field in fields(EditorsOpinion))
UNCLAIMED: Mapping[str, Any] = {"claimed_by": None, "claimed_until": None}
UNDRAFTED: Mapping[str, Any] = {"draft": "", "draft_origin": None, "draft_by": None}
NOTHING_YET: Mapping[str, Any] = {
    "state": OpinionState.REQUESTED,
    "version": 0,
    "label": "",
    "text": "",
    "signature": "",
    "draft": "",
    "told_version": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of an opinion's history."""

    version: int
    state: OpinionState
    text: str
    user_id: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An opinion that an editor published: on which story, how long after it was asked for, how many liked it."""

    story_id: StoryId
    took: timedelta
    liked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An opinion after somebody decided on it, and how many posted copies wait to say so."""

    opinion: EditorsOpinion
    copies: int = 0


class Opinions:
    """One opinion for each story at most."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    async def get(self, story_id: StoryId) -> EditorsOpinion | None:
        """Read the opinion on a story, in whatever state."""
        async with self._database.transaction() as connection:
            return await _one(connection, story_id)

    async def work(self, user_id: int, *, since: datetime, before: datetime) -> Sequence[Work]:
        """Read what an editor published first at ``since`` or later and ``before`` a moment, in that order."""
        first = func.min(opinion_history.c.changed_at)
        mine = and_(opinion_history.c.user_id == user_id, opinion_history.c.state == OpinionState.APPROVED)
        liked = select(func.count()).where(votes.c.story_id == opinions.c.story_id, votes.c.value > 0)
        written = (
            select(
                opinions.c.story_id, opinions.c.asked_at, first.label("done_at"), liked.scalar_subquery().label("liked")
            )
            .join(opinion_history, opinion_history.c.story_id == opinions.c.story_id)
            .where(mine)
            .group_by(opinions.c.story_id, opinions.c.asked_at)
            .having(first >= since, first < before)
            .order_by(first, opinions.c.story_id)
        )
        async with self._database.transaction() as connection:
            return [
                Work(story_id=StoryId(row.story_id), took=row.done_at - row.asked_at, liked=row.liked)
                for row in await connection.execute(written)
            ]

    async def approved_for(self, story_ids: Sequence[StoryId]) -> Mapping[StoryId, EditorsOpinion]:
        """Read the opinions that may be shown."""
        async with self._database.transaction() as connection:
            return await approved(connection, story_ids)

    async def approve(
        self,
        story_id: StoryId,
        *,
        text: str,
        label: str,
        signature: str = "",
        origin: OpinionOrigin = OpinionOrigin.WRITTEN,
        author_id: int | None = None,
        version: int | None = None,
        now: datetime,
    ) -> Decision | None:
        """Let these words be shown; None when somebody changed the opinion meanwhile.

        ``version`` is the one that was read; None overrules whatever there is.
        """
        words = {"text": text, "label": label, "signature": signature, "origin": origin, "author_id": author_id}
        values = {"state": OpinionState.APPROVED, "approved_at": now, **UNCLAIMED, **UNDRAFTED}
        return await self._change(story_id, words | values, version=version, user_id=author_id, now=now)

    async def withdraw(
        self, story_id: StoryId, *, user_id: int | None = None, version: int | None = None, now: datetime
    ) -> Decision | None:
        """Show an opinion no more; None when there is none, or somebody changed it meanwhile."""
        if await self.get(story_id) is None:
            return None
        values = {"state": OpinionState.WITHDRAWN}
        return await self._change(story_id, values, version=version, user_id=user_id, now=now)

    async def history(self, story_id: StoryId) -> Sequence[Change]:
        """Read who changed an opinion, when and to what, the oldest first."""
        mine = select(opinion_history).where(opinion_history.c.story_id == story_id).order_by(opinion_history.c.id)
        async with self._database.transaction() as connection:
            return [
                Change(
                    version=row.version,
                    state=row.state,
                    text=row.text,
                    user_id=row.user_id,
                    changed_at=row.changed_at,
                )
                for row in await connection.execute(mine)
            ]

    async def _change(
        self, story_id: StoryId, values: Mapping[str, Any], *, version: int | None, user_id: int | None, now: datetime
    ) -> Decision | None:
        async with self._database.transaction() as connection:
            before = await begin(connection, story_id, now=now)
            if version is not None and version != before.version:
                return None
            changed = update(opinions).where(opinions.c.story_id == story_id)
            await connection.execute(changed.values(version=before.version + 1, **values))
            after = await begin(connection, story_id, now=now)
            trace = {
                "story_id": story_id,
                "version": after.version,
                "state": after.state,
                "text": after.text,
                "user_id": user_id,
                "changed_at": now,
            }
            await connection.execute(insert(opinion_history).values(trace))
            copies = await want_copies(connection, [story_id], now=now)
        self._journal.note([story_id])
        return Decision(opinion=after, copies=copies)


async def approved(connection: AsyncConnection, story_ids: Sequence[int]) -> dict[StoryId, EditorsOpinion]:
    """Read the approved opinions on these stories."""
    found: dict[StoryId, EditorsOpinion] = {}
    for batch in batches(story_ids):
        shown = select(opinions).where(opinions.c.story_id.in_(batch), among(opinions.c.state, OpinionState.APPROVED))
        found |= {StoryId(row.story_id): opinion(row) for row in await connection.execute(shown)}
    return found


async def signed_by(connection: AsyncConnection, user_id: int) -> Sequence[StoryId]:
    """Find the stories that say what a person thinks of them, under their name."""
    theirs = (opinions.c.author_id == user_id, opinions.c.state == OpinionState.APPROVED)
    found = await connection.scalars(select(opinions.c.story_id).where(*theirs, opinions.c.signature != ""))
    return [StoryId(story_id) for story_id in found]


async def begin(connection: AsyncConnection, story_id: StoryId, *, now: datetime) -> EditorsOpinion:
    """Read the opinion on a story and keep it from changing until the transaction ends; there is one ever after.

    There is a row before anybody asks for it: of two who begin one at once, the second waits and is told.
    """
    values = {"story_id": story_id, "due_at": now, "asked_at": now, **NOTHING_YET}
    await connection.execute(insert_new(connection, opinions).values(values))
    found = await _one(connection, story_id)
    assert found is not None  # noqa: S101  written in this transaction
    return found


async def _one(connection: AsyncConnection, story_id: StoryId) -> EditorsOpinion | None:
    mine = select(opinions).where(opinions.c.story_id == story_id).with_for_update()
    row = (await connection.execute(mine)).one_or_none()
    return None if row is None else opinion(row)


def opinion(row: rows.AnyRow) -> EditorsOpinion:
    """Read a row of ``opinions``."""
    return EditorsOpinion(**{name: getattr(row, name) for name in _FIELDS})
