"""Every request of ours that Telegram counts goes through here, at our pace: the courier's and all handlers' alike.

A middleware of aiogram's session. The courier waits for its turn before it marks a row (``Limits.turn``), so its calls
only pass the last gate; whoever answers a person waits for a turn here.
"""

from __future__ import annotations

import asyncio
from math import ceil
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramEntityTooLarge, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.limits import ATTENTION, Limits
from bot.session import PlainCall

_COUNTED = ("send", "edit", "copy", "forward")
_FREE = frozenset({"sendChatAction"})
STUMBLE = 0.5
"""Seconds until a reply that the server failed to take is tried once more."""


class KeepPace(BaseRequestMiddleware):
    """Lets requests go when the limits allow."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make a request at its time; once more after a short 429 or a server's stumble, unless it is the courier's.

        A reply that comes twice harms nobody, one that never comes leaves a person tapping in vain. While Telegram
        wants nothing for longer than a person waits, nothing is asked of it: ``TelegramRetryAfter``, as it would say.
        """
        telegram_id = chat_of(method)
        if telegram_id is None:
            return await make_request(bot, method)
        if isinstance(method, PlainCall):
            return await self._pass(make_request, bot, method, telegram_id)
        await self._react(method, telegram_id)
        try:
            return await self._pass(make_request, bot, method, telegram_id)
        except TelegramRetryAfter as error:
            # How long that is, the limits know by now.
            if error.retry_after > ATTENTION:
                raise
        except TelegramEntityTooLarge:
            raise
        except (TelegramServerError, TelegramNetworkError):
            await asyncio.sleep(STUMBLE)
        await self._react(method, telegram_id)
        return await self._pass(make_request, bot, method, telegram_id)

    async def _react(self, method: TelegramMethod[Any], telegram_id: int) -> None:
        if later := await self._limits.react(telegram_id):
            raise TelegramRetryAfter(method=method, message="told to wait before", retry_after=ceil(later))

    async def _pass(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        telegram_id: int,
    ) -> Response[TelegramType]:
        passage = await self._limits.passages.enter()
        try:
            answer = await make_request(bot, method)
        except TelegramRetryAfter as error:
            self._limits.pause(telegram_id, error.retry_after)
            raise
        finally:
            self._limits.passages.leave(passage)
        self._limits.passed()
        return answer


def chat_of(method: TelegramMethod[Any]) -> int | None:
    """Say to which chat a request writes, None for one that Telegram does not count."""
    name, fields = (method.name, method.fields) if isinstance(method, PlainCall) else (method.__api_method__, None)
    if not name.startswith(_COUNTED) or name in _FREE:
        return None
    chat = fields.get("chat_id") if fields is not None else getattr(method, "chat_id", None)
    return chat if isinstance(chat, int) else None
