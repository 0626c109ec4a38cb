"""One person at the bot's door: who they are, in which language, and how they are shown something.

Every handler gets one from the middleware.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import CallbackQuery, ReplyParameters
from aiogram.types import Message as Shown

from bot.authority import target
from bot.callbacks import OWN
from bot.channels.trail import Trail
from bot.i18n import Words, words_for
from bot.markup import Message, plain, say, telegram_html
from bot.questions import Question
from bot.screens import Screens
from bot.services import Services
from bot.telegram import inline_keyboard, link_preview
from feeds.issue import Chat

LONGEST_TOAST = 200
"""Characters that Telegram takes in an answer to a tap."""
SHORT_TITLE = 40
"""Characters of a chat's title that leave room for the words around it."""


log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Toast:
    """What a tap is answered with: a line that fades, or an alert that waits to be read. At most 200 characters."""

    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """``person`` is the private chat with whoever wrote or tapped."""

    bot: Bot
    services: Services
    person: Chat
    trail: Trail

    @property
    def words(self) -> Words:
        """The person's language."""
        return words_for(self.person.lang)

    @property
    def screens(self) -> Screens:
        """Screens in the person's language."""
        return Screens(words=self.words, catalogue=self.services.catalogue, now=self.services.clock())

    async def target(self, key: int, *, unlinked: bool = False) -> Chat:
        """Return the chat that a tap is about; raises ``NotAllowedError`` when it is not theirs to set up.

        ``unlinked``: nor need anybody run it any more. What the handler goes on to change about a channel is written
        down for all who run it.
        """
        if key != OWN:
            await self.trail.wait_for(key)
        chat = await target(self.services, self.bot, self.person, key, unlinked=unlinked)
        self.trail.saw(chat)
        return chat

    async def show(self, message: Message, *, reply_to: int | None = None) -> None:
        """Send a message of ours to the person, as a reply to a message of the chat if that is still there."""
        await show(self.bot, self.person.telegram_id, message, reply_to=reply_to)
        self.note(message.asks)

    def note(self, question: Question | None) -> None:
        """Remember what the person was asked just now; nothing changes where nothing was."""
        if question is not None:
            self.services.questions.put(self.person.telegram_id, question, now=self.services.clock())

    async def say(self, key: str, **facts: str | float) -> None:
        """Send one sentence."""
        await self.show(Message(document=say(self.words(key, **facts))))

    async def redraw(self, query: CallbackQuery, message: Message) -> None:
        """Put a screen in place of the one that was tapped; as a new message when that one is gone or too old."""
        self.note(message.asks)
        place = query.message
        if place is None:
            await self.show(message)
            return
        chat, number = place.chat.id, place.message_id
        try:
            if isinstance(place, Shown) and place.text == plain(message.document):
                # Only buttons changed: clients do not call such a message edited.
                keyboard = inline_keyboard(message.keyboard)
                await self.bot.edit_message_reply_markup(chat_id=chat, message_id=number, reply_markup=keyboard)
            else:
                await redraw(self.bot, chat, number, message)
        except TelegramBadRequest as error:
            if "not modified" not in error.message:
                await self.show(message)
        except (TelegramServerError, TelegramNetworkError, TelegramRetryAfter) as error:
            # What the tap changed is stored; its toast says so even if the screen cannot.
            log.warning("screen not redrawn", reason=error.message)

    def as_now(self, person: Chat) -> Visit:
        """Return the visit with the person's settings as they are after a change."""
        return replace(self, person=person)


async def show(bot: Bot, telegram_id: int, message: Message, *, reply_to: int | None = None) -> int:
    """Send a message of ours to a chat, as a reply to a message of it if that is still there; its number there."""
    reply = None if reply_to is None else ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
    sent = await bot.send_message(
        telegram_id,
        telegram_html(message.document),
        reply_parameters=reply,
        reply_markup=inline_keyboard(message.keyboard),
        link_preview_options=link_preview(message),
        disable_notification=message.silent or None,
    )
    return sent.message_id


async def redraw(bot: Bot, telegram_id: int, message_id: int, message: Message) -> None:
    """Put a message of ours in place of one that stands in a chat."""
    await bot.edit_message_text(
        telegram_html(message.document),
        chat_id=telegram_id,
        message_id=message_id,
        reply_markup=inline_keyboard(message.keyboard),
        link_preview_options=link_preview(message),
    )


def stale(words: Words) -> Toast:
    """Say that a button is out of date, or was forged."""
    return Toast(words("stale"), alert=True)
