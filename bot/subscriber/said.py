"""What is said in a word and is no search: «только заголовки», "no opinions", «срочное», «привет», «спасибо»."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from aiogram.types import Message

from bot.markup import say
from bot.panel import look_text
from bot.subscriber import choosing
from bot.subscriber.timetable import times_screen
from bot.subscriber.zone import take_city
from bot.subscriber.zonescreens import zones_screen
from bot.visit import Visit
from feeds.chatsettings import ChatSettings, Density, Opinions
from feeds.issue import ChatState, Instant
from feeds.schedule import planned


async def headlines_only(message: Message, visit: Visit) -> None:
    """Let issues say no more than headlines, and show the settings."""
    await _look(visit, "density")


async def no_opinions(message: Message, visit: Visit) -> None:
    """Leave opinions out, and show the settings."""
    await _look(visit, "opinions")


async def urgent(message: Message, visit: Visit) -> None:
    """Send urgent news at once, and show when things come."""
    await _at_once(visit, Instant.BREAKING)


async def not_urgent(message: Message, visit: Visit) -> None:
    """Let urgent news wait for the next issue, and show when things come."""
    await _at_once(visit, Instant.OFF)


async def languages(message: Message, visit: Visit) -> None:
    """Ask which language is meant: the bot's words or the news."""
    await visit.show(visit.screens.languages(visit.person))


async def greet(message: Message, visit: Visit) -> None:
    """Answer a greeting: a newcomer has not seen yet what this is."""
    if visit.person.state is ChatState.NEW:
        await visit.show(choosing.welcome(visit.screens, visit.person))
    else:
        await visit.say("greeted")


async def thank(message: Message, visit: Visit) -> None:
    """Answer thanks."""
    await visit.say("thanked")


async def live_in(visit: Visit, place: str) -> None:
    """Go by the clock of the city that was named; without one, ask which."""
    if place:
        await take_city(visit, visit.person, place)
    else:
        await visit.show(zones_screen(visit.screens, visit.person))


async def _look(visit: Visit, look: Literal["density", "opinions"]) -> None:
    def change(now: ChatSettings) -> ChatSettings:
        return replace(now, density=Density.BRIEF) if look == "density" else replace(now, opinions=Opinions.NONE)

    person = await visit.services.chats.configure(visit.person.id, change)
    screen = visit.screens.settings(person)
    note = say(look_text(visit.words, person.settings, look))
    await visit.show(replace(screen, document=(*note, *screen.document)))


async def _at_once(visit: Visit, instant: Instant) -> None:
    now = visit.services.clock()
    person = await visit.services.chats.replan(
        visit.person.id, lambda stored: planned(replace(stored, instant=instant), now=now)
    )
    await visit.show(times_screen(visit.screens, person, note=visit.words(f"instant-{instant}")))
