"""Looking for stories by words: /search, words without a command, following a search; an address that is pasted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import structlog
from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import SearchTap, SuggestTap
from bot.markup import Button, say
from bot.markup import Message as Screen
from bot.subscriber import prompts
from bot.subscriber.card import show_card
from bot.subscriber.choosing import MOST_OWN
from bot.subscriber.finding import ARCHIVE, find_stories, telling_words
from bot.subscriber.ownwords import change, fault_of
from bot.subscriber.prompts import Prompt
from bot.subscriber.results import MOST_PAGES, PAGE, Results, draw, read_query, tidy
from bot.visit import Toast, Visit, stale
from feeds.digest import tell
from feeds.links import canonical_link
from feeds.ownwords import OwnTopic, OwnTopicFault, OwnTopicProblem, parse_own_topic
from feeds.topics import Topic

log = structlog.get_logger(__name__)

SHORTEST = 3
"""Characters below which words are no query: «да», «ок»."""
_FEWEST = 2
"""Letters and figures that there must be among them: «<b>» and «+5» are none."""
# From the beginning of a word on only: of a long one each letter would be tried as the first.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w-])[\w-]+(?:\.[\w-]+)*\.[a-zа-я]{2,}/\S+", re.IGNORECASE)


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="search")
    router.message.filter(F.chat.type == "private")
    router.message.register(search_command, Command("search", "find", ignore_case=True))
    router.callback_query.register(search_tap, SearchTap.filter())
    router.callback_query.register(suggest_tap, SuggestTap.filter())
    return router


async def search_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Look for what stands after the command, or ask what to look for."""
    query = tidy(command.args or "")
    if query and _only_excludes(query):
        await visit.say("search-only-excludes", text=query.lstrip("-−–— ")[:60])
    elif query:
        await visit.show(await _screen(visit, query, page=0, topics=False))
    else:
        await prompts.ask(visit, Prompt.SEARCH)


async def search_tap(query: CallbackQuery, callback_data: SearchTap, visit: Visit) -> Toast | None:
    """Turn the page, or follow the query or no more: its words become an own topic."""
    text = _query(query)
    if text is None:
        return stale(visit.words)
    toast = None
    if callback_data.do != "page":
        match parse_own_topic(text):
            case OwnTopic(text=shown):
                follows = shown in visit.person.words
                wanted = not follows if callback_data.do == "follow" else callback_data.do == "on"
                if wanted and not follows and len(visit.person.words) >= MOST_OWN:
                    return Toast(visit.words("own-enough", most=MOST_OWN), alert=True)
                if wanted != follows:
                    visit = visit.as_now(await visit.services.chats.toggle_words(visit.person.id, shown))
                toast = _followed(visit, shown)
            case problem:
                return Toast(fault_of(visit, problem), alert=True)
    await redraw(visit, query, page=callback_data.page)
    return toast


async def suggest_tap(query: CallbackQuery, visit: Visit) -> Toast | None:
    """Write down for the operator which address somebody would like to be read here."""
    text = query.message.text if isinstance(query.message, Message) else None
    address = find_address(text or "")
    if address is None:
        return stale(visit.words)
    parts = urlsplit(address)
    # What follows the path may name the person.
    log.info("source suggested", address=f"{parts.scheme}://{parts.hostname}{parts.path}"[:200])
    await visit.redraw(query, Screen(document=say(visit.words("source-suggested"))))
    return None


async def look_up(visit: Visit, typed: str) -> None:
    """Answer words without a command: an address, a topic or make to toggle, stories that have them."""
    address = find_address(typed)
    query = tidy(typed)
    if address is not None:
        await _look_at(visit, address)
    elif len(query) < SHORTEST or sum(letter.isalnum() for letter in query) < _FEWEST:
        await visit.say("words-unknown")
    elif _only_excludes(query):
        await change(visit, visit.person, query)
    else:
        await visit.show(await results(visit, query))


async def results(visit: Visit, query: str) -> Screen:
    """Show what words find: topics to toggle, stories that have them."""
    return await _screen(visit, query, page=0)


async def redraw(visit: Visit, query: CallbackQuery, *, page: int) -> bool:
    """Draw a search anew in its place; False when the tapped message is none."""
    text = _query(query)
    if text is None:
        return False
    await visit.redraw(query, await _screen(visit, text, page=page, topics=_has_topics(query)))
    return True


def find_address(text: str) -> str | None:
    """Find the address that somebody pasted, alone or before a title."""
    match = _ADDRESS.search(text)
    if match is None:
        return None
    found = match[0]
    return canonical_link(found if "://" in found else f"https://{found}")


async def _screen(visit: Visit, query: str, *, page: int, topics: bool = True) -> Screen:
    page = min(page, MOST_PAGES - 1)
    found, read_as = await find_stories(visit, query, limit=(page + 1) * PAGE + 1)
    shown = found[page * PAGE : (page + 1) * PAGE]
    results = Results(
        query=query,
        stories=[tell(story) for story in shown],
        page=page,
        more=len(found) > (page + 1) * PAGE and page < MOST_PAGES - 1,
        read_as=read_as,
        topics=_named(visit, query) if topics else (),
    )
    parsed = parse_own_topic(query)
    followed = isinstance(parsed, OwnTopic) and parsed.text in visit.person.words
    return draw(visit.screens, visit.person, results, followed=followed)


def _named(visit: Visit, query: str) -> Sequence[Topic]:
    """Find the topics that a query may name, as it stands or without the words that say nothing."""
    catalogue, telling = visit.services.catalogue, telling_words(query)
    return catalogue.find(query, limit=4) or (catalogue.find(telling, limit=4) if len(telling) >= SHORTEST else ())


async def _look_at(visit: Visit, address: str) -> None:
    """Show the story that an address belongs to; offer to propose the source of one that is none of ours."""
    tellings = await visit.services.store.news.matching_tellings(
        urls=[address], title_keys=[], since=visit.services.clock() - ARCHIVE
    )
    if tellings and await show_card(visit, tellings[0].story_id) is None:
        return
    button = Button(text=visit.words("button-suggest"), data=SuggestTap().pack())
    text = say(visit.words("address-unknown"), address[:500])
    await visit.show(Screen(document=text, keyboard=((button,),)))


def _followed(visit: Visit, text: str) -> Toast:
    if text not in visit.person.words:
        return Toast(visit.words("topic-removed", name=text))
    if not visit.person.topics and len(visit.person.words) == 1:
        return Toast(visit.words("followed-only"), alert=True)
    return Toast(visit.words("topic-added", name=text))


def _only_excludes(query: str) -> bool:
    """Whether nothing but minuses was typed: «-мотоциклы» is no search, it wants to see no more of them."""
    match parse_own_topic(query):
        case OwnTopicProblem(fault=OwnTopicFault.ONLY_EXCLUDES):
            return True
        case _:
            return False


def _query(query: CallbackQuery) -> str | None:
    return read_query(query.message.text) if isinstance(query.message, Message) else None


def _has_topics(query: CallbackQuery) -> bool:
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    taps = [button.callback_data or "" for row in (markup.inline_keyboard if markup else ()) for button in row]
    return any(tap.startswith("t:") for tap in taps)
