"""Doubts over a real outbox, looked into at a Telegram that knows which messages there are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.inquiry import Inquiry
from bot.limits import Limits
from bot.markup import Button, Message, say
from bot.messageids import MessageIds
from bot.session import PlainCall
from feeds.issue import Chat, OutboxId, OutboxState, Parcel
from storage import Storage
from storage.transitions import Departure
from tests.samples import StillClock
from tests.storage.samples import HOUR, active_chat, issue
from tests.waiting import PATIENCE

AFTER = 10
"""The newest message id that was known when all this was about to be sent."""


class Telegram(BaseSession):
    """``there`` is the id of the message in each chat; ``busy`` chats tell whoever comes with an id to wait, once."""

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[int, int] = {}
        self.busy: dict[int, int] = {}
        self.tried: list[tuple[int, int]] = []
        self.meeting: asyncio.Barrier | None = None

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        assert bot.session is self
        assert isinstance(method, PlainCall)
        del timeout
        chat, message_id = method.fields["chat_id"], method.fields["message_id"]
        self.tried.append((chat, message_id))
        asked = cast("TelegramMethod[Any]", method)
        if self.meeting is not None:
            await self.meeting.wait()
        if self.busy.get(chat) == message_id:
            del self.busy[chat]
            raise TelegramRetryAfter(method=asked, message="Flood control exceeded", retry_after=3600)
        here = self.there.get(chat) == message_id
        raise TelegramBadRequest(method=asked, message="message is not modified" if here else "message not found")

    async def close(self) -> None:
        """There is nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""


class Office:
    """An inquiry with everything around it."""

    def __init__(self, store: Storage, clock: StillClock) -> None:
        self.store, self.clock, self.telegram, self.ahead = store, clock, Telegram(), 0.0
        self.limits = Limits(overall=1e5, each=1e5, monotonic=lambda: time.monotonic() + self.ahead)
        self.inquiry = Inquiry(
            bot=Bot("42:TEST", session=self.telegram),
            outbox=store.outbox,
            ids=MessageIds({1: AFTER + 5}),
            write=self._write,
            ask_managers=self._ask,
            limits=self.limits,
            clock=clock,
        )

    async def doubt(self, *numbers: int) -> None:
        """Let an issue to each of these people have been cut off, some seconds ago."""
        for number in numbers:
            await self.store.outbox.commit_issues([issue(await active_chat(self.store, number))], now=self.clock())
        claimed = await self.store.outbox.claim(now=self.clock(), limit=99, lease=HOUR, owner="me")
        departures = [Departure(id=parcel.id, part=0, after_id=AFTER) for parcel in claimed]
        await self.store.outbox.depart(departures, owner="me", now=self.clock())
        await self.store.outbox.take_over(now=self.clock())
        self.clock.now += timedelta(seconds=6)

    async def settle(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.inquiry.settle_all()

    async def counts(self) -> dict[OutboxState, int]:
        return {state: number for state, number in (await self.store.outbox.counts()).items() if number}

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        keyboard = ((Button(text="1", data=f"i:{parcel.id}:0"),),)
        return [Message(document=say("Выпуск"), keyboard=keyboard)]

    async def _ask(self, chat: Chat, issue: OutboxId) -> None:
        raise AssertionError((chat, issue))


@pytest.fixture
def office(store: Storage, clock: StillClock) -> Office:
    return Office(store, clock)


async def test_a_chat_that_has_to_wait_for_an_hour_delays_no_others_doubts(office: Office) -> None:
    await office.doubt(1, 2, 3)
    office.telegram.there = {1: AFTER + 1, 2: AFTER + 2, 3: AFTER + 3}
    office.limits.pause(1, 3600)
    assert await office.settle() == 2
    assert await office.counts() == {OutboxState.SENT: 2, OutboxState.UNKNOWN: 1}
    assert {chat for chat, _ in office.telegram.tried} == {2, 3}
    office.ahead = 3601
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.SENT: 3}


async def test_chats_are_looked_into_side_by_side(office: Office) -> None:
    await office.doubt(1, 2, 3)
    office.telegram.there = dict.fromkeys((1, 2, 3), AFTER + 1)
    office.telegram.meeting = asyncio.Barrier(3)
    assert await office.settle() == 3


async def test_a_search_goes_on_where_its_chat_was_told_to_wait(office: Office) -> None:
    await office.doubt(1)
    office.telegram.there, office.telegram.busy = {1: AFTER + 4}, {1: AFTER + 3}
    assert await office.settle() == 0
    assert await office.settle() == 0
    office.ahead = 3601
    assert await office.settle() == 1
    assert [message_id - AFTER for _, message_id in office.telegram.tried] == [1, 2, 3, 3, 4]


async def test_what_is_sent_again_and_cut_off_again_is_looked_for_anew(office: Office) -> None:
    await office.doubt(1)
    assert await office.settle() == 1
    tried = len(office.telegram.tried)
    assert await office.counts() == {OutboxState.PENDING: 1}
    await office.doubt()
    office.telegram.there = {1: AFTER + 2}
    assert await office.settle() == 1
    assert office.telegram.tried[tried:] == [(1, AFTER + 1), (1, AFTER + 2)]


async def test_a_crash_amid_more_than_a_hundred_requests_sends_nothing_twice(office: Office) -> None:
    people = range(1, 131)
    await office.doubt(*people[:90])
    await office.doubt(*people[90:])
    office.telegram.there = {person: AFTER + person for person in people}
    while await office.settle():
        pass
    assert await office.counts() == {OutboxState.SENT: len(people)}
