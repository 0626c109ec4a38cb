"""The editors' desk as a table sees it: what waits for an opinion, who has taken what, what is drafted, who was told.

Every change compares before it sets, in one transaction: two who reach for one story at once cannot both have it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import Chat, ChatKind
from feeds.model import StoryId
from feeds.opinions import EditorsOpinion, OpinionOrigin, OpinionState
from storage import rows
from storage.channels import set_up
from storage.engine import Database, insert_new
from storage.opinions import NOTHING_YET, UNCLAIMED, UNDRAFTED, begin, opinion
from storage.people import desk_cards, opinion_history, opinions
from storage.tables import chats

OPEN = (OpinionState.REQUESTED, OpinionState.CLAIMED, OpinionState.DRAFT)
"""States in which an opinion is still to be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCard:
    """A message that shows an editor a story to judge."""

    story_id: StoryId
    user_id: int
    message_id: int


class Desk:
    """Stories that wait for an opinion. Users are Telegram's numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, due: Mapping[StoryId, datetime], *, now: datetime) -> frozenset[StoryId]:
        """Ask for opinions on stories, each by the moment it will be carried; those that nobody had asked for yet.

        One that is asked for again is due when it is due first.
        """
        new: set[StoryId] = set()
        async with self._database.transaction() as connection:
            for story_id, moment in sorted(due.items()):
                values = {"story_id": story_id, "due_at": moment, "asked_at": now, **NOTHING_YET}
                made = await connection.execute(insert_new(connection, opinions).values(values))
                if made.rowcount:
                    new.add(story_id)
                    continue
                sooner = and_(opinions.c.story_id == story_id, opinions.c.due_at > moment, _is_open())
                await connection.execute(update(opinions).where(sooner).values(due_at=moment))
        return frozenset(new)

    async def claim(
        self, story_id: StoryId, user_id: int, *, now: datetime, until: datetime
    ) -> tuple[bool, EditorsOpinion]:
        """Take a story for a while; whether it is theirs now, and the opinion as it is then.

        Whoever has it may take it again for longer. One that is not open any more is nobody's to take.
        """
        async with self._database.transaction() as connection:
            before = await begin(connection, story_id, now=now)
            free = before.claimed_by in (None, user_id) or before.claimed_until is None or before.claimed_until <= now
            if not free:
                return False, before
            state = before.state if before.state not in OPEN else OpinionState.CLAIMED
            if before.state is OpinionState.DRAFT:
                state = OpinionState.DRAFT
            return True, await _set(connection, story_id, claimed_by=user_id, claimed_until=until, state=state)

    async def release(self, story_id: StoryId, user_id: int) -> EditorsOpinion | None:
        """Give back what one has taken; None when one had not."""
        async with self._database.transaction() as connection:
            mine = and_(opinions.c.story_id == story_id, opinions.c.claimed_by == user_id)
            return await _free(connection, mine)

    async def expire(self, *, now: datetime) -> Sequence[tuple[EditorsOpinion, int]]:
        """Free what was taken and not finished in time; each as it is then, with who had it."""
        freed = []
        async with self._database.transaction() as connection:
            late = select(opinions).where(opinions.c.claimed_until <= now).with_for_update()
            for row in (await connection.execute(late)).all():
                after = await _free(connection, opinions.c.story_id == row.story_id)
                if after is not None:
                    freed.append((after, row.claimed_by))
        return freed

    async def draft(
        self, story_id: StoryId, text: str, *, origin: OpinionOrigin, user_id: int | None, now: datetime
    ) -> EditorsOpinion:
        """Keep a draft; what stands already stays. ``user_id`` is None for what was found or made without a person."""
        async with self._database.transaction() as connection:
            before = await begin(connection, story_id, now=now)
            state = OpinionState.DRAFT if before.state in OPEN and user_id is not None else before.state
            values = {"draft": text, "draft_origin": origin, "draft_by": user_id, "state": state}
            return await _set(connection, story_id, **values)

    async def drop_draft(self, story_id: StoryId, user_id: int) -> EditorsOpinion | None:
        """Throw one's own draft away and give the story back; None when there was none of theirs."""
        async with self._database.transaction() as connection:
            mine = and_(opinions.c.story_id == story_id, opinions.c.draft_by == user_id)
            changed = await connection.execute(update(opinions).where(mine).values(**UNDRAFTED))
            return await _free(connection, opinions.c.story_id == story_id) if changed.rowcount else None

    async def decline(self, story_id: StoryId, *, now: datetime) -> EditorsOpinion | None:
        """Say that a story goes without an opinion; None when one is published."""
        async with self._database.transaction() as connection:
            before = await begin(connection, story_id, now=now)
            if before.state not in (*OPEN, OpinionState.DECLINED):
                return None
            return await _set(connection, story_id, state=OpinionState.DECLINED, **UNCLAIMED, **UNDRAFTED)

    async def queue(self, *, since: datetime, limit: int = 100) -> Sequence[EditorsOpinion]:
        """Read what still waits of what was asked for at ``since`` or later, what is due first at its head."""
        waiting = select(opinions).where(_is_open(), opinions.c.asked_at >= since)
        async with self._database.transaction() as connection:
            found = await connection.execute(waiting.order_by(opinions.c.due_at, opinions.c.story_id).limit(limit))
            return [opinion(row) for row in found]

    async def show(self, card: DeskCard, *, now: datetime) -> None:
        """Remember a card that was sent."""
        values = {"story_id": card.story_id, "user_id": card.user_id, "message_id": card.message_id, "sent_at": now}
        async with self._database.transaction() as connection:
            await connection.execute(insert_new(connection, desk_cards).values(values))

    async def cards(self, story_id: StoryId) -> Sequence[DeskCard]:
        """Read all cards of a story, the newest of each editor last."""
        mine = select(desk_cards).where(desk_cards.c.story_id == story_id).order_by(desk_cards.c.message_id)
        async with self._database.transaction() as connection:
            return [
                DeskCard(story_id=StoryId(row.story_id), user_id=row.user_id, message_id=row.message_id)
                for row in await connection.execute(mine)
            ]

    async def story_of(self, user_id: int, message_id: int) -> StoryId | None:
        """Say which story a card is about."""
        mine = and_(desk_cards.c.user_id == user_id, desk_cards.c.message_id == message_id)
        async with self._database.transaction() as connection:
            found: int | None = await connection.scalar(select(desk_cards.c.story_id).where(mine))
            return None if found is None else StoryId(found)

    async def held(self, user_id: int, *, now: datetime) -> StoryId | None:
        """Say which story an editor has taken, the latest of several."""
        mine = and_(opinions.c.claimed_by == user_id, opinions.c.claimed_until > now)
        latest = select(opinions.c.story_id).where(mine).order_by(opinions.c.claimed_until.desc()).limit(1)
        async with self._database.transaction() as connection:
            found: int | None = await connection.scalar(latest)
            return None if found is None else StoryId(found)

    async def shown_since(self, moment: datetime) -> Mapping[int, int]:
        """Count the cards that each editor was sent of the desk's own accord since a moment."""
        lately = select(desk_cards.c.user_id, func.count(desk_cards.c.story_id.distinct()))
        async with self._database.transaction() as connection:
            found = await connection.execute(
                lately.where(desk_cards.c.sent_at >= moment).group_by(desk_cards.c.user_id)
            )
            return {row[0]: row[1] for row in found}

    async def untold(self) -> Sequence[tuple[EditorsOpinion, int]]:
        """Read the opinions whose copies were asked to change, with the editor who is to hear what came of it."""
        each = opinion_history.alias("each")
        newest = select(func.max(each.c.id)).where(each.c.story_id == opinions.c.story_id)
        changed = (
            select(opinions, opinion_history.c.user_id.label("changer"))
            .join(opinion_history, opinion_history.c.story_id == opinions.c.story_id)
            .where(opinions.c.told_version < opinions.c.version, opinion_history.c.id == newest.scalar_subquery())
            .where(opinion_history.c.user_id.is_not(None))
        )
        async with self._database.transaction() as connection:
            found = await connection.execute(changed.order_by(opinions.c.story_id))
            return [(opinion(row), row.changer) for row in found]

    async def told(self, story_id: StoryId, version: int) -> None:
        """Say that an editor was told what became of the copies of a version."""
        mine = and_(opinions.c.story_id == story_id, opinions.c.told_version < version)
        async with self._database.transaction() as connection:
            await connection.execute(update(opinions).where(mine).values(told_version=version))

    async def carriers(self, *, limit: int) -> Sequence[Chat]:
        """Read the channels and groups to which anything goes, in the order they came: what they carry is judged."""
        public = and_(set_up(), chats.c.kind != ChatKind.PRIVATE)
        async with self._database.transaction() as connection:
            found = await connection.execute(select(chats).where(public).order_by(chats.c.id).limit(limit))
            return [rows.chat(row) for row in found]

    async def prune(self, before: datetime) -> int:
        """Forget cards, and what was asked for in vain, from before a moment; how many of both."""
        old = and_(opinions.c.asked_at < before, opinions.c.state.in_([*OPEN, OpinionState.DECLINED]))
        async with self._database.transaction() as connection:
            cards = await connection.execute(delete(desk_cards).where(desk_cards.c.sent_at < before))
            return cards.rowcount + (await connection.execute(delete(opinions).where(old))).rowcount


def _is_open() -> ColumnElement[bool]:
    return or_(*(opinions.c.state == state for state in OPEN))


async def _set(connection: AsyncConnection, story_id: StoryId, **values: Any) -> EditorsOpinion:
    changed = update(opinions).where(opinions.c.story_id == story_id).values(values).returning(opinions)
    return opinion((await connection.execute(changed)).one())


async def _free(connection: AsyncConnection, which: ColumnElement[bool]) -> EditorsOpinion | None:
    """Take a claim away; what is drafted by a person stays a draft."""
    row = (
        await connection.execute(update(opinions).where(which).values(**UNCLAIMED).returning(opinions))
    ).one_or_none()
    if row is None:
        return None
    if row.state != OpinionState.CLAIMED:
        return opinion(row)
    return await _set(connection, StoryId(row.story_id), state=OpinionState.REQUESTED)
