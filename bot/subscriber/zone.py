"""Whose clock issues go by: tap your time, type a city, or share where you are; for oneself or for a managed chat.

A place is looked up and forgotten: only the zone is stored.
"""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import (
    CallbackQuery,
    ForceReply,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.callbacks import OWN, PlaceTap, ZoneTap
from bot.cities import find_cities, is_spelt, name_in, nearest_city
from bot.i18n import LANGUAGES, words_for
from bot.markup import say, telegram_html
from bot.questions import Ask, Question
from bot.render import cut
from bot.subscriber.timetable import key_of, times_screen
from bot.subscriber.zonescreens import asked_for, cities_screen, city_question, clock_screen, zones_screen
from bot.timereading import read_hour
from bot.visit import Toast, Visit, stale
from bot.zones import find_zone, is_zone, offset_of_clock, read_offset, shifted_zone, zone_with
from feeds.issue import Chat
from feeds.schedule import planned

_LONGEST = 100


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="zone")
    router.message.filter(F.chat.type == "private")
    router.message.register(zone_command, Command("zone", "timezone", ignore_case=True))
    router.message.register(city_typed, F.text, F.reply_to_message, F.reply_to_message.func(_asks_for_city))
    router.message.register(location_shared, F.location)
    router.message.register(location_refused, F.text.in_({words_for(lang)("button-no-location") for lang in LANGUAGES}))
    router.callback_query.register(zone_tap, ZoneTap.filter())
    router.callback_query.register(place_tap, PlaceTap.filter())
    return router


async def zone_command(message: Message, visit: Visit) -> None:
    """Show the clocks."""
    await visit.show(zones_screen(visit.screens, visit.person))


async def zone_tap(query: CallbackQuery, callback_data: ZoneTap, visit: Visit) -> Toast | None:
    """Open the clocks, or set the one that was tapped."""
    chat = await visit.target(callback_data.chat)
    if not callback_data.zone:
        await visit.redraw(query, zones_screen(visit.screens, chat, page=callback_data.page))
        return None
    if not is_zone(callback_data.zone):
        return stale(visit.words)
    chat = await move(visit, chat, callback_data.zone)
    await visit.redraw(query, times_screen(visit.screens, chat))
    return Toast(visit.words("zone-set", clock=visit.words.clock(visit.screens.now, chat.zone)))


async def place_tap(query: CallbackQuery, callback_data: PlaceTap, visit: Visit) -> Toast | None:
    """Ask for a city or for the location, or correct the clock by an hour."""
    chat = await visit.target(callback_data.chat)
    match callback_data.do:
        case "city":
            await _ask_city(visit, chat)
        case "location" if chat.id == visit.person.id:
            await _ask_location(visit)
        case "later" | "earlier" if is_zone(callback_data.zone):
            hours = 1 if callback_data.do == "later" else -1
            screens = visit.screens
            zone = shifted_zone(callback_data.zone, hours, now=screens.now, lang=visit.words.lang)
            if zone is None:
                return Toast(visit.words("zone-no-such-clock"), alert=True)
            await visit.redraw(query, clock_screen(screens, chat, zone))
        case _:
            return stale(visit.words)
    return None


async def city_typed(message: Message, visit: Visit) -> None:
    """Take the answer to «which city»: one city is set, of several one is to be chosen."""
    asked = message.reply_to_message
    links = [entity.url or "" for entity in (asked.entities if asked else None) or ()]
    await take_city(visit, await visit.target(asked_for(links) or OWN), message.text or "")


async def take_city(visit: Visit, chat: Chat, typed: str) -> None:
    """Set the zone of the city, or of the clock, that was typed; ask where that is not one only."""
    text = typed[:_LONGEST]
    found, zone = find_cities(text), find_zone(text)
    if (len(found) > 1 and is_spelt(text)) or (found and zone is None):
        await visit.show(cities_screen(visit.screens, chat, found))
    elif zone is not None:
        await set_zone(visit, chat, zone, place=named_city(text, zone, visit))
    elif (likely := zone_of_clock(text, visit)) is not None:
        await visit.show(clock_screen(visit.screens, chat, likely))
    else:
        sorry = visit.words("zone-city-unknown", text=cut(" ".join(text.split()), 60))
        await visit.show(zones_screen(visit.screens, chat, text=sorry))


