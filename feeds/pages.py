"""Articles whose feed has only a teaser: their pages are read, politely and only once each.

Between normalising and clustering. Decides which pages are worth a request; never loses an item over one. Knows no SQL,
no HTML and no time but its clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final, Protocol
from urllib.parse import urlsplit

from feeds.addresses import host_of, site_of
from feeds.fetch import PAGE_TYPES
from feeds.links import picture_link
from feeds.model import FullText, Item, KnownItem, PageText, Source
from feeds.normalise import LONGEST_TEXT
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome
from feeds.prose import cut_at_word, ends_sentence
from feeds.robots import Robots, TextFetcher
from feeds.summary import summarise

TEASER: Final = 500
"""Characters: a feed whose texts are shorter on median has only teasers."""
PER_POLL: Final = 12
PATIENCE: Final = timedelta(minutes=2)
"""How long one poll may spend on pages; what is left comes with a later one."""
REST: Final = timedelta(hours=6)
"""For which a site that refuses is left alone, if it does not say itself for how long."""

_WAITING: Final = "waiting:"
_SHORT_SUMMARY: Final = 80
# Their posts are all there is: the address of a post shows the same text among much else.
_WHOLE_POSTS: Final = ("t.me", "youtube.com", "reddit.com", "youtu.be")
_REFUSALS: Final = frozenset({401, 403, 429, 451, 503})
_LASTING: Final = frozenset({400, 404, 410})


class PageReader(Protocol):
    """A page's bytes to its text, somewhere they can do no harm."""

    async def read_text(
        self, page: Fetched, *, source_name: str, headings: Sequence[str], now: datetime
    ) -> PageText | Failed:
        """Read one article's page."""
        ...


@dataclass(frozen=True, slots=True)
class _Later:
    """The page was not read this time, but may be another time."""

    refused: bool = False


class _Never:
    """The page has nothing for us, now or later."""


class Pages:
    """Completes items from their pages. One page at a time for a source; the fetcher spaces requests to a host."""

    def __init__(
        self, *, fetcher: TextFetcher, reader: PageReader, robots: Robots, clock: Callable[[], datetime]
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._robots = robots
        self._clock = clock
        self._resting: dict[str, datetime] = {}

    async def complete(self, source: Source, items: Sequence[Item], known: Mapping[str, KnownItem]) -> tuple[Item, ...]:
        """Give new and changed items their pages' text and opinion, at most 12 and the newest first.

        A new item whose page could not be read stays as its teaser, marked so that a later poll of a changed feed
        tries again; a stored one is left out, which leaves it as it is.
        """
        wanted = [item for item in items if item.key not in known or known[item.key].text_hash != item.text_hash]
        wanted = sorted(wanted, key=lambda item: item.published_at, reverse=True)
        completed: dict[str, Item | None] = {}
        begun, strikes = self._clock(), 0
        for number, item in enumerate(wanted):
            late = self._clock() - begun > PATIENCE or number >= PER_POLL or strikes > 1
            if number and not late:
                await asyncio.sleep((await self._robots.delay(item.url)).total_seconds())
            page = _Later() if late else await self._page(source, item)
            strikes = strikes + 1 if isinstance(page, _Later) else 0
            completed[item.key] = _completed(item, page, stored=item.key in known)
        merged = (completed.get(item.key, item) for item in items)
        return tuple(item for item in merged if item is not None)

    async def _page(self, source: Source, item: Item) -> PageText | _Later | _Never:
        site = site_of(item.url)
        if self._resting.get(site, self._clock()) > self._clock():
            return _Never()
        if not await self._robots.allows(item.url):
            return _Never()
        outcome = await self._fetcher.fetch(item.url, accept=PAGE_TYPES)
        if not isinstance(outcome, Fetched):
            return self._missed(site, outcome)
        if _sent_home(item.url, outcome.url):
            return _Never()
        text = await self._reader.read_text(
            outcome, source_name=source.spec.name, headings=source.spec.opinion_headings, now=self._clock()
        )
        if isinstance(text, PageText):
            return text
        return self._missed(site, text) if text.kind is FailureKind.CHALLENGE else _Never()

    def _missed(self, site: str, outcome: FetchOutcome) -> _Later | _Never:
        if not isinstance(outcome, Failed) or outcome.status in _LASTING:
            return _Never()
        if outcome.kind is FailureKind.CHALLENGE or outcome.status in _REFUSALS:
            self._resting[site] = self._clock() + (outcome.retry_after or REST)
        return _Later()


def wants_pages(source: Source, items: Sequence[Item]) -> bool:
    """Whether a source's articles are to be read on their pages: as it says, or by how much its feed tells."""
    match source.spec.full_text:
        case FullText.FEED:
            return False
        case FullText.PAGE:
            return bool(items)
        case FullText.AUTO:
            return has_teasers(items) and not _tells_all(source.spec.url)


def has_teasers(items: Sequence[Item]) -> bool:
    """Whether a feed's texts are short on median, and none has an opinion, which only a whole article ends with."""
    if not items or any(item.opinion for item in items):
        return False
    return median(len(item.text) for item in items) < TEASER


def _tells_all(url: str) -> bool:
    host = host_of(url) or ""
    return any(host == one or host.endswith(f".{one}") for one in _WHOLE_POSTS)


def _completed(item: Item, page: PageText | _Later | _Never, *, stored: bool) -> Item | None:
    match page:
        case PageText():
            return with_page(item, page)
        case _Later():
            return None if stored else replace(item, text_hash=_WAITING + item.text_hash)
        case _Never():
            return item


def with_page(item: Item, page: PageText) -> Item:
    """Add what a page says. ``text_hash`` stays the teaser's: it tells when the feed says something else."""
    text = cut_at_word("\n\n".join(page.paragraphs), LONGEST_TEXT)
    if len(text) <= len(item.text):
        text = item.text
    teaser = item.summary or summarise(item.title, item.text)
    told = len(teaser) >= _SHORT_SUMMARY and ends_sentence(teaser) and not teaser.endswith("…")
    pictures = (address for picture in page.pictures if (address := picture_link(picture, item.url)))
    return replace(
        item,
        text=text,
        summary=teaser if told else summarise(item.title, text) or teaser,
        opinion=page.opinion or item.opinion,
        picture=item.picture or next(pictures, None),
    )


def _sent_home(asked: str, answered: str) -> bool:
    """Whether a redirect led from an article to the front page, which is how some sites say "not found"."""
    return bool(urlsplit(asked).path.strip("/")) and not urlsplit(answered).path.strip("/")
