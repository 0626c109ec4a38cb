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

from bot.markup import Button, Document, Keyboard, Message, plain, telegram_html
from bot.outcomes import Closed, Failing, Moved, Outcome, Refused, Sent, Threadless, Unknown, Wait
from bot.session import Session, plain_call
from feeds.issue import PauseReason

REQUEST_TIMEOUT = 20.0
"""Seconds for one Bot API request but a long poll."""

CONNECTIONS = 300
"""Requests side by side: what a thousand a second need while the way there and back takes up to .3 s."""
_REMEMBERED = 512

_FORBIDDEN = (
    ("user is deactivated", PauseReason.DEACTIVATED),
    ("kicked", PauseReason.REMOVED),
    ("not a member", PauseReason.REMOVED),
    ("group chat was deleted", PauseReason.DELETED),
)
_NO_RIGHT = ("need administrator rights", "not enough rights", "chat_write_forbidden", "have no rights to send")
_NO_THREAD = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_NO_CHAT = ("chat not found", "peer_id_invalid", "group chat was deactivated")


def make_bot(token: str, *, api_base: str) -> Bot:
    """Make a client for a Bot API server; every message it sends is HTML."""
    session = Session(api=TelegramAPIServer.from_base(api_base), timeout=REQUEST_TIMEOUT, limit=CONNECTIONS)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


def inline_keyboard(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Turn our buttons into Telegram's; None for none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[inline_button(button) for button in row] for row in keyboard])


def inline_button(button: Button) -> InlineKeyboardButton:
    """Turn a button of ours into Telegram's."""
    return InlineKeyboardButton(
        text=button.text,
        callback_data=button.data,
        url=button.url,
        switch_inline_query=button.inline,
        style=button.style,
    )


def link_preview(message: Message) -> LinkPreviewOptions:
    """Show a preview of one address, small under the message or large above it, or none."""
    return LinkPreviewOptions(**_preview(message))


class Sender:
    """Sends one message and says what became of it; never raises but ``CancelledError``."""

    def __init__(self, bot: Bot, *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = {"allow_paid_broadcast": True} if paid else {}
        self._written: dict[int, tuple[Document, str]] = {}
        """HTML of documents by their identity: ``Edition`` gives the very same one to all who chose the same."""

    async def send(
        self, telegram_id: int, message: Message, *, formatted: bool = True, thread: int | None = None
    ) -> Outcome:
        """Send a message; ``formatted=False`` sends its bare text, for content that Telegram would not parse.

        ``thread`` is the topic of a forum; without it the message goes to its General one.
        """
        try:
            html = self._html(message.document) if formatted else None
            written = fields(telegram_id, message, html=html)
            if thread is not None:
                written["message_thread_id"] = thread
            return Sent(await self._bot(plain_call("sendMessage", written | self._paid)))
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
    return {
        "chat_id": telegram_id,
        "text": plain(message.document) if html is None else html,
        "parse_mode": None if html is None else "HTML",
        "reply_markup": {"inline_keyboard": buttons(message.keyboard)} if message.keyboard else None,
        "link_preview_options": _preview(message),
        "disable_notification": message.silent or None,
        # What it goes on from may have been deleted by then.
        "reply_parameters": {"message_id": message.reply_to, "allow_sending_without_reply": True}
        if message.reply_to
        else None,
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
                    ("switch_inline_query", button.inline),
                    ("style", button.style),
                )
                if value is not None
            }
            for button in row
        ]
        for row in keyboard
    ]


def _preview(message: Message) -> dict[str, Any]:
    if message.preview_url is None:
        return {"is_disabled": True}
    if message.preview_large:
        return {"url": message.preview_url, "prefer_large_media": True, "show_above_text": True}
    return {"url": message.preview_url, "prefer_small_media": True}


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
    if any(part in lowered for part in _NO_THREAD):
        return Threadless(reason)
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
