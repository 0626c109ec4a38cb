"""A loop and a clock whose time is made up: hours pass at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.limits import Limits
from feeds.errors import StorageError
from storage.pace import Parting, left
from tests.samples import NOW

T = TypeVar("T")
HOUR = timedelta(hours=1)


class Hurried(selectors.SelectSelector):
    """Waits for nothing: the loop's clock is put forward instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        found = super().select(0)
        if not found and timeout:
            self.now += timeout
        return found


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.hurried = Hurried()
        super().__init__(self.hurried)

    def time(self) -> float:
        return self.hurried.now


def play(scene: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(scene)


def monotonic() -> float:
    return asyncio.get_running_loop().time()


class Wall:
    """A wall clock that goes with the loop's, and can be set."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=monotonic()) + self.ahead


class Kept:
    """A keeper in memory, shared by as many processes as a test likes; ``broken`` fails as a store does."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[datetime, datetime]] = {}
        self.taken = 0
        self.sent: list[Parting] = []
        self.broken = False

    async def take(self, key: str, *, span: timedelta, now: datetime) -> timedelta:
        if self.broken:
            raise StorageError("store-failed")
        self.taken += 1
        ahead = left(*self.rows.get(key, (now, now)), now=now)
        self.rows[key] = (now, now + ahead + span)
        await asyncio.sleep(0.01)
        return ahead

    async def pause(self, pauses: Mapping[str, timedelta], *, now: datetime) -> None:
        self.rows |= {key: (now, now + ahead) for key, ahead in pauses.items()}

    async def pauses(self, *, now: datetime) -> Mapping[str, timedelta]:
        return {key: left(*row, now=now) for key, row in self.rows.items()}

    async def partings(self, *, since: datetime) -> Sequence[Parting]:
        return [one for one in self.sent if one.at >= since]


async def wait_long(limits: Limits, telegram_id: int) -> None:
    """Wait until a message may go to this chat, however long that is."""
    later = await limits.turn(telegram_id)
    while later:
        await asyncio.sleep(later)
        later = await limits.turn(telegram_id)


class Office:
    """Processes that share a keeper and a clock, and when their messages went."""

    def __init__(self) -> None:
        self.kept, self.wall = Kept(), Wall()
        self.moments: list[float] = []

    def hire(self, *, overall: float = 30.0) -> Limits:
        return Limits(overall=overall, keeper=self.kept, clock=self.wall, monotonic=monotonic)

    async def send(self, limits: Limits, chats: Sequence[int]) -> None:
        async def one(chat: int) -> None:
            await wait_long(limits, chat)
            self.moments.append(monotonic())

        await asyncio.gather(*map(one, chats))

    @property
    def busiest(self) -> int:
        moments = sorted(self.moments)
        return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)
