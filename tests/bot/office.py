"""Doubts over a real outbox with an inquiry into them, at a Telegram that knows which messages there are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import GetChatMember, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.inquiry import Inquiry
from bot.limits import Limits
from bot.markup import Button, Message, say
from bot.messageids import MessageIds
from bot.session import PlainCall
from feeds.issue import Chat, ChatKind, OutboxId, OutboxState, Parcel
from storage import Storage
from storage.transitions import Departure
from tests.samples import StillClock
from tests.storage.samples import HOUR, active_chat, issue
from tests.waiting import PATIENCE

AFTER = 10
"""The newest message id that was known when all this was about to be sent."""


class Telegram(BaseSession):
    """``there`` is the id of the message in each chat; ``busy`` chats tell whoever comes with an id to wait, once.

    ``ours`` are other messages of ours by chat, which a trial spoils; ``closed`` chats take nothing from us.
    """

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[int, int] = {}
        self.busy: dict[int, int] = {}
        self.tried: list[tuple[int, int]] = []
        self.meeting: asyncio.Barrier | None = None
        self.ours: dict[int, int] = {}
        self.closed: set[int] = set()
        self.meanwhile: Callable[[int, int], Awaitable[None]] | None = None

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        assert bot.session is self
        del timeout
        if isinstance(method, GetChatMember):
            return cast("TelegramType", None)
        assert isinstance(method, PlainCall)
        chat, message_id = method.fields["chat_id"], method.fields["message_id"]
        self.tried.append((chat, message_id))
        asked = cast("TelegramMethod[Any]", method)
        if self.meeting is not None:
            await self.meeting.wait()
        if self.meanwhile is not None:
            await self.meanwhile(chat, message_id)
        if chat in self.closed:
            raise TelegramForbiddenError(method=asked, message="Forbidden: bot was blocked by the user")
        if self.ours.get(chat) == message_id:
            return cast("TelegramType", message_id)
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
        self.ids = MessageIds({1: AFTER + 5})
        self.asked: list[Chat] = []
        self.unwritten: set[int] = set()
        """Chats for which nothing can be written."""
        self.inquiry = Inquiry(
            bot=Bot("42:TEST", session=self.telegram),
            outbox=store.outbox,
            ids=self.ids,
            write=self._write,
            ask_managers=self._ask,
            limits=self.limits,
            clock=clock,
        )

    async def send(self, *numbers: int, after_id: int | None = AFTER) -> None:
        """Let requests with issues to these chats begin: people, or channels where their numbers are below zero."""
        for number in numbers:
            chat = await active_chat(self.store, number)
            if number < 0:
                chat = await self.store.chats.ensure(
                    number, kind=ChatKind.CHANNEL, lang="ru", reads=["ru"], zone=chat.zone, now=self.clock()
                )
            await self.store.outbox.commit_issues([issue(chat)], now=self.clock())
        claimed = await self.store.outbox.claim(now=self.clock(), limit=999, lease=HOUR, owner="me")
        departures = [Departure(id=parcel.id, part=0, after_id=after_id) for parcel in claimed]
        await self.store.outbox.depart(departures, owner="me", now=self.clock())

    async def doubt(self, *numbers: int, after_id: int | None = AFTER) -> None:
        """Let an issue to each of these people have been cut off, some seconds ago."""
        await self.send(*numbers, after_id=after_id)
        await self.store.outbox.take_over(now=self.clock())
        self.clock.now += timedelta(seconds=6)

    async def settle(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.inquiry.settle_all()

    async def counts(self) -> dict[OutboxState, int]:
        return {state: number for state, number in (await self.store.outbox.counts()).items() if number}

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        if parcel.chat.telegram_id in self.unwritten:
            raise RuntimeError("surprise")
        keyboard = ((Button(text="1", data=f"i:{parcel.id}:0"),),)
        return [Message(document=say("Выпуск"), keyboard=keyboard)]

    async def _ask(self, chat: Chat, _issue: OutboxId) -> None:
        self.asked.append(chat)
