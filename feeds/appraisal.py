"""What a feed is like, for somebody who wonders whether to take it: how much, how often, how whole. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from feeds.model import Item, ParsedFeed, Source, SourceId, SourceSpec
from feeds.normalise import normalise
from feeds.pages import TEASER
from feeds.polls import PollState
from feeds.prose import cut_at_word, readable
from feeds.summary import summarise

SAMPLES: Final = 3
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WRITTEN_IN_CYRILLIC: Final = frozenset({"ru", "uk", "be", "kk", "bg", "sr", "mk", "ky", "mn", "tg"})
_LONGEST_NAME: Final = 80
_ALONE = re.compile(r"(?:rss|feed|лента|новости|news|home|главная)?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A feed in figures; ``items`` are the usable ones, the newest first, and the counts are out of them.

    ``per_day`` is None where fewer than two items have dates that differ.
    """

    name: str
    lang: str
    charset: str
    items: tuple[Item, ...]
    skipped: int
    dated: int
    full_texts: int
    summaries: int
    pictures: int
    opinions: int
    newest_at: datetime | None
    per_day: float | None

    @property
    def headlines(self) -> tuple[str, ...]:
        """The newest titles."""
        return tuple(item.title for item in self.items[:SAMPLES])


def appraise(feed: ParsedFeed, *, url: str, now: datetime, spec: SourceSpec | None = None) -> Appraisal:
    """Look at a parsed feed as polling would: ``spec`` is what is known of its source, if it is one already."""
    name = spec.name if spec else _name(feed, url)
    known = spec or SourceSpec(name=name, url=url, lang="ru")
    source = Source(id=SourceId(0), spec=known, poll=PollState(next_at=now))
    normalised = normalise(feed, source, now=now)
    told = (replace(item, summary=summarise(item.title, item.text)) for item in normalised.items)
    items = sorted(told, key=lambda item: item.published_at, reverse=True)
    moments = [moment for entry in feed.entries if (moment := entry.published or entry.updated)]
    return Appraisal(
        name=name,
        lang=spec.lang if spec else _lang(feed, items),
        charset=feed.charset,
        items=tuple(items),
        skipped=normalised.skipped,
        dated=min(len(moments), len(items)),
        full_texts=sum(len(item.text) >= TEASER for item in items),
        summaries=sum(bool(item.summary) for item in items),
        pictures=sum(item.picture is not None for item in items),
        opinions=sum(item.opinion is not None for item in items),
        newest_at=max(moments, default=None),
        per_day=_per_day(moments),
    )


def _name(feed: ParsedFeed, url: str) -> str:
    title = readable(feed.title)
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return host if _ALONE.fullmatch(title) else cut_at_word(title, _LONGEST_NAME)


def _lang(feed: ParsedFeed, items: Sequence[Item]) -> str:
    """Believe the letters of the headlines over what a feed declares: many declare what their engine came with."""
    declared = (feed.lang or "").strip().lower()[:2]
    words = " ".join(item.title for item in items)
    letters = len(_LETTER.findall(words))
    if not letters:
        return declared or "en"
    cyrillic = len(_CYRILLIC.findall(words)) * 2 > letters
    if cyrillic:
        return declared if declared in _WRITTEN_IN_CYRILLIC else "ru"
    return "en" if declared in _WRITTEN_IN_CYRILLIC or not declared.isalpha() else declared


def _per_day(moments: Sequence[datetime]) -> float | None:
    span = max(moments) - min(moments) if moments else timedelta(0)
    return (len(moments) - 1) / (span / timedelta(days=1)) if span else None
