"""The nouns of posts that change: what is to be drawn anew, and what came of it. Knows neither SQL nor Telegram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from feeds.issue import OutboxId, Parcel

PRIVATE_TERM = timedelta(hours=24)
"""How long a message in a private chat is kept up to date: what somebody read yesterday does not change under them."""

DEBOUNCE = timedelta(minutes=10)
"""How long sources that join are gathered before a post is changed for them."""

MOST_GROWTHS = 6
"""A post that was changed so often is not changed any more for sources that join."""


class RedrawOutcome(StrEnum):
    """What came of drawing a copy anew.

    EDITED says now what is true; SAME has nothing to say anew, as where no opinions are wanted. GONE: its chat deleted
    it. CLOSED: its chat takes nothing from us any more. OLD: a private one, older than a day. REFUSED: Telegram does
    not take the edit, or there is no room.
    """

    EDITED = "edited"
    SAME = "same"
    GONE = "gone"
    CLOSED = "closed"
    OLD = "old"
    REFUSED = "refused"


SKIPPED = frozenset({RedrawOutcome.CLOSED, RedrawOutcome.OLD, RedrawOutcome.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    """A copy to be drawn anew: the parcel as it was sent, under which ids (``parcel.sent_parts``), and when.

    ``wants`` counts how often it was asked for; ``touched`` is whether an edit was begun before, so that the message
    may say something else than what was sent; ``drawn`` names what it says since, where that is known. ``turned`` are
    the parts of which another page is being read.
    """

    parcel: Parcel
    wants: int
    sent_at: datetime
    attempts: int = 0
    touched: bool = False
    drawn: str | None = None
    turned: frozenset[int] = frozenset()

    @property
    def id(self) -> OutboxId:
        """The issue's."""
        return self.parcel.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of one redraw; ``changed`` is whether the message says something else than before.

    ``drawn`` names what it says now, if it was found out.
    """

    id: OutboxId
    wants: int
    outcome: RedrawOutcome
    changed: bool = False
    drawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Propagation:
    """What came of the copies of a story: how many wait, and in how many channels and groups, and private chats.

    A chat where one copy came to this and another to that counts for both. What waits for its issue to be sent counts
    as waiting.
    """

    waiting: int = 0
    channels: Mapping[RedrawOutcome, int] = field(default_factory=dict)
    people: Mapping[RedrawOutcome, int] = field(default_factory=dict)

    @property
    def edited(self) -> int:
        """How many say now what is true."""
        return self.count(frozenset({RedrawOutcome.EDITED}))

    @property
    def gone(self) -> int:
        """How many were deleted where they stood."""
        return self.count(frozenset({RedrawOutcome.GONE}))

    @property
    def skipped(self) -> int:
        """How many could not or should not be changed."""
        return self.count(SKIPPED)

    def count(self, outcomes: frozenset[RedrawOutcome]) -> int:
        """How many came to one of these."""
        return sum(kind.get(outcome, 0) for kind in (self.channels, self.people) for outcome in outcomes)