def named_city(text: str, zone: str, visit: Visit) -> str | None:
    """Return how the city that somebody typed is called; None where they typed something else."""
    return name_in(text, zone, "ru" if visit.words.lang == "ru" else "en")


def zone_of_clock(text: str, visit: Visit) -> str | None:
    """Find a zone for who typed a clock in place of a city: «14:20», «14», «UTC+3»."""
    now = visit.screens.now
    ahead = read_offset(text, now=now)
    if ahead is None and (minutes := read_hour(text)) is not None:
        ahead = offset_of_clock(minutes, now=now)
    return None if ahead is None else zone_with(ahead, now=now, lang=visit.words.lang)


async def location_shared(message: Message, visit: Visit) -> None:
    """Look up the nearest city, ask whether its clock is right, and forget the place."""
    place = message.location
    if place is None:
        return
    city = nearest_city(place.latitude, place.longitude)
    name = city.name["ru" if visit.words.lang == "ru" else "en"]
    # A message has either buttons of its own or the end of the keyboard below.
    await _say_without_keyboard(visit, "zone-nearest", city=name)
    await visit.show(clock_screen(visit.screens, visit.person, city.zone))


async def location_refused(message: Message, visit: Visit) -> None:
    """Take the keyboard away again; the clocks to tap are still there."""
    await _say_without_keyboard(visit, "zone-no-location")
    await visit.show(zones_screen(visit.screens, visit.person))


async def set_zone(visit: Visit, chat: Chat, zone: str, *, place: str | None = None) -> None:
    """Let a chat's times be meant by another clock, and say what it shows, and where if a city was named."""
    clock = visit.words.clock(visit.screens.now, zone)
    note = visit.words("zone-set-city", city=place, clock=clock) if place else visit.words("zone-set", clock=clock)
    await visit.show(times_screen(visit.screens, await move(visit, chat, zone), note=note))


async def move(visit: Visit, chat: Chat, zone: str) -> Chat:
    """Let a chat's times be meant by another clock."""
    now = visit.services.clock()
    return await visit.services.chats.replan(chat.id, lambda stored: planned(replace(stored, zone=zone), now=now))


async def _ask_city(visit: Visit, chat: Chat) -> None:
    username = (await visit.bot.me()).username or ""
    question = city_question(visit.screens, chat, username=username)
    await visit.bot.send_message(
        visit.person.telegram_id,
        telegram_html(say(question)),
        reply_markup=ForceReply(input_field_placeholder=visit.words("zone-city-example")),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    visit.note(Question(ask=Ask.CITY, chat=key_of(chat)))


async def _ask_location(visit: Visit) -> None:
    words = visit.words
    share = KeyboardButton(text=words("button-share-location"), request_location=True)
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[share], [KeyboardButton(text=words("button-no-location"))]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )
    question = telegram_html(say(words("zone-location-ask")))
    await visit.bot.send_message(visit.person.telegram_id, question, reply_markup=keyboard)


async def _say_without_keyboard(visit: Visit, key: str, **facts: str) -> None:
    text = telegram_html(say(visit.words(key, **facts)))
    await visit.bot.send_message(visit.person.telegram_id, text, reply_markup=ReplyKeyboardRemove())


def _asks_for_city(asked: Message | None) -> bool:
    """Say whether a message is our question for a city; nothing else remembers that it was asked."""
    if asked is None or asked.from_user is None or not asked.from_user.is_bot:
        return False
    return any((asked.text or "").startswith(words_for(lang)("zone-city-ask")) for lang in LANGUAGES)
