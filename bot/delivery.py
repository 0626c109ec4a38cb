"""The courier: takes parcels from the outbox to their chats, one at a time for each chat, and loses none.

    pending → claimed (lease) → sending → sent | refused | unknown

``sending`` is committed just before the request: after a crash a row that was merely claimed is sent again, and one
that was being sent is held, for it may have arrived. Knows Telegram only by ``Sender`` and its outcomes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.batching import Batching
from bot.limits import Limits
from bot.markup import Message
from bot.messageids import MessageIds
from bot.outcomes import Closed, Failing, Moved, Outcome, Refused, Sent, Unknown, Wait
from feeds.clock import Clock
from feeds.issue import Chat, ChatState, OutboxState, Parcel, PauseReason
from storage.chats import Chats
from storage.outbox import Outbox
from storage.transitions import Arrival, Departure

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
IN_FLIGHT = 200
IDLE = 5.0
"""Seconds after which the courier looks for due retries and expired leases although no bell rang."""
GRACE = 8.0
"""Seconds that requests under way may take when the process is asked to end."""
BACKOFF = timedelta(seconds=2)
MAX_BACKOFF = timedelta(minutes=10)
TURNED_BACK = timedelta(seconds=-30)
"""A clock that lags by more than this behind the seconds that passed was turned back."""


class Carrier(Protocol):
    """Whatever takes one message to one chat; never raises."""

    async def send(self, telegram_id: int, message: Message, *, formatted: bool = True) -> Outcome:
        """Send a message and say what became of it."""
        ...


class Courier:
    """Delivers until it is stopped."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        chats: Chats,
        carrier: Carrier,
        write: Callable[[Parcel], Sequence[Message]],
        on_closed: Callable[[Chat, PauseReason], Awaitable[None]],
        limits: Limits,
        ids: MessageIds,
        clock: Clock,
        owner: str,
    ) -> None:
        self._outbox = outbox
        self._chats = chats
        self._carrier = carrier
        self._write = write
        self._on_closed = on_closed
        self._limits = limits
        self._ids = ids
        self._clock = clock
        self._owner = owner
        self._depart = Batching(self._depart_all)
        self._arrive = Batching(self._arrive_all)
        self._bell = asyncio.Event()
        self._stopping = False
        self._tasks: dict[asyncio.Task[None], bool] = {}
        """Every delivery under way, and whether its request is being made."""
        self._strays: list[tuple[Parcel, bool]] = []
        """Parcels whose delivery ended in a surprise, and whether that was during the request."""
        self._finishing = False
        self._looked: tuple[datetime, float] | None = None
        """When the loop last came round, by the clock and by the loop's own time."""

    def ring(self) -> None:
        """Say that there may be something to deliver."""
        self._bell.set()

    async def run(self) -> None:
        """Deliver until cancelled or stopped; then let requests under way end, and give the rest back."""
        heart = asyncio.create_task(self._keep_leases())
        self._finishing = False
        try:
            while not self._stopping:
                self._bell.clear()
                await self._free_strays()
                await self._look_at_clock()
                await self._outbox.reclaim(now=self._clock(), sparing=self._owner)
                await self._start_all()
                await self._wait_for_bell()
        finally:
            await self._finish()
            heart.cancel()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._bell.set()

    async def _start_all(self) -> None:
        # A look at the queue costs a commit: it is worth one when there is room for more than a few.
        while (room := IN_FLIGHT - len(self._tasks)) >= IN_FLIGHT // 8:
            parcels = await self._outbox.claim(now=self._clock(), limit=room, lease=LEASE, owner=self._owner)
            for parcel in parcels:
                task = asyncio.create_task(self._deliver(parcel))
                self._tasks[task] = False
                task.add_done_callback(self._done)
            if len(parcels) < room:
                return

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._bell.set()

    async def _look_at_clock(self) -> None:
        now, monotonic = self._clock(), asyncio.get_running_loop().time()
        then, monotonic_then = self._looked or (now, monotonic)
        self._looked = now, monotonic
        if now - then - timedelta(seconds=monotonic - monotonic_then) < TURNED_BACK:
            hastened = await self._outbox.hasten(now=now)
            log.warning("clock turned back", hastened=hastened)

    async def _wait_for_bell(self) -> None:
        # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes together with the bell.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._bell.wait()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            await self._outbox.extend(self._owner, now=self._clock(), lease=LEASE)

    async def _free_strays(self) -> None:
        # Their leases are ours and renewed as long as we live: nobody else would ever free them.
        while self._strays:
            parcel, requesting = self._strays[-1]
            now = self._clock()
            if requesting:
                await self._outbox.hold(parcel.id, owner=self._owner, reason="surprise", now=now)
            else:
                await self._again(parcel, at=now + backoff(parcel.attempts), reason="surprise")
            self._strays.pop()

    async def _finish(self) -> None:
        self._finishing = True
        for task, requesting in list(self._tasks.items()):
            if not requesting:
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._outbox.release(self._owner)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            await self._carry_all(parcel)
        except asyncio.CancelledError:
            if self._tasks[_this_task()]:
                self._strays.append((parcel, True))
            raise
        except Exception:
            log.exception("delivery failed", parcel=parcel.id)
            self._strays.append((parcel, self._tasks[_this_task()]))

    async def _carry_all(self, parcel: Parcel) -> None:
        messages = self._write(parcel)
        left = [part for part in range(len(messages)) if part not in parcel.sent_parts]
        for part in left:
            if not await self._turn(parcel) or self._finishing:
                return
            if not await self._carry(parcel, part, messages[part], last=part == left[-1]):
                return
        if not left:
            now = self._clock()
            await self._outbox.settle(parcel.id, owner=self._owner, state=OutboxState.SENT, now=now)
        log.info("issue sent", chat=parcel.chat.id, slot=parcel.slot, parts=len(messages))

    async def _turn(self, parcel: Parcel) -> bool:
        """Wait for the chat's turn; where that takes long, let the parcel wait in the outbox instead."""
        chat, rank = parcel.chat.telegram_id, parcel.priority.rank
        later = await self._limits.turn(chat, rank=rank, since=parcel.due_at)
        if later and not self._finishing:
            at = self._clock() + timedelta(seconds=later)
            # An end of the process that comes meanwhile must not cut the statement off.
            await asyncio.shield(self._again(parcel, at=at, reason="pace", count_attempt=False))
        return not later

    async def _carry(self, parcel: Parcel, part: int, message: Message, *, last: bool) -> bool:
        """Send one part; say whether the next may follow."""
        # From here on an end of the process lets us finish: a row marked as being sent is not given back.
        self._tasks[_this_task()] = True
        after_id = self._ids.newest(parcel.chat.telegram_id)
        if not await self._depart(Departure(id=parcel.id, part=part, after_id=after_id)):
            log.warning("lease lost", parcel=parcel.id)
            return False
        self._ids.leave(parcel.chat.telegram_id)
        outcome = await self._carrier.send(parcel.chat.telegram_id, message)
        if isinstance(outcome, Refused):
            # Once more as bare text: what Telegram would not parse is still news.
            log.warning("formatted message refused", parcel=parcel.id, reason=outcome.reason)
            outcome = await self._carrier.send(parcel.chat.telegram_id, message, formatted=False)
        sent = await self._settle(parcel, part, outcome, last=last)
        if not isinstance(outcome, Unknown):
            self._ids.settle(parcel.chat.telegram_id)
        self._tasks[_this_task()] = False
        return sent

    async def _settle(self, parcel: Parcel, part: int, outcome: Outcome, *, last: bool) -> bool:
        now, mine = self._clock(), parcel.id
        match outcome:
            case Sent(message_id):
                return await self._arrive(Arrival(id=mine, part=part, message_id=message_id, last=last))
            case Wait(delay):
                self._limits.pause(parcel.chat.telegram_id, delay.total_seconds())
                await self._again(parcel, at=now + delay, reason="429", count_attempt=False)
            case Failing(reason):
                await self._again(parcel, at=now + backoff(parcel.attempts), reason=reason)
            case Moved(telegram_id):
                await self._chats.migrate(parcel.chat.telegram_id, telegram_id)
                await self._again(parcel, at=now, reason="migrated", count_attempt=False)
            case Closed(pause, reason):
                chat = await self._chats.pause(parcel.chat.id, pause)
                if chat.state is ChatState.STOPPED:
                    # What a stopped person asked for is not held back by a pause: it would come again at once.
                    await self._refuse(parcel, reason)
                else:
                    await self._again(parcel, at=now, reason=reason, count_attempt=False)
                await self._on_closed(parcel.chat, pause)
            case Refused(reason):
                await self._refuse(parcel, reason)
            case Unknown(reason):
                await self._outbox.hold(mine, owner=self._owner, reason=reason, now=now)
        log.warning("issue not sent", chat=parcel.chat.id, slot=parcel.slot, outcome=repr(outcome))
        return False

    async def _depart_all(self, departures: Sequence[Departure]) -> list[bool]:
        return await self._outbox.depart(departures, owner=self._owner, now=self._clock())

    async def _arrive_all(self, arrivals: Sequence[Arrival]) -> list[bool]:
        return await self._outbox.arrive(arrivals, owner=self._owner, now=self._clock())

    async def _refuse(self, parcel: Parcel, reason: str) -> None:
        now = self._clock()
        await self._outbox.settle(parcel.id, owner=self._owner, state=OutboxState.REFUSED, reason=reason, now=now)

    async def _again(self, parcel: Parcel, *, at: datetime, reason: str, count_attempt: bool = True) -> None:
        await self._outbox.retry(parcel.id, owner=self._owner, at=at, reason=reason, count_attempt=count_attempt)


def _this_task() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  only coroutines of a task come here
    return task


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: doubling from two seconds to ten minutes."""
    return min(BACKOFF * float(2 ** min(attempts, 16)), MAX_BACKOFF)
