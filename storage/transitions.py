"""What the owner of a claimed row may do with it, one at a time or many in one commit. A part of ``storage.outbox``.

Whoever's name is no longer on a row may write nothing: it is somebody else's by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Select, Update, and_, bindparam, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatState, OutboxId, OutboxState, Priority
from storage.columns import Moment, among
from storage.engine import Database, Insert, batches, insert_in
from storage.listed import as_rows, listed
from storage.listed import ids as listed_ids
from storage.prepared import Prepared, Trip, in_one_trip
from storage.tables import chats, outbox, outbox_parts

PENDING, CLAIMED, SENDING = OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.SENDING
SENT = OutboxState.SENT
IN_FLIGHT = (CLAIMED, SENDING)
ENDED = (SENT, OutboxState.REFUSED, OutboxState.UNKNOWN)
"""With these two written out (``among``) a statement is helped by the partial indexes over them."""
Ending = Literal[OutboxState.SENT, OutboxState.REFUSED]
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
            return await in_one_trip(connection, lambda trip: depart(trip, departures, owner=owner, now=now))

    async def arrive(self, arrivals: Sequence[Arrival], *, owner: str, now: datetime) -> list[bool]:
        """Remember which parts arrived, in one commit; a row goes on to its next part, or ends with its last."""
        async with self._database.transaction() as connection:
            return await in_one_trip(connection, lambda trip: arrive(trip, arrivals, owner=owner, now=now))

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
        state: Ending,
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

    async def leave_thread(self, outbox_id: OutboxId, *, owner: str, now: datetime) -> bool:
        """Let a row go to its group without a thread, at once, and whatever else waits for that thread of the group."""
        one = select(outbox.c.chat_id, outbox.c.thread_id).where(held_by(outbox_id, owner))
        async with self._database.transaction() as connection:
            found = (await connection.execute(one)).one_or_none()
            if found is None:
                return False
            again = {"state": PENDING, "not_before": now, "reason": "thread", **FREE}
            await connection.execute(update(outbox).where(held_by(outbox_id, owner)).values(again))
            same = and_(outbox.c.chat_id == found.chat_id, outbox.c.thread_id == found.thread_id)
            await connection.execute(update(outbox).where(among(outbox.c.state, PENDING), same).values(thread_id=None))
            return True

    async def hold(self, outbox_id: OutboxId, *, owner: str, reason: str, now: datetime) -> bool:
        """Hold a row of which nobody knows whether it arrived."""
        held = {"owner": None, "lease_until": None, "reason": reason, "settled_at": now}
        return await self._move(held_by(outbox_id, owner), state=OutboxState.UNKNOWN, **held)

    async def _move(self, where: ColumnElement[bool], **values: Any) -> bool:
        async with self._database.transaction() as connection:
            return bool((await connection.execute(update(outbox).where(where).values(values))).rowcount)


async def depart(trip: Trip, departures: Sequence[Departure], *, owner: str, now: datetime) -> list[bool]:
    """Mark rows of the owner's as being sent, unless another part of them is; which were.

    Those of which nothing was sent yet, and whose chats were stopped or paused since they were claimed, wait again.
    """
    if not departures:
        return []
    given = [(one.id, one.part, one.after_id) for one in departures]
    going = {row[0] for row in await trip.rows(_GOING, rows=as_rows(given), me=owner)}
    await trip.rows(_DEPARTING, rows=as_rows(one for one in given if one[0] in going), now=now)
    if staying := [one for one in given if one[0] not in going]:
        await trip.rows(_STAYING, rows=as_rows(staying), me=owner)
    return [one.id in going for one in departures]


async def arrive(trip: Trip, arrivals: Sequence[Arrival], *, owner: str, now: datetime) -> list[bool]:
    """Record parts of rows of the owner's; which were."""
    if not arrivals:
        return []
    mine = {row[0] for row in await trip.rows(_MINE, rows=as_rows((one.id,) for one in arrivals), me=owner)}
    recorded = [one for one in arrivals if one.id in mine]
    await trip.rows(_ARRIVING, rows=as_rows((one.id, int(one.last)) for one in recorded), now=now)
    parts = as_rows((one.id, one.part, one.message_id) for one in recorded)
    await trip.rows(_RECORDING, rows=parts, now=now)
    return [one.id in mine for one in arrivals]


