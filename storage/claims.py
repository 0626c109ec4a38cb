"""Which rows go next, and the courier's round: what arrived, what departs and what is claimed, in one commit.

A part of ``storage.outbox``. The statements are made once, for a courier asks for them again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, exists, not_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import OutboxId, OutboxState, Parcel
from storage import rows
from storage.columns import Moment, among
from storage.digests import DigestId, Shelf
from storage.engine import Database, batches
from storage.listed import as_rows
from storage.listed import ids as listed_ids
from storage.prepared import Prepared, Trip, in_one_trip
from storage.tables import chats, outbox, outbox_parts
from storage.transitions import (
    CLAIMED,
    FREE,
    IN_FLIGHT,
    PENDING,
    Arrival,
    Departure,
    arrive,
    deliverable,
    depart,
    set_rows,
)

Found = Sequence[Sequence[Any]]
"""Rows of the outbox with their chats, as ``parcels`` selects them."""
_NOW = bindparam("now", type_=Moment())
_ORDER = (outbox.c.rank, outbox.c.due_at, outbox.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A wish for rows to deliver, for ``limit`` chats at most, and for how long they are leased."""

    limit: int
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a commit: which arrivals and departures were the owner's, in their order, and what was claimed."""

    arrived: Sequence[bool]
    departed: Sequence[bool]
    claimed: Sequence[Parcel]


class Claims:
    """Rows come into a courier's hands; ``owner`` must be new for each start of a courier."""

    _database: Database
    _shelf: Shelf

    async def claim(self, *, now: datetime, limit: int, lease: timedelta, owner: str) -> Sequence[Parcel]:
        """Lease what goes next to ``limit`` chats at most: one row for each, none where one is under way already.

        By priority, then by time. A digest that cannot be read is refused with the reason ``unreadable`` rather than
        hold up the queue.
        """
        claim = Claim(limit=limit, lease=lease)
        async with self._database.transaction() as connection:
            found = await in_one_trip(connection, lambda trip: _take(trip, claim, owner=owner, now=now))
            return await self._unpack(connection, found, now=now)

    async def go_round(
        self,
        arrivals: Sequence[Arrival],
        departures: Sequence[Departure],
        claim: Claim | None,
        *,
        owner: str,
        now: datetime,
    ) -> Round:
        """Do in one commit what ``arrive``, ``depart`` and ``claim`` do in three."""

        async def work(trip: Trip) -> tuple[list[bool], list[bool], Found]:
            arrived = await arrive(trip, arrivals, owner=owner, now=now)
            departed = await depart(trip, departures, owner=owner, now=now)
            return arrived, departed, await _take(trip, claim, owner=owner, now=now) if claim else ()

        async with self._database.transaction() as connection:
            arrived, departed, found = await in_one_trip(connection, work)
            return Round(arrived=arrived, departed=departed, claimed=await self._unpack(connection, found, now=now))

    async def _unpack(self, connection: AsyncConnection, found: Found, *, now: datetime) -> Sequence[Parcel]:
        """Make parcels of rows that were claimed; refuse those that cannot be read."""
        if not found:
            return []
        parcels, unreadable = await self._read(connection, found)
        refused = {"state": OutboxState.REFUSED, "reason": "unreadable", "settled_at": now, **FREE}
        await set_rows(connection, unreadable, refused)
        return parcels

    async def _read(self, connection: AsyncConnection, found: Found) -> tuple[list[Parcel], list[OutboxId]]:
        """Make parcels of rows; the second list are those whose digest cannot be read."""
        heads = [rows.head(row) for row in found]
        parts: dict[int, dict[int, int]] = {}
        for batch in batches([head.id for head in heads if head.begun]):
            for part in await connection.execute(select(outbox_parts).where(outbox_parts.c.outbox_id.in_(batch))):
                parts.setdefault(part.outbox_id, {})[part.part] = part.message_id
        written = await self._shelf.read(connection, {DigestId(head.digest_id) for head in heads})
        read, unreadable = [], []
        for head, row in zip(heads, found, strict=True):
            digest = written.get(DigestId(head.digest_id))
            if digest is None:
                unreadable.append(OutboxId(head.id))
            else:
                read.append(rows.packed(head, rows.joined_chat(row), digest, parts.get(head.id, {})))
        return read, unreadable


async def _take(trip: Trip, claim: Claim, *, owner: str, now: datetime) -> Found:
    """Lease rows to an owner; what ``_read`` makes parcels of."""
    if trip.dialect == "postgresql":
        # Chats first: two claimers that look at the same moment would each find another row of one chat free.
        free = await trip.rows(_FREE_CHATS, now=now, most=claim.limit)
        found = await trip.rows(_NEXT_OF, rows=as_rows(free), now=now)
    else:
        found = await trip.rows(_NEXT, now=now, most=claim.limit)
    if found:
        await trip.rows(_LEASING, rows=as_rows((row[0],) for row in found), me=owner, until=now + claim.lease)
    return found


def parcels() -> Select[Any]:
    """Select outbox rows with their chats, for ``rows.parcel``."""
    joined = select(*rows.HEAD_COLUMNS, *rows.CHAT_COLUMNS).join(chats, chats.c.id == outbox.c.chat_id)
    return joined.order_by(*_ORDER)


def under_way() -> ColumnElement[bool]:
    """Whether something is on its way to a row's chat."""
    other = outbox.alias("under_way")
    return exists().where(other.c.chat_id == outbox.c.chat_id, among(other.c.state, *IN_FLIGHT))


def _next_of_chat() -> ColumnElement[bool]:
    """Whether a row is what its chat gets next: claimable now, and no other one goes before it."""
    first = outbox.alias("before")
    earlier = exists().where(
        first.c.chat_id == outbox.c.chat_id,
        among(first.c.state, PENDING),
        first.c.not_before <= _NOW,
        tuple_(first.c.rank, first.c.due_at, first.c.id) < tuple_(*_ORDER),
    )
    claimable = and_(among(outbox.c.state, PENDING), outbox.c.not_before <= _NOW)
    return and_(claimable, deliverable(), not_(under_way()), not_(earlier))


def _next(_dialect: str) -> Select[Any]:
    return parcels().where(_next_of_chat()).limit(bindparam("most"))


def _free_chats(_dialect: str) -> Select[Any]:
    joined = select(chats.c.id).join(outbox, outbox.c.chat_id == chats.c.id).where(_next_of_chat()).order_by(*_ORDER)
    return joined.limit(bindparam("most")).with_for_update(skip_locked=True, of=chats)


def _next_of(dialect: str) -> Select[Any]:
    return parcels().where(_next_of_chat(), chats.c.id.in_(listed_ids(dialect)))


def _leasing(dialect: str) -> Update:
    leased = update(outbox).where(outbox.c.id.in_(listed_ids(dialect)))
    return leased.values(state=CLAIMED, owner=bindparam("me"), lease_until=bindparam("until", type_=Moment()))


_NEXT, _NEXT_OF, _FREE_CHATS, _LEASING = Prepared(_next), Prepared(_next_of), Prepared(_free_chats), Prepared(_leasing)
