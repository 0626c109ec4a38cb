"""Less like this: what a reader hides, and from whom it is kept. Pure; knows no store.

What is hidden is a value of a chat's settings. A ``Veil`` is what of it holds at a moment, without when it ends: those
who hide the same share their issues.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeAlias

from feeds.chatsettings import ChatSettings, Hidden, HiddenKind
from feeds.model import Story
from feeds.ownwords import known_own_topic

Veil: TypeAlias = frozenset[tuple[HiddenKind, str]]
NO_VEIL: Final[Veil] = frozenset()
MOST: Final = 100
"""Things that one chat may hide; beyond, the oldest shows again."""


def veil_of(hidden: Iterable[Hidden], now: datetime) -> Veil:
    """Say what is hidden at a moment."""
    return frozenset((one.kind, one.what) for one in hidden if one.holds(now))


def hidden_words(hidden: Iterable[Hidden]) -> tuple[str, ...]:
    """Return the words that are hidden, as ``feeds.ownwords`` reads them."""
    return tuple(one.what for one in hidden if one.kind is HiddenKind.WORD)


def unveiled(story: Story, veil: Veil, own: Collection[str]) -> Story | None:
    """Return a story without what hidden sources told of it; None when all of it is hidden.

    ``own`` are the own topics and hidden words (of anybody) that the story is for.
    """
    if not veil:
        return story
    if (HiddenKind.STORY, str(story.id)) in veil or any((HiddenKind.TOPIC, topic) in veil for topic in story.topics):
        return None
    if any((HiddenKind.WORD, text) in veil for text in own):
        return None
    kept = tuple(one for one in story.items if (HiddenKind.SOURCE, one.source_name) not in veil)
    if not kept:
        return None
    return story if len(kept) == len(story.items) else replace(story, items=kept)


def hide(settings: ChatSettings, one: Hidden) -> ChatSettings:
    """Hide something, or for another time than before; what is hidden last goes last.

    A word in another form is the same: only the form hidden last is kept.
    """
    others = tuple(other for other in settings.hidden if _meant(other) != _meant(one))
    return replace(settings, hidden=(*others, one)[-MOST:])


def unhide(settings: ChatSettings, mark: str) -> ChatSettings:
    """Show again what has this mark; nothing changes when nothing has."""
    return replace(settings, hidden=tuple(one for one in settings.hidden if mark_of(one) != mark))


def mark_of(one: Hidden) -> str:
    """Name something hidden in few letters, for a button; the same for however long it is hidden."""
    return sha256(f"{one.kind}:{one.what}".encode()).hexdigest()[:12]


def _meant(one: Hidden) -> tuple[HiddenKind, object]:
    topic = known_own_topic(one.what) if one.kind is HiddenKind.WORD else None
    return one.kind, (topic.wanted, topic.unwanted) if topic else one.what


def leaves_nothing(topics: frozenset[str], words: Collection[str], hidden: Iterable[Hidden], now: datetime) -> bool:
    """Whether all that a chat chose is hidden from it: then its issues would be empty."""
    if not topics:
        return False
    veil = veil_of(hidden, now)
    return not words and all((HiddenKind.TOPIC, topic) in veil for topic in topics)
