"""Two chats become one, when Telegram turns a group into a supergroup that wrote to us first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import ChatId, OutboxState
from storage.outbox import give_back
from storage.people import audit
from storage.tables import chat_managers, chats, coverage, outbox
from storage.transitions import PENDING, SENT


async def merge(connection: AsyncConnection, *, gone: ChatId, kept: ChatId) -> None:
    """Move what belongs to ``gone`` to ``kept`` and delete it; where both have the same, ``kept``'s stays.

    What a courier is sending to ``gone`` at this moment is taken from it, as if its lease had run out.
    """
    await give_back(connection, outbox.c.chat_id == gone)
    # What one of them got, or may have got, does not come to the other once more.
    got = select(outbox.c.slot).where(outbox.c.chat_id == gone, outbox.c.state.in_([SENT, OutboxState.UNKNOWN]))
    waiting = and_(outbox.c.chat_id == kept, outbox.c.state == PENDING, outbox.c.slot.in_(got))
    await connection.execute(delete(outbox).where(waiting))
    for table, key in (
        (outbox, outbox.c.slot),
        (coverage, coverage.c.story_id),
        (chat_managers, chat_managers.c.user_id),
    ):
        await _move(connection, table, key, gone=gone, kept=kept)
    await connection.execute(update(audit).where(audit.c.chat_id == gone).values(chat_id=kept))
    await connection.execute(delete(chats).where(chats.c.id == gone))


async def _move(connection: AsyncConnection, table: Table, key: Column[Any], *, gone: ChatId, kept: ChatId) -> None:
    chat_id: ColumnElement[int] = table.c.chat_id
    taken = select(key).where(chat_id == kept)
    await connection.execute(delete(table).where(chat_id == gone, key.in_(taken)))
    await connection.execute(update(table).where(chat_id == gone).values(chat_id=kept))
