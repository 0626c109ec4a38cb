"""Topics, times, time zone and languages: the commands and taps that set them, for oneself or for a managed chat."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Go, LangTap, ReadTap, TimeTap, TopicTap, ZoneTap
from bot.i18n import LANGUAGES
from bot.menus import set_person_menu
from bot.screens import MAX_TIMES
from bot.services import Services
from bot.visit import Toast, Visit, stale
from bot.zones import find_zone, is_zone
from feeds.issue import Chat, ChatState
from feeds.schedule import next_issue
from feeds.topics import Topic

# No part of a date, of a longer number, or of «UTC+3».
_TIME = re.compile(r"(?<![\d+])(?<!\d[:.])([01]?\d|2[0-4])(?:[:.]([0-5]\d))?(?!\d|[:.]\d)")
_STEP = 15
_LANGUAGE_NAMES = {"ru": "ru", "русский": "ru", "russian": "ru", "en": "en", "english": "en", "английский": "en"}


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="preferences")
    router.message.filter(F.chat.type == "private")
    router.message.register(topics_command, Command("topics", ignore_case=True))
    router.callback_query.register(topic_tap, TopicTap.filter())
    router.message.register(time_command, Command("time", ignore_case=True))
    router.callback_query.register(time_tap, TimeTap.filter())
    router.callback_query.register(zone_tap, ZoneTap.filter())
    router.message.register(lang_command, Command("lang", ignore_case=True))
    router.callback_query.register(lang_tap, LangTap.filter())
    router.callback_query.register(read_tap, ReadTap.filter())
    router.callback_query.register(go_tap, Go.filter(F.to.in_({"settings", "times", "languages", "same"})))
    router.message.register(settings_command, Command("settings", ignore_case=True))
    return router


async def topics_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the list, or look for what stands after the command: «/topics чери»."""
    if not command.args:
        await visit.show(visit.screens.topics(visit.person))
        return
    found = visit.services.catalogue.find(command.args[:100])
    if found:
        await visit.show(visit.screens.found(visit.person, found))
    else:
        await visit.say("topics-not-found", text=command.args[:60])


async def topic_tap(query: CallbackQuery, callback_data: TopicTap, visit: Visit) -> Toast | None:
    """Toggle a topic in place, or turn the page."""
    chat = await visit.target(callback_data.chat)
    toast = None
    if callback_data.topic:
        topic = visit.services.catalogue.get(callback_data.topic)
        if topic is None:
            return stale(visit.words)
        chat = await visit.services.chats.toggle_topic(chat.id, topic.id)
        key = "topic-added" if topic.id in chat.topics else "topic-removed"
        toast = Toast(visit.words(key, name=visit.screens.name(topic)))
    match callback_data.on:
        case "w":
            await visit.redraw(query, visit.screens.welcome(chat))
        case "f" if callback_data.topic:
            await visit.redraw(query, visit.screens.found(chat, _found_again(query, visit.services)))
        case on:
            await visit.redraw(query, visit.screens.topics(chat, on=on, page=callback_data.page))
    return toast


