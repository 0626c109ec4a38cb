"""Topics of news and topics of a forum: which of a channel's stories go to which thread of a group that has them."""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, Message

from bot.channels.screen import back
from bot.channels.taps import ThreadTap
from bot.markup import Bold, Button, rows, say
from bot.markup import Message as Screen
from bot.screens import Screens
from bot.services import Services
from bot.visit import Toast, Visit, stale
from feeds.chatsettings import ChatSettings, Thread
from feeds.issue import Chat, ChatKind
from feeds.topics import Topic

_LONGEST_NAME = 128
_NAMES = 24
"""Threads whose names are remembered."""


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="threads")
    router.callback_query.register(thread_tap, ThreadTap.filter())
    return router


async def thread_tap(query: CallbackQuery, callback_data: ThreadTap, visit: Visit) -> Toast | None:
    """Open the map, one topic of it, one thread of it; set, make or take away a thread."""
    chat = await visit.target(callback_data.chat)
    topic = visit.services.catalogue.get(callback_data.topic) if callback_data.topic else None
    do, thread = callback_data.do, callback_data.thread
    if do == "list":
        await visit.redraw(query, map_screen(visit.screens, chat))
        return None
    if do == "thread" and thread:
        await visit.redraw(query, thread_screen(visit.screens, chat, thread))
        return None
    if topic is None:
        return stale(visit.words)
    toast = None
    match do:
        case "open":
            await visit.redraw(query, topic_screen(visit.screens, chat, topic))
            return None
        case "toggle" if thread:
            chat, toast = await _toggle(visit, chat, topic, thread)
            await visit.redraw(query, thread_screen(visit.screens, chat, thread))
            return toast
        case "make":
            chat, toast = await _make(visit, chat, topic)
        case "drop":
            chat = await _map(visit, chat, topic.id, None)
        case _:
            return stale(visit.words)
    await visit.redraw(query, map_screen(visit.screens, chat))
    return toast


async def learn_forum(visit: Visit, chat: Chat) -> Chat:
    """Ask Telegram whether a group has topics: that is switched on and off without a word to us."""
    if chat.kind is not ChatKind.SUPERGROUP:
        return chat
    try:
        has_topics = bool((await visit.bot.get_chat(chat.telegram_id)).is_forum)
    except TelegramAPIError:
        return chat
    if has_topics == chat.settings.forum:
        return chat
    return await visit.services.chats.configure(chat.id, lambda old: replace(old, forum=has_topics))


async def note_name(services: Services, chat: Chat, thread: int, message: Message) -> None:
    """Learn what a thread is called from the message that opened it, to which every message in it is a reply."""
    opening = message.reply_to_message.forum_topic_created if message.reply_to_message else None
    if opening is None:
        return
    named = (thread, opening.name)

    def change(old: ChatSettings) -> ChatSettings:
        others = tuple(one for one in old.thread_names if one[0] != thread)
        homes = tuple(replace(one, name=opening.name) if one.thread_id == thread else one for one in old.threads)
        return replace(old, thread_names=(*others, named)[-_NAMES:], threads=homes)

    await services.chats.configure(chat.id, change)


def map_screen(screens: Screens, chat: Chat) -> Screen:
    """List the topics with where each goes."""
    words = screens.words
    homes = {one.topic: one for one in chat.settings.threads}
    buttons = [
        Button(
            text=words("thread-line", topic=screens.name(topic), where=_where(screens, homes.get(topic.id))),
            data=ThreadTap(chat=chat.id, do="open", topic=topic.id).pack(),
            style="success" if topic.id in homes else None,
        )
        for topic in _offered(screens, chat)
    ]
    text = say((Bold((words("threads-title", title=chat.title or ""),)),), words("threads-hint"))
    return Screen(document=text, keyboard=(*rows(buttons, width=1), (back(screens, chat),)))


