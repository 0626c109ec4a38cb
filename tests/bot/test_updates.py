"""Reading updates, with a scripted session in place of the network."""

from __future__ import annotations

import asyncio
import contextlib
import re
import traceback
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

import pytest
import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import CallbackQuery, Message

from bot.session import Session as PlainSession
from bot.session import plain_call
from bot.updates import GetRawUpdates, TokenRefusedError, Updates, _delay, _whose
from feeds.errors import FatalError
from tests.waiting import PATIENCE, until

Batch = list[dict[str, Any]]
METHOD: Any = GetRawUpdates(allowed_updates=[])


class Session(BaseSession):
    """Answers each getUpdates with the next batch or error put down; then says nothing for ever."""

    def __init__(self, *answers: Batch | Exception) -> None:
        super().__init__()
        self._answers = list(answers)
        self.offsets: list[int | None] = []
        self.allowed: list[str] = []
        self.empty = asyncio.Event()
        self.answered: list[str] = []

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        assert bot.session is self
        if isinstance(method, AnswerCallbackQuery):
            self.answered.append(method.callback_query_id)
            return cast("TelegramType", True)
        assert isinstance(method, GetRawUpdates)
        assert timeout is not None
        assert timeout > method.timeout
        self.offsets.append(method.offset)
        self.allowed = method.allowed_updates
        if not self._answers:
            self.empty.set()
            await asyncio.Event().wait()
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return cast("TelegramType", answer)

    async def close(self) -> None:
        """There is nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""


def message(update_id: int, text: str, *, user: int = 1) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "Вера"}
    chat = {"id": user, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": 1, "date": 0, "chat": chat, "from": person, "text": text}}


def tap(update_id: int, data: str, *, user: int = 1, under: int = 5) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "Вера"}
    place = {"message_id": under, "date": 1, "chat": {"id": user, "type": "private"}, "text": "?"}
    query = {"id": str(update_id), "from": person, "chat_instance": "x", "data": data, "message": place}
    return {"update_id": update_id, "callback_query": query}


class Room:
    """A handler that notes what it was given; ``slow…`` waits for the gate and ``bad…`` fails."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.gate = asyncio.Event()
        self.waiting = asyncio.Event()
        self.router = Router()
        self.router.message.register(self.take)
        self.router.callback_query.register(self.tap)

    async def take(self, message: Message) -> None:
        text = message.text or ""
        if text.startswith("slow"):
            self.waiting.set()
            await self.gate.wait()
        self.seen.append(text)
        if text.startswith("bad"):
            raise RuntimeError(text)

    async def tap(self, query: CallbackQuery) -> None:
        self.seen.append(query.data or "")


@pytest.fixture
def room() -> Room:
    return Room()


@contextlib.asynccontextmanager
async def reading(room: Room, session: Session) -> AsyncIterator[Updates]:
    dispatcher = Dispatcher()
    dispatcher.include_router(room.router)
    updates = Updates(Bot("42:TEST", session=session), dispatcher)
    task = asyncio.create_task(updates.run())
    try:
        yield updates
    finally:
        task.cancel()
        await asyncio.wait([task])
        await updates.finish(timeout=1)


async def test_updates_are_handled_and_confirmed_by_the_next_request(room: Room) -> None:
    session = Session([message(10, "раз"), message(11, "два")])
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert room.seen == ["раз", "два"]
    assert session.offsets == [None, 12]


async def test_only_what_somebody_handles_is_asked_for(room: Room) -> None:
    session = Session()
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert sorted(session.allowed) == ["callback_query", "message"]


async def test_a_batch_is_not_confirmed_before_it_is_handled(room: Room) -> None:
    session = Session([message(10, "slow")])
    async with reading(room, session):
        await room.waiting.wait()
        await asyncio.sleep(0.05)
        assert session.offsets == [None]
        room.gate.set()
        async with asyncio.timeout(PATIENCE):
            await session.empty.wait()
    assert session.offsets == [None, 11]


async def test_one_persons_updates_keep_their_order_and_anothers_go_ahead(room: Room) -> None:
    session = Session([message(1, "slow 1"), message(2, "после"), message(3, "чужой", user=2)])
    async with reading(room, session):
        await until(lambda: room.seen, "the other's")
        assert room.seen == ["чужой"]
        room.gate.set()
        async with asyncio.timeout(PATIENCE):
            await session.empty.wait()
    assert room.seen == ["чужой", "slow 1", "после"]


async def test_an_update_that_cannot_be_read_does_not_hide_the_others(room: Room) -> None:
    broken = {"update_id": 5, "message": {"message_id": "?", "chat": 7}}
    session = Session([broken, message(6, "целое")])
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert room.seen == ["целое"]
    assert session.offsets == [None, 7]


