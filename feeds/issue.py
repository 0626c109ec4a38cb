"""The nouns of publishing: who reads (a chat), what is sent (a digest), and its way through the outbox (an issue).

Imports nouns only; knows neither SQL nor Telegram's API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from feeds.chatsettings import ChatSettings
from feeds.marks import UNMARKED, Marks
from feeds.model import Opinion, Related, StoryId

ChatId = NewType("ChatId", int)
"""Our own key of a chat; Telegram's number is ``Chat.telegram_id`` and may change under it (supergroup migration)."""
OutboxId = NewType("OutboxId", int)


GENERAL = 0
"""Stands for the topic of a forum that has no number: General."""


class ChatKind(StrEnum):
    """Telegram's four kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """Whether issues go to a chat: NEW has not subscribed, PAUSED is our doing, STOPPED the person's."""

    NEW = "new"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class PauseReason(StrEnum):
    """Why we stopped sending to a chat while keeping all its settings."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    NO_RIGHT = "no-right"
    DELETED = "deleted"


class Instant(StrEnum):
    """Which stories go to a chat at once, beside its issues: none, BREAKING ones, or EVERY one that it wants."""

    OFF = "off"
    BREAKING = "breaking"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A private chat, group or channel with its choice of topics (none = all) and its local times of issue.

    ``words`` are its own topics as ``feeds.ownwords`` reads them: a story of either kind is wanted. ``times`` are
    minutes after midnight in ``zone`` (an IANA name); ``reads`` are the languages of news it wants. ``paused_until`` is
    the end of a pause that its person asked for: nothing is due before. What became known after ``instant_since`` goes
    to it at once, if it wants that; None until somebody has looked since it was switched on.
    """

    id: ChatId
    telegram_id: int
    kind: ChatKind
    title: str | None = None
    lang: str = "ru"
    reads: tuple[str, ...] = ("ru",)
    zone: str = "Europe/Moscow"
    state: ChatState = ChatState.NEW
    pause_reason: PauseReason | None = None
    topics: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    instant: Instant = Instant.OFF
    instant_since: datetime | None = None
    paused_until: datetime | None = None
    settings: ChatSettings = field(default_factory=ChatSettings)
    next_at: datetime | None = None
    issued_at: datetime | None = None
    created_at: datetime

    @property
    def expects_issues(self) -> bool:
        """Whether it has set any time of issue, daily or weekly."""
        return bool(self.times) or self.settings.weekly is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParts:
    """Why a story ranks where it does; the product of the parts is its score.

    ``sources`` is the sum over distinct sources of weight times freshness (half after twelve hours), ``wanted`` what
    the reader's own choice adds, ``novelty`` what is left of a story that has been told on for long.
    """

    sources: float
    wanted: float = 1.0
    novelty: float = 1.0

    @property
    def total(self) -> float:
        """The score."""
        return self.sources * self.wanted * self.novelty


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStory:
    """A story as one digest tells it: frozen, so that a retry days later sends the same words.

    ``tellings`` are the first few sources, by name, with the addresses of their articles.
    """

    story_id: StoryId
    headline: str
    summary: str
    url: str
    sources: tuple[str, ...]
    published_at: datetime
    topics: tuple[str, ...] = ()
    opinion: Opinion | None = None
    opinion_source: str | None = None
    lang: str = "ru"
    picture: str | None = None
    related: tuple[Related, ...] = ()
    tellings: tuple[Related, ...] = ()
    score: ScoreParts | None = None
    marks: Marks = UNMARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Stories under one topic; ``topic`` is None for the rest («Коротко»)."""

    topic: str | None
    stories: tuple[DigestStory, ...]


class DigestKind(StrEnum):
    """What prompted a digest; rendering words it accordingly.

    WEEKLY looks back on a week, CATCH_UP on a pause. INSTANT and BREAKING are of one story that goes at once, a
    TRIAL shows an admin how posts look.
    """

    SCHEDULED = "scheduled"
    ASKED = "asked"
    FIRST = "first"
    WEEKLY = "weekly"
    CATCH_UP = "catch-up"
    INSTANT = "instant"
    BREAKING = "breaking"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one issue says. ``hours`` is the window it looked at; ``next_at`` the issue after it, if any is due.

    ``missed_stories`` is how many piled up that a CATCH_UP chose from. ``merged`` is how many issues that an outage
    held up this one stands for, 0 where it is one of its own.
    The very same one goes to all who chose the same: what concerns one chat alone is the ``Issue``'s.
    """

    kind: DigestKind
    made_at: datetime
    sections: tuple[Section, ...]
    left_over: int = 0
    hours: int = 24
    next_at: datetime | None = None
    merged: int = 0
    missed_stories: int = 0

    @property
    def stories(self) -> tuple[DigestStory, ...]:
        """All stories in reading order."""
        return tuple(story for section in self.sections for story in section.stories)


class Priority(StrEnum):
    """Who goes first when more is due than Telegram's pace allows; compared by ``rank``.

    URGENT is what somebody asked for and waits for.
    """

    URGENT = "urgent"
    BREAKING = "breaking"
    SCHEDULED = "scheduled"
    BULK = "bulk"

    @property
    def rank(self) -> int:
        """0 goes first."""
        return list(Priority).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A digest for a chat's slot. (chat, slot) is the key: composing the same slot twice enqueues it once.

    ``digest`` is None when there was nothing to tell: the schedule moves and nothing is sent. ``next_at`` moves the
    chat's schedule in the same transaction, unless somebody changed it meanwhile (it no longer is ``due_at``); for a
    digest asked for (``moves_schedule`` is False) it is left alone.

    ``missed`` is an earlier issue of which it could not be found out whether it arrived: this one offers it again.
    ``thread`` is the topic of a forum that it goes to. With ``approval_minutes`` it waits so long for the word of those
    who run the chat, with 0 for ever.
    """

    chat_id: ChatId
    slot: str
    digest: Digest | None
    priority: Priority = Priority.SCHEDULED
    due_at: datetime
    next_at: datetime | None = None
    moves_schedule: bool = True
    missed: OutboxId | None = None
    thread: int | None = None
    approval_minutes: int | None = None


class OutboxState(StrEnum):
    """The life of an outbox row; every transition is in ``storage.outbox``."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A claimed outbox row: what is to be sent, to which chat, and which parts of it already have arrived.

    ``missed`` and ``thread`` are its ``Issue``'s. ``stale`` is whether anything was put right, taken back or judged in
    its stories since it was written.
    """

    id: OutboxId
    chat: Chat
    slot: str
    digest: Digest
    attempts: int = 0
    due_at: datetime
    priority: Priority = Priority.SCHEDULED
    sent_parts: Mapping[int, int] = field(default_factory=dict)
    """Part number → Telegram message id."""
    missed: OutboxId | None = None
    thread: int | None = None
    stale: bool = False
