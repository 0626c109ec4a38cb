"""What kind of issue is due: the day's, the week's, or the first after a pause. Pure; knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from feeds.digest import SIZE
from feeds.issue import Chat, DigestKind
from feeds.schedule import Rhythm, next_issue, rhythm_of, weekly_between

DAY = timedelta(hours=24)
WEEK = 7 * DAY
WEEKLY_SIZE = 12
LONGEST_GAP = 4
"""Days: the news of a weekend with a holiday beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An issue of this kind looks so far back and tells so many stories."""

    kind: DigestKind = DigestKind.SCHEDULED
    window: timedelta = DAY
    size: int = SIZE


DAILY = Occasion()
WEEKLY = Occasion(kind=DigestKind.WEEKLY, window=WEEK, size=WEEKLY_SIZE)


def occasion(chat: Chat, *, now: datetime) -> Occasion:
    """Say what is due to a chat now.

    Of what was missed in an outage one issue is left, and the widest.
    """
    if chat.settings.weekly is None and not chat.settings.weekdays and chat.paused_until is None:
        return DAILY
    rhythm, last = rhythm_of(chat, now=now), chat.issued_at or chat.created_at
    if weekly_between(rhythm, chat.next_at or now, now):
        return WEEKLY
    if _paused_since(chat, rhythm, last, now):
        return Occasion(kind=DigestKind.CATCH_UP, window=_days(now - last, most=7))
    if rhythm.weekdays:
        # Monday's issue has the weekend's news.
        return Occasion(window=_days(now - last, most=LONGEST_GAP))
    return DAILY


def early_occasion(chat: Chat, *, now: datetime) -> Occasion:
    """Say what goes to a chat when its next issue is let go now: the week's, if that is what comes next."""
    if chat.next_at is not None and weekly_between(rhythm_of(chat, now=now), chat.next_at, chat.next_at):
        return WEEKLY
    return occasion(chat, now=now)


def by_occasion(chats: Sequence[Chat], *, now: datetime) -> Iterator[tuple[Occasion, list[Chat]]]:
    """Put together the chats to which the same is due."""
    due = [(occasion(chat, now=now), chat) for chat in chats]
    ordered = sorted(due, key=lambda pair: (pair[0].kind, pair[0].window))
    for what, pairs in groupby(ordered, key=lambda pair: pair[0]):
        yield what, [chat for _, chat in pairs]


def _paused_since(chat: Chat, rhythm: Rhythm, last: datetime, now: datetime) -> bool:
    """Say whether a pause that is over took an issue away since the last one."""
    ended = chat.paused_until
    if ended is None or now < ended or last >= ended:
        return False
    missed = next_issue(rhythm, after=last)
    return missed is not None and missed < ended


def _days(span: timedelta, *, most: int) -> timedelta:
    """Round up to whole days: chats with the same window get one composition."""
    # An issue goes out some seconds after it was due; they make no other day.
    days = -(-(span - timedelta(minutes=10)) // DAY)
    return DAY * min(max(days, 1), most)
