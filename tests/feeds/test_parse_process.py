"""Feeds are parsed in processes of their own, which hang, swell or die at no other feed's cost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.harvest import Harvest
from feeds.model import ParsedFeed, Source
from feeds.normalise import normalise
from feeds.parse import Parser, parse_feed
from feeds.polls import Failed, FailureKind, Fetched
from feeds.wire import Request
from feeds.workers import _Worker
from tests.feeds.parsed import NOW, parsed
from tests.waiting import PATIENCE, until

Rss = Callable[..., bytes]
LINK = "<link>https://example.ru/1</link>"
SLOW = (
    b"<rss><channel><item><a "
    + b" ".join(b'a%d="1"' % number for number in range(50_000))
    + b"/></item></channel></rss>"
)


async def test_a_worker_says_what_the_function_says(rss: Rss) -> None:
    item = f"<title>Авто 🚗</title>{LINK}<pubDate>Mon, 05 Aug 2024 10:00:00 MSK</pubDate><category>Тест</category>"
    body = rss(item, head="<ttl>20</ttl>")
    async with Parser() as parser:
        assert await parser.parse(body, now=NOW) == parse_feed(body, now=NOW)
        assert await parser.parse(b"<html>", now=NOW) == parse_feed(b"<html>", now=NOW)


async def test_a_worker_makes_the_items_that_normalising_here_makes(rss: Rss, source: Source) -> None:
    item = (
        "<title>Завод — Пример</title><link>/1?utm_source=rss</link><pubDate>Mon, 05 Aug 2024 10:00:00 MSK</pubDate>"
        "<category>Тест</category><description>Раз.&lt;h3&gt;Мнение редакции&lt;/h3&gt;Хорошо.</description>"
    )
    page = Fetched(url=source.spec.url, body=rss(item, item.replace("/1", "/2"), "", head="<ttl>20</ttl>"))
    async with Parser() as parser:
        harvest = await parser.read_items(page, source, now=NOW)
        assert harvest == normalise(parsed(page.body, url=page.url), source, now=NOW)
        assert isinstance(harvest, Harvest)
        assert (len(harvest.items), harvest.skipped, harvest.wish.ttl) == (2, 1, timedelta(minutes=20))
        refused = await parser.read_items(Fetched(url=page.url, body=b"<html>"), source, now=NOW)
        assert refused == Failed(kind=FailureKind.HTML)


async def test_a_parse_that_hangs_is_killed_and_the_next_one_works(rss: Rss) -> None:
    async with Parser(time_limit=0.6) as parser:
        await parser.parse(rss(), now=NOW)
        started = time.monotonic()
        outcome = await parser.parse(SLOW, now=NOW)
        assert isinstance(outcome, Failed)
        assert outcome.kind is FailureKind.PARSE_TIMEOUT
        assert time.monotonic() - started < 30
        assert isinstance(await parser.parse(rss(), now=NOW), ParsedFeed)


async def test_a_machine_busy_with_something_else_is_not_the_feeds_fault(rss: Rss) -> None:
    async with Parser(time_limit=0.5) as parser:
        await parser.parse(rss(), now=NOW)
        (worker,) = children()
        os.kill(worker, signal.SIGSTOP)
        parsing = asyncio.create_task(parser.parse(rss(), now=NOW))
        await asyncio.sleep(1)
        os.kill(worker, signal.SIGCONT)
        assert isinstance(await parsing, ParsedFeed)


async def test_a_worker_that_does_nothing_at_all_is_killed_by_the_clock(rss: Rss) -> None:
    async with Parser(time_limit=0.2) as parser:
        await parser.parse(rss(), now=NOW)
        (worker,) = children()
        os.kill(worker, signal.SIGSTOP)
        assert await parser.parse(rss(), now=NOW) == Failed(kind=FailureKind.PARSE_TIMEOUT, detail="0.2 s")
        assert isinstance(await parser.parse(rss(), now=NOW), ParsedFeed)


async def test_one_feed_that_hangs_does_not_hold_up_the_others(rss: Rss) -> None:
    async with Parser(workers=2, time_limit=1.5) as parser:
        # Both have started: that takes long, and counts in nobody's time.
        await asyncio.gather(*(parser.parse(rss(), now=NOW) for _ in range(2)))
        slow = asyncio.create_task(parser.parse(SLOW, now=NOW))
        quick = [await parser.parse(rss(), now=NOW) for _ in range(3)]
        assert not slow.done()
        assert all(isinstance(outcome, ParsedFeed) for outcome in quick)
        await slow


async def test_the_event_loop_runs_on_while_a_feed_is_parsed(rss: Rss) -> None:
    async with Parser(time_limit=0.5) as parser:
        await parser.parse(rss(), now=NOW)
        parsing = asyncio.create_task(parser.parse(SLOW, now=NOW))
        ticks = 0
        while not parsing.done():
            await asyncio.sleep(0.01)
            ticks += 1
        assert ticks > 3


async def test_a_worker_out_of_memory_costs_its_feed_only(rss: Rss) -> None:
    async with Parser(time_limit=20, memory_limit=120_000_000) as parser:
        outcome = await parser.parse(rss(*[f"<title>{'щ' * 1000}</title>{LINK}"] * 9000), now=NOW)
        assert isinstance(outcome, Failed)
        assert outcome.kind is FailureKind.PARSE_CRASH
        assert isinstance(await parser.parse(rss(), now=NOW), ParsedFeed)


async def test_a_worker_killed_in_the_middle_of_a_long_answer_is_collected(rss: Rss) -> None:
    worker = await _Worker.start(time_limit=20, memory_limit=400_000_000, modules=())
    body = rss(*[f"<title>{'щ' * 9000}</title>{LINK}"] * 400)
    request = Request(body=body, content_type="", charset=None, url="", now=NOW)
    with pytest.raises(TimeoutError):
        await worker.answer(request, patience=0.05)
    assert worker._process.stdout is not None
    await worker._process.stdout.readexactly(4)
    await asyncio.sleep(0.3)  # the answer has begun, and nobody reads the rest
    assert await asyncio.wait_for(worker.stop(), PATIENCE) == -9


async def test_a_worker_killed_from_outside_is_replaced(rss: Rss) -> None:
    async with Parser() as parser:
        await parser.parse(rss(), now=NOW)
        (worker,) = children()
        os.kill(worker, 9)
        await until(lambda: not parser._idle[0].alive, "it to be collected")
        assert isinstance(await parser.parse(rss(), now=NOW), ParsedFeed)


async def test_no_process_is_left_behind(rss: Rss) -> None:
    async with Parser(workers=2, time_limit=0.3) as parser:
        await asyncio.gather(parser.parse(SLOW, now=NOW), parser.parse(rss(), now=NOW))
    assert children() == []


async def test_a_cancelled_parse_leaves_no_process_either(rss: Rss) -> None:
    async with Parser(time_limit=30) as parser:
        await parser.parse(rss(), now=NOW)
        parsing = asyncio.create_task(parser.parse(SLOW, now=NOW))
        await asyncio.sleep(0.1)
        parsing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await parsing
        assert children() == []


async def test_a_worker_does_not_see_our_secrets(rss: Rss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIGEST_BOT_TOKEN", "1:made-up")
    async with Parser() as parser:
        await parser.parse(rss(), now=NOW)
        (worker,) = children()
        assert b"made-up" not in environment(worker)


def environment(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def children() -> list[int]:
    """Processes that are ours, zombies too."""
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    if not task.exists():
        pytest.skip("this system does not list a process's children")
    return [int(child) for child in task.read_text().split()]
