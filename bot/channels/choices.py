"""What can be chosen about a channel by tapping: the options, and what each does to its settings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.i18n import Words
from feeds.chatsettings import ChatSettings, Density, Opinions, Picture
from feeds.issue import Chat, Instant

NONE, NEVER = "off", "never"
NOW, ISSUES, BOTH = "now", "issues", "both"
RHYTHMS = (NOW, ISSUES, BOTH)
USUAL_TIMES = (9 * 60, 13 * 60, 19 * 60)
CAPS = (NONE, "3", "6", "10", "20", "50")
LEAST = ("0", "30", "50", "70")
WAITS = (NONE, "5", "15", "30", "60", "180", "1440", NEVER)
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose: how it stands now, and how it stands after an option was chosen."""

    options: tuple[str, ...]
    read: Callable[[ChatSettings], str]
    change: Callable[[ChatSettings, str], ChatSettings]


def _switch(setting: str) -> Choice:
    """Make the choice of a setting that is on or off."""

    def change(settings: ChatSettings, to: str) -> ChatSettings:
        switched: dict[str, Any] = {setting: to == YES_NO[0]}
        return replace(settings, **switched)

    return Choice(options=YES_NO, read=lambda settings: YES_NO[not getattr(settings, setting)], change=change)


CHOICES: Mapping[str, Choice] = {
    "density": Choice(
        options=tuple(Density),
        read=lambda settings: settings.density,
        change=lambda settings, to: replace(settings, density=Density(to)),
    ),
    "opinions": Choice(
        options=tuple(Opinions),
        read=lambda settings: settings.opinions,
        change=lambda settings, to: replace(settings, opinions=Opinions(to)),
    ),
    "picture": Choice(
        options=tuple(Picture),
        read=lambda settings: settings.picture,
        change=lambda settings, to: replace(settings, picture=Picture(to)),
    ),
    "hashtags": _switch("hashtags"),
    "sound": _switch("sound"),
    "report": _switch("report"),
    "cap": Choice(
        options=CAPS,
        read=lambda settings: NONE if settings.daily_cap is None else str(settings.daily_cap),
        change=lambda settings, to: replace(settings, daily_cap=None if to == NONE else int(to)),
    ),
    "least": Choice(
        options=LEAST,
        read=lambda settings: str(settings.least_importance),
        change=lambda settings, to: replace(settings, least_importance=int(to)),
    ),
    "approval": Choice(
        options=WAITS,
        read=lambda settings: _wait(settings.approval_minutes),
        change=lambda settings, to: replace(settings, approval_minutes=_minutes(to)),
    ),
}
TOGGLES = frozenset({"hashtags", "sound", "report"})
"""What has two states only: a tap changes it, no list opens."""


def name(words: Words, what: str, option: str) -> str:
    """Call an option by its name."""
    if option.isdecimal():
        if what == "approval":
            return span(words, int(option))
        return words(f"choice-{what}-number", count=int(option)) if int(option) else words(f"choice-{what}-0")
    return words(f"choice-{what}-{option}")


def span(words: Words, minutes: int) -> str:
    """Write a length of time: «30 минут», «3 часа»."""
    if minutes % 60:
        return words("span-minutes", count=minutes)
    return words("span-hours", count=minutes // 60)


def rhythm(chat: Chat) -> str:
    """Say how stories go to a chat: one by one, in issues, both; NONE for not at all."""
    at_once = chat.instant is Instant.EVERY
    if chat.expects_issues:
        return BOTH if at_once else ISSUES
    return NOW if at_once else NONE


def rhythm_name(words: Words, chat: Chat, option: str) -> str:
    """Call a rhythm by its name; the usual times stand in it only where no others are set."""
    own = chat.expects_issues and chat.times != USUAL_TIMES
    return words("rhythm-issues-own" if option == ISSUES and own else f"rhythm-{option}")


def _wait(minutes: int | None) -> str:
    if minutes is None:
        return NONE
    return str(minutes) if minutes else NEVER


def _minutes(option: str) -> int | None:
    if option == NONE:
        return None
    return 0 if option == NEVER else int(option)
