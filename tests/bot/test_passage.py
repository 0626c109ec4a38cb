"""What reaches Telegram, and when, on a loop whose time is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import CROWD, Limits
from bot.passage import Passages
from tests.bot.hurry import monotonic, play, wait_long


def busiest_arrivals(
    count: int, ways: Sequence[tuple[float, float]], *, asked: float, stall: tuple[float, float] = (0.0, 0.0)
) -> tuple[int, float]:
    """Send along ways of changing length; the most that arrived in one second, and when the last did.

    During a stall Telegram takes nothing, and at its end all that has come.
    """
    arrivals: list[float] = []

    async def one(passages: Passages, there: float, back: float) -> None:
        passage = await passages.enter()
        await asyncio.sleep(0.05 + there)
        if stall[0] <= monotonic() < stall[1]:
            await asyncio.sleep(stall[1] - monotonic())
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
    ways=st.lists(
        st.tuples(st.sampled_from([0.0, 0.0, 0.02, 0.2, 1.5]), st.sampled_from([0.0, 0.05])), min_size=40, max_size=90
    )
)
def test_however_long_requests_take_no_more_than_allowed_arrive_in_any_second(ways: list[tuple[float, float]]) -> None:
    # The first answers show what the way takes at its best.
    most, _ = busiest_arrivals(10, [(0.0, 0.0)] * 10 + ways, asked=0.05)
    assert most <= 10


@pytest.mark.parametrize("slow", [1, 10])
def test_that_the_first_requests_are_slow_says_nothing_of_the_way(slow: int) -> None:
    most, _ = busiest_arrivals(10, [(0.2, 0.0), (0.0, 0.2)] * slow + [(0.0, 0.0)] * 60, asked=0.05)
    assert most <= 10


@pytest.mark.parametrize("seconds", [0.3, 1.0, 5.0])
def test_what_a_stall_of_telegrams_gathers_is_no_more_than_it_takes_in_a_second(seconds: float) -> None:
    most, _ = busiest_arrivals(10, [(0.0, 0.0)] * 150, asked=0.05, stall=(3.0, 3.0 + seconds))
    assert most <= 10


def test_a_way_that_always_takes_as_long_costs_no_rate() -> None:
    most, last = busiest_arrivals(30, [(0.0, 0.0)] * 300, asked=0.01)
    assert most <= 30
    assert last < 300 / 30 * 1.03


def test_no_more_turns_are_given_while_a_slow_way_keeps_others_at_the_gate() -> None:
    waited: list[int] = []

    async def one(limits: Limits, chat: int) -> None:
        await wait_long(limits, chat)
        passage = await limits.passages.enter()
        waited.append(limits.passages.waiting)
        await asyncio.sleep(0.01 if chat < 30 else 0.3)
        limits.passages.leave(passage)

    async def scene() -> float:
        limits = Limits(monotonic=monotonic)
        await asyncio.gather(*(one(limits, chat) for chat in range(300)))
        return monotonic()

    assert 300 / 30 * 1.25 < play(scene()) < 300 / 30 * 1.35
    assert max(waited) <= 2 * CROWD[0] * 30


def test_a_request_that_hangs_stops_no_other() -> None:
    _, last = busiest_arrivals(10, [(0.0, 0.0)] * 10 + [(0.0, 20.0)] + [(0.0, 0.0)] * 40, asked=0.05)
    assert last < 7
