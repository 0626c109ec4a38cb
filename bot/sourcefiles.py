"""What ``autodigest sources import|export`` do: OPML in and out of the store."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from itertools import chain, count
from pathlib import Path

from bot.i18n import Words, words_for
from bot.settings import load_settings
from bot.sourcedesk import known_sources, open_store, theme_of
from feeds.addresses import site_of
from feeds.clock import utc_now
from feeds.errors import SettingsError, StorageError
from feeds.links import known_under
from feeds.model import Source, SourceSpec
from feeds.opml import Fault, Reading, read_opml, write_opml
from feeds.topics import load_catalogue
from storage import Storage


async def import_opml(file: Path, *, dry_run: bool, lang: str) -> int:
    """Add a file's feeds; a line for each. 1 when a line of the file was bad or nothing could be read."""
    settings, words = load_settings(), words_for(lang)
    catalogue = load_catalogue()
    themes = partial(theme_of, catalogue=catalogue)
    reading = read_opml(_read(file), topic_of=themes, allow_hosts=settings.allow_hosts)
    names = {theme.id: theme.name[words.lang] for theme in catalogue.themes}
    if dry_run:
        new = await _add(reading, await known_sources(settings), None, words, names)
    else:
        async with open_store(settings) as store:
            new = await _add(reading, await store.news.sources(), store, words, names)
    for fault in reading.faults:
        sys.stdout.write(_fault(fault, words) + "\n")
    known = len(reading.specs) - new
    sys.stdout.write(words("sources-imported", new=new, known=known, bad=len(reading.faults)) + "\n")
    return 1 if reading.faults else 0


async def export_opml(file: Path | None, *, force: bool, lang: str) -> int:
    """Write all sources, the paused ones as disabled; over a file that is there only with ``force``."""
    settings, words = load_settings(), words_for(lang)
    names = {theme.id: theme.name[words.lang] for theme in load_catalogue().themes}
    specs = [source.spec for source in await known_sources(settings) if source.merged_into is None]
    text = write_opml(
        specs,
        topic_name=lambda topic: names.get(topic, topic),
        title="Autodigest",
        now=utc_now(),
    )
    if file is None or str(file) == "-":
        sys.stdout.write(text)
        return 0
    await asyncio.to_thread(_write, file, text, force=force)
    sys.stderr.write(words("sources-exported", count=len(specs), file=str(file)) + "\n")
    return 0


async def _add(
    reading: Reading, sources: Sequence[Source], store: Storage | None, words: Words, names: Mapping[str, str]
) -> int:
    """Add what no source has yet, under any address; say of each what became of it."""
    new, taken = 0, {source.spec.name.casefold() for source in sources}
    for read in reading.specs:
        line = reading.lines.get(read.url, 0)
        spec = replace(read, name=_distinct(read, taken))
        same = known_under(spec.url, (source for source in sources if source.spec.enabled))
        if same is None and await _added(spec, store):
            new += 1
            taken.add(spec.name.casefold())
            topics = ", ".join(names[topic] for topic in spec.topics)
            said = words("sources-import-topics" if topics else "sources-import-new", name=spec.name, topics=topics)
        else:
            said = words("sources-import-known", name=read.name, as_name=same.spec.name if same else read.name)
        sys.stdout.write(words("sources-line", line=str(line)) + f" {said}\n")
    return new


def _distinct(spec: SourceSpec, taken: AbstractSet[str]) -> str:
    """Name a feed as its file does, with its host, then a number, where another one is called that already."""
    host = site_of(spec.url)
    names = chain([spec.name, f"{spec.name} ({host})"], (f"{spec.name} ({host}, {number})" for number in count(2)))
    return next(name for name in names if name.casefold() not in taken)


async def _added(spec: SourceSpec, store: Storage | None) -> bool:
    if store is None:
        return True
    try:
        await store.news.add_source(spec, now=utc_now())
    except StorageError as error:
        if error.key != "source-exists":
            raise
        return False
    return True


def _fault(fault: Fault, words: Words) -> str:
    where = words("sources-line", line=str(fault.line)) + " " if fault.line else ""
    return where + words(f"sources-fault-{fault.trouble}", text=fault.text or "—")


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise SettingsError("file-unreadable", file=str(file), reason=error) from error


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        # A folder is there, too, but nothing writes over it.
        with file.open("w" if force or file.is_dir() else "x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError as error:
        raise SettingsError("file-exists", file=str(file)) from error
    except OSError as error:
        raise SettingsError("file-unwritable", file=str(file), reason=error) from error
