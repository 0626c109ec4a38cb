"""The limits on a loop whose time is made up: hours pass at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import Limits
from bot.passage import Passages
from feeds.errors import StorageError
from storage import Storage
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


class Office:
    """Processes that share a keeper and a clock, and when their messages went."""

    def __init__(self) -> None:
        self.kept, self.wall = Kept(), Wall()
        self.moments: list[float] = []

    def hire(self, *, overall: float = 30.0) -> Limits:
        return Limits(overall=overall, keeper=self.kept, clock=self.wall, monotonic=monotonic)

    async def send(self, limits: Limits, chats: Sequence[int]) -> None:
        async def one(chat: int) -> None:
            await limits.wait(chat)
            self.moments.append(monotonic())

        await asyncio.gather(*map(one, chats))

    @property
    def busiest(self) -> int:
        moments = sorted(self.moments)
        return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_restart_does_not_burst(office: Office) -> None:
    async def scene() -> None:
        for _ in range(4):
            limits = office.hire()
            await asyncio.wait([asyncio.create_task(office.send(limits, range(100)))], timeout=0.6)

    play(scene())
    assert len(office.moments) >= 30
    assert office.busiest <= 30


def test_two_processes_share_the_rate(office: Office) -> None:
    async def scene() -> None:
        await asyncio.gather(office.send(office.hire(), range(150)), office.send(office.hire(), range(1000, 1150)))

    play(scene())
    assert office.busiest <= 31
    assert max(office.moments) < 11.5


def test_the_store_is_asked_once_a_second(office: Office) -> None:
    play(office.send(office.hire(), range(600)))
    assert office.kept.taken <= 25
    assert max(office.moments) < 20 * 1.035


@pytest.mark.parametrize("jump", [-HOUR, HOUR, -timedelta(seconds=1), timedelta(seconds=1)])
def test_a_clock_that_jumps_neither_stops_nor_hurries_anything(office: Office, jump: timedelta) -> None:
    async def scene() -> None:
        sending = asyncio.create_task(office.send(office.hire(), range(300)))
        await asyncio.sleep(4)
        office.wall.ahead = jump
        await sending

    play(scene())
    assert office.busiest <= 30
    assert max(office.moments) < 12.5


def test_without_its_store_the_pace_is_kept_all_the_same(office: Office) -> None:
    office.kept.broken = True
    play(office.send(office.hire(), range(150)))
    assert office.busiest <= 30
    assert max(office.moments) < 5.5


def test_a_chat_told_to_wait_waits_also_after_a_restart_and_nobody_else_does(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        limits.pause(7, 3600)
        await limits.settle()
        limits = office.hire()
        await limits.recall()
        return await limits.turn(7), await limits.turn(8)

    later, other = play(scene())
    assert later == pytest.approx(3600, abs=1)
    assert other == 0


def test_who_has_to_come_again_may_then_go(office: Office) -> None:
    async def scene() -> float:
        limits = office.hire()
        limits.pause(7, 3600)
        await limits.wait(7)
        return monotonic()

    assert play(scene()) == pytest.approx(3600, abs=1)


def test_three_chats_told_to_wait_in_a_row_mean_everybody(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        for chat, seconds in ((1, 8), (2, 9), (1, 8), (1, 8)):
            limits.pause(chat, seconds)
        await limits.wait(4)
        before = monotonic()
        limits.pause(3, 30)
        await limits.wait(5)
        await limits.settle()
        return before, monotonic()

    before, after = play(scene())
    assert before < 1
    assert after == pytest.approx(8, abs=0.5)
    assert "pause:all" in office.kept.rows


def test_three_slow_chats_among_others_that_are_not_mean_only_themselves(office: Office) -> None:
    async def scene() -> float:
        limits = office.hire()
        for chat in (1, 2, 3, 4):
            limits.pause(chat, 600)
            limits.passed()
        await limits.wait(5)
        return monotonic()

    assert play(scene()) < 1


def test_a_channel_that_got_much_before_the_restart_waits(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        office.kept.sent = [Parting(telegram_id=-1, at=NOW - timedelta(seconds=30 - n)) for n in range(20)]
        limits = office.hire()
        await limits.recall()
        return await limits.turn(-1), await limits.turn(-2)

    later, other = play(scene())
    assert later == pytest.approx(31, abs=1)
    assert other == 0


def test_whoever_gives_up_waiting_costs_nobody_a_turn(office: Office) -> None:
    async def scene() -> float:
        limits = office.hire()
        waiting = [asyncio.create_task(limits.wait(chat)) for chat in range(100)]
        await asyncio.sleep(0.2)
        for task in waiting:
            task.cancel()
        await limits.wait(1000)
        return monotonic()

    assert play(scene()) < 0.5


async def test_the_real_store_keeps_it(store: Storage) -> None:
    limits = Limits(keeper=store.pace)
    await limits.recall()
    await asyncio.gather(*(limits.wait(chat) for chat in range(5)))
    limits.pause(1, 60)
    await limits.settle()
    again = Limits(keeper=store.pace)
    await again.recall()
    assert await again.turn(1) > 50


# What reaches Telegram


def busiest_arrivals(count: int, ways: Sequence[tuple[float, float]], *, asked: float) -> tuple[int, float]:
    """Send along ways of changing length; the most that arrived in one second, and when the last did."""
    arrivals: list[float] = []

    async def one(passages: Passages, there: float, back: float) -> None:
        passage = await passages.enter()
        await asyncio.sleep(0.05 + there)
        arrivals.append(monotonic())
        await asyncio.sleep(0.03 + back)
        passages.leave(passage)

    async def scene() -> None:
        passages = Passages(count, monotonic=monotonic)
        tasks = []
        for there, back in ways:
            tasks.append(asyncio.create_task(one(passages, there, back)))
            await asyncio.sleep(asked)
        await asyncio.gather(*tasks)

    play(scene())
    arrivals.sort()
    return max(sum(start <= moment < start + 1 for moment in arrivals) for start in arrivals), arrivals[-1]


@settings(max_examples=40, deadline=None)
@given(
    ways=st.lists(st.tuples(st.sampled_from([0.0, 0.02, 0.2]), st.sampled_from([0.0, 0.05])), min_size=40, max_size=90)
)
def test_however_long_requests_take_no_more_than_allowed_arrive_in_any_second(ways: list[tuple[float, float]]) -> None:
    # The first answers show what the way takes at its best.
    most, _ = busiest_arrivals(10, [(0.0, 0.0)] * 10 + ways, asked=0.05)
    assert most <= 10


def test_a_way_that_always_takes_as_long_costs_no_rate() -> None:
    most, last = busiest_arrivals(30, [(0.0, 0.0)] * 300, asked=0.01)
    assert most <= 30
    assert last < 300 / 30 * 1.01


def test_a_request_that_hangs_stops_no_other() -> None:
    _, last = busiest_arrivals(10, [(0.0, 0.0)] * 10 + [(0.0, 20.0)] + [(0.0, 0.0)] * 40, asked=0.05)
    assert last < 7
