"""An editor's week at the desk, told to them on Monday: how much they wrote, how fast, and what readers liked best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.i18n import Words, words_for
from bot.markup import Bold, Link, Message, Paragraph, Span
from bot.render import cut
from bot.services import Services
from bot.visit import show
from feeds.digest import tell
from feeds.issue import Chat, DigestStory
from feeds.schedule import last_monday
from storage.opinions import Work

log = structlog.get_logger(__name__)

WEEK: Final = timedelta(days=7)
LATE: Final = timedelta(days=1)
"""A week that an outage held up so long is left out."""


async def tell_weeks(bot: Bot, services: Services, staff: Sequence[Chat]) -> None:
    """Tell editors of their week once it is over; whoever wrote nothing hears nothing."""
    now = services.clock()
    for person in staff:
        monday, told = last_monday(person.zone, now), person.settings.reported_at
        if told is None or told < monday:
            await _tell(bot, services, person, monday, late=now - monday > LATE)


async def _tell(bot: Bot, services: Services, person: Chat, monday: datetime, *, late: bool) -> None:
    # Noted first: a crash in between loses a report rather than repeat it.
    await services.chats.configure(person.id, lambda old: replace(old, reported_at=monday))
    work = await services.store.opinions.work(person.telegram_id, since=monday - WEEK, before=monday)
    if late or not work:
        return
    best = max(work, key=lambda one: one.liked)
    story = await services.store.news.story(best.story_id) if best.liked else None
    message = draw(words_for(person.lang), work, best=tell(story) if story is not None else None)
    try:
        await show(bot, person.telegram_id, message)
    except TelegramAPIError as error:
        log.info("editor not told", reason=error.message)


def draw(words: Words, work: Sequence[Work], *, best: DigestStory | None) -> Message:
    """Write an editor's week; ``best`` is the story whose opinion readers liked most, if they liked any."""
    pace = timedelta(seconds=median(one.took.total_seconds() for one in work))
    lines: list[Span] = [Bold((words("week-title"),)), "\n", words("week-written", count=len(work))]
    lines += ["\n", words("week-pace", span=_span(words, pace))]
    if best is not None:
        liked = max(one.liked for one in work)
        lines += ["\n", words("week-best", count=liked), " ", Link(best.url, (cut(best.headline, 90),))]
    return Message(document=(Paragraph(tuple(lines)),), silent=True)


def _span(words: Words, length: timedelta) -> str:
    """Write a length of time as people say it: in minutes, or in hours where it is long."""
    minutes = max(round(length / timedelta(minutes=1)), 1)
    return words("span-minutes", count=minutes) if minutes < 90 else words("span-hours", count=round(minutes / 60))
