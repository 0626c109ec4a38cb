"""What the owner of a claimed row may do with it, one at a time or many in one commit. A part of ``storage.outbox``.

Whoever's name is no longer on a row may write nothing: it is somebody else's by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import OutboxId, OutboxState
from storage.columns import among
from storage.engine import Database, batches, insert_new
from storage.tables import outbox, outbox_parts

PENDING, CLAIMED, SENDING = OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENDING
IN_FLIGHT = (CLAIMED, SENDING)
FREE: dict[str, Any] = {"owner": None, "lease_until": None, "sending_part": None, "sending_at": None, "after_id": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A request about to be made: for which part, and the newest message id known in its chat's numbering, if any."""

    id: OutboxId
    part: int
    after_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A part that arrived, under which message id; ``last`` ends the row."""

    id: OutboxId
    part: int
    message_id: int
    last: bool = False


class Transitions:
    """The owner's moves; each answers False where the row is not the owner's."""

    _database: Database

    async def depart(self, departures: Sequence[Departure], *, owner: str, now: datetime) -> list[bool]:
        """Say that requests start now, in one commit; those answered False must not be made."""
        async with self._database.transaction() as connection:
            mine = await _held(connection, [one.id for one in departures], owner=owner)
            free = [one for one in departures if mine.get(one.id, -1) in (None, one.part)]
            if free:
                await connection.execute(
                    update(outbox)
                    .where(outbox.c.id == bindparam("row"))
                    .values(state=SENDING, sending_part=bindparam("part"), after_id=bindparam("after"), sending_at=now),
                    [{"row": one.id, "part": one.part, "after": one.after_id} for one in free],
                )
        going = {one.id for one in free}
        return [one.id in going for one in departures]

    async def arrive(self, arrivals: Sequence[Arrival], *, owner: str, now: datetime) -> list[bool]:
        """Remember which parts arrived, in one commit; a row goes on to its next part, or ends with its last."""
        async with self._database.transaction() as connection:
            held = await _held(connection, [one.id for one in arrivals], owner=owner)
            mine = [one for one in arrivals if one.id in held]
            if mine:
                parts = [
                    {"outbox_id": one.id, "part": one.part, "message_id": one.message_id, "sent_at": now}
                    for one in mine
                ]
                await connection.execute(insert_new(connection, outbox_parts), parts)
            waiting = [one.id for one in mine if not one.last]
            ended = [one.id for one in mine if one.last]
            going_on: dict[str, Any] = {"state": CLAIMED, "sending_part": None, "sending_at": None, "after_id": None}
            await set_rows(connection, waiting, going_on)
            await set_rows(connection, ended, {"state": OutboxState.SENT, "settled_at": now, **FREE})
        return [one.id in held for one in arrivals]

    async def mark_sending(self, outbox_id: OutboxId, *, part: int, owner: str, now: datetime) -> bool:
        """Say that the request for ``part`` starts now; False, and it must not, when the row is not the owner's."""
        return (await self.depart([Departure(id=outbox_id, part=part)], owner=owner, now=now))[0]

    async def record_part(self, outbox_id: OutboxId, *, part: int, message_id: int, owner: str, now: datetime) -> bool:
        """Remember that ``part`` arrived as ``message_id``; the row may go on to its next part or be settled."""
        return (await self.arrive([Arrival(id=outbox_id, part=part, message_id=message_id)], owner=owner, now=now))[0]

    async def settle(
        self,
        outbox_id: OutboxId,
        *,
        owner: str,
        state: Literal[OutboxState.SENT, OutboxState.REFUSED],
        reason: str | None = None,
        now: datetime,
    ) -> bool:
        """End a row: it arrived, or Telegram will never take it."""
        return await self._move(held_by(outbox_id, owner), state=state, reason=reason, settled_at=now, **FREE)

    async def retry(
        self, outbox_id: OutboxId, *, owner: str, at: datetime, reason: str, count_attempt: bool = True
    ) -> bool:
        """Let a row that surely did not arrive wait until ``at``."""
        attempts = outbox.c.attempts + int(count_attempt)
        mine = and_(outbox.c.id == outbox_id, outbox.c.owner == owner, among(outbox.c.state, *IN_FLIGHT))
        return await self._move(mine, state=PENDING, not_before=at, reason=reason, attempts=attempts, **FREE)

    async def hold(self, outbox_id: OutboxId, *, owner: str, reason: str, now: datetime) -> bool:
        """Hold a row of which nobody knows whether it arrived."""
        held = {"owner": None, "lease_until": None, "reason": reason, "settled_at": now}
        return await self._move(held_by(outbox_id, owner), state=OutboxState.UNKNOWN, **held)

    async def _move(self, where: ColumnElement[bool], **values: Any) -> bool:
        async with self._database.transaction() as connection:
            return bool((await connection.execute(update(outbox).where(where).values(values))).rowcount)


def held_by(outbox_id: OutboxId, owner: str) -> ColumnElement[bool]:
    """Whether a row is claimed or being sent by an owner."""
    return and_(outbox.c.id == outbox_id, _owned(owner))


def _owned(owner: str) -> ColumnElement[bool]:
    # Not whether the lease lives: a clock that jumps must not part a sender from its row. Whoever takes a row from an
    # owner whose lease ran out takes the owner's name off it.
    return and_(or_(outbox.c.state == CLAIMED, outbox.c.state == SENDING), outbox.c.owner == owner)


async def _held(connection: AsyncConnection, ids: Sequence[OutboxId], *, owner: str) -> dict[OutboxId, int | None]:
    """Lock those of the rows that are the owner's, in id order; each with the part that is being sent."""
    found: dict[OutboxId, int | None] = {}
    for batch in batches(sorted(set(ids))):
        mine = select(outbox.c.id, outbox.c.sending_part).where(outbox.c.id.in_(batch), _owned(owner))
        for row in await connection.execute(mine.order_by(outbox.c.id).with_for_update()):
            found[OutboxId(row.id)] = row.sending_part
    return found


async def set_rows(connection: AsyncConnection, ids: Sequence[OutboxId], values: Mapping[str, Any]) -> None:
    """Give rows these values, however many rows there are."""
    for batch in batches(ids):
        await connection.execute(update(outbox).where(outbox.c.id.in_(batch)).values(values))
