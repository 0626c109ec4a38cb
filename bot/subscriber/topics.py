"""Topics: the list to tap, and looking for one by its name; for oneself or for a managed chat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.authority import NotAllowedError
from bot.callbacks import FindTap, TopicTap
from bot.render import cut
from bot.services import Services
from bot.subscriber import choosing, ownwords, prompts, search
from bot.subscriber.prompts import Prompt
from bot.visit import SHORT_TITLE, Toast, Visit, stale
from feeds.issue import Chat, ChatKind
from feeds.topics import Catalogue, Topic

LONGEST = 100
_BESIDE = frozenset({"s", "f"})
"""Where topics stand that were not opened to choose among all: nothing there says what having none means."""
_MOST_NAMED = 8
_AND = re.compile(r"\s*[,;\n]\s*|\s+(?:и|and)\s+", re.IGNORECASE)
_CHANGES = ("+", "-", "−", "–")


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="topics")
    router.message.filter(F.chat.type == "private")
    router.message.register(topics_command, Command("topics", ignore_case=True))
    router.message.register(answer, prompts.is_answer)
    router.callback_query.register(topic_tap, TopicTap.filter())
    router.callback_query.register(find_tap, FindTap.filter())
    return router


async def topics_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the list, find what stands after the command («/topics чери»), or change own words («/topics +завод»)."""
    asked = (command.args or "").strip()
    if not asked:
        count = await count_for(visit, visit.person)
        await visit.show(choosing.topics(visit.screens, visit.person, count=count))
    elif asked.startswith(_CHANGES):
        await ownwords.change(visit, visit.person, asked)
    else:
        await _find(visit, visit.person, asked)


async def topic_tap(query: CallbackQuery, callback_data: TopicTap, visit: Visit) -> Toast | None:
    """Toggle a topic in place, or turn the page."""
    chat = await visit.target(callback_data.chat)
    toast = None
    if callback_data.topic:
        topic = visit.services.catalogue.get(callback_data.topic)
        if topic is None:
            return stale(visit.words)
        chat = await visit.services.chats.toggle_topic(chat.id, topic.id)
        toast = _toggled(visit, chat, topic, listed=callback_data.on not in _BESIDE)
    offered = _offered(query, visit.services)
    match callback_data.on:
        case "w":
            note = _note(query, visit)
            await visit.redraw(query, choosing.welcome(visit.screens, chat, offered=offered, note=note))
        case "f" if callback_data.topic:
            await visit.redraw(query, choosing.found(visit.screens, chat, offered))
        case "s" if callback_data.topic:
            return (
                toast if await search.redraw(visit.as_now(chat), query, page=callback_data.page) else stale(visit.words)
            )
        case on:
            count = await count_for(visit, chat)
            page = choosing.topics(visit.screens, chat, on=on, page=callback_data.page, count=count)
            await visit.redraw(query, page)
    return toast


async def find_tap(query: CallbackQuery, callback_data: FindTap, visit: Visit) -> None:
    """Ask for a name."""
    await prompts.ask(visit, Prompt.TOPIC, await visit.target(callback_data.chat))


async def answer(message: Message, visit: Visit) -> None:
    """Take what somebody typed in answer to a question of ours."""
    text = (message.text or "").strip()
    try:
        chat = await visit.target(prompts.about(message))
    except NotAllowedError as refusal:
        title = cut(refusal.title or "", SHORT_TITLE)
        await (visit.say("not-admin", title=title) if title else visit.say("words-unknown"))
        return
    await take_answer(visit, chat, prompts.answered(message), text)


async def take_answer(visit: Visit, chat: Chat, prompt: Prompt | None, text: str) -> None:
    """Do what was asked about, with what was typed."""
    match prompt:
        case Prompt.TOPIC:
            await _find(visit, chat, text)
        case Prompt.OWN:
            await ownwords.change(visit, chat, text)
        case Prompt.STOP:
            await ownwords.hide(visit, chat, text)
        case _:
            await search.look_up(visit, text)


async def count_for(visit: Visit, chat: Chat) -> int | None:
    """Count the stories that an issue would be chosen from, did the person ask now; for a channel nobody asks."""
    return await visit.services.publish.count_asked(chat) if chat.kind is ChatKind.PRIVATE else None


async def _find(visit: Visit, chat: Chat, text: str) -> None:
    offered = _named(text[:LONGEST], visit.services.catalogue)
    if offered:
        await visit.show(choosing.found(visit.screens, chat, offered))
    elif chat.kind is ChatKind.PRIVATE:
        await search.look_up(visit, text)
    else:
        await visit.say("topics-not-found", text=text[:60])
        await prompts.ask(visit, Prompt.TOPIC, chat)


def _toggled(visit: Visit, chat: Chat, topic: Topic, *, listed: bool) -> Toast:
    """Say what a tap did; the first choice ends that everything comes, which only the list of topics tells."""
    name = visit.screens.name(topic)
    if topic.id not in chat.topics:
        return Toast(visit.words("topic-removed", name=name))
    if chat.kind is ChatKind.PRIVATE and not listed and len(chat.topics) == 1 and not chat.words:
        return Toast(visit.words("topic-only", name=name), alert=True)
    return Toast(visit.words("topic-added", name=name))


def _named(text: str, catalogue: Catalogue) -> Sequence[Topic]:
    """Find what is named; the best for each of several names: «вольво, ауди», «вольво и ауди»."""
    whole, parts = catalogue.find(text), [part for part in _AND.split(text) if part.strip()]
    if whole or len(parts) == 1:
        return whole
    best = [topic for part in parts for topic in catalogue.find(part, limit=1)]
    return list({topic.id: topic for topic in best}.values())[:_MOST_NAMED]


def _offered(query: CallbackQuery, services: Services) -> list[Topic]:
    """Read from the tapped message's own buttons which topics it offered: nothing else remembers."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    if markup is None:
        return []
    taps = [button.callback_data or "" for row in markup.inline_keyboard for button in row]
    offered = [services.catalogue.get(TopicTap.unpack(tap).topic) for tap in taps if tap.startswith("t:")]
    return [topic for topic in offered if topic is not None]


def _note(query: CallbackQuery, visit: Visit) -> str:
    """Keep the line above the greeting that says whose topics these are."""
    text = query.message.text if isinstance(query.message, Message) else None
    before, found, _ = (text or "").partition(visit.words("welcome"))
    return before.strip() if found else ""
