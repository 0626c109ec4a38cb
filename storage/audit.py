"""Who changed what about a channel or group, for all who run it. The only place where a person's name is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, select

from feeds.issue import ChatId
from storage.engine import Database
from storage.people import audit
from storage.rows import AnyRow

US = 0
"""The number under which our own doings are noted: a pause, a return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change: ``key`` says which, ``facts`` what it was changed to; ``name`` is empty for who was forgotten."""

    user_id: int
    name: str
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)
    done_at: datetime


class Audit:
    """The trace of changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, chat_id: ChatId, entries: Sequence[Entry]) -> None:
        """Add changes to a chat's trace."""
        values = [
            {
                "chat_id": chat_id,
                "user_id": entry.user_id,
                "name": entry.name,
                "key": entry.key,
                "facts": json.dumps(dict(entry.facts), ensure_ascii=False),
                "done_at": entry.done_at,
            }
            for entry in entries
        ]
        if values:
            async with self._database.transaction() as connection:
                await connection.execute(insert(audit), values)

    async def latest(self, chat_id: ChatId, *, limit: int, skip: int = 0) -> Sequence[Entry]:
        """Read the newest changes first."""
        return await self._read(_of(chat_id).order_by(audit.c.id.desc()).limit(limit).offset(skip))

    async def last(self, chat_id: ChatId, *keys: str) -> Entry | None:
        """Read the newest change of these kinds."""
        found = await self._read(_of(chat_id).where(audit.c.key.in_(keys)).order_by(audit.c.id.desc()).limit(1))
        return found[0] if found else None

    async def first(self, chat_id: ChatId, key: str, *, since: str) -> Entry | None:
        """Read the oldest change of a kind after the newest of another."""
        before = select(func.max(audit.c.id)).where(audit.c.chat_id == chat_id, audit.c.key == since)
        later = audit.c.id > func.coalesce(before.scalar_subquery(), 0)
        found = await self._read(_of(chat_id).where(audit.c.key == key, later).order_by(audit.c.id).limit(1))
        return found[0] if found else None

    async def prune(self, before: datetime, *, sparing: Sequence[str]) -> int:
        """Forget changes made before a moment, but those of some kinds; how many."""
        old = (audit.c.done_at < before, audit.c.key.not_in(sparing))
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(audit).where(*old))).rowcount

    async def _read(self, statement: Select[tuple[object, ...]]) -> list[Entry]:
        async with self._database.transaction() as connection:
            return [_entry(row) for row in await connection.execute(statement)]


def _of(chat_id: ChatId) -> Select[tuple[object, ...]]:
    return select(audit).where(audit.c.chat_id == chat_id)


def _entry(row: AnyRow) -> Entry:
    return Entry(user_id=row.user_id, name=row.name, key=row.key, facts=json.loads(row.facts), done_at=row.done_at)
