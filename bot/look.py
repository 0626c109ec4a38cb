"""How messages look in a chat: in which words, by which clock, and how much of everything. Knows no news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.i18n import Words, words_for
from feeds.chatsettings import ChatSettings, Density, Opinions, Picture
from feeds.issue import Chat, ChatKind
from feeds.topics import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What of a chat's settings can be seen in a message: who set the same is sent the same.

    ``light`` leaves out everything that costs traffic, ``accessible`` what a screen reader stumbles over.
    """

    density: Density = Density.DIGEST
    opinions: Opinions = Opinions.ALL
    previews: bool = True
    light: bool = False
    accessible: bool = False
    picture: Picture = Picture.PREVIEW
    signature: str = ""
    hashtags: bool = False


USUAL = Look()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """For whom a message is worded: the language, the clock on the wall, how topics are called, and the look."""

    words: Words
    zone: str
    topic_name: Callable[[str], str]
    look: Look = USUAL
    own_clock: bool = False
    """``zone`` is the reader's own: what is said by it («завтра в 8:00») no client is to say by another."""

    @property
    def joint(self) -> str:
        """What stands between two facts of a line: a screen reader says a dot in the middle aloud."""
        return ", " if self.look.accessible else " · "


@lru_cache(maxsize=4096)
def look_of(settings: ChatSettings) -> Look:
    """Read how messages look from what a chat has set."""
    return Look(
        density=settings.density,
        opinions=settings.opinions,
        previews=settings.previews,
        light=settings.light,
        accessible=settings.accessible,
        picture=settings.picture,
        signature=settings.signature,
        hashtags=settings.hashtags,
    )


def place_of(chat: Chat, catalogue: Catalogue) -> Place:
    """Say how a chat is written to."""
    return Place(
        words=words_for(chat.lang),
        zone=chat.zone,
        topic_name=topic_namer(topic_names(catalogue), chat.lang),
        look=look_of(chat.settings),
        own_clock=chat.kind is ChatKind.PRIVATE,
    )


def topic_names(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Return how every theme and make is called, by its id and by language."""
    return {topic.id: topic.name for topic in (*catalogue.themes, *catalogue.makes)}


def topic_namer(names: Mapping[str, Mapping[str, str]], lang: str) -> Callable[[str], str]:
    """Return how topics are called in a language; an id that no longer exists keeps its own name."""

    def name_of(topic: str) -> str:
        known = names.get(topic, {})
        return known.get(lang) or known.get("en") or topic

    return name_of
