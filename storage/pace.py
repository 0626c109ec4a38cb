"""How much of the time ahead is given away: to messages that will leave, and to pauses that Telegram asked for.

Kept so that a process that starts anew, or a second one, goes on where the first stands instead of bursting. A stretch
is kept with the moment it was given at: a clock that was set back must not make a second's stretch last for an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select

from storage import rows
from storage.columns import among
from storage.engine import Database, insert_new
from storage.tables import chats, outbox, outbox_parts, pace
from storage.transitions import ENDED, IN_FLIGHT, PENDING

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A message that left for a chat (Telegram's number) a moment ago."""

    telegram_id: int
    at: datetime


class Pace:
    """Stretches of time by key; each key is one rate."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, key: str, *, span: timedelta, now: datetime) -> timedelta:
        """Take the next free stretch of a rate; how long until it begins. No two callers get the same one."""
        async with self._database.transaction() as connection:
            nothing = {"key": key, "made_at": now, "next_at": now}
            await connection.execute(insert_new(connection, pace).values(nothing))
            row = (await connection.execute(select(pace).where(pace.c.key == key).with_for_update())).one()
            ahead = left(row.made_at, row.next_at, now=now)
            taken = pace.update().where(pace.c.key == key).values(made_at=now, next_at=now + ahead + span)
            await connection.execute(taken)
            return ahead

    async def pause(self, pauses: Mapping[str, timedelta], *, now: datetime) -> None:
        """Keep how long from now nothing may leave by each of these rates."""
        values = [{"key": key, "made_at": now, "next_at": now + pauses[key]} for key in sorted(pauses)]
        if values:
            async with self._database.transaction() as connection:
                await connection.execute(insert_new(connection, pace, or_update=("made_at", "next_at")), values)

    async def pauses(self, *, now: datetime) -> Mapping[str, timedelta]:
        """Read what is still to be waited for, by key; forget what is over."""
        async with self._database.transaction() as connection:
            over = pace.c.next_at <= now
            await connection.execute(delete(pace).where(over))
            rows = (await connection.execute(select(pace))).all()
            return {row.key: ahead for row in rows if (ahead := left(row.made_at, row.next_at, now=now)) > NOTHING}

    async def partings(self, *, since: datetime) -> list[Parting]:
        """Read which groups and channels got messages after a moment, the oldest first."""
        ended = and_(among(outbox.c.state, *ENDED), outbox.c.settled_at >= since)
        found: list[rows.AnyRow] = []
        async with self._database.transaction() as connection:
            for chosen in (ended, among(outbox.c.state, PENDING), among(outbox.c.state, *IN_FLIGHT)):
                statement = (
                    select(chats.c.telegram_id, outbox_parts.c.sent_at)
                    .join(outbox, outbox.c.id == outbox_parts.c.outbox_id)
                    .join(chats, chats.c.id == outbox.c.chat_id)
                    .where(chosen, outbox_parts.c.sent_at >= since, chats.c.telegram_id < 0)
                )
                found += (await connection.execute(statement)).all()
        return [
            Parting(telegram_id=row.telegram_id, at=row.sent_at) for row in sorted(found, key=lambda row: row.sent_at)
        ]


def left(made_at: datetime, next_at: datetime, *, now: datetime) -> timedelta:
    """Say how long a stretch still lasts; one made in what is now the future (a clock set back) lasts its length."""
    return max(next_at - max(now, made_at), NOTHING)