async def test_of_an_update_that_cannot_be_read_the_log_says_what_is_wrong_and_not_what_was_written(room: Room) -> None:
    broken = message(5, "что я написал боту")
    broken["message"] |= {"chat": "моя тайна", "entities": "что я выделил"}
    with structlog.testing.capture_logs() as logs:
        async with reading(room, Session([broken])) as updates:
            await updates.receive(broken)
    assert logs[0]["update_id"] == 5
    assert "message.chat: model" in logs[0]["reason"]
    assert not {"написал", "тайна", "выделил"} & set(re.findall(r"\w+", str(logs)))


@pytest.mark.parametrize(
    "answer",
    [
        '{"ok": true, "result": [{"text": "что я написал"}',
        '{"ok": true, "result": {"text": "что я написал"}}',
        '{"ok": true, "result": {"message_id": "что я написал"}}',
        '["что я написал"]',
    ],
)
async def test_an_answer_that_cannot_be_read_is_not_quoted(answer: str) -> None:
    session = PlainSession()
    bot = Bot("42:TEST", session=session)
    with pytest.raises(ClientDecodeError) as caught:
        session.check_response(bot, METHOD, 200, answer)
    with pytest.raises(ClientDecodeError) as of_courier:
        session._message_id(bot, plain_call("sendMessage", {}), 200, answer.encode())
    for error in (caught.value, of_courier.value):
        assert "написал" not in "".join(traceback.format_exception(error))
        assert "Failed to read" in str(error)


async def test_a_handler_that_fails_is_confirmed_and_stops_nobody(room: Room) -> None:
    session = Session([message(1, "bad"), message(2, "дальше")])
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert room.seen == ["bad", "дальше"]
    assert session.offsets[-1] == 3


async def test_trouble_on_the_way_is_waited_out(room: Room) -> None:
    trouble = [
        TelegramNetworkError(method=METHOD, message="no connection"),
        TelegramServerError(method=METHOD, message="Bad Gateway"),
    ]
    session = Session(*trouble, [message(1, "снова")])
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert room.seen == ["снова"]


async def test_a_refused_token_ends_it_all(room: Room) -> None:
    session = Session(TelegramUnauthorizedError(method=METHOD, message="Unauthorized"))
    dispatcher = Dispatcher()
    dispatcher.include_router(room.router)
    with pytest.raises(TokenRefusedError) as caught:
        await Updates(Bot("42:TEST", session=session), dispatcher).run()
    assert isinstance(caught.value, FatalError)
    assert caught.value.key == "token-refused"


async def test_the_end_waits_for_handlers_under_way(room: Room) -> None:
    async with reading(room, Session([message(1, "slow")])) as updates:
        await room.waiting.wait()
        finishing = asyncio.create_task(updates.finish(timeout=PATIENCE))
        await asyncio.sleep(0.02)
        assert not finishing.done()
        room.gate.set()
        await finishing
    assert room.seen == ["slow"]


async def test_the_same_tap_again_while_it_is_under_way_is_answered_and_does_nothing(room: Room) -> None:
    batch = [tap(1, "one"), tap(2, "one"), tap(3, "two"), tap(4, "one", user=2), tap(5, "one", under=6), tap(6, "one")]
    session = Session(batch, [tap(7, "one")])
    async with reading(room, session), asyncio.timeout(PATIENCE):
        await session.empty.wait()
    assert sorted(room.seen) == ["one"] * 4 + ["two"]
    assert session.answered == ["2", "6"]


def test_pauses_grow_and_a_flood_is_obeyed() -> None:
    failure = TelegramNetworkError(method=METHOD, message="no connection")
    pauses = [_delay(failure, failures) for failures in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] <= 30
    assert _delay(TelegramRetryAfter(method=METHOD, message="later", retry_after=77), 1) == 77


def test_another_reader_of_the_same_bot_is_not_raced() -> None:
    conflict = TelegramConflictError(method=METHOD, message="Conflict: terminated by other getUpdates request")
    assert _delay(conflict, 1) >= 3


@pytest.mark.parametrize(
    ("update", "key"),
    [
        (message(1, "x", user=7), 7),
        ({"update_id": 1, "callback_query": {"id": "1", "from": {"id": 8}}}, 8),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -5}, "from": {"id": 9}}}, 9),
        ({"update_id": 1, "channel_post": {"chat": {"id": -5}}}, -5),
        ({"update_id": 1, "poll": {"id": "1"}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_an_update_belongs_to_whoever_caused_it(update: dict[str, Any], key: int) -> None:
    assert _whose(update) == key
