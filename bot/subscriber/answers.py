"""Answers to what was asked last, typed without replying to it; and replies to our screens, which ask as well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.callbacks import OWN
from bot.channels.settings import take_signature
from bot.cities import find_cities
from bot.i18n import LANGUAGES, words_for
from bot.questions import OPEN, Ask, Question
from bot.services import Services
from bot.subscriber.pause import pause_for, reads_as_pause
from bot.subscriber.prompts import Prompt
from bot.subscriber.quiet import hour_typed, quiet_by
from bot.subscriber.timetable import weekly_screen
from bot.subscriber.timing import set_weekly, take_times
from bot.subscriber.topics import take_answer
from bot.subscriber.zone import move, named_city, set_zone, take_city
from bot.timereading import fails_as_window, read_hour, read_off, read_quiet, read_rhythm, speaks_of_time
from bot.visit import Visit
from bot.wishreading import Wanted, read_wish
from bot.zones import find_zone, read_offset
from feeds.issue import Chat

_YES = frozenset({"да", "ага", "верно", "точно", "yes", "yeah", "yep", "right", "ok", "ок"})
_ANYWAY = frozenset({Wanted.STOP, Wanted.START, Wanted.RESUME, Wanted.HELP, Wanted.ZONE})
"""What is heard whatever was asked: it is no answer to anything."""
_SCREENS = {
    "zone-question": Ask.CLOCK,
    "clock-question": Ask.NEW_CLOCK,
    "times-title": Ask.TIMES,
    "quiet-title": Ask.QUIET,
    "pause-title": Ask.PAUSE,
}
"""How the screens begin that ask something."""


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="answers")
    router.message.filter(F.chat.type == "private")
    router.message.register(answer, F.text, ~F.text.startswith("/"), Answering())
    return router


class Answering(Filter):
    """Lets pass what answers a question of ours, the last one or the one it replies to, and gives the ``question``."""

    async def __call__(self, message: Message, services: Services) -> bool | dict[str, Any]:
        """Read the message as an answer."""
        if message.from_user is None:
            return False
        now = services.clock()
        if message.reply_to_message is None:
            question = services.questions.last(message.from_user.id, now=now)
        else:
            question = asked_on(message.reply_to_message)
        if question is None or not is_answer(question, (message.text or "").strip(), now=now):
            return False
        return {"question": question}


def asked_on(screen: Message) -> Question | None:
    """Read from a screen of ours what it asks, and about which chat: the buttons under it say so."""
    first = (screen.text or "").partition("\n")[0]
    if screen.from_user is None or not screen.from_user.is_bot:
        return None
    for key, ask in _SCREENS.items():
        facts = {"where": ""} if key.endswith("-title") else {}
        beginnings = [words_for(lang)(key, **facts) for lang in LANGUAGES]
        if first in beginnings:
            return Question(ask=ask, chat=OWN)
        if facts and any(first.startswith(f"{beginning} — ") for beginning in beginnings):
            chat = _chat_of(screen)
            return None if chat is None else Question(ask=ask, chat=chat)
    return None


def is_answer(question: Question, text: str, *, now: datetime) -> bool:
    """Say whether a text can be read as an answer; nearly everything can where words are asked for."""
    wish = read_wish(text)
    if wish is not None and wish.what in _ANYWAY:
        return False
    match question.ask:
        case Ask.CLOCK | Ask.NEW_CLOCK:
            agrees = bool(question.detail) and _plain(text) in _YES
            clock = read_hour(text) is not None or read_offset(text, now=now) is not None
            return agrees or clock or bool(find_cities(text)) or find_zone(text) is not None
        case Ask.TIMES:
            return speaks_of_time(text) or _is_bare(text)
        case Ask.WEEKLY:
            return speaks_of_time(text) or _is_bare(text) or (not question.detail and _day_of(text) is not None)
        case Ask.QUIET:
            hour = read_hour(text) is not None and bool(question.detail)
            return hour or read_off(text) or read_quiet(text) is not None or fails_as_window(text)
        case Ask.PAUSE:
            return reads_as_pause(text)
        case Ask.SIGNATURE:
            return not text.rstrip().endswith("?")
        case ask:
            return ask in OPEN


async def answer(message: Message, visit: Visit, question: Question) -> None:
    """Do what was asked about, for the chat that it was about."""
    visit.services.questions.forget(visit.person.telegram_id)
    chat, text = await visit.target(question.chat), (message.text or "").strip()
    match question.ask:
        case Ask.CLOCK if question.detail and _plain(text) in _YES:
            await set_zone(visit, chat, question.detail)
        case Ask.CLOCK | Ask.CITY:
            await take_city(visit, chat, text)
        case Ask.NEW_CLOCK:
            await _first_clock(visit, chat, text)
        case Ask.TIMES:
            # «8» says enough where the question was at what time.
            reading = read_rhythm(f"в {text}" if _is_bare(text) else text)
            assert reading is not None  # noqa: S101  it was read as an answer
            await take_times(visit, chat, reading)
        case Ask.WEEKLY:
            await _weekly(visit, chat, text, int(question.detail or 0))
        case Ask.QUIET if question.detail and (hour := read_hour(text)) is not None:
            start = None if question.detail == "from" else int(question.detail)
            await hour_typed(visit, chat, hour // 60, start=start)
        case Ask.QUIET:
            await quiet_by(visit, chat, text)
        case Ask.PAUSE:
            await pause_for(visit, chat, text)
        case Ask.SIGNATURE:
            await take_signature(visit, chat, text)
        case ask:
            await take_answer(visit, chat, Prompt(ask.value), text)


async def _first_clock(visit: Visit, chat: Chat, text: str) -> None:
    """Take a new subscriber's city, or ask once more where it is not one only."""
    zone = find_zone(text)
    if zone is None:
        await take_city(visit, chat, text)
    else:
        chat = await move(visit, chat, zone)
        await visit.show(visit.screens.subscribed(chat, place=named_city(text, zone, visit)))


async def _weekly(visit: Visit, chat: Chat, text: str, day: int) -> None:
    named, hour = _day_of(text), read_rhythm(f"в {text}" if _is_bare(text) else text)
    day = day if named is None else named + 1
    if hour is not None and hour.times and day:
        await set_weekly(visit, chat, day, hour.times[0])
    else:
        await visit.show(weekly_screen(visit.screens, chat, day=day))


def _day_of(text: str) -> int | None:
    reading = read_rhythm(text)
    days = reading.weekdays if reading is not None else None
    return min(days) if days else None


def _is_bare(text: str) -> bool:
    """Whether a text is hours and nothing else once they are asked for: «8», «8 19»."""
    return speaks_of_time(f"в {text}")


def _chat_of(screen: Message) -> int | None:
    """Read from the buttons of a screen which chat it is about; None where that cannot be told."""
    markup = screen.reply_markup
    taps = [button.callback_data or "" for row in (markup.inline_keyboard if markup else ()) for button in row]
    fields = taps[0].split(":") if taps else []
    return int(fields[1]) if len(fields) > 1 and fields[1].isdecimal() and len(fields[1]) < 19 else None


def _plain(text: str) -> str:
    return text.casefold().rstrip(".! ")
