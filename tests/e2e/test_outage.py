"""Telegram, the way to it, or the clock is gone for a while: nobody loses an issue, and nobody gets five at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.markup import Message, say
from bot.outcomes import Failing
from bot.telegram import Sender, make_bot
from feeds.issue import OutboxState
from tests.e2e.people import numbered, until
from tests.e2e.town import HEADLINES, Town

HOUR = timedelta(hours=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with Town(tmp_path) as made:
        yield made


async def composed(town: Town, number: int) -> None:
    """Wait until so many issues wait."""

    async def find() -> bool:
        counts = await town.app.store.outbox.counts()
        return counts[OutboxState.PENDING] + counts[OutboxState.CLAIMED] + counts[OutboxState.SENDING] == number

    await until(find, f"{number} issues to wait")


async def test_an_hour_without_telegram_delays_the_issues_and_loses_none(town: Town) -> None:
    readers = await town.furnish(5)
    town.clock.advance(-timedelta(minutes=1))
    async with town.open():
        await town.cut_off()
        await town.turn(timedelta(minutes=1))
        await composed(town, 5)
        await asyncio.sleep(0.5)
        assert town.arrived(readers) == [0] * 5
        await town.connect()
        await town.turn(HOUR)
        await town.each_gets(readers)
        assert await town.states() == {OutboxState.SENT: 5}


async def test_a_start_without_telegram_composes_and_sends_when_it_is_there(town: Town) -> None:
    readers = await town.furnish(5)
    await town.cut_off()
    async with town.open(greeted=False):
        await composed(town, 5)
        await town.connect()
        await town.each_gets(readers)


async def test_a_day_without_telegram_ends_with_one_issue_and_not_with_three(town: Town) -> None:
    [reader] = await town.furnish(1)
    await town.cut_off()
    async with town.open(greeted=False):
        await composed(town, 1)
        for number, hours in enumerate((11, 13), 2):
            await town.pass_with_news(hours * HOUR, f"Выпуск {number}")
            await composed(town, number)
        await town.connect()
        await town.each_gets([reader])
    [issue] = town.issues(reader)
    for text in ("Выпуск 2", "Выпуск 3", HEADLINES[0], "вместо 3\N{NO-BREAK SPACE}выпусков"):
        assert text in issue["text"]


@pytest.mark.parametrize("base", ["https://127.0.0.1:{port}", "http://nowhere.invalid"], ids=["tls", "dns"])
async def test_without_names_or_certificates_nothing_was_sent_and_it_is_tried_again(town: Town, base: str) -> None:
    bot = make_bot(town.sandbox.token, api_base=base.format(port=town.sandbox.url.rpartition(":")[2]))
    try:
        assert isinstance(await Sender(bot).send(1, Message(document=say("Новости"))), Failing)
    finally:
        await bot.session.close()


async def test_two_pollers_disturb_each_other_only_as_long_as_there_are_two(town: Town) -> None:
    [reader] = await town.furnish(1)
    async with town.open():
        await town.each_gets([reader])
        async with aiohttp.ClientSession() as other:
            await other.get(f"{town.sandbox.url}/bot{town.sandbox.token}/getUpdates", params={"timeout": "0"})

        def told() -> bool:
            polls = [entry.answer for entry in town.sandbox.log if entry.method == "getUpdates"]
            return any(answer and answer.get("error_code") == 409 for answer in polls)

        await until(told, "the conflict")
        said = town.sandbox.person.say(user_id=reader, text="/help")["message_id"]

        def answered() -> bool:
            found = town.sandbox.person.messages(chat_id=reader)["messages"]
            return any(one["message_id"] > said for one in found)

        await until(answered, "an answer")


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 48 * HOUR, -48 * HOUR], ids=["hour", "hour-back", "days", "days-back"])
async def test_a_jump_of_the_clock_repeats_nothing_and_stalls_nobody(town: Town, jump: timedelta) -> None:
    readers = await town.furnish(3)
    async with town.open():
        await town.each_gets(readers)
        await town.turn(jump)
        town.app.tidy_bell.ring()
        await town.each_gets(readers)
        for number in range(3):
            await town.pass_with_news(12 * HOUR, f"Позже на {number}")
            await town.quiet()
    for reader in readers:
        headlines = [headline for issue in town.issues(reader) for headline in numbered(issue)]
        assert len(set(headlines)) == len(headlines)
        assert len(town.issues(reader)) >= 3


async def test_a_clock_that_was_years_ahead_holds_nobody_back_for_years(town: Town) -> None:
    [reader] = await town.furnish(1)
    town.clock.advance(timedelta(days=1500))
    async with town.open():
        await town.quiet()
        chat = await town.app.store.chats.by_telegram_id(reader)
        assert chat is not None
        assert chat.next_at is not None
    town.clock.advance(-timedelta(days=1500))
    async with town.open():

        async def near() -> bool:
            chat = await town.app.store.chats.by_telegram_id(reader)
            return bool(chat and chat.next_at and chat.next_at < town.clock() + timedelta(days=1))

        await until(near, "the schedule to be mended")
