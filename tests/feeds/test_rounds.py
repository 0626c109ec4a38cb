from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

import pytest

from feeds.model import Source, SourceId, SourceSpec
from feeds.polls import PollState
from feeds.rounds import LEASE, ROOM, Round
from feeds.settling import LINGER, Settling
from storage import Storage
from tests.samples import NOW, StillClock
from tests.waiting import until

MINUTE = timedelta(minutes=1)


async def add(store: Storage, *urls: str) -> list[Source]:
    return [await store.news.add_source(SourceSpec(name=url, url=url, lang="ru"), now=NOW) for url in urls]


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
    await until(lambda: len(polled) == 2, "both polls")
    for _ in range(3):
        clock.advance(5 * MINUTE)
        count = len(polled)
        await until(lambda count=count: len(polled) > count, "another poll")  # type: ignore[misc]
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


def source(number: int) -> Source:
    spec = SourceSpec(name="", url=f"https://{number}.example/rss", lang="ru")
    return Source(id=SourceId(number), spec=spec, poll=PollState(next_at=NOW))


def settling(commit: Callable[..., Coroutine[object, object, None]]) -> Settling:
    return Settling(commit, asyncio.Lock())


def hand_over(one: Settling, told: list[Exception | None], *numbers: int) -> None:
    for number in numbers:
        with one:
            one.settle(source(number), PollState(next_at=NOW), then=told.append)


async def test_polls_that_end_together_are_committed_together_and_then_told() -> None:
    batches: list[int] = []

    async def commit(polls: dict[SourceId, PollState], *, before: dict[SourceId, PollState]) -> None:
        assert polls.keys() == before.keys()
        batches.append(len(polls))

    one, told = settling(commit), list[Exception | None]()
    hand_over(one, told, *range(50))
    assert told == []
    await one.drain()
    assert told == [None] * 50
    hand_over(one, told, 99)
    await one.drain()
    assert batches == [50, 1]


async def test_what_is_handed_over_is_known_until_it_is_committed() -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def commit(_: dict[SourceId, PollState], **__: object) -> None:
        begun.set()
        await let_go.wait()

    one, told = settling(commit), list[Exception | None]()
    hand_over(one, told, 1)
    await begun.wait()
    hand_over(one, told, 2)
    assert SourceId(1) in one
    assert SourceId(2) in one
    assert SourceId(3) not in one
    let_go.set()
    await one.drain()
    assert SourceId(1) not in one
    assert told == [None, None]


async def test_a_commit_that_fails_fails_for_everybody_in_it_and_for_nobody_after() -> None:
    broken = OSError("the disk is full")
    fails = True

    async def commit(_: dict[SourceId, PollState], **__: object) -> None:
        if fails:
            raise broken

    one, told = settling(commit), list[Exception | None]()
    hand_over(one, told, 1, 2)
    with pytest.raises(ConnectionError) as raised:
        await one.settled(source(3), PollState(next_at=NOW))
    assert raised.value.__cause__ is broken
    assert told == [broken, broken]
    fails = False
    await one.settled(source(1), PollState(next_at=NOW))


async def test_when_all_polls_under_way_have_ended_none_waits_for_another() -> None:
    async def commit(_: dict[SourceId, PollState], **__: object) -> None:
        committed.set()

    began = asyncio.get_running_loop().time()
    for _ in range(20):
        one, committed = settling(commit), asyncio.Event()
        hand_over(one, [], *range(5))
        await committed.wait()
    assert asyncio.get_running_loop().time() - began < 20 * LINGER


async def test_while_a_poll_is_under_way_those_that_ended_wait_for_it_a_little() -> None:
    batches: list[int] = []

    async def commit(polls: dict[SourceId, PollState], **_: object) -> None:
        batches.append(len(polls))

    one, told = settling(commit), list[Exception | None]()
    with one:
        hand_over(one, told, 1, 2)
        await asyncio.sleep(0)
        assert batches == []
        one.settle(source(3), PollState(next_at=NOW), then=told.append)
    await one.drain()
    assert batches == [3]
