"""What Telegram or the way to it can do to an issue, over the real bot: it comes once, and nobody else waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.faults import Fault, FaultKind
from feeds.issue import OutboxState
from tests.e2e.people import numbered, until
from tests.e2e.town import Town

SECOND = timedelta(seconds=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with Town(tmp_path) as made:
        yield made


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose Telegram enforces its limits."""
    async with Town(tmp_path, enforce_limits=True) as made:
        yield made


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.PAGE], ids=["json", "html"])
async def test_a_server_error_delays_one_issue_and_loses_none(town: Town, kind: FaultKind) -> None:
    unlucky, *others = await town.furnish(3)
    town.sandbox.add_fault(Fault(method="sendMessage", kind=kind, chat_id=unlucky, code=502))
    async with town.open():
        await town.each_gets(others)
        assert town.issues(unlucky) == []
        await town.turn(5 * SECOND)
        await town.each_gets([unlucky])
        assert await town.states() == {OutboxState.SENT: 3}


async def test_a_storm_of_429_is_waited_out_and_obeyed(town: Town) -> None:
    readers = await town.furnish(6)
    town.sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.RETRY_AFTER, retry_after=1, times=9))
    async with town.open():
        for _ in range(4):
            await asyncio.sleep(1)
            await town.turn(SECOND)
        await town.each_gets(readers)
    for reader in readers:
        told = [entry for entry in town.sends(reader) if entry.answer and not entry.answer["ok"]]
        tried = [entry.time for entry in town.sends(reader)]
        assert all(min([later for later in tried if later > one.time]) >= one.time + 1 for one in told)


async def test_an_hours_wait_for_one_chat_delays_no_other_and_outlives_a_restart(town: Town) -> None:
    slow, *others = await town.furnish(5)
    town.sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.RETRY_AFTER, chat_id=slow, retry_after=3600))
    async with town.open():
        await town.each_gets(others)
        assert len(town.sends(slow)) == 1
    async with town.open():
        await town.quiet()
        assert len(town.sends(slow)) == 1
    await town.let_pauses_pass()
    async with town.open():
        await town.each_gets([slow, *others])


async def test_a_burst_to_forty_chats_reaches_all_without_one_429(strict: Town) -> None:
    readers = await strict.furnish(40)
    async with strict.open():
        await strict.each_gets(readers)
    assert len(strict.sends()) == 40


async def test_of_forty_stories_at_once_each_is_told_in_time_and_none_twice(town: Town) -> None:
    headlines = [f"Автомобиль номер {number} показан" for number in range(40)]
    [reader] = await town.furnish(1, headlines)
    async with town.open():
        await town.each_gets([reader])
        for number in range(2, 7):
            await ask(town, reader, "/digest")
            await town.each_gets([reader], number)
    told = [headline for issue in town.issues(reader) for headline in numbered(issue)]
    assert sorted(told) == sorted(headlines)


LONG = ("Очень длинный заголовок про машины " * 9)[:300]
HOSTILE = ("Цены <b>выросли</b> & упали > 5 < 3 &amp; \N{AUTOMOBILE}\N{VARIATION SELECTOR-16}\N{FIRE}" * 9)[:300]


@pytest.mark.parametrize(
    "headline", [LONG, HOSTILE, "Д" * 300, "\N{FIRE}" * 300], ids=["long", "signs", "word", "fire"]
)
async def test_an_over_long_headline_is_cut_and_the_issue_comes_whole(town: Town, headline: str) -> None:
    headlines = [headline, *(f"Ещё {number}: {headline}"[:300] for number in range(4))]
    readers = await town.furnish(2, headlines)
    async with town.open():
        await town.each_gets(readers)
    [issue] = town.issues(readers[0])
    shown = numbered(issue)
    assert len(shown) == 5
    assert all(len(one) <= 141 for one in shown)
    assert any(headline.startswith(one.rstrip("…")[:40]) for one in shown)
    assert all(entry.answer and entry.answer["ok"] for entry in town.sends())


async def test_half_an_answer_to_a_poll_loses_nobodys_words(town: Town) -> None:
    [reader] = await town.furnish(1)
    async with town.open():
        await town.each_gets([reader])
        for kind in (FaultKind.HALF_ANSWER, FaultKind.DROP_AFTER, FaultKind.STATUS, FaultKind.PAGE):
            town.sandbox.add_fault(Fault(method="getUpdates", kind=kind))
            assert await ask(town, reader, "/settings"), kind


async def ask(town: Town, reader: int, text: str) -> str:
    """Say something and wait for the one answer."""
    said = town.sandbox.person.say(user_id=reader, text=text)["message_id"]

    def answers() -> list[str]:
        found = town.sandbox.person.messages(chat_id=reader)["messages"]
        return [one["text"] for one in found if one["message_id"] > said and one["from"] and one["from"]["is_bot"]]

    [answer] = await until(answers, f"an answer to {text}")
    return answer
