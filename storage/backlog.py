"""Issues that pile up for a chat during an outage become one row. A part of ``storage.outbox``.

What the one issue says is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, Digest, OutboxId, OutboxState, Priority
from storage import rows
from storage.columns import among
from storage.copies import want_merged
from storage.digests import Shelf
from storage.engine import Database, batches
from storage.people import approvals
from storage.tables import chats, coverage, outbox, outbox_parts
from storage.transitions import PENDING

Merge = Callable[[Sequence[Digest]], Digest]

MERGED = "merged"
"""The reason of a row whose stories another row tells."""

WAITING = and_(
    among(outbox.c.state, PENDING),
    outbox.c.rank == Priority.SCHEDULED.rank,
    outbox.c.id.not_in(select(outbox_parts.c.outbox_id)),
    outbox.c.id.not_in(select(approvals.c.outbox_id).where(approvals.c.decided_at.is_(None))),
)
"""Scheduled issues of which nothing was sent yet, and that do not wait for anybody's word."""


class Backlog:
    """Asked for about once a minute, and before a courier sets out."""

    _database: Database
    _shelf: Shelf

    async def merge_stale(self, merge: Merge, *, due_before: datetime, now: datetime, limit: int = 500) -> int:
        """Make one row of all that wait for a chat where one was due before a moment; how many rows that spared.

        What is for one thread of a forum is merged by itself. The newest row stays, with what ``merge`` makes of their
        digests; the others are refused as ``merged``. Stories that found no place may come in a later issue.
        """
        spared = 0
        async with self._database.transaction() as connection:
            for batch in batches(await _piled_up(connection, due_before, limit)):
                # Chats first, as a claim does: what is being claimed meanwhile is none of ours.
                await connection.execute(
                    select(chats.c.id).where(chats.c.id.in_(batch)).order_by(chats.c.id).with_for_update()
                )
                waiting = select(outbox).where(WAITING, outbox.c.chat_id.in_(batch)).with_for_update()
                by_place = (outbox.c.chat_id, outbox.c.thread_id, outbox.c.due_at, outbox.c.id)
                found = await connection.execute(waiting.order_by(*by_place))
                for (chat_id, _), rows_of_place in groupby(found.all(), key=lambda row: (row.chat_id, row.thread_id)):
                    pile = list(rows_of_place)
                    if pile[0].due_at <= due_before:
                        spared += await self._merge(connection, merge, ChatId(chat_id), pile, now)
        return spared

    async def _merge(
        self, connection: AsyncConnection, merge: Merge, chat_id: ChatId, pile: Sequence[rows.AnyRow], now: datetime
    ) -> int:
        written = await self._shelf.read(connection, [row.digest_id for row in pile])
        whole = [row for row in pile if row.digest_id in written]  # a claim will refuse the others
        if len(whole) < 2:
            return 0
        *older, newest = whole
        told = [written[row.digest_id] for row in whole]
        merged = merge(told)
        kept = await self._shelf.keep(connection, [merged], now=now)
        missed = next((row.missed_id for row in reversed(whole) if row.missed_id is not None), None)
        one = {"digest_id": kept[id(merged)], "missed_id": missed}
        await connection.execute(update(outbox).where(outbox.c.id == newest.id).values(one))
        settled = {"state": OutboxState.REFUSED, "reason": MERGED, "settled_at": now}
        await connection.execute(update(outbox).where(outbox.c.id.in_([row.id for row in older])).values(settled))
        await want_merged(connection, [OutboxId(row.id) for row in older], into=OutboxId(newest.id), now=now)
        left = {story.story_id for digest in told for story in digest.stories}
        left -= {story.story_id for story in merged.stories}
        await connection.execute(delete(coverage).where(coverage.c.chat_id == chat_id, coverage.c.story_id.in_(left)))
        return len(older)


async def _piled_up(connection: AsyncConnection, due_before: datetime, limit: int) -> Sequence[ChatId]:
    stale = select(outbox.c.chat_id).where(WAITING, outbox.c.due_at <= due_before)
    places = select(outbox.c.chat_id).where(WAITING, outbox.c.chat_id.in_(stale))
    places = places.group_by(outbox.c.chat_id, outbox.c.thread_id)
    piles = places.having(func.count() > 1, func.min(outbox.c.due_at) <= due_before)
    found = await connection.scalars(piles.distinct().order_by(outbox.c.chat_id).limit(limit))
    return [ChatId(chat_id) for chat_id in found]
