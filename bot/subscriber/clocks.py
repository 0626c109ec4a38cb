"""Asks which clock is a new subscriber's, each button showing the time somewhere. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.callbacks import PlaceTap, SubscribeTap
from bot.markup import Button, Document, Message, rows, say
from bot.questions import Ask, Question
from bot.screens import Screens
from bot.subscriber.zonescreens import zones_screen
from bot.zones import CITIES, PAGE, city
from feeds.issue import Chat


def question(brush: Screens, times: str, *, zone: str, page: int = 0) -> Message:
    """Draw the clocks of the world (page 0), or Russia's (page 1); ``times`` are what was subscribed to.

    ``zone`` is the one by which issues come until another is chosen.
    """
    shown = CITIES[:PAGE] if page else CITIES[PAGE:]
    clocks = [
        Button(
            text=f"{brush.words.clock(brush.now, clock)} {city(clock, brush.words.lang)}",
            data=SubscribeTap(times=times, zone=clock).pack(),
        )
        for clock, *_ in shown
    ]
    # Pages are counted from one in the tap: none of them is what subscribing itself says.
    other = Button(
        text=brush.words("button-other-country" if page else "button-russia"),
        data=SubscribeTap(times=times, page=1 if page else 2).pack(),
    )
    finders = (
        Button(text=brush.words("button-type-city"), data=PlaceTap(do="city").pack()),
        Button(text=brush.words("button-location"), data=PlaceTap(do="location").pack()),
    )
    keyboard = (*rows(clocks, width=2), finders, (other,))
    return Message(document=words_of(brush, zone), keyboard=keyboard, asks=Question(ask=Ask.NEW_CLOCK))


def again(brush: Screens, chat: Chat) -> Message:
    """Draw the same question for somebody who typed their times: these are not to be set anew with the answer."""
    screen = zones_screen(brush, chat, page=0 if brush.words.lang == "ru" else 1)
    return replace(screen, document=words_of(brush, chat.zone), asks=Question(ask=Ask.NEW_CLOCK))


def words_of(brush: Screens, zone: str) -> Document:
    """Ask, and say by which clock (an IANA name) issues come until it is answered."""
    words = brush.words
    return say(words("clock-question"), words("clock-until", city=city(zone, words.lang)))
