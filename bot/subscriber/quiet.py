"""The hours in which nothing rings; for oneself or for a managed chat."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Go, QuietTap, ZoneTap
from bot.markup import Bold, Button, rows, say
from bot.markup import Message as Screen
from bot.questions import Ask, Question
from bot.screens import Screens
from bot.subscriber.timetable import key_of, where
from bot.timereading import fails_as_window, read_off, read_quiet, read_window
from bot.timewords import next_line, quiet_text, window_text
from bot.visit import Toast, Visit, stale
from bot.zones import city
from feeds.issue import Chat, ChatKind
from feeds.schedule import in_quiet_hours

_PRESETS = ((23, 8), (22, 9))


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="quiet")
    router.message.filter(F.chat.type == "private")
    router.message.register(quiet_command, Command("quiet", ignore_case=True))
    router.callback_query.register(quiet_tap, QuietTap.filter())
    return router


async def quiet_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the quiet hours, or take those that stand after the command: «/quiet 22-9», «/quiet с 23 до 8»."""
    await quiet_by(visit, visit.person, (command.args or "").strip())


async def quiet_by(visit: Visit, chat: Chat, text: str) -> None:
    """Set a chat's quiet hours as the text says, and show them; without any, open them."""
    if not text:
        await visit.show(quiet_screen(visit.screens, chat))
    elif read_off(text):
        await visit.show(quiet_screen(visit.screens, await _set(visit, chat, None)))
    elif (window := read_quiet(text[:100]) or read_window(text[:100])) is not None:
        await visit.show(quiet_screen(visit.screens, await _set(visit, chat, window)))
    else:
        await visit.say("quiet-same" if fails_as_window(text[:100]) else "quiet-not-read", text=text[:60])


async def hour_typed(visit: Visit, chat: Chat, hour: int, *, start: int | None) -> None:
    """Take an hour that was typed where hours are chosen: from which, then to which."""
    if start is None or start == hour:
        await visit.show(hours_screen(visit.screens, chat, start=hour))
    else:
        chat = await _set(visit, chat, (start * 60, hour * 60))
        await visit.show(quiet_screen(visit.screens, chat))


async def quiet_tap(query: CallbackQuery, callback_data: QuietTap, visit: Visit) -> Toast | None:
    """Set the quiet hours, or choose hours of one's own: from when, then to when."""
    chat = await visit.target(callback_data.chat)
    start, end = callback_data.from_hour, callback_data.to_hour
    if start >= 24 or end >= 24:
        return stale(visit.words)
    match callback_data.do:
        case "open":
            await visit.redraw(query, quiet_screen(visit.screens, chat))
            return None
        case "own":
            await visit.redraw(query, hours_screen(visit.screens, chat))
            return None
        case "from":
            await visit.redraw(query, hours_screen(visit.screens, chat, start=start))
            return None
        case "set" if start != end:
            chat = await _set(visit, chat, (start * 60, end * 60))
        case "off":
            chat = await _set(visit, chat, None)
        case _:
            return stale(visit.words)
    await visit.redraw(query, quiet_screen(visit.screens, chat))
    return Toast(visit.words("quiet-now", window=quiet_text(visit.words, chat.settings)))


def quiet_screen(screens: Screens, chat: Chat) -> Screen:
    """Show when nothing rings, and what that means for what comes."""
    words, key, quiet = screens.words, key_of(chat), chat.settings.quiet
    presets = tuple(
        _toggle(
            screens,
            words("button-quiet-set", window=window_text(words, start * 60, end * 60)),
            QuietTap(chat=key, do="set", from_hour=start, to_hour=end),
            on=quiet == (start * 60, end * 60),
        )
        for start, end in _PRESETS
    )
    own_set = quiet is not None and all(quiet != (start * 60, end * 60) for start, end in _PRESETS)
    own = words("button-quiet-own")
    if own_set:
        own = words("button-quiet-set", window=quiet_text(words, chat.settings))
    others = (
        _toggle(screens, own, QuietTap(chat=key, do="own"), on=own_set),
        _toggle(screens, words("button-quiet-off"), QuietTap(chat=key, do="off"), on=quiet is None),
    )
    clock = screens.words.clock(screens.now, chat.zone)
    zone = Button(
        text=words("button-zone", city=city(chat.zone, words.lang), clock=clock), data=ZoneTap(chat=key).pack()
    )
    back = Button(text=words("button-back"), data=Go(chat=key, to="times").pack())
    title = Bold((words("quiet-title", where=where(chat)),))
    coming = next_line(words, chat, now=screens.now)
    if coming is not None and chat.next_at is not None and in_quiet_hours(chat, chat.next_at):
        coming = (*coming, f" {words('silently')}")
    now = "\n" + words("quiet-now", window=quiet_text(words, chat.settings))
    hint = words("quiet-hint" if chat.kind is ChatKind.PRIVATE else "quiet-hint-posts")
    document = say((title, now, *(("\n", *coming) if coming else ())), hint)
    asks = Question(ask=Ask.QUIET, chat=key)
    return Screen(document=document, keyboard=(presets, others, (zone,), (back,)), asks=asks)


def hours_screen(screens: Screens, chat: Chat, *, start: int | None = None) -> Screen:
    """Choose from which hour, then to which."""
    words, key = screens.words, key_of(chat)
    hours = [hour for hour in range(24) if hour != start]
    buttons = [
        Button(
            text=f"{hour}:00",
            data=(
                QuietTap(chat=key, do="from", from_hour=hour)
                if start is None
                else QuietTap(chat=key, do="set", from_hour=start, to_hour=hour)
            ).pack(),
        )
        for hour in hours
    ]
    back = Button(text=words("button-back"), data=QuietTap(chat=key, do="open" if start is None else "own").pack())
    question = words("quiet-from") if start is None else words("quiet-to", start=f"{start}:00")
    asks = Question(ask=Ask.QUIET, chat=key, detail="from" if start is None else str(start))
    document = say(*screens.heading(chat), question)
    return Screen(document=document, keyboard=(*rows(buttons, width=6), (back,)), asks=asks)


def _toggle(screens: Screens, name: str, tap: QuietTap, *, on: bool) -> Button:
    text = screens.words("toggle-on", name=name) if on else name
    return Button(text=text, data=tap.pack(), style="success" if on else None)


async def _set(visit: Visit, chat: Chat, quiet: tuple[int, int] | None) -> Chat:
    return await visit.services.chats.configure(chat.id, lambda settings: replace(settings, quiet=quiet))
