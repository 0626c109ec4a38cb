"""The outbox: every transition of an issue on its way to a chat. Satisfies ``feeds.pipeline.IssueStore``.

    (nothing) → pending → claimed → sending → sent | refused | unknown

A claim has an owner and a lease. A row whose lease ran out may be taken from its owner, who then may write nothing
about it any more: it is pending again, unless it was marked ``sending``: then nobody knows whether the message arrived,
and it is held as ``unknown`` rather than sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, ChatState, Digest, Issue, OutboxId, OutboxState, Parcel, Priority
from storage import rows
from storage.backlog import Backlog
from storage.columns import among, bounded
from storage.doubts import Doubts
from storage.engine import Database, batches
from storage.issues import enqueue
from storage.tables import chats, coverage, outbox, outbox_parts
from storage.transitions import CLAIMED, FREE, IN_FLIGHT, PENDING, SENDING, Transitions, set_rows

ENDED = (OutboxState.SENT, OutboxState.REFUSED, OutboxState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclaimed:
    """What became of rows whose lease ran out."""

    pending: int = 0
    unknown: int = 0


class Outbox(Transitions, Doubts, Backlog):
    """Issues that wait, are under way, or have arrived."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Commit 2: enqueue, remember what is covered, move the schedules; how many rows were new.

        A slot that is enqueued already stays as it is. A chat that was forgotten, paused or stopped meanwhile gets
        nothing, unless it asked (``Priority.URGENT``).
        """
        async with self._database.transaction() as connection:
            return await enqueue(connection, issues, now=now)

    async def issued(self, chat_id: ChatId, slot: str) -> Digest | None:
        """Return the digest that was enqueued under a slot; None when none was."""
        mine = select(outbox.c.digest).where(outbox.c.chat_id == chat_id, outbox.c.slot == bounded(slot))
        async with self._database.transaction() as connection:
            found = await connection.scalar(mine)
            return None if found is None else rows.read_digest(found)

    async def claim(self, *, now: datetime, limit: int, lease: timedelta, owner: str) -> Sequence[Parcel]:
        """Lease what goes next to ``limit`` chats at most: one row for each, none where one is under way already.

        By priority, then by time. ``owner`` must be new for each start of a courier. A digest that cannot be read is
        refused with the reason ``unreadable`` rather than hold up the queue.
        """
        async with self._database.transaction() as connection:
            # Chats first: two claimers that look at the same moment would each find another row of one chat free.
            open_chats = (
                select(chats.c.id)
                .join(outbox, outbox.c.chat_id == chats.c.id)
                .where(_next_of_chat(now))
                .order_by(outbox.c.rank, outbox.c.due_at, outbox.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True, of=chats)
            )
            ids = list(await connection.scalars(open_chats))
            found = (await connection.execute(_parcels().where(_next_of_chat(now), chats.c.id.in_(ids)))).all()
            parcels, unreadable = await _read(connection, found)
            claimed = {"state": CLAIMED, "owner": owner, "lease_until": now + lease}
            await set_rows(connection, [parcel.id for parcel in parcels], claimed)
            refused = {"state": OutboxState.REFUSED, "reason": "unreadable", "settled_at": now}
            await set_rows(connection, unreadable, refused)
            return parcels

    async def release(self, owner: str) -> int:
        """Give back what an owner claimed and did not begin to send; how many rows."""
        mine = and_(outbox.c.owner == owner, outbox.c.state == CLAIMED)
        async with self._database.transaction() as connection:
            return (await give_back(connection, mine)).pending

    async def reclaim(self, *, now: datetime, sparing: str = "") -> Reclaimed:
        """Take rows from owners whose lease ran out: pending again, or unknown when being sent.

        Not from ``sparing``: whoever asks is alive, even if the clock has jumped over its leases.
        """
        over = and_(outbox.c.lease_until <= now, outbox.c.owner != sparing)
        async with self._database.transaction() as connection:
            return await give_back(connection, over, now=now)

    async def take_over(self, *, now: datetime) -> Reclaimed:
        """Take the rows of all owners, for there is no other process; what waits to be tried again is due at once.

        Neither depends on the clock: it may have been turned back since the last process wrote.
        """
        async with self._database.transaction() as connection:
            taken = await give_back(connection, outbox.c.owner.is_not(None), now=now)
            await _hasten(connection, now)
            return taken

    async def hasten(self, *, now: datetime) -> int:
        """Let what waits to be tried again wait no longer: the clock was turned back; how many rows."""
        async with self._database.transaction() as connection:
            return await _hasten(connection, now)

    async def extend(self, owner: str, *, now: datetime, lease: timedelta) -> int:
        """Renew all leases of an owner, also those that ran out but were not taken; how many rows."""
        mine = and_(outbox.c.owner == owner, among(outbox.c.state, *IN_FLIGHT))
        async with self._database.transaction() as connection:
            return (await connection.execute(update(outbox).where(mine).values(lease_until=now + lease))).rowcount

    async def next_due(self, now: datetime) -> datetime | None:
        """Say when there will be something to claim: ``now``, later, or None while nothing waits."""
        waiting = (
            select(outbox.c.not_before)
            .join(chats, chats.c.id == outbox.c.chat_id)
            .where(among(outbox.c.state, PENDING), _deliverable(), not_(_under_way()))
            .order_by(outbox.c.not_before)
            .limit(1)
        )
        async with self._database.transaction() as connection:
            moment: datetime | None = await connection.scalar(waiting)
            return None if moment is None else max(moment, now)

    async def counts(self) -> Mapping[OutboxState, int]:
        """Count the rows in each state."""
        async with self._database.transaction() as connection:
            counts = dict.fromkeys(OutboxState, 0)
            for states in ((PENDING,), IN_FLIGHT, ENDED):  # as the partial indexes cut them
                found = select(outbox.c.state, func.count()).where(among(outbox.c.state, *states))
                counts |= {row[0]: row[1] for row in await connection.execute(found.group_by(outbox.c.state))}
            return counts

    async def held(self) -> Sequence[Parcel]:
        """Read all rows of which nobody knows whether they arrived, the oldest first."""
        unknown = and_(among(outbox.c.state, *ENDED), outbox.c.state == OutboxState.UNKNOWN)
        statement = _parcels().where(unknown)
        async with self._database.transaction() as connection:
            return (await _read(connection, (await connection.execute(statement)).all()))[0]

    async def prune(self, before: datetime) -> int:
        """Forget rows settled and coverage made before a moment; how many rows.

        So goes what was due before it and still waits for a chat that is stopped or paused. Held rows stay.
        """
        known = and_(among(outbox.c.state, *ENDED), outbox.c.state != OutboxState.UNKNOWN)
        settled = and_(known, outbox.c.settled_at < before)
        silent = select(chats.c.id).where(chats.c.state.in_([ChatState.PAUSED, ChatState.STOPPED]))
        stale = and_(among(outbox.c.state, PENDING), outbox.c.due_at < before, outbox.c.chat_id.in_(silent))
        async with self._database.transaction() as connection:
            await connection.execute(delete(coverage).where(coverage.c.issued_at < before))
            return (await connection.execute(delete(outbox).where(or_(settled, stale)))).rowcount


async def give_back(
    connection: AsyncConnection, where: ColumnElement[bool], *, now: datetime | None = None
) -> Reclaimed:
    """Take rows from their owners: pending again, or unknown when being sent."""
    under_way = and_(where, among(outbox.c.state, *IN_FLIGHT))
    claimed = update(outbox).where(under_way, outbox.c.state == CLAIMED).values(state=PENDING, **FREE)
    lost = {"state": OutboxState.UNKNOWN, "owner": None, "lease_until": None, "reason": "lost", "settled_at": now}
    sending = update(outbox).where(under_way, outbox.c.state == SENDING).values(lost)
    return Reclaimed(
        pending=(await connection.execute(claimed)).rowcount, unknown=(await connection.execute(sending)).rowcount
    )


async def _hasten(connection: AsyncConnection, now: datetime) -> int:
    again = and_(among(outbox.c.state, PENDING), outbox.c.reason.is_not(None), outbox.c.not_before > now)
    return (await connection.execute(update(outbox).where(again).values(not_before=now))).rowcount


def _deliverable() -> ColumnElement[bool]:
    """Whether a row may go to its chat as the chat is now; what a person asked for goes to a stopped one too."""
    return or_(
        chats.c.state.in_([ChatState.NEW, ChatState.ACTIVE]),
        and_(chats.c.state == ChatState.STOPPED, outbox.c.rank == Priority.URGENT.rank),
    )


def _under_way() -> ColumnElement[bool]:
    other = outbox.alias("under_way")
    return exists().where(other.c.chat_id == outbox.c.chat_id, among(other.c.state, *IN_FLIGHT))


def _next_of_chat(now: datetime) -> ColumnElement[bool]:
    """Whether a row is what its chat gets next: claimable now, and no other one goes before it."""
    first = outbox.alias("before")
    order = tuple_(outbox.c.rank, outbox.c.due_at, outbox.c.id)
    earlier = exists().where(
        first.c.chat_id == outbox.c.chat_id,
        among(first.c.state, PENDING),
        first.c.not_before <= now,
        tuple_(first.c.rank, first.c.due_at, first.c.id) < order,
    )
    claimable = and_(among(outbox.c.state, PENDING), outbox.c.not_before <= now)
    return and_(claimable, _deliverable(), not_(_under_way()), not_(earlier))


def _parcels() -> Select[Any]:
    joined = select(outbox, *rows.CHAT_COLUMNS).join(chats, chats.c.id == outbox.c.chat_id)
    return joined.order_by(outbox.c.rank, outbox.c.due_at, outbox.c.id)


async def _read(connection: AsyncConnection, found: Sequence[rows.AnyRow]) -> tuple[list[Parcel], list[OutboxId]]:
    """Make parcels of rows; the second list are those whose digest cannot be read."""
    parts: dict[int, dict[int, int]] = {}
    for batch in batches([row.id for row in found]):
        for part in await connection.execute(select(outbox_parts).where(outbox_parts.c.outbox_id.in_(batch))):
            parts.setdefault(part.outbox_id, {})[part.part] = part.message_id
    parcels, unreadable = [], []
    for row in found:
        try:
            parcels.append(rows.parcel(row, parts.get(row.id, {})))
        except ValueError:
            unreadable.append(OutboxId(row.id))
    return parcels, unreadable
