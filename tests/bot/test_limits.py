"""The limits on a loop whose time is made up: hours pass at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.limits import Limits
from storage import Storage
from storage.pace import Parting
from tests.bot.hurry import HOUR, Office, monotonic, play, wait_long
from tests.samples import NOW


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
        await wait_long(limits, 7)
        return monotonic()

    assert play(scene()) == pytest.approx(3600, abs=1)


@pytest.mark.parametrize(("seconds", "waits", "left"), [(8, 8, 0), (14, 14, 0), (60, 0, 60)])
def test_an_answer_waits_out_a_short_pause_and_does_not_go_into_a_long_one(
    office: Office, seconds: float, waits: float, left: float
) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        limits.pause(7, seconds)
        return await limits.react(7), monotonic()

    later, after = play(scene())
    assert later == pytest.approx(left, abs=0.5)
    assert after == pytest.approx(waits, abs=0.5)


def test_no_answer_goes_while_all_are_told_to_wait_for_long(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        for chat in (1, 2, 3):
            limits.pause(chat, 60)
        later = await limits.react(4), monotonic()
        await limits.settle()
        return later

    later, after = play(scene())
    assert later == pytest.approx(60, abs=0.5)
    assert after < 1


def test_an_answer_in_a_busy_group_waits_for_no_minute_of_ours(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        for _ in range(20):
            await limits.react(-1)
        return await limits.react(-1), monotonic()

    later, after = play(scene())
    assert later == 0
    assert after < 2


def test_three_chats_told_to_wait_in_a_row_mean_everybody(office: Office) -> None:
    async def scene() -> tuple[float, float]:
        limits = office.hire()
        for chat, seconds in ((1, 8), (2, 9), (1, 8), (1, 8)):
            limits.pause(chat, seconds)
        await wait_long(limits, 4)
        before = monotonic()
        limits.pause(3, 30)
        await wait_long(limits, 5)
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
        await wait_long(limits, 5)
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
        waiting = [asyncio.create_task(wait_long(limits, chat)) for chat in range(100)]
        await asyncio.sleep(0.2)
        for task in waiting:
            task.cancel()
        await wait_long(limits, 1000)
        return monotonic()

    assert play(scene()) < 0.5


async def test_the_real_store_keeps_it(store: Storage) -> None:
    limits = Limits(keeper=store.pace)
    await limits.recall()
    await asyncio.gather(*(wait_long(limits, chat) for chat in range(5)))
    limits.pause(1, 60)
    await limits.settle()
    again = Limits(keeper=store.pace)
    await again.recall()
    assert await again.turn(1) > 50
