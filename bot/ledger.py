"""What a courier writes about its rows: arrivals, departures and a claim go together, in one commit after another.

What comes while a commit runs waits for the next. Each costs about as much as five messages, so they begin a little
apart unless much has gathered, or everybody waits; the first after a rest is made at once. No commit takes up more than
that much: those it lets go make their requests while the next is written, rather than all wait and all go together.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from math import inf
from typing import Any, Generic, TypeVar

from feeds.clock import Clock
from feeds.issue import Parcel
from storage.claims import Claim
from storage.outbox import Outbox
from storage.transitions import Arrival, Departure

Entry = TypeVar("Entry")
Answer = TypeVar("Answer")

APART = 0.04
"""Seconds between the beginnings of two commits."""
MUCH = 48
"""Entries that are worth a commit at once."""
MOST = 96
"""The most of one kind in one commit."""


class Page(Generic[Entry, Answer]):
    """Entries of one kind that wait, each with who waits for its answer."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Entry, asyncio.Future[Answer]]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, entry: Entry) -> asyncio.Future[Answer]:
        """Let an entry wait."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        return future

    def take(self, most: int) -> list[tuple[Entry, asyncio.Future[Answer]]]:
        """Take what waits longest."""
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        return taken


class Ledger:
    """The rows of one owner; an error of the store goes to all who wrote in the commit that failed.

    ``hands`` says how many write here: when all of them wait, nothing more will come.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        owner: str,
        clock: Clock,
        hands: Callable[[], int] = lambda: MUCH,
        apart: float = APART,
    ) -> None:
        self._outbox = outbox
        self._apart = apart
        self._hands = hands
        self._owner = owner
        self._clock = clock
        self._arrivals: Page[Arrival, bool] = Page()
        self._departures: Page[Departure, bool] = Page()
        self._claims: Page[Claim, Sequence[Parcel]] = Page()
        self._much = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._began = -inf

    async def arrive(self, arrival: Arrival) -> bool:
        """Record a part that arrived; False when its row is not the owner's any more."""
        return await self._write(self._arrivals.add(arrival))

    async def depart(self, departure: Departure) -> bool:
        """Mark a row as being sent; False, and it must not be, when it is not the owner's."""
        return await self._write(self._departures.add(departure))

    async def claim(self, limit: int, *, lease: timedelta) -> Sequence[Parcel]:
        """Claim rows for so many chats at most; one caller at a time."""
        return await self._write(self._claims.add(Claim(limit=limit, lease=lease)))

    def look(self) -> None:
        """Look whether there is enough for a commit; also for whoever knows that there are fewer hands."""
        if self._enough():
            self._much.set()

    async def close(self) -> None:
        """Wait until everything is written."""
        if self._worker is not None:
            self._much.set()
            await asyncio.wait([self._worker])

    def _write(self, answer: asyncio.Future[Answer]) -> asyncio.Future[Answer]:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        else:
            self.look()
        return answer

    def _enough(self) -> bool:
        return len(self._arrivals) + len(self._departures) >= min(MUCH, self._hands())

    async def _work(self) -> None:
        while self._arrivals or self._departures or self._claims:
            await self._gather()
            arrivals, departures = self._arrivals.take(MOST), self._departures.take(MOST)
            # A row claimed for somebody who is gone would be nobody's.
            claims = [(claim, answer) for claim, answer in self._claims.take(1) if not answer.done()]
            try:
                done = await self._outbox.go_round(
                    [arrival for arrival, _ in arrivals],
                    [departure for departure, _ in departures],
                    claims[0][0] if claims else None,
                    owner=self._owner,
                    now=self._clock(),
                )
            except Exception as error:  # noqa: BLE001  each caller gets it
                for entries in (arrivals, departures, claims):
                    _fail(entries, error)
                continue
            _answer(arrivals, done.arrived)
            _answer(departures, done.departed)
            _answer(claims, [done.claimed] * len(claims))

    async def _gather(self) -> None:
        """Let entries gather until the next commit is due, or much has."""
        loop = asyncio.get_running_loop()
        due = self._began + self._apart
        if loop.time() < due and not self._enough():
            self._much.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._much.wait()
        self._began = loop.time()


def _answer(entries: Iterable[tuple[Any, asyncio.Future[Answer]]], answers: Sequence[Answer]) -> None:
    for (_, future), answer in zip(entries, answers, strict=True):
        if not future.done():
            future.set_result(answer)


def _fail(entries: Iterable[tuple[Any, asyncio.Future[Any]]], error: Exception) -> None:
    for _, future in entries:
        if not future.done():
            future.set_exception(error)
