"""When a channel takes nothing any more: a pause with all its settings, one word to its admins, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.callbacks import ChannelTap
from bot.channels.choices import NONE, rhythm
from bot.channels.links import add_link
from bot.channels.planning import go_on
from bot.channels.taps import ThreadTap
from bot.i18n import Words, words_for
from bot.markup import Button, Message, say
from bot.services import Services
from bot.visit import show
from feeds.chatsettings import ChatSettings
from feeds.issue import GENERAL, Chat, ChatKind, ChatState, PauseReason
from storage.audit import US, Entry

log = structlog.get_logger(__name__)

LOST, RETURNED, CLOSED = "lost", "returned", "general-closed"
REMINDED = timedelta(days=7)


async def closed(bot: Bot, services: Services, chat: Chat, reason: PauseReason) -> None:
    """Pause a chat, and tell everybody who runs it once, with the link that mends it."""
    lock = services.locks.setdefault(chat.id, asyncio.Lock())
    async with lock:
        new = await note_closed(services, chat, reason)
    if new:
        await tell_managers(bot, services, chat, reason)


async def note_closed(services: Services, chat: Chat, reason: PauseReason) -> bool:
    """Pause a chat; whether those who run it do not know yet. Whoever calls holds the chat's lock."""
    before = await services.store.audit.last(chat.id, LOST, RETURNED)
    after = await services.chats.pause(chat.id, reason)
    if chat.kind is ChatKind.PRIVATE or after.state is ChatState.STOPPED:
        return False
    if before is not None and before.key == LOST and before.facts.get("to") == reason:
        return False
    await note(services, chat, LOST, to=reason)
    return True


async def reopened(services: Services, chat: Chat) -> Chat:
    """Go on with everything as it was set."""
    await note(services, chat, RETURNED)
    if chat.settings.archived:
        await services.chats.configure(chat.id, lambda old: replace(old, archived=False))
    return await go_on(services, chat, missed=True)


def is_set_up(chat: Chat) -> bool:
    """Whether somebody has gone through all steps: then there is nothing to begin, only to go on."""
    return chat.settings.wizard_step is None and rhythm(chat) != NONE


async def tell_returned(bot: Bot, services: Services, chat: Chat) -> None:
    """Tell everybody who runs a channel that posts go to it again."""

    def written(words: Words) -> Message:
        opened = Button(text=words("button-all-settings"), data=ChannelTap(chat=chat.id, do="open").pack())
        text = say(words("channel-returned", title=chat.title or ""))
        return Message(document=text, keyboard=((opened,),))

    await tell(bot, services, chat, written)


async def tell_managers(bot: Bot, services: Services, chat: Chat, reason: PauseReason) -> None:
    """Tell everybody who runs a channel why nothing goes to it any more."""
    username = (await bot.me()).username or ""
    await tell(bot, services, chat, lambda words: lost_message(words, username, chat, reason))


def lost_message(words: Words, username: str, chat: Chat, reason: PauseReason) -> Message:
    """Say why nothing goes to a channel, with the link that mends it; one that was never set up has nothing to keep."""
    key = "channel-no-right" if reason is PauseReason.NO_RIGHT else "channel-lost"
    if reason is PauseReason.NO_RIGHT and not is_set_up(chat):
        key = "channel-mute"
    if reason is PauseReason.DELETED:
        return Message(document=say(words("channel-deleted", title=chat.title or "")))
    mend = Button(text=words("button-repair"), url=add_link(username, chat.kind))
    return Message(document=say(words(key, title=chat.title or "")), keyboard=((mend,),))


async def tell(bot: Bot, services: Services, chat: Chat, write: Callable[[Words], Message]) -> None:
    """Write to everybody who runs a channel, each in their language."""
    for manager in await services.chats.managers(chat.id):
        person = await services.chats.by_telegram_id(manager)
        message = write(words_for(person.lang if person else services.settings.lang))
        try:
            await show(bot, manager, message)
        except TelegramAPIError as error:
            log.info("manager not told", reason=error.message)


async def thread_lost(bot: Bot, services: Services, chat: Chat, thread: int) -> None:
    """Send the topics of a thread that is gone or closed to General from now on, and say so to the admins.

    Where General itself is closed they are told that, once a week.
    """
    if thread == GENERAL:
        await _general_closed(bot, services, chat)
        return
    lost = [one.name for one in chat.settings.threads if one.thread_id == thread]
    if not lost:
        return

    def without(old: ChatSettings) -> ChatSettings:
        return replace(old, threads=tuple(one for one in old.threads if one.thread_id != thread))

    await services.chats.configure(chat.id, without)

    def written(words: Words) -> Message:
        tap = ChannelTap(chat=chat.id, do="all").pack()
        choose = Button(text=words("button-setup"), data=tap)
        text = words("thread-lost", title=chat.title or "", name=lost[0] or str(thread))
        return Message(document=say(text), keyboard=((choose,),))

    await tell(bot, services, chat, written)


async def _general_closed(bot: Bot, services: Services, chat: Chat) -> None:
    last = await services.store.audit.last(chat.id, CLOSED)
    if last is not None and services.clock() - last.done_at < REMINDED:
        return
    await note(services, chat, CLOSED)

    def written(words: Words) -> Message:
        choose = Button(text=words("button-threads"), data=ThreadTap(chat=chat.id, do="list").pack())
        return Message(document=say(words("thread-general-closed", title=chat.title or "")), keyboard=((choose,),))

    await tell(bot, services, chat, written)


async def note(services: Services, chat: Chat, key: str, **facts: str) -> None:
    """Write down in a channel's trace what nobody but we did."""
    entry = Entry(user_id=US, name="", key=key, facts=facts, done_at=services.clock())
    await services.store.audit.note(chat.id, [entry])
