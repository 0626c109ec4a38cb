"""Rows of which nobody knows whether they arrived, and how the doubt ends. A part of ``storage.outbox``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, OutboxId, OutboxState, Parcel, Priority
from storage import rows
from storage.columns import among
from storage.digests import Shelf
from storage.engine import Database, insert_new
from storage.tables import chats, other_messages, outbox, outbox_parts
from storage.transitions import ENDED, FREE, IN_FLIGHT

OWN_NUMBERING = -1_000_000_000_000
"""Supergroups and channels have numbers below this, and each numbers its own messages."""

_NOBODY = 0
"""Under this number stands the newest message of the numbering that people share, whoever got it."""

_HELD = (
    *(outbox.c.settled_at, outbox.c.sending_at, outbox.c.created_at.label("written_at")),
    *(outbox.c.sending_part, outbox.c.after_id),
)

UNTOLD = "untold"
"""The reason of a row of which it cannot be found out: its person or admin decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A held row: which part is in doubt since when, and the newest message id known when it was about to be sent."""

    parcel: Parcel
    part: int
    since: datetime
    after_id: int | None = None


class Doubts:
    """Asked for by ``bot.inquiry``."""

    _database: Database
    _shelf: Shelf

    async def doubts(self) -> Sequence[Doubt]:
        """All held rows, the oldest first; those that were given up are not among them."""
        # The ended states written out are what the partial index is over.
        ended = among(outbox.c.state, *ENDED)
        held = and_(ended, outbox.c.state == OutboxState.UNKNOWN, outbox.c.reason.is_distinct_from(UNTOLD))
        statement = (
            select(*rows.HEAD_COLUMNS, *_HELD, *rows.CHAT_COLUMNS)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(held)
            .order_by(outbox.c.id)
        )
        async with self._database.transaction() as connection:
            found = []
            held_rows = (await connection.execute(statement)).all()
            written = await self._shelf.read(connection, {row.digest_id for row in held_rows})
            for row in held_rows:
                if row.digest_id not in written:
                    continue
                parts = await connection.execute(select(outbox_parts).where(outbox_parts.c.outbox_id == row.id))
                arrived = {part.part: part.message_id for part in parts}
                parcel = rows.parcel(row, written[row.digest_id], arrived)
                since = row.settled_at or row.sending_at or row.written_at
                found.append(Doubt(parcel=parcel, part=row.sending_part or 0, since=since, after_id=row.after_id))
            return found

    async def confirm(self, outbox_id: OutboxId, *, part: int, message_id: int, last: bool, now: datetime) -> bool:
        """Record that a held part arrived: its row is done, or goes on; False when it is not held."""
        async with self._database.transaction() as connection:
            ending: dict[str, Any] = (
                {"state": OutboxState.SENT, "settled_at": now}
                if last
                else {"state": OutboxState.PENDING, "not_before": now, "settled_at": None}
            )
            held = and_(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNKNOWN)
            moved = await connection.execute(update(outbox).where(held).values(**ending, **FREE))
            if moved.rowcount:
                arrived = {"outbox_id": outbox_id, "part": part, "message_id": message_id, "sent_at": now}
                await connection.execute(insert_new(connection, outbox_parts).values(arrived))
            return bool(moved.rowcount)

    async def resolve(self, outbox_id: OutboxId, *, again: bool, now: datetime, urgent: bool = False) -> bool:
        """End the doubt over a held row: send it ``again``, or let it be; False when it is not held (any more)."""
        ending: dict[str, Any] = (
            {"state": OutboxState.PENDING, "not_before": now, "settled_at": None}
            if again
            else {"state": OutboxState.REFUSED, "settled_at": now}
        )
        if urgent:
            ending["rank"] = Priority.URGENT.rank
        held = and_(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNKNOWN)
        async with self._database.transaction() as connection:
            return bool((await connection.execute(update(outbox).where(held).values(**ending, **FREE))).rowcount)

    async def held_chat(self, outbox_id: OutboxId) -> ChatId | None:
        """Say which chat a held row is for; None when the row is not held."""
        held = select(outbox.c.chat_id).where(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNKNOWN)
        async with self._database.transaction() as connection:
            found = await connection.scalar(held)
            return None if found is None else ChatId(found)

    async def give_up(self, outbox_id: OutboxId) -> bool:
        """Mark a held row as one of which it cannot be found out; False when it is not held."""
        held = and_(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNKNOWN)
        async with self._database.transaction() as connection:
            return bool((await connection.execute(update(outbox).where(held).values(reason=UNTOLD))).rowcount)

    async def missed(self, chat_ids: Sequence[ChatId]) -> Mapping[ChatId, OutboxId]:
        """Find the newest issue of each chat of which it could not be found out whether it arrived."""
        # The states written out lead to the partial index: without it every issue there is would be read.
        ended = among(outbox.c.state, *ENDED)
        untold = and_(ended, outbox.c.state == OutboxState.UNKNOWN, outbox.c.reason == UNTOLD)
        newest = select(outbox.c.chat_id, func.max(outbox.c.id)).where(untold).group_by(outbox.c.chat_id)
        wanted = frozenset(chat_ids)
        async with self._database.transaction() as connection:
            # There are few of them, whatever the number of chats.
            found = await connection.execute(newest)
            return {ChatId(row[0]): OutboxId(row[1]) for row in found if row[0] in wanted}

    async def arrived_ids(self, *, above: int, shared: bool, telegram_id: int) -> frozenset[int]:
        """Read the message ids above one that are known to be ours, in a chat's numbering (``bot.messageids``)."""
        ours = select(outbox_parts.c.message_id).join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
        ours = ours.join(chats, chats.c.id == outbox.c.chat_id)
        ours = ours.where(outbox_parts.c.message_id > above, _stands_there())
        same = chats.c.telegram_id > OWN_NUMBERING if shared else chats.c.telegram_id == telegram_id
        others = select(other_messages.c.message_id).where(
            other_messages.c.telegram_id == telegram_id, other_messages.c.message_id > above
        )
        async with self._database.transaction() as connection:
            found = {*await connection.scalars(ours.where(same)), *await connection.scalars(others)}
            return frozenset(found)

    async def is_ours(self, telegram_id: int, message_id: int) -> bool:
        """Say whether a message of a chat is known to be ours."""
        arrived = (
            select(outbox_parts.c.part)
            .join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(chats.c.telegram_id == telegram_id, outbox_parts.c.message_id == message_id, _stands_there())
        )
        other = select(other_messages.c.message_id).where(
            other_messages.c.telegram_id == telegram_id, other_messages.c.message_id == message_id
        )
        async with self._database.transaction() as connection:
            return bool(await connection.scalar(select(or_(arrived.exists(), other.exists()))))

    async def unnumbered(self, *, since: datetime) -> int:
        """Count the messages that may be somewhere under ids nobody knows: being sent, or held since a moment."""
        sending = and_(among(outbox.c.state, *IN_FLIGHT), outbox.c.state == OutboxState.SENDING)
        in_doubt = or_(outbox.c.reason.is_distinct_from(UNTOLD), outbox.c.settled_at >= since)
        held = and_(among(outbox.c.state, *ENDED), outbox.c.state == OutboxState.UNKNOWN, in_doubt)
        count = select(func.count()).select_from(outbox)
        async with self._database.transaction() as connection:
            return sum([await connection.scalar(count.where(some)) or 0 for some in (sending, held)])

    async def newest_message_ids(self) -> dict[int, int]:
        """Read the newest message id of ours in each chat, by Telegram's number; for the start of a process."""
        others = select(other_messages.c.telegram_id, func.max(other_messages.c.message_id))
        newest = (
            select(chats.c.telegram_id, func.max(outbox_parts.c.message_id))
            .join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(_stands_there())
            .group_by(chats.c.telegram_id)
        )
        async with self._database.transaction() as connection:
            known: dict[int, int] = {}
            for statement in (newest, others.group_by(other_messages.c.telegram_id)):
                for telegram_id, message_id in await connection.execute(statement):
                    known[telegram_id] = max(message_id, known.get(telegram_id, 0))
            return known

    async def note_other(self, telegram_id: int, message_id: int) -> None:
        """Remember a message of ours that is no issue, sent while an issue was under way to the same chat."""
        values = {"telegram_id": telegram_id, "message_id": message_id}
        async with self._database.transaction() as connection:
            await connection.execute(insert_new(connection, other_messages).values(values))


