"""The screens of the time zone: tap your clock, choose a city, say whether the clock is right. Pure; knows no store."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Go, PlaceTap, ZoneTap
from bot.cities import City
from bot.markup import Button, Keyboard, Link, Message, Spans, rows, say
from bot.questions import Ask, Question
from bot.screens import Screens
from bot.subscriber.timetable import key_of
from bot.zones import CITIES, PAGE, city
from feeds.issue import Chat, ChatKind


def zones_screen(screens: Screens, chat: Chat, *, page: int = 0, text: str = "") -> Message:
    """Ask which clock is theirs: each button shows the time there; ``text`` is asked instead of the usual question."""
    words, key = screens.words, key_of(chat)
    shown = CITIES[:PAGE] if page == 0 else CITIES[PAGE:]
    clocks = [
        Button(
            text=f"{screens.words.clock(screens.now, zone)} {city(zone, words.lang)}",
            data=ZoneTap(chat=key, zone=zone).pack(),
            style="success" if zone == chat.zone else None,
        )
        for zone, *_ in shown
    ]
    type_city = Button(text=words("button-type-city"), data=PlaceTap(chat=key, do="city").pack())
    finders: tuple[Button, ...] = (type_city,)
    if chat.kind is ChatKind.PRIVATE:
        # Where an admin is says nothing about their channel's readers.
        finders = (type_city, Button(text=words("button-location"), data=PlaceTap(chat=key, do="location").pack()))
    other = Button(
        text=words("button-other-country" if page == 0 else "button-russia"),
        data=ZoneTap(chat=key, page=1 - min(page, 1)).pack(),
    )
    back = Button(text=words("button-back"), data=Go(chat=key, to="times").pack())
    own = chat.kind is ChatKind.PRIVATE
    question = text or words("zone-question" if own else "zone-question-channel")
    return Message(
        document=say(*screens.heading(chat), question),
        keyboard=(*rows(clocks, width=2), finders, (back, other)),
        asks=Question(ask=Ask.CLOCK, chat=key),
    )


def cities_screen(screens: Screens, chat: Chat, found: Sequence[City]) -> Message:
    """Ask which of the cities was meant."""
    words, key = screens.words, key_of(chat)
    lang = "ru" if words.lang == "ru" else "en"
    offered = tuple(
        (
            Button(
                text=f"{screens.words.clock(screens.now, one.zone)} {one.label(lang)}",
                data=ZoneTap(chat=key, zone=one.zone).pack(),
            ),
        )
        for one in found
    )
    other = Button(text=words("button-other-city"), data=PlaceTap(chat=key, do="city").pack())
    asks = Question(ask=Ask.CITY, chat=key)
    document = say(*screens.heading(chat), words("zone-which-city"))
    return Message(document=document, keyboard=(*offered, (other,)), asks=asks)


def clock_screen(screens: Screens, chat: Chat, zone: str) -> Message:
    """Ask whether the clock of a zone is theirs, and correct it by the hour."""
    words, key = screens.words, key_of(chat)
    yes = Button(text=words("button-yes"), data=ZoneTap(chat=key, zone=zone).pack(), style="success")
    keyboard: Keyboard = (
        (yes,),
        (
            Button(text=words("button-hour-later"), data=PlaceTap(chat=key, do="later", zone=zone).pack()),
            Button(text=words("button-hour-earlier"), data=PlaceTap(chat=key, do="earlier", zone=zone).pack()),
        ),
    )
    clock = screens.words.clock(screens.now, zone)
    asks = Question(ask=Ask.CLOCK, chat=key, detail=zone)
    document = say(*screens.heading(chat), words("zone-clock-right", clock=clock))
    return Message(document=document, keyboard=keyboard, asks=asks)


def city_question(screens: Screens, chat: Chat, *, username: str) -> Spans:
    """Ask for a city to be typed in reply. For a channel the question itself names it, by a link: see ``asked_for``."""
    if chat.kind is ChatKind.PRIVATE:
        return (screens.words("zone-city-ask"),)
    link = Link(f"https://t.me/{username}?start=tz_{chat.id}", (chat.title or str(chat.id),))
    return (screens.words("zone-city-ask"), "\n", link)


def asked_for(urls: Sequence[str]) -> int | None:
    """Read from the links in a question for a city which chat it was about; None for one's own."""
    numbers = [url.partition("?start=tz_")[2] for url in urls]
    return next((int(number) for number in numbers if number.isdecimal() and len(number) < 19), None)