def topic_screen(screens: Screens, chat: Chat, topic: Topic) -> Screen:
    """Offer to make a thread for a topic, or to send it to General again."""
    words, name = screens.words, screens.name(topic)
    home = next((one for one in chat.settings.threads if one.topic == topic.id), None)

    def tap(do: str) -> str:
        return ThreadTap(chat=chat.id, do=do, topic=topic.id).pack()

    keyboard = [(Button(text=words("button-thread-make"), data=tap("make"), style="primary"),)]
    if home is not None:
        keyboard = [(Button(text=words("button-thread-drop"), data=tap("drop")),)]
    text = say((Bold((name,)),), words("thread-now", where=_where(screens, home)), words("thread-hint", topic=name))
    last = Button(text=words("button-back"), data=ThreadTap(chat=chat.id, do="list").pack())
    return Screen(document=text, keyboard=(*keyboard, (last,)))


def thread_screen(screens: Screens, chat: Chat, thread: int) -> Screen:
    """Ask which topics go to a thread in which somebody wrote /setup."""
    words = screens.words
    here = {one.topic for one in chat.settings.threads if one.thread_id == thread}
    buttons = [
        Button(
            text=words("toggle-on", name=screens.name(topic)) if topic.id in here else screens.name(topic),
            data=ThreadTap(chat=chat.id, do="toggle", topic=topic.id, thread=thread).pack(),
            style="success" if topic.id in here else None,
        )
        for topic in _offered(screens, chat)
    ]
    text = say((Bold((words("threads-title", title=chat.title or ""),)),), words("thread-question"))
    every = Button(text=words("button-threads"), data=ThreadTap(chat=chat.id, do="list").pack())
    return Screen(document=text, keyboard=(*rows(buttons, width=2), (every, back(screens, chat))))


async def _toggle(visit: Visit, chat: Chat, topic: Topic, thread: int) -> tuple[Chat, Toast]:
    name = visit.screens.name(topic)
    if any(one.topic == topic.id and one.thread_id == thread for one in chat.settings.threads):
        return await _map(visit, chat, topic.id, None), Toast(visit.words("thread-dropped", topic=name))
    known = {one.thread_id: one.name for one in chat.settings.threads if one.name} | dict(chat.settings.thread_names)
    home = Thread(topic=topic.id, thread_id=thread, name=known.get(thread, ""))
    return await _map(visit, chat, topic.id, home), Toast(visit.words("thread-set", topic=name))


async def _make(visit: Visit, chat: Chat, topic: Topic) -> tuple[Chat, Toast]:
    """Make a thread in the group, if we may; each topic gets one only."""
    words = visit.words
    if any(one.topic == topic.id for one in chat.settings.threads):
        return chat, Toast(words("thread-there"), alert=True)
    name = (topic.name.get(chat.lang) or topic.name["en"])[:_LONGEST_NAME]
    try:
        made = await visit.bot.create_forum_topic(chat.telegram_id, name)
    except TelegramBadRequest as error:
        forum = "not a forum" not in error.message.lower()
        return chat, Toast(words("thread-no-right" if forum else "thread-no-forum"), alert=True)
    except TelegramAPIError:
        return chat, Toast(words("channel-unasked"), alert=True)
    home = Thread(topic=topic.id, thread_id=made.message_thread_id, name=name)
    return await _map(visit, chat, topic.id, home), Toast(words("thread-made", name=name))


async def _map(visit: Visit, chat: Chat, topic: str, home: Thread | None) -> Chat:
    def change(threads: tuple[Thread, ...]) -> tuple[Thread, ...]:
        kept = tuple(one for one in threads if one.topic != topic)
        return kept if home is None else (*kept, home)

    return await visit.services.chats.configure(chat.id, lambda old: replace(old, threads=change(old.threads)))


def _offered(screens: Screens, chat: Chat) -> tuple[Topic, ...]:
    """Offer the themes that the chat chose, all where it chose none, and whatever has a thread already."""
    every = screens.catalogue.themes
    shown = tuple(topic for topic in every if topic.id in chat.topics) or tuple(every)
    mapped = {one.topic for one in chat.settings.threads}
    return (*shown, *(topic for topic in every if topic.id in mapped and topic not in shown))


def _where(screens: Screens, home: Thread | None) -> str:
    if home is None:
        return screens.words("thread-general")
    return screens.words("thread-named", name=home.name) if home.name else screens.words("thread-chosen")
