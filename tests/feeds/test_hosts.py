from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic

from feeds.clock import utc_now
from feeds.hosts import Hosts


async def test_turns_at_one_host_follow_each_other_with_a_pause_between() -> None:
    hosts, times = Hosts(concurrency=9), list[float]()

    async def ask() -> None:
        async with hosts.turn("example.ru", pause=0.05):
            times.append(monotonic())
            await asyncio.sleep(0.02)
            times.append(monotonic())

    await asyncio.gather(*(ask() for _ in range(4)))
    ends, begins = times[1:-1:2], times[2::2]
    assert all(begin - end >= 0.049 for end, begin in zip(ends, begins, strict=True))


async def test_a_slow_host_does_not_hold_up_the_others() -> None:
    hosts, answered = Hosts(concurrency=2), asyncio.Event()

    async def ask(name: str) -> None:
        async with hosts.turn(name, pause=0):
            if name == "slow.example.ru":
                await answered.wait()

    slow = [asyncio.create_task(ask("slow.example.ru")) for _ in range(5)]
    await asyncio.sleep(0)
    await ask("quick.example.ru")
    assert not any(one.done() for one in slow)
    answered.set()
    await asyncio.gather(*slow)


async def test_no_more_than_so_many_are_on_the_network_at_once() -> None:
    hosts, busy, most = Hosts(concurrency=3), 0, 0

    async def ask(name: str) -> None:
        nonlocal busy, most
        async with hosts.turn(name, pause=0), hosts.slot():
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.01)
            busy -= 1

    await asyncio.gather(*(ask(f"{n}.example.ru") for n in range(12)))
    assert most == 3


async def test_a_closed_host_lets_nobody_in_not_even_those_who_waited() -> None:
    hosts = Hosts(concurrency=3)

    async def wait() -> bool:
        async with hosts.turn("example.ru", pause=0) as closed:
            return closed is not None

    async with hosts.turn("example.ru", pause=60) as closed:
        assert closed is None
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        hosts.close("example.ru", status=503, until=utc_now() + timedelta(seconds=60))
        hosts.close("example.ru", status=503, until=utc_now() + timedelta(seconds=1))
    assert await waiting
    async with hosts.turn("example.ru", pause=0) as closed:
        assert closed is not None
        assert closed.status == 503
        assert timedelta(seconds=59) < closed.rest <= timedelta(seconds=60)
    async with hosts.turn("other.example.ru", pause=0) as other:
        assert other is None


async def test_idle_hosts_are_forgotten_and_closed_ones_are_not() -> None:
    hosts = Hosts(concurrency=3)
    hosts.close("closed.example.ru", status=429, until=utc_now() + timedelta(seconds=60))
    for n in range(5_000):
        async with hosts.turn(f"{n}.example.ru", pause=0):
            pass
    assert len(hosts._hosts) <= 2_000
    async with hosts.turn("closed.example.ru", pause=0) as closed:
        assert closed is not None
