"""The buttons of the settings: one for each thing that is set, with how it stands. Pure.

What has a screen of its own opens there; the look of issues is turned here, tap by tap, for one's own chat or another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from bot.callbacks import Go, LookTap, OwnTap, PauseTap, QuietTap, TopicTap, ZoneTap
from bot.i18n import Words
from bot.markup import Button, Keyboard, rows
from bot.timewords import quiet_text
from bot.zones import city
from feeds.chatsettings import ChatSettings
from feeds.issue import Chat
from feeds.topics import Catalogue

E = TypeVar("E", bound=StrEnum)
_TIMES_TOLD = 2
_SHORT = 3
"""Looks whose names fit beside another; a phone would cut the others off."""


def _after(member: E) -> E:
    members = list(type(member))
    return members[(members.index(member) + 1) % len(members)]


LOOKS: Mapping[str, Callable[[ChatSettings], ChatSettings]] = {
    "density": lambda now: replace(now, density=_after(now.density)),
    "opinions": lambda now: replace(now, opinions=_after(now.opinions)),
    "previews": lambda now: replace(now, previews=not now.previews),
    "light": lambda now: replace(now, light=not now.light),
    "accessible": lambda now: replace(now, accessible=not now.accessible),
}
"""What a tap on each look turns it to."""


def look_text(words: Words, settings: ChatSettings, look: str) -> str:
    """Name a look with how it stands: «Вид: дайджест», «Превью: вкл»."""
    value = getattr(settings, look)
    said = words("look-on" if value else "look-off") if isinstance(value, bool) else words(f"look-{look}-{value}")
    return words(f"look-{look}", value=said)


def look_button(words: Words, settings: ChatSettings, look: str, *, key: int) -> Button:
    """Make the button that turns a look of the chat with this key."""
    return Button(text=look_text(words, settings, look), data=LookTap(chat=key, look=look).pack())


def panel(words: Words, catalogue: Catalogue, chat: Chat, *, key: int, paused: bool) -> Keyboard:
    """Make a button for each thing that a person has set."""
    themes = sum(topic.id in chat.topics for topic in catalogue.themes)
    makes = sum(topic.id in chat.topics for topic in catalogue.makes)
    times = [words.minutes(one) for one in chat.times]
    told = ", ".join(times) if 0 < len(times) <= _TIMES_TOLD else str(len(times)) if times else words("panel-none")
    counted = (
        ("topics", themes, TopicTap(chat=key, on="t")),
        ("makes", makes, TopicTap(chat=key, on="m")),
        ("words", len(chat.words), OwnTap(chat=key, on="words")),
        ("hidden", len(chat.settings.hidden), OwnTap(chat=key, on="hidden")),
    )
    looks = [look_button(words, chat.settings, look, key=key) for look in LOOKS]
    buttons = [Button(text=words(f"panel-{name}", count=count), data=tap.pack()) for name, count, tap in counted]
    if not chat.topics and not chat.words:
        buttons[0] = replace(buttons[0], text=words("panel-topics-all"))
    buttons += [
        Button(text=words("panel-times", times=told), data=Go(chat=key, to="times").pack()),
        Button(text=words(f"button-instant-{chat.instant}"), data=Go(chat=key, to="times").pack()),
        Button(text=words("panel-zone", city=city(chat.zone, words.lang)), data=ZoneTap(chat=key).pack()),
        Button(text=words("button-quiet", window=quiet_text(words, chat.settings)), data=QuietTap(chat=key).pack()),
        Button(text=words("panel-language"), data=Go(chat=key, to="languages").pack()),
        *looks[:_SHORT],
    ]
    pause = ("button-unpause", "end") if paused else ("button-pause", "open")
    long = [*looks[_SHORT:], Button(text=words(pause[0]), data=PauseTap(chat=key, span=pause[1]).pack())]
    return (*rows(buttons, width=2), *rows(long, width=1))
