"""Channels and groups as those who look after them see them: which are in trouble, which are to be let go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, delete, not_, select, type_coerce, update

from feeds.issue import Chat, ChatId, ChatKind, ChatState, OutboxState, PauseReason
from storage import rows
from storage.columns import among
from storage.engine import Database
from storage.tables import chat_managers, chats, outbox
from storage.transitions import PENDING

UNLINKED = "unlinked"
"""The reason of rows that waited when their channel was let go."""


class Channels:
    """All chats but private ones."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def paused(self, *reasons: PauseReason) -> Sequence[Chat]:
        """Read the chats that we stopped sending to for one of these reasons."""
        return await self._many(among(chats.c.state, ChatState.PAUSED) & chats.c.pause_reason.in_(reasons))

    async def active(self, kind: ChatKind) -> Sequence[Chat]:
        """Read the chats of a kind that get issues."""
        return await self._many(among(chats.c.state, ChatState.ACTIVE) & (chats.c.kind == kind))

    async def unlink(self, chat_id: ChatId, *, now: datetime) -> Chat:
        """Stop, forget who ran it and what waited; its settings stay, for whoever links it again."""
        waiting = and_(outbox.c.chat_id == chat_id, outbox.c.state == PENDING)
        gone = {"state": OutboxState.REFUSED, "reason": UNLINKED, "settled_at": now}
        stopped = {"state": ChatState.STOPPED, "pause_reason": None, "next_at": None}
        async with self._database.transaction() as connection:
            changed = update(chats).where(chats.c.id == chat_id).values(stopped).returning(chats)
            row = (await connection.execute(changed)).one()
            await connection.execute(delete(chat_managers).where(chat_managers.c.chat_id == chat_id))
            await connection.execute(update(outbox).where(waiting).values(gone))
            return rows.chat(row)

    async def dismiss(self, chat_id: ChatId, user_id: int) -> None:
        """Let somebody run a chat no longer."""
        mine = and_(chat_managers.c.chat_id == chat_id, chat_managers.c.user_id == user_id)
        async with self._database.transaction() as connection:
            await connection.execute(delete(chat_managers).where(mine))

    async def _many(self, condition: object) -> Sequence[Chat]:
        statement = select(chats).where(chats.c.kind != ChatKind.PRIVATE, condition).order_by(chats.c.id)  # type: ignore[arg-type]
        async with self._database.transaction() as connection:
            return [rows.chat(row) for row in await connection.execute(statement)]


def set_up() -> ColumnElement[bool]:
    """Whether a chat gets anything: active, and not in the middle of being set up for the first time."""
    unfinished = type_coerce(chats.c.settings, Text).contains('"wizard_step"')
    return and_(among(chats.c.state, ChatState.ACTIVE), not_(unfinished))
