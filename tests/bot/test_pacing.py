"""Answers to people at a Telegram that tells them to wait, on a loop whose time is made up."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message

from bot.pacing import KeepPace
from tests.bot.hurry import Office, monotonic, play
from tests.samples import NOW


class Strict(BaseSession):
    """A Telegram that refuses what comes before its pause is over, and notes when requests came."""

    def __init__(self, pause: int) -> None:
        super().__init__()
        self._pause = pause
        self.moments: list[float] = []

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        assert bot.session is self
        del timeout
        self.moments.append(monotonic())
        if isinstance(method, AnswerCallbackQuery):
            return cast("TelegramType", True)
        if monotonic() < self._pause:
            raise TelegramRetryAfter(method=method, message="Flood control exceeded", retry_after=self._pause)
        return cast("TelegramType", Message(message_id=9, date=NOW, chat=Chat(id=7, type="private"), text="ответ"))

    async def close(self) -> None:
        """There is nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""


def test_an_answer_comes_after_a_short_pause() -> None:
    async def scene() -> list[float]:
        telegram = Strict(pause=14)
        telegram.middleware(KeepPace(Office().hire()))
        await Bot("42:TEST", session=telegram)(SendMessage(chat_id=7, text="ответ"))
        return telegram.moments

    assert play(scene()) == [pytest.approx(0, abs=0.5), pytest.approx(14, abs=0.5)]


def test_nothing_is_sent_into_a_long_pause_and_taps_are_acknowledged_all_the_same() -> None:
    async def scene() -> list[float]:
        telegram = Strict(pause=60)
        limits = Office().hire()
        telegram.middleware(KeepPace(limits))
        bot = Bot("42:TEST", session=telegram)
        for _ in range(3):
            with pytest.raises(TelegramRetryAfter) as told:
                await bot(SendMessage(chat_id=7, text="ответ"))
            assert told.value.retry_after == 60
        await bot(AnswerCallbackQuery(callback_query_id="1"))
        await limits.settle()
        return telegram.moments

    moments = play(scene())
    assert len(moments) == 2, "the one that was told to wait, and the tap"
    assert moments[-1] < 1
