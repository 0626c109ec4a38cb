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

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, ChatState, Digest, Issue, OutboxState, Parcel, Priority
from storage import digests
from storage.backlog import Backlog
from storage.claims import Claims, parcels, under_way
from storage.columns import among, bounded
from storage.digests import Shelf
from storage.doubts import Doubts, forget_others
from storage.engine import Database
from storage.issues import enqueue
from storage.posted import Posts
from storage.tables import chats, coverage, outbox
from storage.transitions import CLAIMED, ENDED, FREE, IN_FLIGHT, PENDING, SENDING, Transitions, deliverable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclaimed:
    """What became of rows whose lease ran out."""

    pending: int = 0
    unknown: int = 0


class Outbox(Claims, Transitions, Doubts, Backlog, Posts):
    """Issues that wait, are under way, or have arrived."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = Shelf()

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Commit 2: enqueue, remember what is covered, move the schedules; how many rows were new.

        A slot that is enqueued already stays as it is. A chat that was forgotten, paused or stopped meanwhile gets
        nothing, unless it asked (``Priority.URGENT``).
        """
        async with self._database.transaction() as connection:
            return await enqueue(connection, issues, shelf=self._shelf, now=now)

    async def issued(self, chat_id: ChatId, slot: str) -> Digest | None:
        """Return the digest that was enqueued under a slot; None when none was."""
        mine = select(outbox.c.digest_id).where(outbox.c.chat_id == chat_id, outbox.c.slot == bounded(slot))
        async with self._database.transaction() as connection:
            found = await connection.scalar(mine)
            return None if found is None else (await self._shelf.read(connection, [found])).get(found)

    async def last_issue(self, chat_id: ChatId) -> datetime | None:
        """Return when the last issue was written that a chat asked for or was due; None when none is remembered."""
        mine = and_(outbox.c.chat_id == chat_id, outbox.c.rank != Priority.BREAKING.rank)
        async with self._database.transaction() as connection:
            moment: datetime | None = await connection.scalar(select(func.max(outbox.c.created_at)).where(mine))
            return moment

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
            .where(among(outbox.c.state, PENDING), deliverable(), not_(under_way()))
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
        statement = parcels().where(unknown)
        async with self._database.transaction() as connection:
            return (await self._read(connection, (await connection.execute(statement)).all()))[0]

    async def prune(self, before: datetime) -> int:
        """Forget rows settled and coverage made before a moment; how many rows.

        So goes what was due before it and still waits for a chat that is stopped or paused. Held rows stay. Of other
        messages goes what no inquiry will ask about any more, however new it is.
        """
        known = and_(among(outbox.c.state, *ENDED), outbox.c.state != OutboxState.UNKNOWN)
        settled = and_(known, outbox.c.settled_at < before)
        silent = select(chats.c.id).where(chats.c.state.in_([ChatState.PAUSED, ChatState.STOPPED]))
        stale = and_(among(outbox.c.state, PENDING), outbox.c.due_at < before, outbox.c.chat_id.in_(silent))
        async with self._database.transaction() as connection:
            await connection.execute(delete(coverage).where(coverage.c.issued_at < before))
            gone = (await connection.execute(delete(outbox).where(or_(settled, stale)))).rowcount
            await digests.prune(connection, before)
            await forget_others(connection)
            return gone


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
