"""An ingest over a real store, with a network that answers what was put there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from feeds.gist import Gist
from feeds.harvest import Harvest
from feeds.ingest import Ingest, PollReport
from feeds.model import Item, Source, SourceSpec
from feeds.normalise import normalise
from feeds.parse import parse_feed
from feeds.pipeline import FeedParser, NewsStore
from feeds.polling import Pace
from feeds.polls import (
    Detour,
    Failed,
    FailureKind,
    Fetched,
    FetchOutcome,
    Validators,
)
from feeds.topics import Catalogue
from storage import Storage
from tests.samples import StillClock

DAY = timedelta(days=1)
NONE = Validators()
SAME = "Новый кроссовер Тайга получил мотор мощнее прежнего"
ELECTRIC = "Электромобиль Искра поступил в продажу в России"


def entry(name: str, title: str, text: str = "Подробности первого дня продаж.") -> str:
    return (
        f"<item><guid>{name}</guid><link>https://koleso.example/{name}</link><title>{title}</title>"
        f"<description>{text}</description><pubDate>Sun, 22 Nov 2026 04:00:00 +0000</pubDate></item>"
    )


def feed(*entries: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Лента</title>{"".join(entries)}</channel></rss>'.encode()


class Wire:
    """A network that answers with what was put at an address: an outcome, or an exception to raise."""

    def __init__(self) -> None:
        self.answers: dict[str, FetchOutcome | Exception] = {}
        self.asked: list[tuple[str, Validators]] = []
        self.closed: list[tuple[str, int, datetime]] = []

    def put(self, url: str, *entries: str, **details: Any) -> None:
        self.answers[url] = Fetched(url=url, body=feed(*entries), content_type="application/rss+xml", **details)

    def leave_alone(self, url: str, *, status: int, until: datetime) -> None:
        self.closed.append((url, status, until))

    async def fetch(
        self,
        url: str,
        *,
        validators: Validators = NONE,
        detour: Detour | None = None,  # noqa: ARG002
        readers: int | None = None,  # noqa: ARG002
        covered: Callable[[str], Awaitable[bool]] | None = None,  # noqa: ARG002
    ) -> FetchOutcome:
        self.asked.append((url, validators))
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer


class AtOnce:
    """Parses in this process: starting another takes longer than any of these tests."""

    async def read_items(self, page: Fetched, source: Source, *, now: datetime) -> Harvest | Failed:
        feed = parse_feed(page.body, content_type=page.content_type, charset=page.charset, url=page.url, now=now)
        return feed if isinstance(feed, Failed) else normalise(feed, source, now=now)

    async def read_gists(self, items: Sequence[Item], **_: object) -> Sequence[Gist] | Failed:
        return Failed(kind=FailureKind.PARSE_CRASH) if items else []


class Desk:
    """An ingest with its clock, wire and store, and sources called by short names."""

    def __init__(self, store: Storage, parser: FeedParser, catalogue: Catalogue, clock: StillClock) -> None:
        self.store, self.clock, self.wire = store, clock, Wire()
        self.reports: list[PollReport] = []
        self._parser, self._catalogue = parser, catalogue

    async def add(self, name: str, **changes: Any) -> Source:
        values: dict[str, Any] = {"name": name, "url": f"https://{name}.example/rss", "lang": "ru"}
        return await self.store.news.add_source(SourceSpec(**values | changes), now=self.clock())

    async def poll(self, store: NewsStore | None = None) -> int:
        ingest = Ingest(
            store=store or self.store.news,
            reader=self.wire,
            parser=self._parser,
            catalogue=self._catalogue,
            clock=self.clock,
            pace=Pace(),
        )
        self.reports.clear()
        return await ingest.poll_due(self.reports.append)

    async def source(self, name: str) -> Source:
        return next(one for one in await self.store.news.sources() if one.spec.name == name)

    async def stories(self) -> list[tuple[tuple[str, ...], list[str]]]:
        """Each story's topics and the names of those who told it."""
        recent = await self.store.news.recent_stories(since=self.clock() - 30 * DAY)
        return [(story.topics, [one.source_name for one in story.items]) for story in recent]