async def time_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the clock, or take the times that stand after the command: «/time 7:15 и 19:00»."""
    if not command.args:
        await visit.show(visit.screens.times(visit.person))
        return
    # Zones first: «Etc/GMT-3» has a number in it that is no time.
    zone, times = find_zone(command.args[:100]), read_times(command.args)
    if zone is not None:
        person = await _move(visit.services, visit.person, zone)
    elif times:
        person = await _schedule(visit.services, visit.person, times)
    else:
        await visit.say("times-not-read", text=command.args[:60])
        return
    await visit.show(visit.screens.times(person))


async def time_tap(query: CallbackQuery, callback_data: TimeTap, visit: Visit) -> Toast | None:
    """Toggle a time of issue."""
    chat = await visit.target(callback_data.chat)
    if not 0 <= callback_data.minutes < 24 * 60:
        return stale(visit.words)
    chosen = set(chat.times) if chat.state is ChatState.ACTIVE else set()
    chosen ^= {callback_data.minutes}
    if len(chosen) > MAX_TIMES:
        return Toast(visit.words("times-enough", most=MAX_TIMES), alert=True)
    chat = await _schedule(visit.services, chat, tuple(sorted(chosen)))
    await visit.redraw(query, visit.screens.times(chat))
    return Toast(visit.screens.time_list(chat))


async def zone_tap(query: CallbackQuery, callback_data: ZoneTap, visit: Visit) -> Toast | None:
    """Open the clocks, or set the one that was tapped."""
    chat = await visit.target(callback_data.chat)
    if not callback_data.zone:
        await visit.redraw(query, visit.screens.zones(chat, page=callback_data.page))
        return None
    if not is_zone(callback_data.zone):
        return stale(visit.words)
    chat = await _move(visit.services, chat, callback_data.zone)
    await visit.redraw(query, visit.screens.times(chat))
    return None


async def lang_command(message: Message, command: CommandObject, visit: Visit) -> None:
    """Open the languages, or take the one that stands after the command: «/lang en»."""
    if command.args:
        lang = _LANGUAGE_NAMES.get(command.args.strip().casefold())
        if lang is None:
            await visit.say("language-not-read", text=command.args[:60])
            return
        visit = visit.as_now(await _speak(visit, visit.person, lang))
    await visit.show(visit.screens.languages(visit.person))


async def lang_tap(query: CallbackQuery, callback_data: LangTap, visit: Visit) -> Toast | None:
    """Speak another language; the menu of commands follows."""
    chat = await visit.target(callback_data.chat)
    if callback_data.lang not in LANGUAGES:
        return stale(visit.words)
    chat = await _speak(visit, chat, callback_data.lang)
    if chat.id == visit.person.id:
        visit = visit.as_now(chat)
    await visit.redraw(query, visit.screens.languages(chat))
    return None


async def read_tap(query: CallbackQuery, callback_data: ReadTap, visit: Visit) -> Toast | None:
    """Toggle a language of news; at least one stays."""
    chat = await visit.target(callback_data.chat)
    chosen = set(chat.reads) ^ {callback_data.lang}
    if callback_data.lang not in LANGUAGES or not chosen:
        return Toast(visit.words("reads-one"), alert=True)
    reads = tuple(lang for lang in LANGUAGES if lang in chosen)
    chat = await visit.services.chats.speak(chat.id, lang=chat.lang, reads=reads)
    await visit.redraw(query, visit.screens.languages(chat))
    return None


async def go_tap(query: CallbackQuery, callback_data: Go, visit: Visit) -> None:
    """Open one of the screens."""
    chat = await visit.target(callback_data.chat)
    match callback_data.to:
        case "settings":
            await visit.redraw(query, visit.screens.settings(chat))
        case "times":
            await visit.redraw(query, visit.screens.times(chat))
        case "languages":
            await visit.redraw(query, visit.screens.languages(chat))


async def settings_command(message: Message, visit: Visit) -> None:
    """Show everything on one screen."""
    await visit.show(visit.screens.settings(visit.person))


def read_times(text: str) -> tuple[int, ...]:
    """Read times of day from what a person typed, at most four, rounded to the quarter of an hour.

    «7:15», «в 7 утра», «8 и 19», «в 9 вечера», "7 pm".
    """
    found: list[int] = []
    lowered = text.casefold()
    for match in _TIME.finditer(lowered):
        hour, minute = int(match[1]) % 24, int(match[2] or 0)
        after = lowered[match.end() : match.end() + 10].lstrip()
        if hour < 12 and after.startswith(("вечера", "дня", "pm", "p.m")):
            hour += 12
        elif hour == 12 and after.startswith(("ночи", "am", "a.m")):
            hour = 0
        moment = round((hour * 60 + minute) / _STEP) * _STEP % (24 * 60)
        if moment not in found:
            found.append(moment)
    return tuple(sorted(found[:MAX_TIMES]))


async def _speak(visit: Visit, chat: Chat, lang: str) -> Chat:
    # Whoever never chose other news wants them in the language they read the bot in.
    reads = (lang,) if chat.reads == (chat.lang,) else chat.reads
    chat = await visit.services.chats.speak(chat.id, lang=lang, reads=reads)
    if chat.id == visit.person.id:
        await set_person_menu(visit.bot, chat)
    return chat


async def _schedule(services: Services, chat: Chat, times: tuple[int, ...]) -> Chat:
    coming = next_issue(times, chat.zone, after=services.clock())
    return await services.chats.schedule(chat.id, times=times, zone=chat.zone, next_at=coming)


async def _move(services: Services, chat: Chat, zone: str) -> Chat:
    coming = next_issue(chat.times, zone, after=services.clock())
    return await services.chats.rezone(chat.id, zone=zone, next_at=coming)


def _found_again(query: CallbackQuery, services: Services) -> list[Topic]:
    """Read from the tapped message's own buttons which topics it offered: nothing else remembers."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    if markup is None:
        return []
    taps = [button.callback_data or "" for row in markup.inline_keyboard for button in row]
    offered = [services.catalogue.get(TopicTap.unpack(tap).topic) for tap in taps if tap.startswith("t:")]
    return [topic for topic in offered if topic is not None]
