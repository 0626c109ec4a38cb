"""Whose turn it is to write to Telegram, and when the next is. Arithmetic on monotonic seconds; does not sleep or send.

Turns are spaced evenly (the generic cell rate algorithm): a bucket that refills lets fifty-nine of thirty go in the
second that begins in its middle. Rates are Telegram's bots FAQ: about 30 messages a second in all, one a second to one
chat, 20 a minute to one group or channel. A turn falls into a stretch of time that was taken beforehand (``supply``).
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Generic, Protocol, TypeVar

REACTION = -1
"""The rank of an answer to what somebody just did: before everything that was not asked for this very moment."""
GROUPS = (20, 61.0)
"""Messages and edits in so many seconds to one group or channel: a minute, and a second for what the way takes."""
PATIENCE = 10.0
"""Seconds that a chat's own pace may keep a ticket waiting; beyond, it is sent away to come again."""
SLACK = 0.005
"""What is left of a rate, so that turns come a little slower than the window lets them."""
CATCH_UP = 0.5
"""Seconds for which a turn whose moment was missed may still be taken: a busy machine looks late again and again."""
_SHORTEST, _LONGEST = 0.25, 1.0
"""Seconds that a stretch lasts: few when little waits, so that another process need not wait for a whole second."""
_KEPT = 10_000


class Window:
    """At most ``count`` moments in any ``period`` seconds."""

    def __init__(self, count: int, period: float) -> None:
        self._period = period
        self._moments: deque[float] = deque(maxlen=count)

    @property
    def opens(self) -> float:
        """The earliest moment for one more."""
        return self._moments[0] + self._period if len(self._moments) == self._moments.maxlen else -inf

    def add(self, moment: float) -> None:
        """Count one."""
        self._moments.append(moment)


class ChatPace:
    """What one chat has got lately, and until when it wants nothing."""

    def __init__(self, telegram_id: int) -> None:
        self.until = -inf
        self._next = -inf
        # Telegram numbers groups and channels below zero.
        self._window = Window(*GROUPS) if telegram_id < 0 else None

    def opens(self, rank: int) -> float:
        """Give the earliest moment for one more. An answer to a tap does not wait for the second to pass."""
        own = -inf if rank == REACTION else self._next
        return max(own, self.until, self._window.opens if self._window else -inf)

    def add(self, moment: float, *, interval: float) -> None:
        """Count one."""
        self._next = max(self._next, moment + interval)
        if self._window:
            self._window.add(moment)

    def idle(self, now: float) -> bool:
        """Whether nothing is lost by forgetting it."""
        return max(self.until, self._next + (GROUPS[1] if self._window else 0)) <= now


class Ticket(Protocol):
    """Somebody who waits for a turn; lower ``order`` first, by its first number a ``Priority.rank`` or REACTION."""

    telegram_id: int
    order: tuple[float, ...]

    @property
    def gone(self) -> bool:
        """Whether nobody waits any more."""
        ...


TicketT = TypeVar("TicketT", bound=Ticket)


@dataclass(frozen=True, slots=True)
class Turn(Generic[TicketT]):
    """A ticket whose time has come; with ``later``, only to be told to come again in so many seconds."""

    ticket: TicketT
    later: float = 0.0


@dataclass(order=True, slots=True)
class _Waiting(Generic[TicketT]):
    key: tuple[float, ...]
    ticket: TicketT = field(compare=False)


