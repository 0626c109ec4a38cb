"""What ``autodigest sources list|add|remove|pause|resume`` do; in which words, ``bot.sourcelines`` knows."""

from __future__ import annotations

import contextlib
import json as json_format
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

from bot.i18n import Words, words_for
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.sourcelines import as_record, source_lines
from feeds.clock import utc_now
from feeds.errors import SettingsError, StorageError
from feeds.links import known_under
from feeds.model import Source, SourceId
from feeds.polls import PollState
from feeds.sourcelist import load_sources
from feeds.topics import Catalogue, load_catalogue
from storage import Storage, open_storage


async def print_sources(name: str, *, json: bool, lang: str) -> int:
    """Print every source, or those whose name or address has ``name`` in it; 1 when there is none."""
    settings, words = load_settings(), words_for(lang)
    sources = [source for source in await known_sources(settings) if _has(source, name)]
    names = {source.id: source.spec.name for source in sources}
    if json:
        records = [as_record(source) for source in sources]
        sys.stdout.write(json_format.dumps(records, ensure_ascii=False, indent=1) + "\n")
        return 0
    if name and not sources:
        sys.stderr.write(words("sources-none-named", text=name) + "\n")
        return 1
    for source in sources:
        merged = names.get(source.merged_into, "") if source.merged_into else ""
        lines = source_lines(source, words, zone=settings.timezone, merged=merged)
        sys.stdout.write("\n".join(lines) + "\n")
    active = sum(source.active for source in sources)
    asked = sum(source.poll.polled_at is not None for source in sources)
    failing = sum(source.active and source.poll.failures > 0 for source in sources)
    sys.stdout.write(words("sources-total", count=len(sources), active=active, asked=asked, failing=failing) + "\n")
    return 0 if sources else 1


async def remove_sources(names: Sequence[str], *, yes: bool, lang: str) -> int:
    """Remove sources of the operator's own."""
    words = words_for(lang)
    async with open_store(load_settings()) as store:
        found = resolve_all(await store.news.sources(), names)
        for source in found:
            if not source.own:
                raise SettingsError("source-of-the-file", name=source.spec.name)
        for source in found:
            if not yes and sys.stdin.isatty() and not _confirmed(words("sources-remove-ask", name=source.spec.name)):
                continue
            await store.news.remove_source(source.id)
            sys.stdout.write(words("sources-removed", name=source.spec.name) + "\n")
    return 0


async def pause_sources(names: Sequence[str], *, lang: str) -> int:
    """Pause sources."""
    async with open_store(load_settings()) as store:
        return await _each(store, names, store.news.pause_source, words_for(lang), "sources-paused")


async def resume_sources(names: Sequence[str], *, lang: str) -> int:
    """Resume sources; one that the file switched off or that was merged cannot be."""

    async def resume(source_id: SourceId) -> None:
        await store.news.resume_source(source_id, now=utc_now())

    async with open_store(load_settings()) as store:
        for source in resolve_all(await store.news.sources(), names):
            if not source.spec.enabled:
                raise SettingsError("source-off", name=source.spec.name)
        return await _each(store, names, resume, words_for(lang), "sources-resumed")


async def known_sources(settings: Settings) -> list[Source]:
    """Read the sources without writing: from the store, or from the file where there is no store yet."""
    try:
        async with await open_storage(settings.database, exclusive=False) as store:
            return list(await store.news.sources())
    except StorageError as error:
        if error.key != "store-missing":
            raise
    specs = load_sources(settings.sources, themes={theme.id for theme in load_catalogue().themes})
    first = PollState(next_at=utc_now())
    return [
        Source(id=SourceId(number), spec=spec, poll=first, given_url=spec.url) for number, spec in enumerate(specs, 1)
    ]


@contextlib.asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Storage]:
    """Open the store for us alone and bring its sources up to date with the file; ``store-busy`` while the bot runs."""
    set_up_logs("text")
    specs = load_sources(settings.sources, themes={theme.id for theme in load_catalogue().themes})
    async with await open_storage(settings.database) as store:
        await store.news.seed(specs, now=utc_now())
        yield store


def resolve_all(sources: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """Find the source that each name means."""
    return list({source.id: source for source in (resolve(sources, name) for name in names)}.values())


def resolve(sources: Sequence[Source], name: str) -> Source:
    """Find the one source that a number, a name, a part of one or an address means; SettingsError for none or many."""
    if found := match(sources, name):
        if len(found) == 1:
            return found[0]
        names = ", ".join(_told_apart(found[:5]))
        raise SettingsError("source-ambiguous", text=name, names=names)
    raise SettingsError("source-unknown", text=name)


def _told_apart(sources: Sequence[Source]) -> list[str]:
    """Name sources; by their addresses, too, where two are called the same."""
    names = [source.spec.name for source in sources]
    if len({name.casefold() for name in names}) == len(names):
        return names
    return [f"{source.spec.name} (№ {source.id}, {source.spec.url})" for source in sources]


def match(sources: Sequence[Source], name: str) -> list[Source]:
    """Find all that a name may mean, by the strictest way that finds any."""
    text = name.strip().casefold()
    if "://" in text:
        same = known_under(name.strip(), sources)
        return [same] if same else []
    ways: tuple[Callable[[Source], bool], ...] = (
        lambda source: source.spec.name.casefold() == text,
        lambda source: str(source.id) == text.removeprefix("№").strip(),
        lambda source: source.spec.name.casefold().startswith(text),
        lambda source: _has(source, text),
    )
    return next((found for way in ways if text and (found := [one for one in sources if way(one)])), [])


def theme_of(name: str, catalogue: Catalogue) -> str | None:
    """Find the theme with exactly this id, name or alias; a likeness is not enough to tag every article by."""
    text = name.strip().casefold()
    for theme in catalogue.themes:
        if text in {word.casefold() for word in (theme.id, *theme.name.values(), *theme.aliases)}:
            return theme.id
    return None


async def _each(
    store: Storage,
    names: Sequence[str],
    change: Callable[[SourceId], Coroutine[Any, Any, None]],
    words: Words,
    said: str,
) -> int:
    for source in resolve_all(await store.news.sources(), names):
        await change(source.id)
        sys.stdout.write(words(said, name=source.spec.name) + "\n")
    return 0


def _has(source: Source, text: str) -> bool:
    wanted = text.strip().casefold()
    return wanted in source.spec.name.casefold() or wanted in source.spec.url.casefold()


def _confirmed(question: str) -> bool:
    sys.stdout.write(f"{question} ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes", "д", "да"}