async def unnumber(connection: AsyncConnection, chat_id: ChatId) -> None:
    """Forget after which ids to look in a chat that numbers its messages anew: what is in doubt cannot be found."""
    doubtful = among(outbox.c.state, *IN_FLIGHT), among(outbox.c.state, OutboxState.UNKNOWN)
    for some in doubtful:
        await connection.execute(update(outbox).where(outbox.c.chat_id == chat_id, some).values(after_id=None))


def _stands_there() -> ColumnElement[bool]:
    """Whether a part stands in its chat under its id: not what a group got before it became this supergroup."""
    return or_(chats.c.old_ids_until.is_(None), outbox_parts.c.sent_at > chats.c.old_ids_until)


async def forget_others(connection: AsyncConnection) -> None:
    """Forget the other messages, but those that went to a chat while an issue is under way to it or in doubt.

    The newest of each numbering stays, from which the next process counts; of people's it is not kept whose it was.
    """
    known = other_messages.c
    shared = known.telegram_id > OWN_NUMBERING
    newest = await connection.scalar(select(func.max(known.message_id)).where(shared))
    if newest is not None:
        values = {"telegram_id": _NOBODY, "message_id": newest}
        await connection.execute(insert_new(connection, other_messages).values(values))
    doubtful = and_(outbox.c.state == OutboxState.UNKNOWN, outbox.c.reason.is_distinct_from(UNTOLD))
    unsettled = or_(among(outbox.c.state, *IN_FLIGHT), doubtful)
    above = or_(outbox.c.after_id.is_(None), outbox.c.after_id < known.message_id)
    same = and_(outbox.c.chat_id == chats.c.id, chats.c.telegram_id == known.telegram_id)
    needed = exists().where(same, unsettled, above)
    later = other_messages.alias()
    outdone = exists().where(later.c.telegram_id == known.telegram_id, later.c.message_id > known.message_id)
    old = or_(and_(shared, known.telegram_id != _NOBODY), outdone)
    await connection.execute(delete(other_messages).where(old, ~needed))
