"""Looks for the feeds behind an address: a page leads to them, or the site's usual places do.

Politely: ten requests at most. What to ask and what the answers mean is `feeds.discover`'s to say.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from feeds.appraisal import appraise
from feeds.clock import Clock
from feeds.discover import (
    MOST_CANDIDATES,
    Candidate,
    Discovery,
    Hopeless,
    Quest,
    differing,
    told_by,
    understand,
    usual_places,
)
from feeds.links import known_under
from feeds.model import PageLinks, ParsedFeed, Source, Telling
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome

MOST_REQUESTS: Final = 10
_CLOSED: Final = frozenset({401, 403, 429, 503})
UNREACHED: Final = frozenset({FailureKind.CONNECT, FailureKind.TLS, FailureKind.TIMEOUT})
"""Failures after which the same address is worth a try without TLS."""

Tellings = Callable[[Sequence[str]], Awaitable[Sequence[Telling]]]
"""Finds what is stored already under the addresses of articles."""


class Network(Protocol):
    """Gets an address with good manners and never raises."""

    async def fetch(self, url: str, *, accept: str = ...) -> FetchOutcome:
        """Fetch one address."""
        ...


class Parsing(Protocol):
    """Bytes to entries or links, somewhere they can do no harm."""

    async def parse(
        self, body: bytes, *, content_type: str = ..., charset: str | None = ..., url: str = ..., now: datetime
    ) -> ParsedFeed | Failed:
        """Parse a feed."""
        ...

    async def read_links(self, page: Fetched, *, now: datetime) -> PageLinks | Failed:
        """Find the feeds that a page names."""
        ...


class _Search:
    """One search: the answers so far, and how many requests they took."""

    def __init__(self) -> None:
        self.asked: dict[str, FetchOutcome] = {}
        self.found: list[Candidate] = []

    @property
    def exhausted(self) -> bool:
        return len(self.asked) >= MOST_REQUESTS


class Scout:
    """Finds feeds; ``sources`` are those there are already."""

    def __init__(self, *, network: Network, parsing: Parsing, clock: Clock) -> None:
        self._network = network
        self._parsing = parsing
        self._clock = clock

    async def find(self, typed: str, *, sources: Sequence[Source] = (), tellings: Tellings | None = None) -> Discovery:
        """Look for feeds behind what somebody typed."""
        quest = understand(typed)
        if isinstance(quest, Hopeless):
            return Discovery(failure=quest)
        search = _Search()
        failure = await self._look(quest, search)
        candidates = differing(search.found)
        judged = [await self._compared(candidate, sources, tellings) for candidate in candidates]
        return Discovery(candidates=tuple(judged), failure=None if judged else failure, asked=len(search.asked))

    async def _look(self, quest: Quest, search: _Search) -> Failed:
        """Ask at the address itself, then where its page points, then at the usual places."""
        page: Fetched | Failed = Failed(kind=FailureKind.BAD_ADDRESS)
        for address in quest.addresses:
            page = await self._ask(address, search)
            if not (isinstance(page, Failed) and page.kind in UNREACHED):
                break
        if isinstance(page, Failed) or search.found:
            return page if isinstance(page, Failed) else Failed(kind=FailureKind.HTML)
        links = await self._parsing.read_links(page, now=self._clock())
        if isinstance(links, Failed):
            return links
        for url in links.feeds:
            if len(search.found) >= MOST_CANDIDATES or search.exhausted:
                break
            await self._ask(url, search)
        for url in usual_places(page.url) if quest.wide else ():
            if search.found or search.exhausted:
                break
            outcome = await self._ask(url, search)
            if isinstance(outcome, Failed) and (outcome.status in _CLOSED or outcome.kind in UNREACHED):
                break
        return Failed(kind=FailureKind.HTML, detail=links.title)

    async def _ask(self, url: str, search: _Search) -> Fetched | Failed:
        """Ask once; a feed becomes a candidate, a page is given back for its links, anything else is a failure."""
        if url in search.asked:
            return Failed(kind=FailureKind.HTML)
        outcome = search.asked[url] = await self._network.fetch(url)
        if not isinstance(outcome, Fetched):
            return outcome if isinstance(outcome, Failed) else Failed(kind=FailureKind.EMPTY)
        now = self._clock()
        feed = await self._parsing.parse(
            outcome.body, content_type=outcome.content_type, charset=outcome.charset, url=outcome.url, now=now
        )
        if isinstance(feed, Failed):
            return outcome if feed.kind is FailureKind.HTML else feed
        address = outcome.url if outcome.moved_permanently else url
        search.found.append(Candidate(url=address, appraisal=appraise(feed, url=address, now=now)))
        return outcome

    async def _compared(self, candidate: Candidate, sources: Sequence[Source], tellings: Tellings | None) -> Candidate:
        same = known_under(candidate.url, sources)
        urls = [item.url for item in candidate.appraisal.items]
        if same is None and tellings is not None and urls:
            same = told_by(urls, await tellings(urls), sources)
        return Candidate(url=candidate.url, appraisal=candidate.appraisal, same_as=same)
