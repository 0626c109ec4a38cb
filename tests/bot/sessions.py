"""A Telegram that notes every call and agrees to it, but for those it is told to refuse."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message, User

from tests.samples import NOW

VERA = User(id=7, is_bot=False, first_name="Вера", language_code="ru")


class Session(BaseSession):
    """``refused`` are the texts with which methods of these names are refused; ``*`` is any."""

    def __init__(self, **refused: str) -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.refused = refused

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        assert bot.session is self
        del timeout
        self.calls.append(method)
        reason = self.refused.get(type(method).__name__, self.refused.get("*"))
        if reason is not None:
            raise TelegramBadRequest(method=method, message=reason)
        if isinstance(method, SendMessage):
            sent = Message(message_id=9, date=NOW, chat=Chat(id=VERA.id, type="private"), text=method.text)
            return cast("TelegramType", sent)
        return cast("TelegramType", True)

    async def close(self) -> None:
        """There is nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""
