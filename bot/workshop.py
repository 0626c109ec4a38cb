"""Everything that makes news and needs no Telegram: store, sources, reader, parser. For ``run`` and ``poll``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.settings import Settings
from feeds.clock import Clock, utc_now
from feeds.fetch import Fetcher
from feeds.gist import packaged
from feeds.ingest import Ingest, PollReport
from feeds.issue import ChatState
from feeds.pages import Pages
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.publish import Publish
from feeds.robots import Robots
from feeds.sourcelist import load_sources
from feeds.topics import Catalogue
from storage import Storage, open_storage

log = structlog.get_logger(__name__)

VERSION = "0.1.0"
USER_AGENT = f"Autodigest/{VERSION} (+https://github.com/autodigest/autodigest)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The open store with what fills it."""

    store: Storage
    catalogue: Catalogue
    ingest: Ingest

    @staticmethod
    def log_poll(report: PollReport) -> None:
        """Log one poll."""
        name = report.source.spec.name
        if report.moved_to is not None:
            log.warning("source moved", source=name, to=report.moved_to, merged_into=report.merged_into)
        if report.error is not None:
            log.error("poll failed", source=name, exc_info=report.error)
        elif report.failure is not None:
            log.warning(
                "source failed",
                source=name,
                kind=report.failure.kind,
                status=report.failure.status,
                detail=report.failure.detail,
            )
        elif not report.unchanged:
            log.info("source polled", source=name, new=report.new, folded=report.folded, skipped=report.skipped)


@contextlib.asynccontextmanager
async def open_workshop(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Workshop]:
    """Open the store, bring its sources up to date with the file, and start the reader and the parser.

    Raises ``SettingsError`` and ``StorageError``.
    """
    catalogue = packaged()
    specs = load_sources(settings.sources, themes={theme.id for theme in catalogue.themes})
    async with contextlib.AsyncExitStack() as stack:
        store = await stack.enter_async_context(await open_storage(settings.database))
        seeded = await store.news.seed(specs, now=clock())
        log.debug("sources", added=seeded.added, updated=seeded.updated, disabled=seeded.disabled)
        reader = await stack.enter_async_context(
            Fetcher(user_agent=USER_AGENT, allow_hosts=settings.allow_hosts, clock=clock)
        )
        parser = await stack.enter_async_context(Parser(modules=["feeds.gist"]))
        page_reader = await stack.enter_async_context(Parser(modules=["feeds.pagetext"]))
        pages = Pages(fetcher=reader, reader=page_reader, robots=Robots(reader, clock=clock), clock=clock)
        pace = Pace(minimum=timedelta(seconds=settings.poll_min), maximum=timedelta(seconds=settings.poll_max))

        async def count_readers() -> int:
            return (await store.chats.counts())[ChatState.ACTIVE]

        ingest = Ingest(
            store=store.news,
            reader=reader,
            parser=parser,
            catalogue=catalogue,
            clock=clock,
            pace=pace,
            pages=pages,
            readers=count_readers,
        )
        yield Workshop(store=store, catalogue=catalogue, ingest=ingest)


def make_publisher(workshop: Workshop, *, clock: Clock) -> Publish:
    """Make who composes issues from what the workshop holds."""
    store = workshop.store
    return Publish(
        news=store.news,
        chats=store.chats,
        issues=store.outbox,
        catalogue=workshop.catalogue,
        clock=clock,
        archive=store.search,
    )
