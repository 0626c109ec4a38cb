"""Everything that is tied to one person, in whichever table: to hand it out to them, and to erase it.

Every column that may hold a person's number is named here; a test finds one that was forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic_core import to_jsonable_python
from sqlalchemy import Column, ColumnElement, Table, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.copies import want_copies
from storage.engine import Database, insert_new
from storage.journal import Journal
from storage.opinions import signed_by
from storage.people import (
    Departure,
    approval_cards,
    approvals,
    audit,
    departures,
    desk_cards,
    everything,
    opinion_history,
    opinions,
    staff,
    story_marks,
    tickets,
)
from storage.tables import chat_managers, chats, other_messages, outbox, pace

Record = Mapping[str, Any]

GOING: Final[Sequence[Column[Any]]] = (
    chat_managers.c.user_id,
    staff.c.user_id,
    desk_cards.c.user_id,
    tickets.c.user_id,
    approval_cards.c.user_id,
    other_messages.c.telegram_id,
)
"""Whoever stands here takes the row along."""

NAMELESS: Final[Mapping[Column[Any], Mapping[str, Any]]] = {
    audit.c.user_id: {"user_id": 0, "name": ""},
    opinions.c.author_id: {"author_id": None, "signature": ""},
    opinions.c.claimed_by: {"claimed_by": None, "claimed_until": None},
    opinions.c.draft_by: {"draft_by": None},
    opinion_history.c.user_id: {"user_id": None},
    story_marks.c.breaking_by: {"breaking_by": None},
    approvals.c.decided_by: {"decided_by": None, "decided_name": None},
}
"""Here the row is others' too: what was done stays, who did it is forgotten."""

_OURS: Final = frozenset({"owner", "lease_until", "body_hash"})
"""Columns about our machines, not about anybody."""


class Accounts:
    """What there is of a person (Telegram's number), and of those who left."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    async def collect(self, telegram_id: int) -> Mapping[str, Sequence[Record]]:
        """Read every row that is tied to somebody, as plain JSON values, by table; tables without any are left out."""
        found: dict[str, Sequence[Record]] = {}
        async with self._database.transaction() as connection:
            for table in everything.sorted_tables:
                if (mine := _tied(table, telegram_id)) is None:
                    continue
                rows = await connection.execute(select(table).where(mine))
                records = [_plain(row._mapping) for row in rows]  # noqa: SLF001  the public name of a row's columns
                if records:
                    found[table.name] = records
        return found

    async def take_export(self, telegram_id: int, *, span: timedelta, now: datetime) -> timedelta:
        """Note that somebody has their data handed out; how long they must wait where they had it within a span.

        What they had after now counts as nothing: the clock was turned back.
        """
        mine = chats.c.telegram_id == telegram_id
        last = chats.c.exported_at
        free = or_(last.is_(None), last <= now - span, last > now)
        async with self._database.transaction() as connection:
            taken = await connection.execute(update(chats).where(mine, free).values(exported_at=now))
            before = None if taken.rowcount else await connection.scalar(select(last).where(mine))
            return timedelta(0) if before is None else before + span - now

    async def forget(self, telegram_id: int, *, now: datetime) -> bool:
        """Delete everything of a person or chat, what waits to be sent included; False when there was nothing.

        Their name leaves the opinions, too: every copy that was posted is asked to say so.
        """
        async with self._database.transaction() as connection:
            signed = await signed_by(connection, telegram_id)
            done = await _erase(connection, telegram_id)
            await want_copies(connection, signed, now=now)
        self._journal.note(signed)
        return done

    async def depart(self, reason: Departure) -> None:
        """Count why somebody left; nothing says who."""
        async with self._database.transaction() as connection:
            await connection.execute(insert_new(connection, departures).values(reason=reason, number=0))
            one_more = departures.c.number + 1
            await connection.execute(update(departures).where(departures.c.reason == reason).values(number=one_more))

    async def departed(self) -> Mapping[Departure, int]:
        """Read how many left for which reason."""
        async with self._database.transaction() as connection:
            found = await connection.execute(select(departures.c.reason, departures.c.number))
            return dict.fromkeys(Departure, 0) | {row.reason: row.number for row in found}


async def _erase(connection: AsyncConnection, telegram_id: int) -> bool:
    gone = 0
    for column in GOING:
        gone += (await connection.execute(delete(column.table).where(column == telegram_id))).rowcount
    for column, blank in NAMELESS.items():
        gone += (await connection.execute(update(column.table).where(column == telegram_id).values(blank))).rowcount
    await connection.execute(delete(pace).where(pace.c.key == f"pause:{telegram_id}"))
    # All that hangs on the chat goes with it, by the database's own doing.
    gone += (await connection.execute(delete(chats).where(chats.c.telegram_id == telegram_id))).rowcount
    return bool(gone)


def _tied(table: Table, telegram_id: int) -> ColumnElement[bool] | None:
    """Tell which rows of a table are somebody's: they are named in it, or it hangs on their chat; None for no such."""
    key = select(chats.c.id).where(chats.c.telegram_id == telegram_id).scalar_subquery()
    parents: dict[Column[Any], ColumnElement[bool]] = {}
    for column in table.columns:
        if column.references(chats.c.id):
            parents[column] = column == key
        elif column.references(outbox.c.id):
            parents[column] = column.in_(select(outbox.c.id).where(outbox.c.chat_id == key))
    named = [column == telegram_id for column in (*GOING, *NAMELESS, chats.c.telegram_id) if column.table is table]
    ties = [*named, *parents.values()]
    return or_(*ties) if ties else None


def _plain(row: Mapping[Any, Any]) -> Record:
    return {str(name): to_jsonable_python(value) for name, value in row.items() if name not in _OURS}
