"""What can become of one message handed to Telegram, as values the courier takes apart. Knows no aiogram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeAlias

from bot.markup import Message
from feeds.issue import PauseReason

BACKOFF = timedelta(seconds=2)
MAX_BACKOFF = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived under this message id."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Telegram asks to slow down (429) for this long."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class Failing:
    """It did not arrive, for a reason that passes: no connection, or an error of the server's."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The chat takes nothing from us any more, or not until somebody changes something."""

    pause: PauseReason
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup with this id; send there."""

    telegram_id: int


@dataclass(frozen=True, slots=True)
class Threadless:
    """The forum's topic that it was to go to is gone or closed; the group itself takes messages."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram does not take this content, and never will."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request was written and no answer came: it may have arrived."""

    reason: str


Outcome: TypeAlias = Sent | Wait | Failing | Closed | Moved | Threadless | Refused | Unknown


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: doubling from two seconds to ten minutes."""
    return min(BACKOFF * float(2 ** min(attempts, 16)), MAX_BACKOFF)


class Carrier(Protocol):
    """Whatever takes one message to one chat; never raises."""

    async def send(
        self, telegram_id: int, message: Message, *, formatted: bool = True, thread: int | None = None
    ) -> Outcome:
        """Send a message and say what became of it."""
        ...
