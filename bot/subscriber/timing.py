"""When issues come: times of day, days, once a week, urgent news at once; for oneself or for a managed chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Go, RhythmTap, TimeTap, WeeklyTap
from bot.markup import Message as Screen
from bot.subscriber import clocks, former
from bot.subscriber.timetable import keeps_times, times_screen, weekly_screen
from bot.subscriber.zone import move
from bot.timereading import MAX_TIMES, Reading, fails_as_time, read_rhythm, speaks_of_time
from bot.timewords import rhythm_text, weekly_text
from bot.visit import Toast, Visit, stale
from bot.zones import find_zone
from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatKind, ChatState, Instant
from feeds.schedule import WORKDAYS, planned

_DAY = 24 * 60
_PRIVATE_INSTANTS = (Instant.OFF, Instant.BREAKING)


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="timing")
    router.message.filter(F.chat.type == "private")
    router.message.register(time_command, Command("time", "times", ignore_case=True))
    router.message.register(time_words, F.text, F.text.func(speaks_of_time), ~F.reply_to_message)
    router.message.register(no_time, F.text, F.text.func(fails_as_time), ~F.reply_to_message)
    router.callback_query.register(time_tap, TimeTap.filter())
    router.callback_query.register(rhythm_tap, RhythmTap.filter())
    router.callback_query.register(weekly_tap, WeeklyTap.filter())
    router.callback_query.register(times_tap, Go.filter(F.to == "times"))
    router.callback_query.register(former.former_tap, former.FormerTap.filter())
    return router


async def time_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the clock, or take the times that stand after the command: «/time 7:15 и 19:00», «/time по будням в 8»."""
    if not command.args:
        await visit.show(times_screen(visit.screens, visit.person))
        return
    # Zones first: «Etc/GMT-3» has a number in it that is no time.
    zone = find_zone(command.args[:100])
    if zone is not None:
        await visit.show(times_screen(visit.screens, await move(visit, visit.person, zone)))
    elif (reading := read_rhythm(command.args[:200])) is not None:
        await take_times(visit, visit.person, reading)
    else:
        await visit.say("times-not-read", text=command.args[:60])


async def time_words(message: Message, visit: Visit) -> None:
    """Take a message that is a time and nothing else as one: «7:15», «в 7 утра», «по будням в 8»."""
    reading = read_rhythm((message.text or "")[:200])
    assert reading is not None  # noqa: S101  the filter has read it already
    await take_times(visit, visit.person, reading)


async def no_time(message: Message, visit: Visit) -> None:
    """Say of what looks like a time and is none that it was not understood."""
    await visit.say("times-not-read", text=(message.text or "").strip())


async def time_tap(query: CallbackQuery, callback_data: TimeTap, visit: Visit) -> Toast | None:
    """Toggle a time of issue."""
    chat, minutes = await visit.target(callback_data.chat), callback_data.minutes
    if not 0 <= minutes < _DAY:
        return stale(visit.words)
    before, chat = chat, await _replan(visit, chat, lambda now: _toggled(now, minutes))
    began = before.state is not ChatState.ACTIVE and chat.state is ChatState.ACTIVE
    await visit.redraw(query, _replacing(visit, before, chat) if began else times_screen(visit.screens, chat))
    await _ask_clock(visit, before, chat)
    if minutes not in chat.times and len(chat.times) >= MAX_TIMES:
        return Toast(visit.words("times-enough", most=MAX_TIMES), alert=True)
    return Toast(rhythm_text(visit.words, chat, now=visit.screens.now))


async def rhythm_tap(query: CallbackQuery, callback_data: RhythmTap, visit: Visit) -> Toast | None:
    """Choose between every day and working days, or what comes at once."""
    chat = await visit.target(callback_data.chat)
    match callback_data.do:
        case "daily" | "workdays":
            days = WORKDAYS if callback_data.do == "workdays" else frozenset[int]()
            chat = await _replan(visit, chat, lambda now: _with(now, replace(now.settings, weekdays=days)))
            toast = Toast(rhythm_text(visit.words, chat, now=visit.screens.now))
        case "instant":
            chat = await _replan(visit, chat, _next_instant)
            toast = Toast(visit.words(f"instant-{chat.instant}"))
        case _:
            return stale(visit.words)
    await visit.redraw(query, times_screen(visit.screens, chat))
    return toast


async def weekly_tap(query: CallbackQuery, callback_data: WeeklyTap, visit: Visit) -> Toast | None:
    """Choose when the weekly issue comes, or that none does."""
    chat = await visit.target(callback_data.chat)
    match callback_data:
        case WeeklyTap(do="open"):
            await visit.redraw(query, weekly_screen(visit.screens, chat))
            return None
        case WeeklyTap(do="day", day=day) if 1 <= day <= 7:
            await visit.redraw(query, weekly_screen(visit.screens, chat, day=day))
            return None
        case WeeklyTap(do="set", day=day, hour=hour) if 1 <= day <= 7 and hour < 24:
            chat = await _choose_week(visit, chat, day, hour * 60)
        case WeeklyTap(do="off"):
            chat = await _replan(visit, chat, lambda now: _with(now, replace(now.settings, weekly=None)))
        case _:
            return stale(visit.words)
    await visit.redraw(query, times_screen(visit.screens, chat))
    return Toast(rhythm_text(visit.words, chat, now=visit.screens.now))


