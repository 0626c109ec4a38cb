"""Where people who ask are served at once: what is for them now, from stories and compositions that are at hand.

Enqueues nothing: see ``feeds.publish``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from feeds.composer import Composer
from feeds.issue import Chat, DigestStory
from feeds.occasion import DAY
from feeds.press import Press

FRESH = timedelta(seconds=30)
"""How long one reading of the stories serves those who are due, or ask, in the same minute."""


class Counter:
    """Keeps a composer for each window while the news is the same."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._composers: dict[timedelta, tuple[int, Composer]] = {}

    async def count_own(self, chat: Chat) -> Mapping[str, int]:
        """Count the stories of the last day that each of a chat's own topics is for, by its text."""
        composer = await self.composer(chat, window=DAY)
        return {text: composer.count(replace(chat, topics=frozenset(), words=(text,))) for text in chat.words}

    async def foremost(self, *, lang: str, limit: int) -> Sequence[DigestStory]:
        """Give the last day's best stories in a language, whoever asks."""
        return (await self._fresh(DAY)).foremost(lang, limit=limit)

    async def composer(self, chat: Chat, *, window: timedelta) -> Composer:
        """Take the composer of whoever asked a moment ago, if the news is the same.

        Nothing may be awaited between taking it and composing: its own words are this chat's.
        """
        composer = await self._fresh(window)
        composer.own = await self._press.own.choose_for(composer.stories, chat, since=composer.now - window)
        return composer

    async def _fresh(self, window: timedelta) -> Composer:
        now, stand = self._press.clock(), self._press.stand
        stories = await stand.stories(since=now - window)
        mark, composer = self._composers.get(window, (-1, None))
        if composer is None or mark != stand.mark or not timedelta(0) <= now - composer.now <= FRESH:
            mark = stand.mark
            composer = await self._press.composer(stories, own={}, now=now, window=window)
            self._composers[window] = mark, composer
        return composer
