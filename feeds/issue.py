"""The nouns of publishing: who reads (a chat), what is sent (a digest), and its way through the outbox (an issue).

Imports ``feeds.model`` only; knows neither SQL nor Telegram's API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from feeds.model import Opinion, Related, StoryId

ChatId = NewType("ChatId", int)
"""Our own key of a chat; Telegram's number is ``Chat.telegram_id`` and may change under it (supergroup migration)."""
OutboxId = NewType("OutboxId", int)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A private chat, group or channel with its choice of topics (none = all) and its local times of issue.

    ``words`` are its own topics as ``feeds.ownwords`` reads them: a story of either kind is wanted. ``times`` are
    minutes after midnight in ``zone`` (an IANA name); ``reads`` are the languages of news it wants.
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
    next_at: datetime | None = None
    issued_at: datetime | None = None
    created_at: datetime


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
    """A story as one digest tells it: frozen, so that a retry days later sends the same words."""

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
    score: ScoreParts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Stories under one topic; ``topic`` is None for the rest («Коротко»)."""

    topic: str | None
    stories: tuple[DigestStory, ...]


class DigestKind(StrEnum):
    """What prompted a digest; rendering words it accordingly."""

    SCHEDULED = "scheduled"
    ASKED = "asked"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one issue says. ``hours`` is the window it looked at; ``next_at`` the issue after it, if any is due.

    ``missed`` is an earlier issue of which it could not be found out whether it arrived: this one offers it again.
    """

    kind: DigestKind
    made_at: datetime
    sections: tuple[Section, ...]
    left_over: int = 0
    hours: int = 24
    next_at: datetime | None = None
    missed: OutboxId | None = None

    @property
    def stories(self) -> tuple[DigestStory, ...]:
        """All stories in reading order."""
        return tuple(story for section in self.sections for story in section.stories)


class Priority(StrEnum):
    """Who goes first when more is due than Telegram's pace allows; compared by ``rank``."""

    URGENT = "urgent"
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
    """

    chat_id: ChatId
    slot: str
    digest: Digest | None
    priority: Priority = Priority.SCHEDULED
    due_at: datetime
    next_at: datetime | None = None
    moves_schedule: bool = True


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
    """A claimed outbox row: what is to be sent, to which chat, and which parts of it already have arrived."""

    id: OutboxId
    chat: Chat
    slot: str
    digest: Digest
    attempts: int = 0
    due_at: datetime
    priority: Priority = Priority.SCHEDULED
    sent_parts: Mapping[int, int] = field(default_factory=dict)
    """Part number → Telegram message id."""
