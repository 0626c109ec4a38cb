"""Faults ordered beforehand and the limits of rates."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.limits import RateMeter
from bot.sandbox.server import Sandbox

Call = Callable[..., Coroutine[Any, Any, Any]]


def texts(sandbox: Sandbox, chat_id: int) -> list[str]:
    return [message["text"] for message in sandbox.person.messages(chat_id=chat_id)["messages"]]


async def test_a_status_comes_as_often_as_ordered(sandbox: Sandbox, raw: Call, reader: int) -> None:
    sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.STATUS, times=2, code=502, description="Bad Gateway"))
    answers = [await raw("sendMessage", chat_id=reader, text=str(i)) for i in range(3)]
    assert [body.get("error_code") for body in answers] == [502, 502, None]
    assert texts(sandbox, reader) == ["/start", "2"]


async def test_a_flood_answer_repeats_its_pause_in_the_header(
    sandbox: Sandbox, http: aiohttp.ClientSession, reader: int
) -> None:
    sandbox.add_fault(Fault(method="*", kind=FaultKind.RETRY_AFTER, retry_after=7))
    form = {"chat_id": str(reader), "text": "x"}
    async with http.post(f"{sandbox.url}/bot{sandbox.token}/sendMessage", data=form) as answer:
        body = await answer.json()
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert body["description"] == "Too Many Requests: retry after 7"
    assert body["parameters"] == {"retry_after": 7}


@pytest.mark.parametrize(
    ("kind", "done"), [(FaultKind.DROP_BEFORE, False), (FaultKind.DROP_AFTER, True), (FaultKind.HALF_ANSWER, True)]
)
async def test_a_lost_connection_leaves_the_work_done_or_not(
    sandbox: Sandbox, raw: Call, reader: int, *, kind: FaultKind, done: bool
) -> None:
    sandbox.add_fault(Fault(method="sendMessage", kind=kind))
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=reader, text="x")
    assert texts(sandbox, reader) == ["/start", *(["x"] if done else [])]
    assert sandbox.log[-1].answer is None
    assert (await raw("sendMessage", chat_id=reader, text="y"))["ok"]


async def test_a_slow_answer_comes_late(sandbox: Sandbox, raw: Call) -> None:
    sandbox.add_fault(Fault(method="getMe", kind=FaultKind.SLOW, seconds=0.1))
    began = time.monotonic()
    assert (await raw("getMe"))["ok"]
    assert time.monotonic() - began >= 0.1


def test_a_fault_hits_only_its_method_and_chat() -> None:
    faults = Faults()
    faults.add(Fault(method="sendMessage", kind=FaultKind.SLOW, chat_id=7))
    assert faults.take("sendMessage", "8") is None
    assert faults.take("editMessageText", "7") is None
    assert faults.take("sendmessage", "7") is not None
    assert faults.take("sendMessage", "7") is None


def test_thirty_messages_fit_into_a_second() -> None:
    meter = RateMeter(lambda: 100.0)
    waits = [meter.admit(chat_id) for chat_id in range(1, 33)]
    assert waits == [None] * 30 + [1, 1]


def test_a_chat_takes_a_burst_of_three_then_one_a_second() -> None:
    moments = itertools.chain([0.0] * 4, [0.5], [1.0], [1.5])
    meter = RateMeter(lambda: next(moments))
    assert [meter.admit(5) for _ in range(7)] == [None, None, None, 1, 1, None, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    moments = iter([float(second) for second in range(21)] + [59.5, 60.0])
    meter = RateMeter(lambda: next(moments))
    assert [meter.admit(-5) for _ in range(23)] == [None] * 20 + [40, 1, None]


async def test_limits_are_enforced_only_when_wanted(http: aiohttp.ClientSession) -> None:
    async with Sandbox(enforce_limits=True) as strict:
        reader = strict.person.add_person(first_name="Вера", language_code="ru")["id"]
        strict.person.say(user_id=reader, text="/start")
        statuses = []
        for _ in range(4):
            url = f"{strict.url}/bot{strict.token}/sendMessage"
            async with http.post(url, json={"chat_id": reader, "text": "x"}) as answer:
                statuses.append(answer.status)
        assert statuses == [200, 200, 200, 429]