async def times_tap(query: CallbackQuery, callback_data: Go, visit: Visit) -> None:
    """Open the clock."""
    chat = await visit.target(callback_data.chat)
    await visit.redraw(query, times_screen(visit.screens, chat))


async def take_times(visit: Visit, chat: Chat, reading: Reading) -> None:
    """Set what was typed, and say how it was understood where that is not just what was typed, and what it replaced."""
    before, chat = chat, await _replan(visit, chat, lambda now: _as_read(now, reading))
    notes: list[str] = []
    if reading.rounded:
        minutes = [weekly_text(visit.words, reading.weekly)] if reading.weekly is not None else []
        times = visit.words.listing(minutes or [visit.words.minutes(one) for one in reading.times])
        notes.append(visit.words("times-rounded", times=times))
    if reading.over:
        notes.append(visit.words("times-first", most=MAX_TIMES))
    await visit.show(_replacing(visit, before, chat, notes))
    await _ask_clock(visit, before, chat)


def _replacing(visit: Visit, before: Chat, chat: Chat, notes: Sequence[str] = ()) -> Screen:
    """Draw the clock with what is to be noted; where former times are gone, these are named and can be brought back."""
    if not former.is_replaced(before, chat):
        return times_screen(visit.screens, chat, note=" ".join(notes))
    screen = times_screen(visit.screens, chat, note=" ".join((*notes, former.replaced_note(visit, before))))
    return replace(screen, keyboard=((former.back_button(visit.words, before),), *screen.keyboard))


async def _ask_clock(visit: Visit, before: Chat, chat: Chat) -> None:
    """Ask whose clock is meant when somebody names their first times in a language that tells nothing of it."""
    if chat.kind is not ChatKind.PRIVATE or visit.words.lang == "ru" or chat.zone != visit.services.settings.timezone:
        return
    if not before.times and before.settings.weekly is None and chat.times:
        await visit.show(clocks.again(visit.screens, chat))


async def set_weekly(visit: Visit, chat: Chat, day: int, minutes: int) -> None:
    """Let the week's issue come on a day (Monday is 1) at so many minutes after midnight, and show it."""
    await visit.show(times_screen(visit.screens, await _choose_week(visit, chat, day, minutes)))


async def _choose_week(visit: Visit, chat: Chat, day: int, minutes: int) -> Chat:
    return await _replan(visit, chat, lambda now: _weekly(now, (day - 1) * _DAY + minutes))


async def _replan(visit: Visit, chat: Chat, change: Callable[[Chat], Chat]) -> Chat:
    now = visit.services.clock()
    return await visit.services.chats.replan(chat.id, lambda stored: planned(change(stored), now=now))


def _toggled(chat: Chat, minutes: int) -> Chat:
    """Add a time or take it away; one too many changes nothing.

    The old times of a person who stopped do not come back with it; those of a channel that rests are kept.
    """
    before = frozenset(chat.times) if keeps_times(chat) else frozenset[int]()
    after = before ^ {minutes}
    return chat if len(after) > MAX_TIMES else _active(replace(chat, times=tuple(sorted(after))))


def _as_read(chat: Chat, reading: Reading) -> Chat:
    if reading.weekly is not None:
        return _weekly(chat, reading.weekly)
    if reading.weekdays is not None:
        chat = _with(chat, replace(chat.settings, weekdays=reading.weekdays))
    return _active(replace(chat, times=reading.times)) if reading.times else chat


def _weekly(chat: Chat, weekly: int) -> Chat:
    """Set the weekly issue; whoever got none till now gets this one alone."""
    times = chat.times if keeps_times(chat) else ()
    return _active(replace(_with(chat, replace(chat.settings, weekly=weekly)), times=times))


def _next_instant(chat: Chat) -> Chat:
    """Turn to the next of what may come at once; a channel may have every story so."""
    choices = _PRIVATE_INSTANTS if chat.kind is ChatKind.PRIVATE else tuple(Instant)
    after = choices[(choices.index(chat.instant) + 1) % len(choices)] if chat.instant in choices else Instant.OFF
    changed = replace(chat, instant=after, instant_since=None)
    # Who has subscribed to nothing else wants just this.
    return _active(changed) if after is not Instant.OFF and chat.state is ChatState.NEW else changed


def _with(chat: Chat, settings: ChatSettings) -> Chat:
    return replace(chat, settings=settings)


def _active(chat: Chat) -> Chat:
    """Let issues come to who wants them; a channel that its people let rest, or that is lost, goes on resting."""
    if chat.kind is not ChatKind.PRIVATE and chat.state is not ChatState.NEW:
        return chat
    return replace(chat, state=ChatState.ACTIVE, pause_reason=None)
