"""One-time links: whoever brings the token back in time may do once what the ticket is for.

Only the token's hash is stored, so a copy of the store opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update

from feeds.issue import ChatId
from storage.engine import Database
from storage.people import TicketKind, tickets

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a link was for; ``chat_id`` is the chat it leads to, ``user_id`` whom it was bound to, if anybody."""

    kind: TicketKind
    user_id: int | None = None
    chat_id: ChatId | None = None


class Tickets:
    """Links that were given out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(
        self, kind: TicketKind, *, expires_at: datetime, user_id: int | None = None, chat_id: ChatId | None = None
    ) -> str:
        """Make a ticket and return its token: letters and digits only, 32 of them."""
        token = secrets.token_hex(TOKEN_BYTES)
        values = {"kind": kind, "user_id": user_id, "chat_id": chat_id, "expires_at": expires_at}
        async with self._database.transaction() as connection:
            await connection.execute(insert(tickets).values(digest=_hash(token), **values))
        return token

    async def find(self, token: str, kind: TicketKind, *, user_id: int, now: datetime) -> Ticket | None:
        """Read a ticket that can be used, and leave it so; None when there is none of this person's."""
        read = select(tickets).where(*_valid(token, kind, user_id, now), tickets.c.used_at.is_(None))
        async with self._database.transaction() as connection:
            row = (await connection.execute(read)).one_or_none()
        return None if row is None else _ticket(row)

    async def redeem(self, token: str, kind: TicketKind, *, user_id: int, now: datetime) -> Ticket | None:
        """Use a ticket up; None when it is unknown, used, too old or somebody else's."""
        use = (
            update(tickets)
            .where(*_valid(token, kind, user_id, now), tickets.c.used_at.is_(None))
            .values(used_at=now)
            .returning(tickets)
        )
        async with self._database.transaction() as connection:
            row = (await connection.execute(use)).one_or_none()
        return None if row is None else _ticket(row)

    async def prune(self, before: datetime) -> int:
        """Forget tickets that ended before a moment; how many."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(tickets).where(tickets.c.expires_at < before))).rowcount


def _valid(token: str, kind: TicketKind, user_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    mine = or_(tickets.c.user_id.is_(None), tickets.c.user_id == user_id)
    return (tickets.c.digest == _hash(token), tickets.c.kind == kind, tickets.c.expires_at > now, mine)


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(kind=row.kind, user_id=row.user_id, chat_id=None if row.chat_id is None else ChatId(row.chat_id))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
