"""How fast messages leave: in all, for each chat, and not at all while Telegram says so. Sends nothing itself.

The rate lives in the store: the process takes the time ahead in stretches of up to a second (one commit each), so that
a restart or a second process does not burst. Inside a stretch monotonic seconds count, whatever the clock does.
docs/decisions/0040 says why and which 429 stops whom.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Protocol

import structlog

from bot.passage import Passages
from bot.turns import GROUPS, PATIENCE, REACTION, Turns
from feeds.clock import Clock, utc_now
from feeds.errors import StorageError
from storage.pace import Parting

log = structlog.get_logger(__name__)

OVERALL = 30.0
PAID = 1000.0
"""Messages a second with ``allow_paid_broadcast`` (core.telegram.org/bots/api#sendmessage)."""

CROWD = (0.5, 150)
"""Seconds' worth of messages, and how many at most, that may wait at the last gate before no more turns are given, and
that may then follow at once: enough for it to let through all it can, and few enough that few are marked."""
ATTENTION = 15.0
"""Seconds that a 429 may make an answer to a person wait; after more it would come as a surprise."""
KEPT = 5.0
"""Seconds from which on a pause outlives the process."""
STREAK, STREAK_SECONDS = 3, 10.0
"""So many different chats told to wait, one after the other, with nothing accepted in between: it is not the chats."""
_ALL = "all"


class Keeper(Protocol):
    """Where stretches of time and pauses are kept (``storage.pace``)."""

    async def take(self, key: str, *, span: timedelta, now: datetime) -> timedelta:
        """Take the next free stretch of a rate; how long until it begins."""
        ...

    async def pause(self, pauses: Mapping[str, timedelta], *, now: datetime) -> None:
        """Keep how long from now nothing may leave by each of these rates."""
        ...

    async def pauses(self, *, now: datetime) -> Mapping[str, timedelta]:
        """Read what is still to be waited for, by key."""
        ...

    async def partings(self, *, since: datetime) -> Sequence[Parting]:
        """Read which groups and channels got messages after a moment, the oldest first."""
        ...


class Waiter:
    """Somebody who waits for a turn."""

    __slots__ = ("future", "order", "telegram_id")

    def __init__(self, telegram_id: int, order: tuple[float, ...]) -> None:
        self.telegram_id = telegram_id
        self.order = order
        self.future: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    @property
    def gone(self) -> bool:
        """Whether nobody waits any more."""
        return self.future.done()


class Limits:
    """Turns for everybody, in order of rank and then of waiting; without a keeper the rate is this process's own."""

    def __init__(
        self,
        *,
        overall: float = OVERALL,
        each: float = 1.0,
        keeper: Keeper | None = None,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.overall = overall
        """Messages a second."""
        self.passages = Passages(int(overall), monotonic=monotonic, eased=self._eased)
        self._crowd = max(2, int(min(overall * CROWD[0], CROWD[1])))
        self._held = False
        """No turns are given until fewer wait at the last gate: each of those is a row marked."""
        self._turns: Turns[Waiter] = Turns(overall=overall, each=each)
        self._keeper = keeper
        self._clock = clock
        self._monotonic = monotonic
        self._rung = asyncio.Event()
        self._wakes = inf
        """When the giver looks again by itself."""
        self._giving: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[None] | None = None
        self._keeping: set[asyncio.Task[None]] = set()
        self._told: dict[int, tuple[float, float]] = {}
        """Chats told to wait since anything was accepted: when that was, and until when."""

    async def recall(self) -> None:
        """Go on where the last process ended: its pauses, and what groups and channels got in the last minute."""
        if self._keeper is None:
            return
        moment, now = self._monotonic(), self._clock()
        for key, ahead in (await self._keeper.pauses(now=now)).items():
            kind, _, number = key.partition(":")
            if kind == "pause":
                self._pause(None if number == _ALL else int(number), moment + ahead.total_seconds())
        for parting in await self._keeper.partings(since=now - timedelta(seconds=GROUPS[1])):
            self._turns.note(parting.telegram_id, moment - max((now - parting.at).total_seconds(), 0.0))

    async def turn(self, telegram_id: int, *, rank: int = 1, since: datetime | None = None) -> float:
        """Wait until a message may go to this chat: 0.0, or the seconds after which to come again if that is long.

        Lower ranks go first, then whoever waits longest (``since``).
        """
        if later := self.later(telegram_id, rank=rank):
            return later
        waiter = Waiter(telegram_id, (rank, since.timestamp() if since else 0.0))
        self._turns.ask(waiter)
        self._serve()
        now = self._monotonic()
        # The giver need not be woken for somebody who has been served, or who waits for the moment it waits for.
        if not waiter.gone and (self._idle() or (not self._held and self._turns.wake(now) < self._wakes)):
            self._ring()
        return await waiter.future

    def later(self, telegram_id: int, *, rank: int = 1) -> float:
        """Say in how many seconds to come again, as ``turn`` would; 0.0 for a chat that may stand in line."""
        now = self._monotonic()
        opens = self._turns.chat(telegram_id, now=now).opens(rank)
        return opens - now if opens > now + PATIENCE else 0.0

    async def react(self, telegram_id: int) -> float:
        """Wait until an answer to somebody's tap or words may go: before all others, and without a chat's second.

        0.0, or the seconds for which Telegram wants to hear nothing, where a person would not wait that long
        (``ATTENTION``): then it must not go. A group's twenty a minute, which only we count, stop no answer for longer
        than a place in line does.
        """
        while (paused := self._paused(telegram_id)) <= ATTENTION:
            if not await self.turn(telegram_id, rank=REACTION) or not self._paused(telegram_id):
                return 0.0
            await asyncio.sleep(min(self._paused(telegram_id), ATTENTION))
        return paused

    def pause(self, telegram_id: int, seconds: float) -> None:
        """Send this chat nothing for so many seconds, as a 429 said; and nobody, when it seems to mean us all."""
        now = self._monotonic()
        pauses = {self._pause(telegram_id, now + seconds): seconds}
        self._told[telegram_id] = (now, now + seconds)
        self._told = {chat: told for chat, told in self._told.items() if told[0] >= now - STREAK_SECONDS}
        if len(self._told) >= STREAK:
            until = min(until for _, until in self._told.values())
            pauses[self._pause(None, until)] = until - now
            log.warning("all told to wait", seconds=round(until - now, 1))
        self._keep({key: timedelta(seconds=ahead) for key, ahead in pauses.items() if ahead >= KEPT})
        self._ring()

    def passed(self) -> None:
        """Say that Telegram took a message: whoever was told to wait was told so for a reason of their own."""
        self._told.clear()

    async def settle(self, *, timeout: float | None = None) -> None:
        """Wait for what is being kept, before the store closes; no longer than so many seconds."""
        under_way = [task for task in (self._taking, *self._keeping) if task and not task.done()]
        if under_way:
            await asyncio.wait(under_way, timeout=timeout)

    def _pause(self, telegram_id: int | None, until: float) -> str:
        place = self._turns if telegram_id is None else self._turns.chat(telegram_id, now=self._monotonic())
        place.until = max(place.until, until)
        return f"pause:{_ALL if telegram_id is None else telegram_id}"

    def _paused(self, telegram_id: int) -> float:
        """For how many seconds more Telegram wants nothing for this chat, or nothing at all."""
        now = self._monotonic()
        return max(self._turns.chat(telegram_id, now=now).until - now, self._turns.until - now, 0.0)

    def _idle(self) -> bool:
        return self._giving is None or self._giving.done()

    def _ring(self) -> None:
        self._rung.set()
        if self._idle():
            self._giving = asyncio.create_task(self._give())

    async def _give(self) -> None:
        while len(self._turns):
            now = self._serve()
            self._rung.clear()
            self._wakes = inf if self._held else self._turns.wake(now)
            await self._rest(self._wakes - now)

    def _serve(self) -> float:
        """Give out the turns whose moment has come; when it was looked last."""
        while True:
            now = self._monotonic()
            if (span := self._turns.short(now)) and (self._taking is None or self._taking.done()):
                self._taking = asyncio.create_task(self._take(span))
            self._held = self.passages.waiting >= self._crowd
            if self._held or (turn := self._turns.take(now)) is None:
                return now
            turn.ticket.future.set_result(turn.later)

    def _eased(self) -> None:
        if self._held:
            # All the moments missed meanwhile would only make the crowd larger.
            self._turns.forgo(self._monotonic() - self._crowd / self.overall)
            self._ring()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(None if seconds == inf else max(seconds, 0.0)):
                await self._rung.wait()
        except TimeoutError:
            pass

    async def _take(self, span: float) -> None:
        start = self._monotonic()
        if self._keeper is not None:
            try:
                ahead = await self._keeper.take(_ALL, span=timedelta(seconds=span), now=self._clock())
                start += ahead.total_seconds()
            except StorageError as error:
                # What is sent has to be marked in the same store: this decides only how fast it fails.
                log.warning("pace not kept", error=error.key)
        self._turns.supply(start, span)
        self._rung.set()

    def _keep(self, pauses: Mapping[str, timedelta]) -> None:
        if self._keeper is not None and pauses:
            task = asyncio.create_task(self._keep_pauses(self._keeper, pauses))
            self._keeping.add(task)
            task.add_done_callback(self._keeping.discard)

    async def _keep_pauses(self, keeper: Keeper, pauses: Mapping[str, timedelta]) -> None:
        try:
            await keeper.pause(pauses, now=self._clock())
        except StorageError as error:
            log.warning("pause not kept", error=error.key)