class Turns(Generic[TicketT]):
    """Hands out turns; every method takes the present moment."""

    def __init__(self, *, overall: float, each: float) -> None:
        self._interval = 1 / (overall * (1 - SLACK))
        self._each = 1 / each
        self._window = Window(max(1, int(overall)), 1.0)
        self._catch_up = max(self._interval, CATCH_UP)
        self._stretches: deque[list[float]] = deque()
        self._ready: list[_Waiting[TicketT]] = []
        self._later: list[_Waiting[TicketT]] = []
        self._chats: dict[int, ChatPace] = {}
        self._crowd = 0
        self._count = 0
        self.until = -inf
        """Nothing goes before."""

    def __len__(self) -> int:
        return len(self._ready) + len(self._later)

    @property
    def supplied(self) -> float:
        """The end of the time that was taken."""
        return self._stretches[-1][1] if self._stretches else -inf

    def chat(self, telegram_id: int, *, now: float) -> ChatPace:
        """One chat's pace."""
        if telegram_id not in self._chats:
            if len(self._chats) >= max(_KEPT, self._crowd):
                self._chats = {number: chat for number, chat in self._chats.items() if not chat.idle(now)}
                # Where few can be forgotten, as of a thousand channels a second, not all are looked at for each.
                self._crowd = 2 * len(self._chats)
            self._chats[telegram_id] = ChatPace(telegram_id)
        return self._chats[telegram_id]

    def note(self, telegram_id: int, moment: float) -> None:
        """Count a message that left at a moment without having asked here."""
        self.chat(telegram_id, now=moment).add(moment, interval=self._each)

    def ask(self, ticket: TicketT) -> None:
        """Stand in line; among equals whoever came first goes first."""
        self._count += 1
        heapq.heappush(self._ready, _Waiting((*ticket.order, self._count), ticket))

    def supply(self, start: float, span: float) -> None:
        """Use this stretch of time for turns."""
        self._stretches.append([max(start, self.supplied), max(start, self.supplied) + span])

    def forgo(self, until: float) -> None:
        """Let the moments up to one be lost."""
        for stretch in self._stretches:
            stretch[0] = max(stretch[0], until)

    def short(self, now: float) -> float:
        """How many more seconds are to be taken; 0 while there are enough."""
        waiting = len(self._ready) + sum(1 for one in self._later if one.key[0] <= now + _LONGEST)
        if not waiting or now < self.until - _LONGEST:
            return 0.0
        ahead = sum(end - max(start, now) for start, end in self._stretches if end > now)
        wanted = min(max(waiting * self._interval, _SHORTEST), _LONGEST)
        # Whole turns, so that the first of the next stretch keeps its distance too.
        return ceil(wanted / self._interval) * self._interval if ahead <= wanted / 2 else 0.0

    def take(self, now: float) -> Turn[TicketT] | None:
        """Give out a turn if its moment has come."""
        while self._later and self._later[0].key[0] <= now:
            deferred = heapq.heappop(self._later)
            heapq.heappush(self._ready, _Waiting(deferred.key[1:], deferred.ticket))
        slot = self._slot(now)
        if slot > now:
            return None
        while self._ready:
            waiting = heapq.heappop(self._ready)
            ticket = waiting.ticket
            if ticket.gone:
                continue
            chat = self.chat(ticket.telegram_id, now=now)
            opens = chat.opens(int(ticket.order[0]))
            if opens > now + PATIENCE:
                return Turn(ticket, later=opens - now)
            if opens > now:
                heapq.heappush(self._later, _Waiting((opens, *waiting.key), ticket))
                continue
            # Not from when the window opened: what is late only because of what went at once before is caught up with.
            self._stretches[0][0] = max(self._stretches[0][0], now - self._catch_up) + self._interval
            self._window.add(now)
            chat.add(now, interval=self._each)
            return Turn(ticket)
        return None

    def wake(self, now: float) -> float:
        """When to look again, if nothing happens before."""
        if self._ready:
            slot = self._slot(now)
            return self.until - _LONGEST if slot == inf and self.until - _LONGEST > now else slot
        return self._later[0].key[0] if self._later else inf

    def _slot(self, now: float) -> float:
        """Find the moment of the next turn; unused moments are lost but for the last few."""
        while self._stretches:
            start, end = self._stretches[0]
            slot = max(start, now - self._catch_up)
            if slot + self._interval / 2 < end:
                return max(slot, self._window.opens, self.until)
            self._stretches.popleft()
        return inf
