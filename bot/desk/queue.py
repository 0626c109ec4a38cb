"""What waits at the desk: /queue, and /opinion for any story of the last month, by its address, number or words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.base62 import read_number
from bot.callbacks import DeskTap, QueueTap
from bot.desk.cards import QUEUED, Sight, draw_queue
from bot.desk.roles import AtDesk
from bot.desk.table import Table
from bot.markup import Button, Paragraph
from bot.markup import Message as Screen
from bot.render import cut
from bot.visit import Visit
from feeds.digest import tell
from feeds.judging import FRESH
from feeds.links import canonical_link
from feeds.model import Story, StoryId
from feeds.opinions import EditorsOpinion

MONTH: Final = timedelta(days=30)
SOON: Final = timedelta(hours=1)
FOUND: Final = 5
_NUMBER = re.compile(r"^(?:#|№|No\.|/?s_)?\s*([0-9A-Za-z]{1,11})$")


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-queue")
    router.message.filter(F.chat.type == "private", AtDesk())
    router.callback_query.filter(AtDesk())
    router.message.register(queue_command, Command("queue", ignore_case=True))
    router.callback_query.register(queue_tap, QueueTap.filter())
    router.message.register(opinion_command, Command("opinion", ignore_case=True))
    return router


async def queue_command(message: Message, visit: Visit) -> None:
    """List what waits for an opinion."""
    await visit.show(await _queue(visit, "all"))


async def queue_tap(query: CallbackQuery, callback_data: QueueTap, visit: Visit) -> None:
    """Show a part of it."""
    await visit.redraw(query, await _queue(visit, callback_data.show))


async def opinion_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the card of a story, or offer those that the words may have meant."""
    wanted = (command.args or "").strip()
    if not wanted:
        await visit.say("opinion-usage")
        return
    story = await find_story(visit, wanted)
    if story is not None:
        await Table(visit.bot, visit.services).send(story, visit.person)
        return
    await visit.show(await offered(visit, wanted, lambda found: DeskTap(story=found.id, do="open").pack()))


async def find_story(visit: Visit, wanted: str) -> Story | None:
    """Find a story of the last month by its number (4F, № 4F, /s_4F) or by the address of an article."""
    news, since = visit.services.store.news, visit.services.clock() - MONTH
    number = _NUMBER.match(wanted)
    story_id = read_number(number[1]) if number else None
    if story_id is None and (url := canonical_link(wanted)):
        found = await news.matching_tellings(urls=[url], title_keys=[], since=since)
        story_id = found[0].story_id if found else None
    story = await news.story(StoryId(story_id)) if story_id is not None else None
    return story if story is not None and story.items[-1].item.published_at >= since else None


async def offered(visit: Visit, wanted: str, tap: Callable[[Story], str]) -> Screen:
    """Offer the stories that words may have meant, each under a button that calls back with ``tap``."""
    words, since = visit.words, visit.services.clock() - MONTH
    # The parts of an address are no words: stories that share them are about something else.
    found = () if "://" in wanted else await visit.services.store.search.find(wanted, since=since, limit=FOUND)
    if not found:
        return not_found(visit, wanted)
    buttons = tuple((Button(text=cut(tell(one).headline, 60), data=tap(one)),) for one in found)
    return Screen(document=(Paragraph((words("opinion-found"),)),), keyboard=buttons)


def not_found(visit: Visit, wanted: str) -> Screen:
    """Say that no story of the last month is meant by this."""
    words = visit.words
    text = words("address-unknown") if "://" in wanted else words("opinion-not-found", text=cut(wanted, 60))
    return Screen(document=(Paragraph((text,)),))


async def _queue(visit: Visit, show: str) -> Screen:
    services, now = visit.services, visit.services.clock()
    waiting = [one for one in await services.store.desk.queue(since=now - FRESH) if _fits(one, show, visit)]
    sights = await _sights(visit, waiting)
    place = Table(visit.bot, services).place(visit.person)
    coming = await services.chats.next_due()
    left = max(len(waiting) - QUEUED, 0)
    return draw_queue(sights, place, show=show, left=left, coming=coming, now=now)


async def _sights(visit: Visit, waiting: Sequence[EditorsOpinion]) -> list[Sight]:
    table, sights = Table(visit.bot, visit.services), []
    for one in waiting[:QUEUED]:
        story = await visit.services.store.news.story(one.story_id)
        if story is not None:
            sights.append(await table.sight(story, visit.person, carriers=()))
    return sights


def _fits(one: EditorsOpinion, show: str, visit: Visit) -> bool:
    now, user = visit.services.clock(), visit.person.telegram_id
    match show:
        case "soon":
            return one.due_at <= now + SOON
        case "mine":
            return user in (one.claimed_by, one.draft_by)
        case "bare":
            return not one.draft
        case _:
            return True
