"""Schedules that a clock years ahead pushed away come back. Knows no SQL and no Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from feeds.issue import Chat, ChatId, Issue
from feeds.schedule import next_issue, rhythm_of, slot_key

HORIZON = timedelta(hours=26)
"""Most issues come daily: one that is further off than this is worth a second look."""


class StrayingChats(Protocol):
    """Where schedules are kept."""

    async def due_after(self, moment: datetime, *, after: ChatId, limit: int) -> Sequence[Chat]:
        """Active chats whose next issue is due only after a moment, in the order of their ids, from after one on."""
        ...


class Schedules(Protocol):
    """Moves schedules that nobody changed meanwhile."""

    async def commit_issues(self, issues: Sequence[Issue], *, now: datetime) -> int:
        """Move the schedules; see ``feeds.pipeline.IssueStore``."""
        ...


async def reschedule_astray(chats: StrayingChats, issues: Schedules, *, now: datetime, limit: int = 500) -> int:
    """Plan anew the next issues that are further off than their chats want; return for how many chats."""
    moved, last = 0, ChatId(0)
    while far := await chats.due_after(now + HORIZON, after=last, limit=limit):
        astray = [issue for chat in far if (issue := _back(chat, now=now)) is not None]
        await issues.commit_issues(astray, now=now)
        moved, last = moved + len(astray), far[-1].id
    return moved


def _back(chat: Chat, *, now: datetime) -> Issue | None:
    """Return what moves a chat's schedule to where it belongs; None when it is there: weekly, or after a pause."""
    due_at, wanted = chat.next_at or now, next_issue(rhythm_of(chat), after=now)
    if wanted == due_at:
        return None
    return Issue(chat_id=chat.id, slot=slot_key(due_at), digest=None, due_at=due_at, next_at=wanted)
