"""Own words and hidden things of a chat: typed, listed, taken away again; for oneself or for a managed chat."""

from __future__ import annotations

import re
from functools import reduce

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.callbacks import OwnTap
from bot.markup import Message
from bot.subscriber import choosing, prompts
from bot.subscriber.choosing import MOST_OWN, HiddenThing
from bot.subscriber.prompts import Prompt
from bot.visit import Toast, Visit, stale
from feeds.chatsettings import Hidden, HiddenKind
from feeds.hiding import hide as hide_one
from feeds.hiding import unhide
from feeds.issue import Chat, ChatKind
from feeds.model import StoryId
from feeds.ownwords import MAX_LENGTH, OwnTopic, OwnTopicFault, OwnTopicProblem, parse_own_topic, tidied
from feeds.telling import best_telling

_PLUS = re.compile(r"(^|[\s,;])\+\s*")
_MINUS = re.compile(r"(?:^|[\s,;])[-−–—]\s*")
_AROUND = " ,;-−–—"


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="own words")
    router.callback_query.register(own_tap, OwnTap.filter())
    return router


async def own_tap(query: CallbackQuery, callback_data: OwnTap, visit: Visit) -> Toast | None:
    """Open a list, ask for more, or take one away."""
    chat = await visit.target(callback_data.chat)
    toast = None
    match callback_data.on, callback_data.do:
        case "words", "add":
            if len(chat.words) >= MOST_OWN:
                return Toast(visit.words("own-enough", most=MOST_OWN), alert=True)
            await prompts.ask(visit, Prompt.OWN, chat)
            return None
        case "hidden", "add":
            await prompts.ask(visit, Prompt.STOP, chat)
            return None
        case "words", "drop":
            text = next((one for one in chat.words if choosing.mark(one) == callback_data.mark), None)
            if text is not None:
                chat = await visit.services.chats.toggle_words(chat.id, text)
                toast = Toast(visit.words("topic-removed", name=text))
        case "words", "all":
            every = frozenset(theme.id for theme in visit.services.catalogue.themes)
            chat = await visit.services.chats.choose_topics(chat.id, chat.topics | every)
        case "hidden", "drop":
            chat = await visit.services.chats.configure(chat.id, lambda settings: unhide(settings, callback_data.mark))
            toast = Toast(visit.words("hidden-back"))
        case _, "list":
            pass
        case _:
            return stale(visit.words)
    await visit.redraw(query, await (words_screen if callback_data.on == "words" else hidden_screen)(visit, chat))
    return toast


async def change(visit: Visit, chat: Chat, typed: str) -> None:
    """Add what was typed as an own topic, and show the list; words with nothing but minuses are hidden instead."""
    text = _PLUS.sub(r"\1", typed).strip()
    match parse_own_topic(text):
        case OwnTopic(text=shown):
            if shown not in chat.words:
                if len(chat.words) >= MOST_OWN:
                    await visit.say("own-enough", most=MOST_OWN)
                    return
                chat = await visit.services.chats.toggle_words(chat.id, shown)
            await visit.show(await words_screen(visit, chat))
        case OwnTopicProblem(fault=OwnTopicFault.ONLY_EXCLUDES):
            await _take_away(visit, chat, [word for piece in _MINUS.split(text) if (word := piece.strip(_AROUND))])
        case OwnTopicProblem() as problem:
            await _ask_again(visit, chat, problem, Prompt.OWN)


async def hide(visit: Visit, chat: Chat, typed: str) -> None:
    """Never show what has these words, and show what is hidden; commas part them."""
    await _hide(visit, chat, [word for piece in re.split(r"[,;\n]", typed) if (word := piece.strip(_AROUND))])


async def words_screen(visit: Visit, chat: Chat) -> Message:
    """List a chat's own words."""
    publish = visit.services.publish
    counts = await publish.counter.count_own(chat)
    count = await publish.count_asked(chat) if chat.kind is ChatKind.PRIVATE else None
    return choosing.own_words(visit.screens, chat, counts, count=count)


async def hidden_screen(visit: Visit, chat: Chat) -> Message:
    """List what is hidden from a chat."""
    now = visit.services.clock()
    things = [HiddenThing(hidden=one, name=await _name(visit, one)) for one in chat.settings.hidden if one.holds(now)]
    count = await visit.services.publish.count_asked(chat) if chat.kind is ChatKind.PRIVATE else None
    return choosing.hidden(visit.screens, chat, things[-MOST_OWN:], count=count)


def fault_of(visit: Visit, problem: OwnTopicProblem) -> str:
    """Say why a text is no own topic."""
    return visit.words(f"own-{problem.fault}", **_facts(problem))


async def _take_away(visit: Visit, chat: Chat, words: list[str]) -> None:
    """Drop own topics of these names; what is none is hidden."""
    words = [tidied(word) for word in words]
    own = {text.casefold(): text for text in chat.words}
    known = [own[word.casefold()] for word in words if word.casefold() in own]
    for text in known:
        chat = await visit.services.chats.toggle_words(chat.id, text)
    others = [word for word in words if word.casefold() not in own]
    if others:
        await _hide(visit, chat, others)
    else:
        await visit.show(await words_screen(visit, chat))


async def _hide(visit: Visit, chat: Chat, words: list[str]) -> None:
    read = [parse_own_topic(word) for word in words] or [parse_own_topic("")]
    problem = next((one for one in read if isinstance(one, OwnTopicProblem)), None)
    if problem is not None:
        await _ask_again(visit, chat, problem, Prompt.STOP)
        return
    stops = [Hidden(kind=HiddenKind.WORD, what=one.text) for one in read if isinstance(one, OwnTopic)]
    chat = await visit.services.chats.configure(chat.id, lambda settings: reduce(hide_one, stops, settings))
    await visit.show(await hidden_screen(visit, chat))


async def _ask_again(visit: Visit, chat: Chat, problem: OwnTopicProblem, prompt: Prompt) -> None:
    """Say what is wrong; a managed chat's words are asked for anew, since a command would change one's own."""
    own = chat.kind is ChatKind.PRIVATE
    key = f"own-{problem.fault}"
    await visit.say(key if own or problem.fault is not OwnTopicFault.EMPTY else f"{key}-channel", **_facts(problem))
    if not own:
        await prompts.ask(visit, prompt, chat)


async def _name(visit: Visit, one: Hidden) -> str:
    if one.kind is HiddenKind.TOPIC:
        topic = visit.services.catalogue.get(one.what)
        return visit.screens.name(topic) if topic else one.what
    if one.kind is HiddenKind.STORY and one.what.isdecimal():
        story = await visit.services.store.news.story(StoryId(int(one.what)))
        return best_telling(story.items).item.title if story else visit.words("hidden-untitled")
    return one.what


def _facts(problem: OwnTopicProblem) -> dict[str, str | float]:
    match problem.fault:
        case OwnTopicFault.TOO_LONG:
            return {"most": MAX_LENGTH}
        case OwnTopicFault.TOO_COMMON:
            return {"text": problem.words[:60]}
        case _:
            return {}
