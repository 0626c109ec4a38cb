from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Limits, Spacing


class Seconds:
    """A monotonic clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_the_first_moment_is_now_and_the_next_ones_are_evenly_spaced(seconds: Seconds) -> None:
    spacing = Spacing(10, monotonic=seconds)
    assert [round(spacing.reserve(), 6) for _ in range(4)] == [0.0, 0.1, 0.2, 0.3]


def test_idleness_saves_up_nothing(seconds: Seconds) -> None:
    spacing = Spacing(10, monotonic=seconds)
    spacing.reserve()
    seconds.now += 60
    assert [round(spacing.reserve(), 6) for _ in range(2)] == [0.0, 0.1]


def test_nothing_goes_during_a_pause(seconds: Seconds) -> None:
    spacing = Spacing(10, monotonic=seconds)
    spacing.pause(5)
    assert not spacing.idle
    assert spacing.reserve() == 5
    seconds.now += 6
    assert spacing.idle


def test_a_shorter_pause_does_not_end_a_longer_one(seconds: Seconds) -> None:
    spacing = Spacing(10, monotonic=seconds)
    spacing.pause(5)
    spacing.pause(1)
    assert spacing.reserve() == 5


@given(rate=st.floats(0.5, 50), waits=st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_moments_are_never_closer_than_the_rate_allows(rate: float, waits: list[float]) -> None:
    seconds = Seconds()
    spacing = Spacing(rate, monotonic=seconds)
    moments = []
    for wait in waits:
        seconds.now += wait
        moments.append(seconds.now + spacing.reserve())
    assert all(after - before >= 1 / rate - 1e-6 for before, after in pairwise(moments))


def test_no_second_sees_more_than_thirty_messages(seconds: Seconds) -> None:
    spacing = Spacing(29, monotonic=seconds)
    moments = [spacing.reserve() for _ in range(200)]
    assert max(sum(start <= moment < start + 1 for moment in moments) for start in moments) <= 30


async def test_a_chat_that_must_wait_does_not_hold_up_another() -> None:
    limits = Limits(overall=1000, each=1)
    limits.pause(1, 30)
    waiting = asyncio.create_task(limits.wait(1))
    async with asyncio.timeout(1):
        await limits.wait(2)
    assert not waiting.done()
    waiting.cancel()


async def test_one_chat_gets_its_messages_apart() -> None:
    limits = Limits(overall=1000, each=20)
    loop = asyncio.get_running_loop()
    moments = []
    for _ in range(3):
        await limits.wait(1)
        moments.append(loop.time())
    assert all(after - before >= 0.045 for before, after in pairwise(moments))


async def test_chats_of_long_ago_are_forgotten_and_paused_ones_are_not(seconds: Seconds) -> None:
    limits = Limits(overall=1e9, each=1e6, monotonic=seconds)
    limits.KEPT = 10
    limits.pause(0, 1000)
    for chat in range(1, 40):
        seconds.now += 1
        await limits.wait(chat)
    assert len(limits._chats) <= limits.KEPT
    assert not limits._chat(0).idle
