"""The newest message ids seen, so that an inquiry knows around which gap to look for a message that may have arrived.

Telegram numbers a bot's private chats and basic groups together; every supergroup and channel by itself. Ids only grow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import Message

from bot.pacing import chat_of
from bot.session import PlainCall
from storage.doubts import OWN_NUMBERING
from storage.outbox import Outbox

_SHARED = 0
APART = 40
"""Ids between two that the store is told: after a restart, the newest it knows is not far below the newest there is."""


class MessageIds:
    """What is known of each numbering."""

    def __init__(self, known: Mapping[int, int] | None = None) -> None:
        self._newest: dict[int, int] = {}
        self._stored: dict[int, int] = {}
        self._of_chat: dict[int, int] = {}
        self._under_way: dict[int, int] = {}
        self._sending: dict[int, int] = {}
        for telegram_id, message_id in (known or {}).items():
            self.saw(telegram_id, message_id)
            self.stored(telegram_id, message_id)

    def saw(self, telegram_id: int, message_id: int) -> None:
        """Remember a message, ours or not."""
        key = numbering(telegram_id)
        self._newest[key] = max(message_id, self._newest.get(key, 0))
        self._of_chat[telegram_id] = max(message_id, self._of_chat.get(telegram_id, 0))

    def stored(self, telegram_id: int, message_id: int) -> None:
        """Take note that the store knows a message of ours."""
        key = numbering(telegram_id)
        self._stored[key] = max(message_id, self._stored.get(key, 0))

    def far_ahead(self, telegram_id: int, message_id: int) -> bool:
        """Say whether a message lies so far above what the store knows of its numbering that it should know this one.

        Before the very first issue it knows none: its inquiry would not know where to begin.
        """
        return message_id - self._stored.get(numbering(telegram_id), -APART) >= APART

    def newest(self, telegram_id: int) -> int | None:
        """Return the newest id seen in a chat's numbering."""
        return self._newest.get(numbering(telegram_id))

    def newest_of_chat(self, telegram_id: int) -> int | None:
        """Return the newest id seen in the chat itself."""
        return self._of_chat.get(telegram_id)

    def leave(self, telegram_id: int) -> None:
        """Say that an issue is under way to a chat, until ``settle``."""
        self._under_way[telegram_id] = self._under_way.get(telegram_id, 0) + 1

    def settle(self, telegram_id: int) -> None:
        """Say that it is known what became of it."""
        left = self._under_way.get(telegram_id, 0) - 1
        if left > 0:
            self._under_way[telegram_id] = left
        else:
            self._under_way.pop(telegram_id, None)

    def under_way(self, telegram_id: int) -> bool:
        """Say whether an issue is under way to a chat, or is in doubt."""
        return telegram_id in self._under_way

    @contextmanager
    def sending(self, telegram_id: int) -> Iterator[None]:
        """Say that a message to a chat may get a number at any moment, until that is written down or given up."""
        self._sending[telegram_id] = self._sending.get(telegram_id, 0) + 1
        try:
            yield
        finally:
            self._sending[telegram_id] -= 1
            if not self._sending[telegram_id]:
                del self._sending[telegram_id]

    def is_sending(self, telegram_id: int) -> bool:
        """Say whether a message to a chat may get a number at any moment."""
        return telegram_id in self._sending

    def read_update(self, raw: Mapping[str, Any]) -> None:
        """Take note of every message an update shows."""
        for payload in raw.values():
            if isinstance(payload, dict):
                self._read_message(payload)
                self._read_message(payload.get("message"))

    def _read_message(self, message: Any) -> None:
        if isinstance(message, dict) and isinstance(message.get("message_id"), int):
            chat = message.get("chat")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                self.saw(chat["id"], message["message_id"])


class WatchIds(BaseRequestMiddleware):
    """Takes note of the id of every message the bot sends.

    What is sent to a chat while an issue is under way to it is remembered in the store: after a crash an inquiry must
    not take it for the issue. So is a message now and then, from whose id the next process counts.
    """

    def __init__(self, ids: MessageIds, outbox: Outbox) -> None:
        self._ids = ids
        self._outbox = outbox

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        to = chat_of(method)
        if to is None or isinstance(method, PlainCall) or _edits(method):
            return await self._make(make_request, bot, method)
        with self._ids.sending(to):
            return await self._make(make_request, bot, method)

    async def _make(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        answer: Any = await make_request(bot, method)
        if isinstance(method, PlainCall):
            if answer:
                self._ids.saw(method.fields["chat_id"], answer)
                self._ids.stored(method.fields["chat_id"], answer)
        elif isinstance(answer, Message):
            chat, message = answer.chat.id, answer.message_id
            self._ids.saw(chat, message)
            # What was edited may be the very issue in doubt, whose reader turns its pages.
            if not _edits(method) and (self._ids.under_way(chat) or self._ids.far_ahead(chat, message)):
                self._ids.stored(chat, message)
                await self._outbox.note_other(chat, message)
        return answer  # type: ignore[no-any-return]


def _edits(method: TelegramMethod[Any]) -> bool:
    return method.__api_method__.startswith("edit")


def numbering(telegram_id: int) -> int:
    """Name the numbering a chat's messages belong to."""
    return telegram_id if telegram_id <= OWN_NUMBERING else _SHARED
