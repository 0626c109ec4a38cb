"""What ``autodigest sources add`` does: it looks for the feeds behind an address and adds one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Sequence

from bot.feedlines import candidate_lines, discovery_failure
from bot.i18n import words_for
from bot.settings import Settings, load_settings
from bot.sourcedesk import known_sources, open_store, theme_of
from bot.workshop import USER_AGENT
from feeds.clock import utc_now
from feeds.discover import Candidate
from feeds.errors import SettingsError
from feeds.fetch import Fetcher
from feeds.gist import packaged
from feeds.model import SourceSpec, Telling
from feeds.scout import Scout
from feeds.topics import Catalogue
from feeds.workers import Parser
from storage import Storage


async def add_source(address: str, *, pick: int, only_list: bool, name: str, topics: str, lang: str) -> int:
    """Find feeds behind ``address`` and add one; 1 when there is none to add."""
    settings, words = load_settings(), words_for(lang)
    catalogue = packaged()
    wanted = themes_named(topics, catalogue)
    async with _looking(settings, keep=not only_list) as store, _scout(settings) as scout:
        sources = await store.news.sources() if store else await known_sources(settings)

        async def tellings(urls: Sequence[str]) -> Sequence[Telling]:
            if store is None:
                return ()
            return await store.news.matching_tellings(urls=urls, title_keys=[], since=utc_now())

        discovery = await scout.find(address, sources=sources, tellings=tellings)
        for number, candidate in enumerate(discovery.candidates, 1):
            lines = candidate_lines(candidate, words, number=number, zone=settings.timezone, now=utc_now())
            sys.stdout.write("\n".join(lines) + "\n")
        if discovery.failure is not None:
            sys.stderr.write(discovery_failure(discovery.failure, words) + "\n")
            return 1
        if store is None:
            return 0
        chosen = _chosen(discovery.candidates, pick)
        if chosen is None:
            sys.stderr.write(words("sources-all-known") + "\n")
            return 1
        spec = SourceSpec(name=name or chosen.appraisal.name, url=chosen.url, lang=chosen.appraisal.lang, topics=wanted)
        added = await store.news.add_source(spec, now=utc_now())
        sys.stdout.write(words("sources-added", name=added.spec.name, url=added.spec.url) + "\n")
        return 0


def themes_named(typed: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Read themes by id or exact name in any language; SettingsError ``theme-unknown``."""
    found = []
    for name in filter(None, (part.strip() for part in typed.split(","))):
        theme = theme_of(name, catalogue)
        if theme is None:
            raise SettingsError("theme-unknown", text=name)
        found.append(theme)
    return tuple(dict.fromkeys(found))


@contextlib.asynccontextmanager
async def _looking(settings: Settings, *, keep: bool) -> AsyncIterator[Storage | None]:
    """Open the store only if something will be kept: who just looks must not wait for the running bot."""
    if not keep:
        yield None
        return
    async with open_store(settings) as store:
        yield store


@contextlib.asynccontextmanager
async def _scout(settings: Settings) -> AsyncIterator[Scout]:
    async with Fetcher(user_agent=USER_AGENT, allow_hosts=settings.allow_hosts) as fetcher, Parser() as parser:
        yield Scout(network=fetcher, parsing=parser, clock=utc_now)


def _chosen(candidates: Sequence[Candidate], pick: int) -> Candidate | None:
    """Take the one that was picked, whatever it repeats, or the first that no source tells already."""
    if pick:
        return candidates[pick - 1] if pick <= len(candidates) else None
    return next((candidate for candidate in candidates if candidate.same_as is None), None)
