"""Schedules that a clock years ahead pushed away come back. Knows no SQL and no Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from feeds.issue import Chat, Issue
from feeds.schedule import next_issue, slot_key

HORIZON = timedelta(hours=26)
"""Issues come daily: one that is further off than this was planned by a clock that was wrong."""


class StrayingChats(Protocol):
    """Where schedules are kept."""

    async def due_after(self, moment: datetime, *, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due only after a moment."""
        ...


class Schedules(Protocol):
    """Moves schedules that nobody changed meanwhile."""

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Move the schedules; see ``feeds.pipeline.IssueStore``."""
        ...


async def reschedule_astray(chats: StrayingChats, issues: Schedules, *, now: datetime, limit: int = 500) -> int:
    """Plan the next issue anew where it is impossibly far off; return for how many chats."""
    moved = 0
    while astray := await chats.due_after(now + HORIZON, limit=limit):
        empty = [
            Issue(
                chat_id=chat.id,
                slot=slot_key(chat.next_at or now),
                digest=None,
                due_at=chat.next_at or now,
                next_at=next_issue(chat.times, chat.zone, after=now),
            )
            for chat in astray
        ]
        await issues.commit_issues(empty, now=now)
        moved += len(astray)
    return moved
