from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.clock import TurnableClock
from bot.sandbox.refusals import Refusal
from bot.sandbox.server import Sandbox
from bot.sandbox.updates import DEFAULT_KINDS, Updates
from tests.waiting import PATIENCE, until

Call = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def queue() -> Updates:
    filled = Updates(TurnableClock())
    for number in range(5):
        filled.add("message", {"text": str(number)})
    return filled


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def get(queue: Updates, *, offset: int = 0, limit: int = 100, timeout: float = 0) -> list[dict[str, Any]]:
    return await queue.get(offset=offset, limit=limit, timeout=timeout)


async def test_updates_stay_until_an_offset_confirms_them(queue: Updates) -> None:
    first = await get(queue, limit=2)
    assert texts(first) == ["0", "1"]
    assert texts(await get(queue, limit=2)) == ["0", "1"]
    assert texts(await get(queue, offset=first[-1]["update_id"] + 1)) == ["2", "3", "4"]
    assert len(queue) == 3


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(queue: Updates) -> None:
    assert texts(await get(queue, offset=-2)) == ["3", "4"]
    assert len(queue) == 2


async def test_an_offset_of_another_bots_queue_is_ignored(queue: Updates) -> None:
    assert len(await get(queue, offset=2_000_000_000)) == 5


async def test_a_long_poll_returns_as_soon_as_something_happens() -> None:
    queue = Updates(TurnableClock())
    waiting = asyncio.create_task(get(queue, timeout=30))
    await asyncio.sleep(0.01)
    queue.add("message", {"text": "new"})
    assert texts(await asyncio.wait_for(waiting, PATIENCE)) == ["new"]


async def test_a_long_poll_without_news_ends_empty() -> None:
    assert await get(Updates(TurnableClock()), offset=1, timeout=0.05) == []


async def test_the_same_offset_asked_again_at_once_is_slowed_down() -> None:
    queue = Updates(TurnableClock())
    await get(queue)
    busy = asyncio.create_task(get(queue))
    await asyncio.sleep(0.05)
    assert not busy.done()
    queue.add("message", {"text": "new"})
    assert texts(await busy) == ["new"]


async def test_a_second_poll_ends_the_first() -> None:
    queue = Updates(TurnableClock())
    first = asyncio.create_task(get(queue, timeout=30))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(get(queue, timeout=30))
    with pytest.raises(Refusal, match="terminated by other getUpdates request") as caught:
        await first
    assert caught.value.code == 409
    queue.add("message", {"text": "for the second"})
    assert texts(await second) == ["for the second"]


def test_updates_live_a_day_by_the_clock(queue: Updates) -> None:
    clock = TurnableClock()
    queue = Updates(clock)
    queue.add("message", {"text": "old"})
    clock.advance(timedelta(hours=23, minutes=59))
    assert len(queue) == 1
    clock.advance(timedelta(minutes=2))
    assert len(queue) == 0


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["message"], {"message"}),
        (["message", "nonsense"], {"message"}),
        ([], DEFAULT_KINDS),
        (["nonsense"], DEFAULT_KINDS),
        (None, {"chat_member"}),
        ("nonsense", {"chat_member"}),
        ([1], {"chat_member"}),
    ],
)
def test_allowed_updates_follow_the_server(names: Any, wanted: set[str]) -> None:
    queue = Updates(TurnableClock())
    queue.want(["chat_member"])
    queue.want(names)
    assert queue.wanted == frozenset(wanted)


def test_updates_the_bot_did_not_ask_for_are_never_kept() -> None:
    queue = Updates(TurnableClock())
    queue.add("chat_member", {})
    assert len(queue) == 0


async def test_get_updates_over_http_waits_and_answers(sandbox: Sandbox, api: Call, reader: int) -> None:
    waiting = asyncio.create_task(api("getUpdates", timeout=20, allowed_updates=["message"]))
    await until(lambda: sandbox.world.updates.awaited, "the poll")
    sandbox.person.say(user_id=reader, text="привет")
    assert texts(await waiting) == ["привет"]
    assert sandbox.world.updates.wanted == {"message"}


async def test_a_stopped_sandbox_does_not_wait_for_a_long_poll(sandbox: Sandbox, raw: Call) -> None:
    waiting = asyncio.create_task(raw("getUpdates", timeout=50))
    await until(lambda: sandbox.world.updates.awaited, "the poll")
    began = time.monotonic()
    await sandbox.stop()
    assert time.monotonic() - began < 30
    with pytest.raises(Exception, match=r"disconnected|reset|closed"):
        await waiting
