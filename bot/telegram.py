"""The door to Telegram: makes the client, turns our messages into Bot API calls and the answers into outcomes.

Texts of errors change between versions of the server: the class of the exception and a fragment decide, never a
whole sentence (tdlib/telegram-bot-api, ``Client::fail_query_with_error``).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.markup import Document, Keyboard, Message, plain, telegram_html
from bot.outcomes import Closed, Failing, Moved, Outcome, Refused, Sent, Unknown, Wait
from bot.session import Session, plain_call
from feeds.issue import PauseReason

REQUEST_TIMEOUT = 20.0
"""Seconds for one Bot API request but a long poll."""

_REMEMBERED = 512

_FORBIDDEN = (
    ("user is deactivated", PauseReason.DEACTIVATED),
    ("kicked", PauseReason.REMOVED),
    ("not a member", PauseReason.REMOVED),
    ("group chat was deleted", PauseReason.DELETED),
)
_NO_RIGHT = ("need administrator rights", "not enough rights", "chat_write_forbidden", "have no rights to send")
_NO_CHAT = ("chat not found", "peer_id_invalid", "group chat was deactivated")


def make_bot(token: str, *, api_base: str) -> Bot:
    """Make a client for a Bot API server; every message it sends is HTML."""
    session = Session(api=TelegramAPIServer.from_base(api_base), timeout=REQUEST_TIMEOUT)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


def inline_keyboard(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Turn our buttons into Telegram's; None for none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=button.text, callback_data=button.data, url=button.url, style=button.style)
                for button in row
            ]
            for row in keyboard
        ]
    )


def link_preview(message: Message) -> LinkPreviewOptions:
    """Show a small preview of one address under the message, or none."""
    if message.preview_url is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=message.preview_url, prefer_small_media=True, show_above_text=False)


class Sender:
    """Sends one message and says what became of it; never raises but ``CancelledError``."""

    def __init__(self, bot: Bot, *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = {"allow_paid_broadcast": True} if paid else {}
        self._written: dict[int, tuple[Document, str]] = {}
        """HTML of documents by their identity: ``Edition`` gives the very same one to all who chose the same."""

    async def send(self, telegram_id: int, message: Message, *, formatted: bool = True) -> Outcome:
        """Send a message; ``formatted=False`` sends its bare text, for content that Telegram would not parse."""
        try:
            html = self._html(message.document) if formatted else None
            call = plain_call("sendMessage", fields(telegram_id, message, html=html) | self._paid)
            return Sent(await self._bot(call))
        except TelegramAPIError as error:
            return outcome_of(error)
        except ClientDecodeError as error:
            return Unknown(f"unreadable answer: {error.message}")

    def _html(self, document: Document) -> str:
        known = self._written.get(id(document))
        if known is None or known[0] is not document:
            if len(self._written) >= _REMEMBERED:
                self._written.clear()
            known = self._written[id(document)] = (document, telegram_html(document))
        return known[1]


def fields(telegram_id: int, message: Message, *, html: str | None) -> dict[str, Any]:
    """Write a message as the JSON fields of ``sendMessage`` (core.telegram.org/bots/api#sendmessage).

    ``html`` is its document in the Bot API's HTML mode; without it the bare text is sent.
    """
    preview = {"url": message.preview_url, "prefer_small_media": True} if message.preview_url else {"is_disabled": True}
    return {
        "chat_id": telegram_id,
        "text": plain(message.document) if html is None else html,
        "parse_mode": None if html is None else "HTML",
        "reply_markup": {"inline_keyboard": buttons(message.keyboard)} if message.keyboard else None,
        "link_preview_options": preview,
        "disable_notification": message.silent or None,
    }


def buttons(keyboard: Keyboard) -> list[list[dict[str, str]]]:
    """Write our buttons as Telegram's, in JSON (core.telegram.org/bots/api#inlinekeyboardbutton)."""
    return [
        [
            {
                name: value
                for name, value in (
                    ("text", button.text),
                    ("callback_data", button.data),
                    ("url", button.url),
                    ("style", button.style),
                )
                if value is not None
            }
            for button in row
        ]
        for row in keyboard
    ]


def outcome_of(error: TelegramAPIError) -> Outcome:
    """Say what an exception of aiogram's means for the message that was being sent."""
    reason = error.message
    match error:
        case TelegramRetryAfter():
            return Wait(timedelta(seconds=error.retry_after))
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id)
        case TelegramForbiddenError():
            return Closed(_pause(reason, _FORBIDDEN, PauseReason.BLOCKED), reason)
        case TelegramBadRequest():
            return _bad_request(reason)
        case TelegramEntityTooLarge():
            # To aiogram a kind of network error, but it is the server's answer (413).
            return Refused(reason)
        case TelegramNetworkError():
            return _network(error)
        case TelegramServerError() | TelegramUnauthorizedError():
            return Failing(reason)
        case _:
            return Refused(reason) if "Bad Request" in reason else Failing(reason)


def _bad_request(reason: str) -> Outcome:
    lowered = reason.lower()
    if any(part in lowered for part in _NO_RIGHT):
        return Closed(PauseReason.NO_RIGHT, reason)
    if any(part in lowered for part in _NO_CHAT):
        return Closed(PauseReason.DELETED, reason)
    return Refused(reason)


def _network(error: TelegramNetworkError) -> Outcome:
    # Before the connection stood, nothing was written: the message cannot have arrived.
    cause = error.__cause__
    if isinstance(cause, (ClientConnectorError, ConnectionTimeoutError)):
        return Failing(error.message)
    if isinstance(cause, asyncio.TimeoutError):
        return Unknown("no answer in time")
    return Unknown(error.message)


def _pause(reason: str, known: tuple[tuple[str, PauseReason], ...], otherwise: PauseReason) -> PauseReason:
    lowered = reason.lower()
    return next((pause for part, pause in known if part in lowered), otherwise)
