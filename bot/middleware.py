"""What happens around every handler: who is it, in which language, and an answer in any case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.authority import NotAllowedError
from bot.i18n import Words, interface_language, words_for
from bot.render import cut
from bot.services import Services
from bot.visit import LONGEST_TOAST, SHORT_TITLE, Toast, Visit, stale
from feeds.issue import Chat, ChatKind

log = structlog.get_logger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Introduce(BaseMiddleware):
    """Give handlers a ``visit``: who wrote or tapped, in their language."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None or user.is_bot:
            return None
        visit = Visit(bot=data["bot"], services=self._services, person=await self._person(user))
        if isinstance(event, CallbackQuery) and not _at_home(event):
            return stale(visit.words)
        return await handler(event, {**data, "visit": visit})

    async def _person(self, user: User) -> Chat:
        services = self._services
        known = await services.chats.by_telegram_id(user.id)
        if known is not None:
            return known
        lang = interface_language(user.language_code, default=services.settings.lang)
        return await services.chats.ensure(
            user.id,
            kind=ChatKind.PRIVATE,
            lang=lang,
            reads=(lang,),
            zone=services.settings.timezone,
            now=services.clock(),
        )


class AnswerTaps(BaseMiddleware):
    """Answer every callback query once, whatever its handler did or failed to do: the button must stop spinning.

    A handler answers with words of its own by returning them.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        toast: object = None
        try:
            toast = await handler(event, data)
        finally:
            if isinstance(event, CallbackQuery):
                await self._answer(event, data["bot"], toast if isinstance(toast, Toast) else Toast(""))
        return toast

    async def _answer(self, query: CallbackQuery, bot: Bot, toast: Toast) -> None:
        text = cut(toast.text, LONGEST_TOAST)
        try:
            await bot.answer_callback_query(query.id, text=text or None, show_alert=toast.alert or None)
        except TelegramAPIError as error:
            # Too old to be answered: the person has long stopped waiting.
            log.info("tap not answered", reason=error.message)


class Apologise(BaseMiddleware):
    """When a handler fails for a reason nobody expected, log it and say so instead of keeping silent."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except NotAllowedError as refusal:
            key = "not-admin" if refusal.title else "stale"
            return Toast(_words(data)(key, title=cut(refusal.title or "", SHORT_TITLE)), alert=True)
        except TelegramAPIError as error:
            log.warning("telegram refused an answer", update=type(event).__name__, reason=error.message)
        except Exception:
            log.exception("handler failed", update=type(event).__name__)
            words = _words(data)
            if isinstance(event, CallbackQuery):
                return Toast(words("error-unexpected"), alert=True)
            if isinstance(event, Message):
                await self._say(event, words("error-unexpected"))
        return None

    async def _say(self, message: Message, text: str) -> None:
        try:
            await message.answer(text)
        except TelegramAPIError as error:
            log.warning("could not apologise", reason=error.message)


def _at_home(query: CallbackQuery) -> bool:
    """Say whether a tap came from the presser's own private chat: elsewhere none of our buttons calls back.

    Callback data may be forged, and a screen drawn in place of a channel's post would be seen by everybody.
    """
    return query.message is None or query.message.chat.id == query.from_user.id


def _words(data: dict[str, Any]) -> Words:
    visit: Visit | None = data.get("visit")
    return visit.words if visit else words_for("en")
