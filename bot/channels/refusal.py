"""What somebody sees who may not set a channel up (any more), or of whom Telegram does not tell: the screen closes."""

from __future__ import annotations

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.authority import NotAllowedError, Standing
from bot.callbacks import ChannelTap
from bot.channels.failures import note_closed
from bot.channels.links import add_link
from bot.channels.taps import ChannelsTap
from bot.markup import Button, say
from bot.markup import Message as Screen
from bot.outcomes import Closed
from bot.render import cut
from bot.telegram import outcome_of
from bot.visit import SHORT_TITLE, Toast, Visit, stale
from feeds.issue import Chat, PauseReason


async def refuse(event: TelegramObject, visit: Visit, refusal: NotAllowedError) -> Toast:
    """Close the screen with an alert that says why; a stranger learns nothing."""
    chat, words = refusal.chat, visit.words
    if chat is None:
        return stale(words)
    title = cut(chat.title or "", SHORT_TITLE)
    match refusal.standing:
        case Standing.SILENT:
            # Nothing is known: the screen stays as it is, to be tried again.
            return Toast(words("channel-unasked"), alert=True)
        case Standing.GONE if await _is_deleted(visit, chat):
            toast, screen = Toast(words("channel-deleted", title=title), alert=True), _deleted(visit, chat)
        case Standing.GONE:
            toast, screen = Toast(words("channel-gone", title=title), alert=True), await gone(visit, chat)
        case Standing.UNLINKED:
            toast = Toast(words("channel-unlinked", title=title), alert=True)
            again = Button(text=words("button-relink"), data=ChannelTap(chat=chat.id, do="relink").pack())
            text = say(words("channel-unlinked", title=chat.title or ""))
            screen = Screen(document=text, keyboard=((again,), (_every(visit),)))
        case _:
            toast = Toast(words("not-admin", title=title), alert=True)
            screen = Screen(document=say(words("not-admin", title=chat.title or "")), keyboard=((_every(visit),),))
    if isinstance(event, CallbackQuery):
        await visit.redraw(event, screen)
    elif isinstance(event, Message):
        await visit.show(screen)
    return toast


async def gone(visit: Visit, chat: Chat) -> Screen:
    """Offer to bring us back into a channel, or to forget it."""
    username = (await visit.bot.me()).username or ""
    mend = Button(text=visit.words("button-repair"), url=add_link(username, chat.kind))
    text = say(visit.words("channel-gone", title=chat.title or ""))
    return Screen(document=text, keyboard=((mend,), (_drop(visit, chat),), (_every(visit),)))


def _deleted(visit: Visit, chat: Chat) -> Screen:
    """Offer to forget a channel that there is no more."""
    text = say(visit.words("channel-deleted", title=chat.title or ""))
    return Screen(document=text, keyboard=((_drop(visit, chat),), (_every(visit),)))


async def _is_deleted(visit: Visit, chat: Chat) -> bool:
    """Find out whether a chat is gone for everybody; that it is, is noted, for nothing else may ever tell us."""
    try:
        await visit.bot.get_chat(chat.telegram_id)
    except TelegramAPIError as error:
        outcome = outcome_of(error)
        if isinstance(outcome, Closed) and outcome.pause is PauseReason.DELETED:
            await note_closed(visit.services, chat, PauseReason.DELETED)
            return True
    return False


def _drop(visit: Visit, chat: Chat) -> Button:
    return Button(text=visit.words("button-unlist"), data=ChannelTap(chat=chat.id, do="unlist").pack())


def _every(visit: Visit) -> Button:
    return Button(text=visit.words("button-all-channels"), data=ChannelsTap(do="list").pack())
