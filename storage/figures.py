"""What an operator may know about all readers together: counts, and nothing about anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from feeds.issue import ChatKind, ChatState, OutboxState, PauseReason
from storage.engine import Database
from storage.people import Departure, departures, saved, votes
from storage.tables import chats, outbox

_PRIVATE = chats.c.kind == ChatKind.PRIVATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``joined`` came since the moment that was asked about; issues and their outcomes are counted since then too.

    ``topics`` are how many readers chose each.
    """

    subscribed: int
    joined: int
    stopped: int
    blocked: int
    public: int
    public_paused: int
    issues: Mapping[OutboxState, int]
    topics: Mapping[str, int]
    up: int
    down: int
    saved: int
    left: Mapping[Departure, int]


class Statistics:
    """Counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, *, since: datetime) -> Figures:
        """Count readers, channels, what was sent since a moment, and what they say."""
        states = select(chats.c.kind, chats.c.state, chats.c.pause_reason, func.count().label("number"))
        # Who has read an issue and subscribed to none is no subscriber.
        wants = and_(_PRIVATE, chats.c.state == ChatState.ACTIVE, chats.c.next_at.is_not(None))
        joined = and_(_PRIVATE, chats.c.created_at >= since)
        ended = select(outbox.c.state, func.count()).where(outbox.c.settled_at >= since).group_by(outbox.c.state)
        chosen = select(chats.c.topics, func.count()).where(_PRIVATE).group_by(chats.c.topics)
        cast = select(votes.c.value, func.count()).group_by(votes.c.value)
        async with self._database.transaction() as connection:
            grouped = states.group_by(chats.c.kind, chats.c.state, chats.c.pause_reason)
            rows = (await connection.execute(grouped)).all()
            topics = Counter[str]()
            for names, number in await connection.execute(chosen):
                topics.update(dict.fromkeys(names, number))
            voted = {row[0]: row[1] for row in await connection.execute(cast)}
            private = [row for row in rows if row.kind is ChatKind.PRIVATE]
            public = [row for row in rows if row.kind is not ChatKind.PRIVATE]
            reasons = await connection.execute(select(departures.c.reason, departures.c.number))
            return Figures(
                subscribed=int(await connection.scalar(select(func.count()).select_from(chats).where(wants)) or 0),
                joined=int(await connection.scalar(select(func.count()).select_from(chats).where(joined)) or 0),
                stopped=sum(row.number for row in private if row.state is ChatState.STOPPED),
                blocked=sum(row.number for row in private if row.pause_reason is PauseReason.BLOCKED),
                public=sum(row.number for row in public if row.state is ChatState.ACTIVE),
                public_paused=sum(row.number for row in public if row.state in {ChatState.PAUSED, ChatState.STOPPED}),
                issues=dict.fromkeys(OutboxState, 0) | {row[0]: row[1] for row in await connection.execute(ended)},
                topics=topics,
                up=voted.get(1, 0),
                down=voted.get(-1, 0),
                saved=int(await connection.scalar(select(func.count()).select_from(saved)) or 0),
                left=dict.fromkeys(Departure, 0) | {row.reason: row.number for row in reasons},
            )
