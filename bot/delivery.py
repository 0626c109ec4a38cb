"""The courier: takes parcels from the outbox to their chats, one at a time for each chat, and loses none.

    pending → claimed (lease) → sending → sent | refused | unknown

``sending`` is committed just before the request: after a crash a row that was merely claimed is sent again, and one
that was being sent is held, for it may have arrived. Knows Telegram only by ``Sender`` and its outcomes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf

import structlog

from bot.clockwatch import ClockWatch
from bot.consequences import Consequences
from bot.ledger import Ledger
from bot.limits import Limits
from bot.markup import Message
from bot.messageids import MessageIds
from bot.outcomes import Carrier, Refused, Sent, Unknown, backoff
from bot.standing import Standing, withdrawn
from feeds.clock import Clock
from feeds.errors import StorageError
from feeds.issue import Chat, OutboxState, Parcel, PauseReason
from storage.chats import Chats
from storage.outbox import Outbox
from storage.transitions import Departure

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
IN_FLIGHT, ROOM = (300, 600), 37
"""Deliveries under way at most, more at a higher rate; for how much room a look at the queue is worth its while."""
IDLE = 5.0
"""Seconds after which the courier looks for due retries and expired leases although no bell rang."""
GRACE, CUT_OFF = 5.0, 0.5
"""Seconds that requests under way may take when the process is asked to end, and those that were cut off then."""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A parcel under way."""

    parcel: Parcel
    uncut: bool = False
    """An end of the process lets it finish, as far as there is time."""
    written: bool = False
    """Its request may have reached Telegram, and the outbox does not know yet what came of that."""


