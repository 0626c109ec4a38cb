"""Which stories go at once, to whom, and when exactly. Pure: frozen values and ``now`` in, a moment or None out.

None always means the same: the story does not go by itself, and stays free to join the chat's next issue.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from feeds.chatsettings import Thread
from feeds.digest import score
from feeds.importance import importance
from feeds.issue import Chat, Instant
from feeds.model import StoredItem, Story
from feeds.schedule import quiet_until, zone_of

FRESH: Final = timedelta(hours=6)
"""A story that broke longer ago is not sent at once any more: after an outage nobody gets half a day of posts."""

AGREED: Final = 3
"""So many independent sources make a story breaking news …"""
WITHIN: Final = timedelta(minutes=90)
"""… if they told it within this time of the first …"""
GRAVE: Final = 90
"""… and it is this important: about five usual sources. Of a whole day's stories 1 to 3 come to that (0063)."""
LASTING: Final = timedelta(hours=2)
"""How long news stays breaking: who asks for it later reads it in an issue."""
MOST_BREAKING: Final = 2
"""Breaking stories a day to somebody who wants only those."""
SOON: Final = timedelta(hours=1)
"""An issue that comes so soon after the quiet hours takes along what they held back."""


def slot_of(story: Story) -> str:
    """Name the issue of one story: with the chat, the key under which it goes once."""
    return f"now:{story.id}"


def is_breaking(story: Story, *, now: datetime) -> bool:
    """Whether a story is breaking news: an editor says so, or enough sources of weight tell it all at once."""
    if story.marks.retracted_at is not None:
        return False
    if story.breaking_at is not None and timedelta(0) <= now - story.breaking_at <= LASTING:
        return True
    first = story.items[0].item.published_at
    if now - first > LASTING + WITHIN:
        return False
    early = [stored for stored in story.items if stored.item.published_at - first <= WITHIN]
    return len(independent(early)) >= AGREED and importance(score(story, now=now)) >= GRAVE


def independent(tellings: Sequence[StoredItem]) -> frozenset[str]:
    """Name the sources that tell a story in their own words: a reprint confirms nothing."""
    seen: set[str] = set()
    names: set[str] = set()
    for stored in tellings:
        words = stored.item.text or stored.item.summary or stored.item.title
        if stored.source_name not in names and words not in seen:
            names.add(stored.source_name)
        seen.add(words)
    return frozenset(names)


def leaves_at(chat: Chat, story: Story, *, breaking: bool, sent: Sequence[datetime], now: datetime) -> datetime | None:
    """Say when a story that a chat wants goes there by itself; None when it does not.

    ``sent`` are the moments at which stories went there at once lately.
    """
    known = story.breaking_at if breaking and story.breaking_at else story.created_at or now
    wants = chat.instant is Instant.EVERY or (chat.instant is Instant.BREAKING and breaking)
    if not wants or chat.instant_since is None or known <= chat.instant_since:
        return None
    if chat.paused_until is not None and known < chat.paused_until:
        # What came while nothing was wanted is for the next issue, however the pause ends.
        return None
    if not breaking and not _is_grave_enough(chat, story, now=now):
        return None
    if chat.times and not breaking and quiet_until(chat, known) is not None:
        # What came in the quiet hours is for the first issue after them, whenever it is looked at.
        return None
    leaves = _after_quiet(chat, now=now)
    return leaves if leaves is not None and _has_room(chat, known, leaves, sent) else None


def thread_of(threads: Sequence[Thread], topics: Collection[str]) -> int | None:
    """Say to which topic of a forum a story goes: one of its own, else the one for all others."""
    fitting = [thread.thread_id for thread in threads if thread.topic in topics]
    others = [thread.thread_id for thread in threads if thread.topic is None]
    return next(iter([*fitting, *others]), None)


def _is_grave_enough(chat: Chat, story: Story, *, now: datetime) -> bool:
    least = chat.settings.least_importance
    return least <= 0 or importance(score(story, now=now)) >= least


def _after_quiet(chat: Chat, *, now: datetime) -> datetime | None:
    until = quiet_until(chat, now)
    if until is None:
        return now
    joins = chat.next_at is not None and chat.next_at <= until + SOON
    return None if joins else until


def _has_room(chat: Chat, known: datetime, leaves: datetime, sent: Sequence[datetime]) -> bool:
    most = MOST_BREAKING if chat.instant is Instant.BREAKING else chat.settings.daily_cap
    if most is None:
        return True
    today = _day(leaves, chat.zone)
    if chat.times and _day(known, chat.zone) != today:
        # Yesterday had no room for it; tomorrow's room is for tomorrow's news.
        return False
    return sum(_day(moment, chat.zone) == today for moment in sent) < most


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(zone_of(zone)).date()
