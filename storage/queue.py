"""What is planned for one channel: the rows that wait for it, and what those who run it may do with one.

Every move compares first: a row that is no longer waiting has been posted, or is on its way, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, Digest, OutboxId, OutboxState, Parcel
from storage import rows
from storage.columns import among
from storage.digests import Shelf
from storage.engine import Database
from storage.people import approvals
from storage.posted import TRIAL
from storage.tables import chats, outbox, outbox_parts
from storage.transitions import ENDED, PENDING

DROPPED = "dropped"
"""The reason of a row that an admin took out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A row that waits; ``waits_for`` a person's word until ``publish_at``, or for ever where that is None."""

    id: OutboxId
    slot: str
    digest: Digest
    due_at: datetime
    waits_for_approval: bool = False
    publish_at: datetime | None = None


class Queue:
    """Asked for by those who run a channel."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf()

    async def planned(self, chat_id: ChatId, *, limit: int) -> Sequence[Planned]:
        """Read what waits for a chat, in the order it will go."""
        statement = (
            select(outbox, approvals.c.publish_at, approvals.c.outbox_id.is_not(None).label("asked"))
            .outerjoin(approvals, and_(approvals.c.outbox_id == outbox.c.id, approvals.c.decided_at.is_(None)))
            .where(_waiting(chat_id))
            .order_by(outbox.c.rank, outbox.c.due_at, outbox.c.id)
            .limit(limit)
        )
        async with self._database.transaction() as connection:
            found = (await connection.execute(statement)).all()
            written = await self._shelf.read(connection, [row.digest_id for row in found])
            return [_planned(row, written[row.digest_id]) for row in found if row.digest_id in written]

    async def drop(self, chat_id: ChatId, outbox_id: OutboxId, *, now: datetime) -> bool:
        """Take a waiting row out; False when it waits no longer."""
        refused = {"state": OutboxState.REFUSED, "reason": DROPPED, "settled_at": now}
        return await self._move(chat_id, outbox_id, refused)

    async def hurry(self, chat_id: ChatId, outbox_id: OutboxId, *, now: datetime) -> bool:
        """Let a waiting row go now, before the others of its chat; False when it waits no longer."""
        async with self._database.transaction() as connection:
            first = await connection.scalar(select(func.min(outbox.c.due_at)).where(_waiting(chat_id)))
            before = {"due_at": min(now, (first or now) - timedelta(microseconds=1)), "not_before": now}
            return await _set(connection, _row(chat_id, outbox_id), before)

    async def lift(self, chat_id: ChatId, outbox_id: OutboxId) -> bool:
        """Let a waiting row change places with the one before it; False when it waits no longer or is the first."""
        async with self._database.transaction() as connection:
            waiting = select(outbox.c.id, outbox.c.due_at, outbox.c.rank).where(_waiting(chat_id))
            ordered = waiting.order_by(outbox.c.rank, outbox.c.due_at, outbox.c.id).with_for_update()
            pile = (await connection.execute(ordered)).all()
            place = next((index for index, row in enumerate(pile) if row.id == outbox_id), 0)
            if place == 0:
                return False
            mine, other = pile[place], pile[place - 1]
            # Rows due at the same moment go by id: a microsecond makes the order plain.
            later = max(mine.due_at, other.due_at + timedelta(microseconds=1))
            up = {"due_at": other.due_at, "rank": other.rank}
            down = {"due_at": later, "rank": mine.rank}
            return await _set(connection, _row(chat_id, mine.id), up) and await _set(
                connection, _row(chat_id, other.id), down
            )

    async def parcel(self, outbox_id: OutboxId) -> Parcel | None:
        """Read a row with its chat, whatever state it is in; None when it is gone."""
        statement = select(*rows.HEAD_COLUMNS, *rows.CHAT_COLUMNS).join(chats, chats.c.id == outbox.c.chat_id)
        async with self._database.transaction() as connection:
            row = (await connection.execute(statement.where(outbox.c.id == outbox_id))).one_or_none()
            if row is None:
                return None
            digest = (await self._shelf.read(connection, [row.digest_id])).get(row.digest_id)
            return None if digest is None else rows.parcel(row, digest, {})

    async def posted(self, chat_id: ChatId, slot: str) -> Sequence[int]:
        """Read under which message ids what was enqueued under a slot arrived."""
        mine = and_(outbox.c.chat_id == chat_id, outbox.c.slot == slot)
        found = select(outbox_parts.c.message_id).join(outbox, outbox.c.id == outbox_parts.c.outbox_id).where(mine)
        async with self._database.transaction() as connection:
            return list(await connection.scalars(found.order_by(outbox_parts.c.part)))

    async def cancel(self, chat_id: ChatId, slot: str, *, now: datetime) -> bool:
        """Take out what was enqueued under a slot; False when it waits no longer."""
        mine = and_(outbox.c.chat_id == chat_id, outbox.c.slot == slot, outbox.c.state == PENDING)
        async with self._database.transaction() as connection:
            return await _set(connection, mine, {"state": OutboxState.REFUSED, "reason": DROPPED, "settled_at": now})

    async def posts_since(self, chat_id: ChatId, since: datetime) -> int:
        """Count the posts that a chat got since a moment; a post in several messages is one, a trial none."""
        mine = and_(
            outbox.c.chat_id == chat_id,
            among(outbox.c.state, *ENDED),  # as the index cuts them
            outbox.c.state == OutboxState.SENT,
            outbox.c.settled_at >= since,
            outbox.c.slot.not_like(f"{TRIAL}%"),
        )
        async with self._database.transaction() as connection:
            return await connection.scalar(select(func.count()).select_from(outbox).where(mine)) or 0

    async def _move(self, chat_id: ChatId, outbox_id: OutboxId, values: dict[str, Any]) -> bool:
        async with self._database.transaction() as connection:
            return await _set(connection, _row(chat_id, outbox_id), values)


def _waiting(chat_id: ChatId) -> ColumnElement[bool]:
    return and_(outbox.c.chat_id == chat_id, outbox.c.state == PENDING)


def _row(chat_id: ChatId, outbox_id: OutboxId) -> ColumnElement[bool]:
    # By the chat too: the row's number comes from a button, and buttons may be forged.
    return and_(outbox.c.id == outbox_id, _waiting(chat_id))


async def _set(connection: AsyncConnection, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    return bool((await connection.execute(update(outbox).where(where).values(values))).rowcount)


def _planned(row: rows.AnyRow, digest: Digest) -> Planned:
    return Planned(
        id=OutboxId(row.id),
        slot=row.slot,
        digest=digest,
        due_at=row.due_at,
        waits_for_approval=bool(row.asked),
        publish_at=row.publish_at,
    )
