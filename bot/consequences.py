"""What follows from the outcome of a request: the row moves on in the outbox, and its chat is set right.

Each move is a commit, and raises ``StorageError`` where that fails: the courier tries again later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.ledger import Ledger
from bot.outcomes import Closed, Failing, Moved, Outcome, Refused, Sent, Threadless, Unknown, Wait, backoff
from feeds.clock import Clock
from feeds.issue import GENERAL, Chat, ChatState, OutboxState, Parcel, PauseReason
from storage.chats import Chats
from storage.outbox import Outbox
from storage.transitions import Arrival, Ending

log = structlog.get_logger(__name__)


class Consequences:
    """Draws them for the rows of one owner."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        chats: Chats,
        ledger: Ledger,
        on_closed: Callable[[Chat, PauseReason], Awaitable[None]],
        on_threadless: Callable[[Chat, int], Awaitable[None]],
        ring: Callable[[], None],
        clock: Clock,
        owner: str,
    ) -> None:
        self._outbox = outbox
        self._chats = chats
        self._ledger = ledger
        self._on_closed = on_closed
        self._on_threadless = on_threadless
        self._ring = ring
        self._clock = clock
        self._owner = owner

    async def draw(self, parcel: Parcel, part: int, outcome: Outcome, *, last: bool) -> int | None:
        """Draw them from the outcome of one part; its number in the chat if the next may follow."""
        now = self._clock()
        match outcome:
            case Sent(message_id):
                arrival = Arrival(id=parcel.id, part=part, message_id=message_id, last=last)
                return message_id if await self._ledger.arrive(arrival) else None
            case Wait(delay):
                # That the chat must wait was noted where the answer came (``bot.pacing``).
                await self.again(parcel, at=now + delay, reason="429", count_attempt=False)
            case Failing(reason):
                await self.again(parcel, at=now + backoff(parcel.attempts), reason=reason)
            case Moved(telegram_id):
                await self._chats.migrate(parcel.chat.telegram_id, telegram_id)
                await self.again(parcel, at=now, reason="migrated", count_attempt=False)
            case Closed(pause, reason):
                await self._close(parcel, pause, reason)
            case Threadless(reason):
                await self._leave_thread(parcel, reason)
            case Refused(reason):
                await self.end(parcel, OutboxState.REFUSED, reason)
            case Unknown(reason):
                await self.hold(parcel, reason)
        log.warning("issue not sent", chat=parcel.chat.id, slot=parcel.slot, outcome=repr(outcome))
        return None

    async def end(self, parcel: Parcel, state: Ending, reason: str | None = None) -> None:
        """End a row: it arrived, or never will."""
        await self._outbox.settle(parcel.id, owner=self._owner, state=state, reason=reason, now=self._clock())

    async def again(self, parcel: Parcel, *, at: datetime, reason: str, count_attempt: bool = True) -> None:
        """Let a row that surely did not arrive wait until ``at``."""
        await self._outbox.retry(parcel.id, owner=self._owner, at=at, reason=reason, count_attempt=count_attempt)

    async def hold(self, parcel: Parcel, reason: str) -> None:
        """Hold a row that may have arrived."""
        await self._outbox.hold(parcel.id, owner=self._owner, reason=reason, now=self._clock())

    async def _close(self, parcel: Parcel, pause: PauseReason, reason: str) -> None:
        chat = await self._chats.pause(parcel.chat.id, pause)
        if chat.state is ChatState.STOPPED:
            # What a stopped person asked for is not held back by a pause: it would come again at once.
            await self.end(parcel, OutboxState.REFUSED, reason)
        else:
            await self.again(parcel, at=self._clock(), reason=reason, count_attempt=False)
        await self._on_closed(parcel.chat, pause)

    async def _leave_thread(self, parcel: Parcel, reason: str) -> None:
        """Send to General, with all else that waits for it, what was for a thread that is gone; or nowhere."""
        if parcel.thread is None:
            await self.end(parcel, OutboxState.REFUSED, reason)
        else:
            await self._outbox.leave_thread(parcel.id, owner=self._owner, now=self._clock())
        await self._on_threadless(parcel.chat, parcel.thread or GENERAL)
        self._ring()
