"""«Почему это здесь?»: what a story is about, how important it is and why, and which of the reader's choices it met.

Pure; says only what composing has decided by the same rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.look import Place
from feeds.digest import score
from feeds.importance import importance
from feeds.issue import Chat
from feeds.model import Story
from feeds.taste import liking
from feeds.topics import Catalogue

_TOPICS: Final = 3


def why(story: Story, chat: Chat, place: Place, *, catalogue: Catalogue, own: Collection[str], now: datetime) -> str:
    """Say in a few sentences why a story is in an issue; ``own`` are the chat's own words that it met.

    The chat's ``taste`` is to be what it was when the issue was made.
    """
    rule = _rule(story, chat, place, catalogue=catalogue, own=own)
    worth = liking(story.topics, chat.settings.taste)
    votes = [] if worth == 1.0 else [place.words("why-votes-up" if worth > 1.0 else "why-votes-down")]
    return " ".join([*_sentences(story, place, rule=rule, now=now), *votes])


def why_opened(story: Story, place: Place, *, now: datetime) -> str:
    """Say so of a story that no issue brought: a link, a search, what somebody saved."""
    return " ".join(_sentences(story, place, rule=place.words("why-opened"), now=now))


def _sentences(story: Story, place: Place, *, rule: str, now: datetime) -> Iterator[str]:
    words = place.words
    if story.topics:
        yield words("why-topics", topics=", ".join(place.topic_name(topic) for topic in story.topics[:_TOPICS]))
    sources = len({stored.source_name for stored in story.items})
    yield words(
        "why-importance",
        importance=str(importance(score(story, now=now))),
        sources=words("why-sources", count=sources),
        age=age(now - story.items[0].item.published_at, place),
    )
    yield words("why-rule", rule=rule)


def age(passed: timedelta, place: Place) -> str:
    """Write how old something is, in the largest unit that says enough: «2 ч»."""
    minutes = max(int(passed.total_seconds() // 60), 1)
    if minutes < 60:
        return place.words("age-minutes", count=str(minutes))
    if minutes < 48 * 60:
        return place.words("age-hours", count=str(minutes // 60))
    return place.words("age-days", count=minutes // (24 * 60))


def _rule(story: Story, chat: Chat, place: Place, *, catalogue: Catalogue, own: Collection[str]) -> str:
    words = place.words
    met = [topic for topic in story.topics if topic in chat.topics]
    themes = {theme.id for theme in catalogue.themes}
    if met:
        return words("why-theme" if met[0] in themes else "why-make", name=place.topic_name(met[0]))
    mine = next((text for text in chat.words if text in own), None)
    if mine is not None:
        return words("why-words", text=mine)
    # Nothing chosen, or chosen otherwise since: then it came with everything.
    return words("why-everything" if not chat.topics and not chat.words else "why-other")
