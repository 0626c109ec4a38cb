"""Commit 2: issues enter the outbox together with what they cover and the schedules they move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, ChatState, Digest, DigestKind, Issue, OutboxState, Priority
from storage.approvals import ask_first
from storage.columns import bounded
from storage.digests import DigestId, Shelf
from storage.engine import batches, insert_new
from storage.tables import chats, coverage, outbox

SILENT = frozenset({ChatState.PAUSED, ChatState.STOPPED})


async def enqueue(connection: AsyncConnection, issues: Sequence[Issue], *, shelf: Shelf, now: datetime) -> int:
    """Enqueue, remember what is covered, move the schedules; how many rows were new."""
    states = await _lock(connection, issues)
    known = [issue for issue in issues if issue.chat_id in states]
    wanted: dict[tuple[ChatId, str], tuple[Issue, Digest]] = {}
    for issue in known:
        wants = issue.priority is Priority.URGENT or states[issue.chat_id] not in SILENT
        if issue.digest is not None and wants:
            wanted.setdefault((issue.chat_id, bounded(issue.slot)), (issue, issue.digest))
    new = await _insert(connection, wanted, shelf=shelf, now=now)
    await _cover(connection, [pair for pair in new if pair[1].kind is not DigestKind.TRIAL], now=now)
    await ask_first(connection, [issue for issue, _ in new], now=now)
    await _schedule(connection, known, [issue for issue, _ in new], now=now)
    return len(new)


async def _lock(connection: AsyncConnection, issues: Sequence[Issue]) -> dict[ChatId, ChatState]:
    """Read the chats' states and keep them until the commit; always in one order, so that nobody deadlocks."""
    states: dict[ChatId, ChatState] = {}
    for batch in batches(sorted({issue.chat_id for issue in issues})):
        chosen = select(chats.c.id, chats.c.state).where(chats.c.id.in_(batch)).order_by(chats.c.id)
        states |= {ChatId(row.id): row.state for row in await connection.execute(chosen.with_for_update())}
    return states


async def _insert(
    connection: AsyncConnection, wanted: dict[tuple[ChatId, str], tuple[Issue, Digest]], *, shelf: Shelf, now: datetime
) -> list[tuple[Issue, Digest]]:
    if not wanted:
        return []
    ids = await shelf.keep(connection, (digest for _, digest in wanted.values()), now=now)
    values = [_row(issue, ids[id(digest)], now=now) for issue, digest in wanted.values()]
    statement = insert_new(connection, outbox).returning(outbox.c.chat_id, outbox.c.slot)
    made = await connection.execute(statement, values)
    return [wanted[ChatId(row.chat_id), row.slot] for row in made]


def _row(issue: Issue, digest_id: DigestId, *, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": issue.chat_id,
        "slot": issue.slot,
        "digest_id": digest_id,
        "missed_id": issue.missed,
        "thread_id": issue.thread,
        "state": OutboxState.PENDING,
        "rank": issue.priority.rank,
        "due_at": issue.due_at,
        "not_before": issue.due_at,
        "attempts": 0,
        "created_at": now,
    }


async def _cover(connection: AsyncConnection, new: Sequence[tuple[Issue, Digest]], *, now: datetime) -> None:
    pairs = sorted({(issue.chat_id, story.story_id) for issue, digest in new for story in digest.stories})
    if pairs:
        values = [{"chat_id": chat_id, "story_id": story_id, "issued_at": now} for chat_id, story_id in pairs]
        statement = insert_new(connection, coverage, or_update=("issued_at",))
        await connection.execute(statement, values)


async def _schedule(
    connection: AsyncConnection, issues: Sequence[Issue], new: Sequence[Issue], *, now: datetime
) -> None:
    """Move schedules that nobody changed since they were read, and note when each chat got its last issue."""
    moving = [{"chat": i.chat_id, "due": i.due_at, "next": i.next_at} for i in issues if i.moves_schedule]
    unchanged = and_(
        chats.c.id == bindparam("chat"), chats.c.state == ChatState.ACTIVE, chats.c.next_at == bindparam("due")
    )
    if moving:
        await connection.execute(update(chats).where(unchanged).values(next_at=bindparam("next")), moving)
    # Where each story has a thread of its own, what moves the schedule has no row: those of its threads stand for it.
    due = {issue.chat_id for issue in issues if issue.moves_schedule}
    issued = [{"chat": chat_id} for chat_id in sorted(due & {issue.chat_id for issue in new})]
    if issued:
        await connection.execute(update(chats).where(chats.c.id == bindparam("chat")).values(issued_at=now), issued)
