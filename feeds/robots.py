"""May a page be asked for? ``robots.txt`` by RFC 9309, kept for a day. The only door to protego.

Feeds are not asked about: they are published for programs. Knows a reader that fetches, no HTTP of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from protego import Protego

from feeds.addresses import site_of
from feeds.decode import decode
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome

ROBOT: Final = "Autodigest"
KEPT: Final = timedelta(days=1)
"""RFC 9309 §2.4: no copy should be used for longer."""
RETRIED: Final = timedelta(hours=1)
LONGEST_DELAY: Final = timedelta(seconds=10)
_TEXT_TYPES: Final = "text/plain, */*;q=0.1"
_MOST_BYTES: Final = 512_000
_MOST_SITES: Final = 2_000


class TextFetcher(Protocol):
    """The network: gets an address with good manners and never raises."""

    async def fetch(self, url: str, *, accept: str = ...) -> FetchOutcome:
        """Fetch one address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What a site's file says: everything or nothing is allowed where there is no file to read."""

    parsed: Protego | None
    open: bool
    until: datetime


class Robots:
    """Knows each site's rules for an hour to a day; in memory only, so a restart asks once more."""

    def __init__(self, fetcher: TextFetcher, *, clock: Callable[[], datetime], robot: str = ROBOT) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._robot = robot
        self._rules: dict[str, _Rules] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def allows(self, url: str) -> bool:
        """Whether the site lets our robot fetch this address."""
        rules = await self._of(url)
        return rules.parsed.can_fetch(url, self._robot) if rules.parsed is not None else rules.open

    async def delay(self, url: str) -> timedelta:
        """How long the site wants robots to wait between two pages, at most ten seconds; no part of the RFC."""
        rules = await self._of(url)
        seconds = rules.parsed.crawl_delay(self._robot) if rules.parsed is not None else None
        return min(timedelta(seconds=max(seconds or 0.0, 0.0)), LONGEST_DELAY)

    async def _of(self, url: str) -> _Rules:
        site = f"{urlsplit(url).scheme}://{site_of(url)}"
        known = self._rules.get(site)
        if known is not None and known.until > self._clock():
            return known
        async with self._asking.setdefault(site, asyncio.Lock()):
            known = self._rules.get(site)
            if known is None or known.until <= self._clock():
                if len(self._rules) >= _MOST_SITES:
                    self._rules.clear()
                known = self._rules[site] = self._judge(await self._fetch(url), known)
        self._asking.pop(site, None)
        return known

    async def _fetch(self, url: str) -> FetchOutcome:
        parts = urlsplit(url)
        return await self._fetcher.fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", accept=_TEXT_TYPES)

    def _judge(self, outcome: FetchOutcome, known: _Rules | None) -> _Rules:
        """Apply RFC 9309 §2.3.1: a file that is not there allows all, a server that does not answer allows nothing."""
        now = self._clock()
        match outcome:
            case Fetched():
                return _Rules(parsed=_parsed(outcome), open=True, until=now + KEPT)
            case Failed(kind=FailureKind.HTTP | FailureKind.GONE, status=int(status)) if (
                400 <= status < 500 and status != 429
            ):
                return _Rules(parsed=None, open=True, until=now + KEPT)
            case Failed(kind=FailureKind.REDIRECTS | FailureKind.TOO_LARGE):
                return _Rules(parsed=None, open=True, until=now + KEPT)
            case _:
                # An old copy may be used for as long as the file cannot be reached.
                parsed = known.parsed if known else None
                return _Rules(parsed=parsed, open=False, until=now + RETRIED)


def _parsed(file: Fetched) -> Protego | None:
    """Read a file; what is a web page or cannot be read at all holds no rules, so it forbids nothing."""
    text = decode(file.body[:_MOST_BYTES], file.charset).text
    if "html" in file.content_type or text.lstrip()[:1] == "<":
        return None
    try:
        return Protego.parse(text)
    except Exception:  # noqa: BLE001 - whatever a foreign parser throws at foreign bytes is "no rules"
        return None
