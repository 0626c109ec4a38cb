"""Nothing for a while: pauses that end by themselves, with one issue of what gathered; also for a managed chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import ChannelTap, Go, PauseTap
from bot.markup import Bold, Button, Spans, rows, say
from bot.markup import Message as Screen
from bot.questions import Ask, Question
from bot.screens import Screens
from bot.subscriber.timetable import key_of, where
from bot.timereading import LONGEST_PAUSE, is_morning, read_span, read_weekday
from bot.timewords import moment_of, next_line
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatKind, ChatState
from feeds.schedule import Rhythm, is_paused, next_issue, planned

SPANS: Mapping[str, timedelta] = {
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
}
MORNING = "morning"
ALWAYS = "always"
_OFFERED = {True: ("1d", "3d", "7d", MORNING), False: ("1h", MORNING, "3d", ALWAYS)}
"""Which pauses are offered, in one's own chat and in others."""
_WAKES = 8 * 60
_END = frozenset({"off", "end", "stop", "resume", "выкл", "снять", "конец", "продолжить"})


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="pause")
    router.message.filter(F.chat.type == "private")
    router.message.register(mute_command, Command("mute", "pause", ignore_case=True))
    router.callback_query.register(pause_tap, PauseTap.filter())
    return router


async def mute_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Offer pauses, or take the one that stands after the command: «/mute 3d», «/mute 3 дня», «/mute до утра»."""
    await pause_for(visit, visit.person, (command.args or "").strip())


async def pause_for(visit: Visit, chat: Chat, text: str) -> None:
    """Let a chat rest for as long as the text says, and show that; without any, offer pauses."""
    if chat.state is not ChatState.ACTIVE and chat.kind is ChatKind.PRIVATE:
        await visit.say("pause-nothing")
        return
    if text:
        until = _typed(text, chat, visit.screens.now)
        if until is None:
            await visit.say("pause-not-read", text=text[:60])
            return
        if until - visit.screens.now > LONGEST_PAUSE:
            await visit.say("pause-too-long", days=LONGEST_PAUSE.days)
            return
        chat = await rest(visit, chat, until)
    await visit.show(pause_screen(visit.screens, chat))


def reads_as_pause(text: str) -> bool:
    """Say whether a text says for how long: «3 дня», «неделю», «до утра», or that it is to end."""
    said = text.strip().casefold()
    known = said in _END or is_morning(said) or read_weekday(said) is not None
    return known or read_span(said) is not None


async def pause_tap(query: CallbackQuery, callback_data: PauseTap, visit: Visit) -> Toast | None:
    """Offer pauses, begin one, or end it. Under an issue the answer is a new message: the issue stays."""
    chat = await visit.target(callback_data.chat)
    now = visit.screens.now
    if chat.state is not ChatState.ACTIVE and chat.kind is ChatKind.PRIVATE:
        return Toast(visit.words("pause-nothing"), alert=True)
    match callback_data.span:
        case "open":
            pass
        case "end":
            chat = await rest(visit, chat, now)
        case "morning":
            chat = await rest(visit, chat, morning(chat, now))
        case "always" if chat.kind is not ChatKind.PRIVATE:
            chat = await visit.services.chats.stop(chat.id)
        case span if span in SPANS:
            chat = await rest(visit, chat, now + SPANS[span])
        case _:
            return stale(visit.words)
    screen = pause_screen(visit.screens, chat)
    if callback_data.issue:
        await visit.show(screen)
    else:
        await visit.redraw(query, screen)
    return None


def pause_screen(screens: Screens, chat: Chat) -> Screen:
    """Offer pauses, or say how long the one that is lasts, with the way to end it."""
    words, key, now = screens.words, key_of(chat), screens.now
    title = Bold((words("pause-title", where=where(chat)),))
    times: tuple[Button, ...] = (Button(text=words("button-times"), data=Go(chat=key, to="times").pack()),)
    if chat.kind is not ChatKind.PRIVATE:
        times = (*times, Button(text=words("button-to-channel"), data=Go(chat=key, to="settings").pack()))
    coming = next_line(words, chat, now=now)
    line: Spans = ("\n", *coming) if coming else ()
    if chat.state is not ChatState.ACTIVE:
        resume = Button(text=words("button-resume"), data=ChannelTap(chat=chat.id, do="resume").pack(), style="primary")
        return Screen(document=say((title, "\n" + words("pause-stopped"))), keyboard=((resume,), times))
    if chat.paused_until is not None and is_paused(chat, now):
        until = moment_of(words, chat, chat.paused_until, now=now)
        end = Button(text=words("button-unpause"), data=PauseTap(chat=key, span="end").pack(), style="primary")
        text = say((title, "\n", words("pause-until"), " ", until, *line), words("pause-gathers"))
        return Screen(document=text, keyboard=((end,), times))
    offers = [
        Button(text=words(f"button-pause-{span}"), data=PauseTap(chat=key, span=span).pack())
        for span in _OFFERED[chat.kind is ChatKind.PRIVATE]
    ]
    text = say((title, "\n" + words("pause-none"), *line), words("pause-question"))
    asks = Question(ask=Ask.PAUSE, chat=key)
    return Screen(document=text, keyboard=(*rows(offers, width=2), times), asks=asks)


def morning(chat: Chat, now: datetime) -> datetime:
    """Return when the chat's morning comes: the end of its quiet hours, or eight."""
    return next_issue(Rhythm(times=(_wakes(chat),), zone=chat.zone), after=now) or now


async def rest(visit: Visit, chat: Chat, until: datetime) -> Chat:
    """Let nothing come until a moment; until now ends a pause, and what gathered in it comes with the next issue."""
    now = visit.services.clock()
    return await visit.services.chats.replan(
        chat.id, lambda stored: planned(replace(stored, paused_until=until), now=now)
    )


def _wakes(chat: Chat) -> int:
    return chat.settings.quiet[1] if chat.settings.quiet is not None else _WAKES


def _typed(text: str, chat: Chat, now: datetime) -> datetime | None:
    if text.casefold() in _END:
        return now
    if is_morning(text):
        return morning(chat, now)
    if (day := read_weekday(text)) is not None:
        wakes = Rhythm(times=(_wakes(chat),), weekdays=frozenset({day}), zone=chat.zone)
        return next_issue(wakes, after=now)
    # «/mute 3» are days: nobody pauses for three hours without saying so.
    span = read_span(f"{text}d" if text.isdecimal() else text)
    # «1000 years» from now is beyond what a calendar knows.
    return None if span is None else now + min(span, 2 * LONGEST_PAUSE)
