"""/breaking: an editor lets a story go at once to all who want urgent news, with ten seconds to think again.

The seconds are the mark's own moment, which lies ahead: a restart in between changes nothing. Afterwards the editor
hears to how many it went.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Final

import structlog
from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import BreakTap
from bot.desk.queue import find_story, offered
from bot.desk.roles import AtDesk
from bot.desk.table import Table
from bot.i18n import Words, words_for
from bot.markup import Block, Button, Paragraph, say
from bot.markup import Message as Screen
from bot.render import cut, render_breaking
from bot.services import Services
from bot.visit import Toast, Visit, show, stale
from feeds.digest import tell
from feeds.model import Story, StoryId
from feeds.opinions import StaffMember
from feeds.schedule import zone_of

log = structlog.get_logger(__name__)

UNDO: Final = timedelta(seconds=10)
SETTLED: Final = timedelta(seconds=20)
"""By then whatever lets stories go has looked."""
PATIENCE: Final = timedelta(minutes=10)
"""What has not gone by then is counted as still to go."""
A_DAY: Final = 2
"""Breaking stories that editors may send in a day; an operator may send more."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-breaking")
    router.message.filter(F.chat.type == "private", AtDesk())
    router.callback_query.filter(AtDesk())
    router.message.register(breaking_command, Command("breaking", ignore_case=True))
    router.callback_query.register(ask_tap, BreakTap.filter(F.do == "ask"))
    router.callback_query.register(send_tap, BreakTap.filter(F.do.in_({"send", "over"})))
    router.callback_query.register(undo_tap, BreakTap.filter(F.do == "undo"))
    return router


async def breaking_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show what would go, and to how many; words that name no story offer those they may have meant."""
    wanted = (command.args or "").strip()
    if not wanted:
        await visit.say("breaking-usage")
        return
    story = await find_story(visit, wanted)
    if story is None:
        await visit.show(await offered(visit, wanted, lambda found: BreakTap(story=found.id, do="ask").pack()))
        return
    await visit.show(await _question(visit, story))


async def ask_tap(query: CallbackQuery, callback_data: BreakTap, visit: Visit) -> Toast | None:
    """Show what would go of one that was offered."""
    story = await visit.services.store.news.story(StoryId(callback_data.story))
    if story is None:
        return stale(visit.words)
    await visit.redraw(query, await _question(visit, story))
    return None


async def report_reach(bot: Bot, services: Services) -> None:
    """Tell editors to how many what they let go went, once it has gone."""
    now = services.clock()
    for story_id, user_id, at in await services.store.marks.unheard(before=now - SETTLED):
        reached = await services.store.outbox.reached(story_id, since=at, now=now)
        if reached.under_way and now - at < PATIENCE:
            continue
        person, story = await services.chats.by_telegram_id(user_id), await services.store.news.story(story_id)
        if person is not None and story is not None:
            words = words_for(person.lang)
            whom = _whom(words, reached.people, reached.channels) or words("breaking-none")
            parts = [words("breaking-reached", headline=cut(tell(story).headline, 90), whom=whom)]
            if left := reached.later + reached.under_way:
                parts.append(words("breaking-later", count=left))
            with contextlib.suppress(TelegramAPIError):
                await show(bot, user_id, Screen(document=say(" ".join(parts))))
        await services.store.marks.heard(story_id)


async def _question(visit: Visit, story: Story) -> Screen:
    if story.marks.retracted_at is not None:
        return Screen(document=say(visit.words("story-retracted")))
    reach = await visit.services.reach(story)
    words, place = visit.words, Table(visit.bot, visit.services).place(visit.person)
    whom = _whom(words, reach.people, reach.channels)
    asked: list[Block] = [*render_breaking(tell(story), place)]
    nobody = words("breaking-all-have" if reach.had else "breaking-nobody")
    asked.append(Paragraph((words("breaking-question", whom=whom) if whom else nobody,)))
    send = Button(text=words("button-breaking-send"), data=BreakTap(story=story.id, do="send").pack(), style="danger")
    return Screen(document=tuple(asked), keyboard=((send,),) if whom else ())


def _whom(words: Words, people: int, channels: int) -> str:
    """Name how many of each there are; nothing where there are none."""
    counted = {"breaking-people": people, "breaking-channels": channels}
    return words.listing([words(key, count=count) for key, count in counted.items() if count])


async def send_tap(query: CallbackQuery, callback_data: BreakTap, visit: Visit, member: StaffMember) -> Toast | None:
    """Let it go in ten seconds, if the day's measure allows it."""
    services, words, now = visit.services, visit.words, visit.services.clock()
    story = await services.store.news.story(StoryId(callback_data.story))
    if story is None:
        return stale(words)
    zone = zone_of(services.settings.timezone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    broken = await services.store.marks.broken(since=midnight)
    if story.id in broken:
        return Toast(words("breaking-already"), alert=True)
    if len(broken) >= A_DAY and not (member.operator and callback_data.do == "over"):
        if not member.operator:
            return Toast(words("breaking-enough", most=A_DAY), alert=True)
        over = Button(
            text=words("button-breaking-over"), data=BreakTap(story=story.id, do="over").pack(), style="danger"
        )
        await visit.redraw(query, Screen(document=say(words("breaking-enough", most=A_DAY)), keyboard=((over,),)))
        return None
    await services.store.marks.break_news(story.id, at=now + UNDO, by=member.user_id)
    log.info("breaking news", story=story.id, user=member.user_id)
    undo = Button(text=words("button-undo"), data=BreakTap(story=story.id, do="undo").pack())
    # The moment, not how long until then: the message is read after it too.
    going = (now + UNDO).astimezone(zone_of(visit.person.zone))
    document = say(words("breaking-going", clock=f"{going.hour}:{going:%M:%S}"), tell(story).headline)
    await visit.redraw(query, Screen(document=document, keyboard=((undo,),)))
    return None


async def undo_tap(query: CallbackQuery, callback_data: BreakTap, visit: Visit) -> Toast | None:
    """Think again, if it has not gone yet."""
    services, story_id = visit.services, StoryId(callback_data.story)
    marked = (await services.store.marks.of([story_id])).get(story_id)
    if marked is None or marked.breaking_at is None:
        return stale(visit.words)
    if marked.breaking_at <= services.clock():
        story = await services.store.news.story(story_id)
        headline = (tell(story).headline,) if story is not None else ()
        await visit.redraw(query, Screen(document=say(visit.words("breaking-gone"), *headline)))
        return Toast(visit.words("breaking-gone"), alert=True)
    await services.store.marks.calm(story_id)
    await visit.redraw(query, Screen(document=say(visit.words("breaking-undone"))))
    return None
