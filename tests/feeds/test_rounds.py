from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from feeds.model import Source, SourceId, SourceSpec
from feeds.polls import PollState
from feeds.rounds import LEASE, ROOM, Round
from feeds.settling import Settling
from storage import Storage
from tests.samples import NOW, StillClock

MINUTE = timedelta(minutes=1)


async def add(store: Storage, *urls: str) -> list[Source]:
    return [await store.news.add_source(SourceSpec(name=url, url=url, lang="ru"), now=NOW) for url in urls]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what a round does next rings no bell
            await asyncio.sleep(0.01)


async def settle(store: Storage, source: Source, *, wait: timedelta) -> None:
    await store.news.settle_polls({source.id: PollState(next_at=NOW + wait)})


async def test_what_becomes_due_is_polled_while_a_slow_host_still_thinks(store: Storage, clock: StillClock) -> None:
    slow, quick = await add(store, "https://slow.example/rss", "https://quick.example/rss")
    polled: list[SourceId] = []
    let_go = asyncio.Event()

    async def poll(source: Source) -> None:
        polled.append(source.id)
        if source.id == slow.id:
            await let_go.wait()
        await settle(store, source, wait=MINUTE * len(polled))

    round_ = asyncio.create_task(Round(store=store.news, clock=clock, poll=poll, idle=0.02).run())
    await until(lambda: len(polled) == 2)
    for _ in range(3):
        clock.advance(5 * MINUTE)
        count = len(polled)
        await until(lambda count=count: len(polled) > count)  # type: ignore[misc]
    assert polled.count(slow.id) == 1
    assert polled.count(quick.id) >= 4
    let_go.set()
    await round_


async def test_a_host_has_one_poll_at_a_time_and_takes_one_place_however_many_sources_it_has(
    store: Storage, clock: StillClock
) -> None:
    many = [f"https://crowd.example/{number}" for number in range(ROOM + 5)]
    await add(store, *many, "https://alone.example/rss")
    busy, most, order = 0, 0, list[str]()

    async def poll(source: Source) -> None:
        nonlocal busy, most
        if "crowd" in source.spec.url:
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.001)
            busy -= 1
        order.append(source.spec.url)
        await settle(store, source, wait=MINUTE)

    await Round(store=store.news, clock=clock, poll=poll).run()
    assert sorted(order) == sorted([*many, "https://alone.example/rss"])
    assert most == 1
    assert order.index("https://alone.example/rss") < ROOM, "it did not wait for the whole crowd"


async def test_a_source_that_waits_longer_than_its_lease_is_polled_once(store: Storage, clock: StillClock) -> None:
    await add(store, "https://slow.example/1", "https://slow.example/2")
    polled: list[SourceId] = []

    async def poll(source: Source) -> None:
        polled.append(source.id)
        clock.advance(LEASE)
        await asyncio.sleep(0.1)
        await store.news.settle_polls({source.id: PollState(next_at=clock() + 1000 * MINUTE)})

    await Round(store=store.news, clock=clock, poll=poll, idle=0.02).run()
    assert len(polled) == len(set(polled)) == 2


def settling(commit: Callable[..., Awaitable[None]]) -> Settling:
    return Settling(commit, asyncio.Lock())


async def test_polls_that_end_together_are_committed_together() -> None:
    batches: list[int] = []

    async def commit(polls: dict[SourceId, PollState]) -> None:
        batches.append(len(polls))

    one = settling(commit)
    await asyncio.gather(*(one.settle(SourceId(n), PollState(next_at=NOW), linger=True) for n in range(50)))
    await one.settle(SourceId(99), PollState(next_at=NOW), linger=False)
    assert batches == [50, 1]


async def test_a_commit_that_fails_fails_for_everybody_in_it_and_for_nobody_after() -> None:
    broken = True

    async def commit(_: dict[SourceId, PollState]) -> None:
        if broken:
            raise OSError("the disk is full")

    one = settling(commit)
    polls = (one.settle(SourceId(n), PollState(next_at=NOW), linger=True) for n in range(3))
    errors = await asyncio.gather(*polls, return_exceptions=True)
    assert [type(error) for error in errors] == [OSError, ConnectionError, ConnectionError]
    broken = False
    await one.settle(SourceId(1), PollState(next_at=NOW), linger=False)
