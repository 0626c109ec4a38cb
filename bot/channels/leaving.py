"""Letting a channel go: only its owner or whoever linked it may; its posts stay, and so do its settings."""

from __future__ import annotations

import structlog
from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.authority import Standing, standing
from bot.callbacks import ChannelTap
from bot.channels.approval import Desk
from bot.channels.failures import tell
from bot.channels.screen import to_all
from bot.channels.taps import ChannelsTap
from bot.i18n import Words
from bot.markup import Button, say
from bot.markup import Message as Screen
from bot.visit import Toast, Visit
from feeds.issue import Chat

log = structlog.get_logger(__name__)


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="leaving")
    router.callback_query.register(leaving_tap, ChannelTap.filter(F.do.in_({"unlink", "unlink-yes", "leave"})))
    return router


async def leaving_tap(query: CallbackQuery, callback_data: ChannelTap, visit: Visit) -> Toast | None:
    """Ask once more, let the channel go, leave it."""
    leaving = callback_data.do == "leave"
    chat = await visit.target(callback_data.chat, unlinked=leaving)
    if not await _may_let_go(visit, chat, leaving=leaving):
        return Toast(visit.words("unlink-not-yours"), alert=True)
    words, title = visit.words, chat.title or ""
    match callback_data.do:
        case "unlink":
            yes = Button(text=words("button-unlink-yes"), data=_tap(chat, "unlink-yes"), style="danger")
            question = say(words("unlink-question", title=title))
            await visit.redraw(query, Screen(document=question, keyboard=((yes,), (to_all(visit.screens, chat),))))
        case "unlink-yes":
            await _let_go(visit, chat)
            # Who thinks better of it finds the way back where they are: the list names the channel no more.
            again = Button(text=words("button-relink"), data=_tap(chat, "relink"))
            leave = Button(text=words("button-leave"), data=_tap(chat, "leave"))
            keyboard = ((again,), (leave,), (_list(words),))
            await visit.redraw(query, Screen(document=say(words("unlinked", title=title)), keyboard=keyboard))
        case _:
            try:
                await visit.bot.leave_chat(chat.telegram_id)
            except TelegramAPIError as error:
                log.info("chat not left", chat=chat.id, reason=error.message)
            await visit.redraw(query, Screen(document=say(words("left", title=title)), keyboard=((_list(words),),)))
    return None


async def _let_go(visit: Visit, chat: Chat) -> None:
    """Stop at once; the others who run it hear of it, for they did not do it."""
    me = visit.person.telegram_id
    await visit.services.store.channels.dismiss(chat.id, me)

    def written(words: Words) -> Screen:
        return Screen(document=say(words("unlinked-by", title=chat.title or "", name=visit.trail.name)))

    await tell(visit.bot, visit.services, chat, written)
    planned = await visit.services.store.queue.planned(chat.id, limit=100)
    await visit.services.store.channels.unlink(chat.id, now=visit.services.clock())
    visit.trail.note(chat, "unlinked")
    drafts = Desk(visit.bot, visit.services)
    for row in planned:
        if row.waits_for_approval:
            await drafts.redraw_cards(row.id)


async def _may_let_go(visit: Visit, chat: Chat, *, leaving: bool) -> bool:
    """Whether this is the owner, or whoever linked the channel first since it was last let go.

    Out of one that was let go whoever did that may send us.
    """
    if leaving:
        last = await visit.services.store.audit.last(chat.id, "linked", "unlinked")
        if last is not None and (last.key, last.user_id) == ("unlinked", visit.person.telegram_id):
            return True
    linked = await visit.services.store.audit.first(chat.id, "linked", since="unlinked")
    if linked is not None and linked.user_id == visit.person.telegram_id:
        return True
    return await standing(visit.bot, chat, visit.person.telegram_id) is Standing.OWNER


def _tap(chat: Chat, do: str) -> str:
    return ChannelTap(chat=chat.id, do=do).pack()


def _list(words: Words) -> Button:
    return Button(text=words("button-all-channels"), data=ChannelsTap(do="list").pack())
