"""What happens around every handler: who is it, in which language, and an answer in any case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, TelegramObject, User

from bot.authority import ANONYMOUS_ADMIN, NotAllowedError
from bot.channels.refusal import refuse
from bot.channels.trail import Trail
from bot.desk.roles import member_of
from bot.i18n import Words, interface_language, words_for
from bot.menus import set_person_menu
from bot.render import cut
from bot.services import Services
from bot.visit import LONGEST_TOAST, Toast, Visit, stale
from feeds.issue import Chat, ChatId, ChatKind

log = structlog.get_logger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Introduce(BaseMiddleware):
    """Give handlers a ``visit``: who wrote or tapped, in their language."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        services: Services = data["services"]
        if user is None or (user.is_bot and not _anonymous(user, event)):
            return None
        if _blocks(event) and await services.chats.by_telegram_id(user.id) is None:
            # Most who had everything about them erased block us next: nothing of them may come back by that.
            return None
        person = _nobody(services, user) if user.is_bot else await _known(services, user, data["bot"])
        trail = Trail(services=services, user_id=user.id, name=user.first_name)
        visit = Visit(bot=data["bot"], services=services, person=person, trail=trail)
        if isinstance(event, CallbackQuery) and not _at_home(event):
            return stale(visit.words)
        if _goes_on(event):
            services.questions.forget(user.id)
        try:
            return await handler(event, {**data, "visit": visit})
        finally:
            await trail.end()


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
        except SkipHandler:
            raise
        except NotAllowedError as refusal:
            return await refuse(event, data["visit"], refusal)
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


def _nobody(services: Services, user: User) -> Chat:
    """Whoever writes as the group itself; nothing is stored about them."""
    lang, now = services.settings.lang, services.clock()
    return Chat(id=ChatId(0), telegram_id=user.id, kind=ChatKind.PRIVATE, lang=lang, created_at=now)


async def _known(services: Services, user: User, bot: Bot) -> Chat:
    """Whoever writes, with what is stored about them; from their first word on that is something."""
    known = await services.chats.by_telegram_id(user.id)
    if known is not None:
        return known
    lang = interface_language(user.language_code, default=services.settings.lang)
    person = await services.chats.ensure(
        user.id,
        kind=ChatKind.PRIVATE,
        lang=lang,
        reads=(lang,),
        zone=services.settings.timezone,
        now=services.clock(),
    )
    if (member := await member_of(services, user.id)) is not None:
        await set_person_menu(bot, person, member)
    return person


def _blocks(event: TelegramObject) -> bool:
    return isinstance(event, ChatMemberUpdated) and event.new_chat_member.status == ChatMemberStatus.KICKED


def _goes_on(event: TelegramObject) -> bool:
    """Say whether somebody does something else than answer what they were asked last."""
    if isinstance(event, Message):
        return event.chat.type == ChatKind.PRIVATE and (event.text or "").startswith("/")
    return isinstance(event, CallbackQuery)


def _anonymous(user: User, event: TelegramObject) -> bool:
    return user.id == ANONYMOUS_ADMIN and isinstance(event, Message)


def _at_home(query: CallbackQuery) -> bool:
    """Say whether a tap came from the presser's own private chat: elsewhere none of our buttons calls back.

    Callback data may be forged, and a screen drawn in place of a channel's post would be seen by everybody.
    """
    return query.message is None or query.message.chat.id == query.from_user.id


def _words(data: dict[str, Any]) -> Words:
    visit: Visit | None = data.get("visit")
    return visit.words if visit else words_for("en")
