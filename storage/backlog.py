"""Issues that pile up for a chat during an outage become one row. A part of ``storage.outbox``.

What the one issue says is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, Digest, OutboxState, Priority
from storage import rows
from storage.columns import among
from storage.engine import Database, batches
from storage.tables import chats, coverage, outbox, outbox_parts
from storage.transitions import PENDING

Merge = Callable[[Sequence[Digest]], Digest]

MERGED = "merged"
"""The reason of a row whose stories another row tells."""

WAITING = and_(
    among(outbox.c.state, PENDING),
    outbox.c.rank == Priority.SCHEDULED.rank,
    outbox.c.id.not_in(select(outbox_parts.c.outbox_id)),
)
"""Scheduled issues of which nothing was sent yet."""


class Backlog:
    """Asked for about once a minute, and before a courier sets out."""

    _database: Database

    async def merge_stale(self, merge: Merge, *, due_before: datetime, now: datetime, limit: int = 500) -> int:
        """Make one row of all that wait for a chat where one was due before a moment; how many rows that spared.

        The newest row stays, with what ``merge`` makes of their digests; the others are refused as ``merged``. Stories
        that found no place may come in a later issue.
        """
        spared = 0
        async with self._database.transaction() as connection:
            for batch in batches(await _piled_up(connection, due_before, limit)):
                # Chats first, as a claim does: what is being claimed meanwhile is none of ours.
                await connection.execute(
                    select(chats.c.id).where(chats.c.id.in_(batch)).order_by(chats.c.id).with_for_update()
                )
                waiting = select(outbox).where(WAITING, outbox.c.chat_id.in_(batch)).with_for_update()
                found = await connection.execute(waiting.order_by(outbox.c.chat_id, outbox.c.due_at, outbox.c.id))
                for chat_id, pile in groupby(found.all(), key=lambda row: ChatId(row.chat_id)):
                    spared += await _merge(connection, merge, chat_id, list(pile), now)
        return spared


async def _piled_up(connection: AsyncConnection, due_before: datetime, limit: int) -> Sequence[ChatId]:
    stale = select(outbox.c.chat_id).where(WAITING, outbox.c.due_at <= due_before)
    several = select(outbox.c.chat_id).where(WAITING, outbox.c.chat_id.in_(stale)).group_by(outbox.c.chat_id)
    found = await connection.scalars(several.having(func.count() > 1).order_by(outbox.c.chat_id).limit(limit))
    return [ChatId(chat_id) for chat_id in found]


async def _merge(
    connection: AsyncConnection, merge: Merge, chat_id: ChatId, pile: Sequence[rows.AnyRow], now: datetime
) -> int:
    digests = {}
    for row in pile:
        try:
            digests[row.id] = rows.read_digest(row.digest)
        except ValueError:
            continue  # a claim will refuse it
    if len(digests) < 2:
        return 0
    *older, newest = digests
    merged = merge(list(digests.values()))
    told = {story.story_id for digest in digests.values() for story in digest.stories}
    left = told - {story.story_id for story in merged.stories}
    await connection.execute(update(outbox).where(outbox.c.id == newest).values(digest=rows.write_digest(merged)))
    settled = {"state": OutboxState.REFUSED, "reason": MERGED, "settled_at": now}
    await connection.execute(update(outbox).where(outbox.c.id.in_(older)).values(settled))
    await connection.execute(delete(coverage).where(coverage.c.chat_id == chat_id, coverage.c.story_id.in_(left)))
    return len(older)