class Courier:
    """Delivers until it is stopped."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        chats: Chats,
        carrier: Carrier,
        standing: Standing,
        on_closed: Callable[[Chat, PauseReason], Awaitable[None]],
        on_threadless: Callable[[Chat, int], Awaitable[None]],
        limits: Limits,
        ids: MessageIds,
        clock: Clock,
        owner: str,
    ) -> None:
        self._outbox = outbox
        self._carrier = carrier
        self._standing = standing
        self._limits = limits
        self._most = sorted((*IN_FLIGHT, int(limits.overall)))[1]
        self._ids = ids
        self._clock = clock
        self._owner = owner
        self._ledger = Ledger(outbox, owner=owner, clock=clock, hands=lambda: len(self._tasks))
        self._consequences = Consequences(
            outbox=outbox,
            chats=chats,
            ledger=self._ledger,
            on_closed=on_closed,
            on_threadless=on_threadless,
            ring=self.ring,
            clock=clock,
            owner=owner,
        )
        self._bell = asyncio.Event()
        self._stopping = False
        self._resting = False
        self._tasks: dict[asyncio.Task[None], Delivery] = {}
        self._strays: list[Delivery] = []
        """Deliveries that ended in a surprise."""
        self._finishing = False
        self._watch = ClockWatch()
        self._sent, self._told, self._reclaimed = 0, -inf, -inf

    def ring(self) -> None:
        """Say that there may be something to deliver."""
        self._bell.set()

    @property
    def at_rest(self) -> bool:
        """Whether everything that was due at the last ring has been delivered or put off."""
        return self._resting and not self._tasks and not self._bell.is_set()

    async def run(self) -> None:
        """Deliver until cancelled or stopped; then let requests under way end, and give the rest back."""
        heart = asyncio.create_task(self._keep_leases())
        self._finishing = False
        try:
            # What an end that the store spoilt could not give back: as long as we live nobody else would take it.
            await self._outbox.release(self._owner)
            while not self._stopping:
                self._bell.clear()
                await self._free_strays()
                await self._look_at_clock()
                await self._reclaim()
                await self._start_all()
                self._tell()
                await self._wait_for_bell()
        finally:
            try:
                await self._finish()
            finally:
                heart.cancel()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._bell.set()

    async def _start_all(self) -> None:
        while (room := self._most - len(self._tasks)) >= ROOM:
            parcels = await self._standing.freshen(await self._ledger.claim(room, lease=LEASE))
            for parcel in parcels:
                delivery = Delivery(parcel=parcel)
                task = asyncio.create_task(self._deliver(delivery))
                self._tasks[task] = delivery
                task.add_done_callback(self._done)
            if len(parcels) < room:
                return

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._ledger.look()
        if self._strays or self._most - len(self._tasks) >= ROOM:
            self._bell.set()

    async def _reclaim(self) -> None:
        """Take what dead couriers left behind, now and then."""
        moment = asyncio.get_running_loop().time()
        if moment >= self._reclaimed + IDLE:
            self._reclaimed = moment
            await self._outbox.reclaim(now=self._clock(), sparing=self._owner)

    def _tell(self) -> None:
        """Say how many issues were sent, in one line for a second: a line for each costs as much as its commits."""
        moment = asyncio.get_running_loop().time()
        if self._sent and (not self._tasks or moment >= self._told + 1.0):
            log.info("issues sent", count=self._sent)
            self._sent, self._told = 0, moment

    async def _look_at_clock(self) -> None:
        if self._watch.turned_back(now := self._clock()):
            hastened = await self._outbox.hasten(now=now)
            log.warning("clock turned back", hastened=hastened)

    async def _wait_for_bell(self) -> None:
        # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes together with the bell.
        self._resting = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._bell.wait()
        self._resting = False

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await self._outbox.extend(self._owner, now=self._clock(), lease=LEASE)
            except StorageError as error:
                log.warning("leases not renewed", error=error.key)

    async def _free_strays(self) -> None:
        # Their leases are ours and renewed as long as we live: nobody else would ever free them.
        while self._strays:
            stray = self._strays[-1]
            if stray.written:
                await self._consequences.hold(stray.parcel, "surprise")
            else:
                at = self._clock() + backoff(stray.parcel.attempts)
                await self._consequences.again(stray.parcel, at=at, reason="surprise")
            self._strays.pop()

    async def _finish(self) -> None:
        self._finishing = True
        for task, delivery in list(self._tasks.items()):
            if not delivery.uncut:
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CUT_OFF)
        await self._ledger.close()
        try:
            await self._free_strays()
        finally:
            await self._outbox.release(self._owner)
            self._tell()

    async def _deliver(self, delivery: Delivery) -> None:
        parcel = delivery.parcel
        try:
            if withdrawn(parcel):
                await self._consequences.end(parcel, OutboxState.REFUSED, "withdrawn")
            else:
                await self._carry_all(delivery)
        except asyncio.CancelledError:
            if delivery.uncut:
                self._strays.append(delivery)
            raise
        except Exception:
            log.exception("delivery failed", parcel=parcel.id)
            self._strays.append(delivery)

    async def _carry_all(self, delivery: Delivery) -> None:
        parcel = delivery.parcel
        messages = self._standing.write(parcel)
        left = [part for part in range(len(messages)) if part not in parcel.sent_parts]
        for part in left:
            if not await self._turn(parcel) or self._finishing:
                return
            first = parcel.sent_parts.get(0) if messages[part].follows else None
            message = replace(messages[part], reply_to=first)
            arrived = await self._carry(delivery, part, message, last=part == left[-1])
            if arrived is None:
                return
            if len(left) > 1:
                parcel = replace(parcel, sent_parts={**parcel.sent_parts, part: arrived})
        if not left:
            await self._consequences.end(parcel, OutboxState.SENT)
        self._sent += 1

    async def _turn(self, parcel: Parcel) -> bool:
        """Wait for the chat's turn; where that takes long, let the parcel wait in the outbox instead."""
        chat, rank = parcel.chat.telegram_id, parcel.priority.rank
        later = await self._limits.turn(chat, rank=rank, since=parcel.due_at)
        if later and not self._finishing:
            at = self._clock() + timedelta(seconds=later)
            # An end of the process that comes meanwhile must not cut the statement off.
            await asyncio.shield(self._consequences.again(parcel, at=at, reason="pace", count_attempt=False))
        return not later

    async def _carry(self, delivery: Delivery, part: int, message: Message, *, last: bool) -> int | None:
        """Send one part; its number in the chat if the next may follow."""
        # From here on an end of the process lets us finish: a row marked as being sent is not given back.
        delivery.uncut = True
        parcel, to = delivery.parcel, delivery.parcel.chat.telegram_id
        if not await self._ledger.depart(Departure(id=parcel.id, part=part, after_id=self._ids.newest(to))):
            log.warning("lease lost, or chat stopped", parcel=parcel.id)
            return None
        self._ids.leave(to)
        delivery.written = True
        with self._ids.sending(to):
            return await self._hand_over(delivery, part, message, last=last)

    async def _hand_over(self, delivery: Delivery, part: int, message: Message, *, last: bool) -> int | None:
        parcel, to, thread = delivery.parcel, delivery.parcel.chat.telegram_id, delivery.parcel.thread
        outcome = await self._carrier.send(to, message, thread=thread)
        if isinstance(outcome, Refused):
            # Once more as bare text: what Telegram would not parse is still news.
            log.warning("formatted message refused", parcel=parcel.id, reason=outcome.reason)
            outcome = await self._carrier.send(to, message, formatted=False, thread=thread)
        # What surely did not arrive is none to ask about, even if the outbox cannot be told now.
        delivery.written = isinstance(outcome, (Sent, Unknown))
        try:
            sent = await self._consequences.draw(parcel, part, outcome, last=last)
            delivery.written = isinstance(outcome, Unknown)
        finally:
            if not delivery.written:
                self._ids.settle(to)
        delivery.uncut = False
        return sent