# Who looks first and changes then needs no rows from the change: SQLite gives those one by one. Rows are locked in the
# order of their ids, as everybody does, so that nobody deadlocks.


def _mine(dialect: str) -> Select[Any]:
    mine = select(outbox.c.id).where(outbox.c.id.in_(listed_ids(dialect)), _owned(bindparam("me")))
    return mine.order_by(outbox.c.id).with_for_update()


def _going(dialect: str) -> Select[Any]:
    given = listed(dialect, "id", "part")
    this = or_(outbox.c.sending_part.is_(None), outbox.c.sending_part == given.c.part)
    going = select(outbox.c.id).join(given, outbox.c.id == given.c.id).join(chats, chats.c.id == outbox.c.chat_id)
    going = going.where(_owned(bindparam("me")), this, or_(deliverable(), given.c.part > 0))
    return going.order_by(outbox.c.id).with_for_update(of=outbox)


def _departing(dialect: str) -> Update:
    given = listed(dialect, "id", "part", "after_id")
    moved = update(outbox).where(outbox.c.id == given.c.id)
    marks = {"sending_part": given.c.part, "after_id": given.c.after_id, "sending_at": bindparam("now", type_=Moment())}
    return moved.values(state=SENDING, **marks)


def _staying(dialect: str) -> Update:
    mine = and_(outbox.c.id.in_(listed_ids(dialect)), _owned(bindparam("me")), outbox.c.state == CLAIMED)
    return update(outbox).where(mine).values(state=PENDING, **FREE)


def _arriving(dialect: str) -> Update:
    given = listed(dialect, "id", "last")
    last = given.c.last == 1
    moved = update(outbox).where(outbox.c.id == given.c.id)
    ending: dict[str, Any] = {
        "state": case((last, SENT), else_=CLAIMED),
        "settled_at": case((last, bindparam("now", type_=Moment())), else_=outbox.c.settled_at),
        "owner": case((last, None), else_=outbox.c.owner),
        "lease_until": case((last, None), else_=outbox.c.lease_until),
    }
    return moved.values(**FREE | ending)


def _recording(dialect: str) -> Insert:
    given = listed(dialect, "id", "part", "message_id")
    # The condition is for SQLite, which without one takes ON CONFLICT for that of a join.
    rows = select(*given.c, bindparam("now", type_=Moment())).where(given.c.id.is_not(None))
    names = ["outbox_id", "part", "message_id", "sent_at"]
    return insert_in(dialect, outbox_parts).from_select(names, rows).on_conflict_do_nothing()


_MINE, _GOING, _DEPARTING = Prepared(_mine), Prepared(_going), Prepared(_departing)
_STAYING = Prepared(_staying)
_ARRIVING, _RECORDING = Prepared(_arriving), Prepared(_recording)


def deliverable() -> ColumnElement[bool]:
    """Whether a row may go to its chat as the chat is now; what a person asked for goes to a stopped one too."""
    return or_(
        among(chats.c.state, ChatState.NEW, ChatState.ACTIVE),
        and_(among(chats.c.state, ChatState.STOPPED), outbox.c.rank == Priority.URGENT.rank),
    )


def held_by(outbox_id: OutboxId, owner: str) -> ColumnElement[bool]:
    """Whether a row is claimed or being sent by an owner."""
    return and_(outbox.c.id == outbox_id, _owned(owner))


def _owned(owner: str | BindParameter[str]) -> ColumnElement[bool]:
    # Not whether the lease lives: a clock that jumps must not part a sender from its row. Whoever takes a row from an
    # owner whose lease ran out takes the owner's name off it.
    return and_(among(outbox.c.state, *IN_FLIGHT), outbox.c.owner == owner)


async def set_rows(connection: AsyncConnection, ids: Sequence[OutboxId], values: Mapping[str, Any]) -> None:
    """Give rows these values, however many rows there are."""
    for batch in batches(ids):
        await connection.execute(update(outbox).where(outbox.c.id.in_(batch)).values(values))
