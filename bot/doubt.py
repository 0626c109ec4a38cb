"""The person's or the admin's word on an issue of which nothing could be found out: it arrived, or send it again."""

from __future__ import annotations

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.callbacks import OWN, DoubtTap
from bot.i18n import words_for
from bot.markup import Button, Message, say
from bot.services import Services
from bot.visit import Toast, Visit, show, stale
from feeds.issue import Chat, OutboxId

log = structlog.get_logger(__name__)


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="doubt")
    router.callback_query.register(doubt_tap, DoubtTap.filter())
    return router


async def doubt_tap(query: CallbackQuery, callback_data: DoubtTap, visit: Visit) -> Toast | None:
    """Send the issue again, or let it be; only for one's own chat, or one that one runs."""
    outbox, issue = visit.services.store.outbox, OutboxId(callback_data.issue)
    chat_id = await outbox.held_chat(issue)
    if chat_id is None or callback_data.do not in ("again", "arrived"):
        return stale(visit.words)
    own = chat_id == visit.person.id
    await visit.target(OWN if own else chat_id)
    again = callback_data.do == "again"
    await outbox.resolve(issue, again=again, now=visit.services.clock(), urgent=True)
    if again:
        visit.services.ring_courier()
    if not own:
        text = visit.words("doubt-again" if again else "doubt-arrived")
        await visit.redraw(query, Message(document=say(text)))
    return None


async def ask_managers(bot: Bot, services: Services, chat: Chat, issue: OutboxId) -> None:
    """Ask everybody who runs a channel to look whether the issue is there."""
    for manager in await services.chats.managers(chat.id):
        person = await services.chats.by_telegram_id(manager)
        words = words_for(person.lang if person else services.settings.lang)
        choices = (
            Button(text=words("button-doubt-arrived"), data=DoubtTap(issue=issue, do="arrived").pack()),
            Button(text=words("button-doubt-again"), data=DoubtTap(issue=issue, do="again").pack()),
        )
        question = Message(document=say(words("doubt-question", title=chat.title or "")), keyboard=(choices,))
        try:
            await show(bot, manager, question)
        except TelegramAPIError as error:
            log.info("manager not asked", reason=error.message)
