"""``make bench``, feeds: polling, recognising what did not change, reading what did. Ratios from interleaved runs."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from bench.lag import PreparedWire
from bench.polls import compare, memory, with_dead_names
from bench.report import Report
from bot.garbage import spare_what_stays
from feeds.harvest import Harvest
from feeds.ingest import Ingest
from feeds.model import Source, SourceSpec, StoryDraft
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.polls import Fetched, PollState
from feeds.searchwords import SearchWords
from feeds.topics import load_catalogue
from storage import open_storage

ROUNDS: Final = 5
_NOW: Final = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
_ITEMS: Final = 30
_SIZE: Final = 1_500
# Three syllables make four thousand words.
_SYLLABLES: Final = tuple("маковарилокеданушиборепутысагечо"[at : at + 2] for at in range(0, 32, 2))
_WORDS: Final = ["".join(three) for three in itertools.product(_SYLLABLES, repeat=3)]
_BASELINE: Final = """
import sys, time, io, pathlib, feedparser
bodies = [path.read_bytes() for path in pathlib.Path(sys.argv[1]).iterdir()]
feedparser.parse(io.BytesIO(bodies[0]))
began = time.perf_counter()
for body in bodies:
    feedparser.parse(io.BytesIO(body))
print(time.perf_counter() - began)
"""


def bodies(count: int, seed: int) -> dict[str, bytes]:
    """Write feeds of thirty articles that no other feed has, out of as many words as a newsroom uses."""
    chance = random.Random(seed)
    return {f"https://s{seed}-{number}.example/rss": _feed(chance) for number in range(count)}


def _feed(chance: random.Random) -> bytes:
    entries = []
    for _ in range(_ITEMS):
        link = f"https://example.ru/{chance.getrandbits(60)}"
        paragraphs = [f"{_sentence(chance)} {_sentence(chance)}" for _ in range(_SIZE // 200)]
        body = "".join(f'<p class="text">{paragraph} <a href="{link}#more">{link}</a></p>' for paragraph in paragraphs)
        entries.append(
            f"<item><title>{_sentence(chance)[:70]}</title><link>{link}</link><guid>{link}</guid>"
            f"<category>Новости</category><pubDate>Sat, 01 Aug 2026 10:00:00 +0300</pubDate>"
            f"<description><![CDATA[<img src='{link}.jpg'>{paragraphs[0]}]]></description>"
            f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {content}><channel><title>t</title>{"".join(entries)}</channel></rss>'.encode()


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=13)).capitalize() + "."


def parse_alone(feeds: Iterable[bytes]) -> float:
    """Let one process call ``feedparser.parse`` with its defaults and store nothing; seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(feeds):
            (Path(folder) / str(number)).write_bytes(body)
        command = [sys.executable, "-c", _BASELINE, folder]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603


async def ingest(feeds: dict[str, bytes]) -> tuple[float, float]:
    """Poll new sources until everything is stored, then again unchanged; seconds of each."""
    now = _NOW
    with tempfile.TemporaryDirectory() as folder:
        async with (
            await open_storage(f"{folder}/feeds.db") as store,
            Parser(workers=2, modules=["feeds.gist"]) as parser,
        ):
            await store.news.seed([SourceSpec(name=url, url=url, lang="ru") for url in feeds], now=now)
            await asyncio.gather(*(parser.parse(b"<rss/>", now=now) for _ in range(2)))
            reader = Ingest(
                store=store.news,
                reader=PreparedWire(feeds),
                parser=parser,
                catalogue=load_catalogue(),
                clock=lambda: now,
                pace=Pace(),
            )
            began = perf_counter()
            new = await reader.poll_due()
            middle = perf_counter()
            assert new == len(feeds) * _ITEMS, f"{new} of {len(feeds) * _ITEMS}"  # noqa: S101 - or it means nothing
            now += timedelta(days=9)
            again = perf_counter()
            await reader.poll_due()
            return middle - began, perf_counter() - again


async def store_only(feeds: dict[str, bytes]) -> float:
    """Parse, normalise and store, each article a story of its own; seconds.

    Without gists: what an article says (its summary, topics, likeness and the words it is found by) is read in
    ``ingest`` as well.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"{folder}/feeds.db") as store, Parser(workers=2) as parser:
            await store.news.seed([SourceSpec(name=url, url=url, lang="ru") for url in feeds], now=_NOW)
            await asyncio.gather(*(parser.parse(b"<rss/>", now=_NOW) for _ in range(2)))
            polled = PollState(next_at=_NOW + timedelta(hours=1), polled_at=_NOW)
            committing, stored = asyncio.Lock(), list[int]()

            async def read(source: Source) -> None:
                page = Fetched(url=source.spec.url, body=feeds[source.spec.url], content_type="application/rss+xml")
                harvest = await parser.read_items(page, source, now=_NOW)
                assert isinstance(harvest, Harvest), harvest  # noqa: S101 - or it means nothing
                drafts = [StoryDraft(story_id=None, items=(item,)) for item in harvest.items]
                unread = {item.key: SearchWords(title="", words="") for item in harvest.items}
                async with committing:
                    stored.append(
                        await store.news.commit_poll(source.id, polled, drafts=drafts, words=unread, now=_NOW)
                    )

            sources = await store.news.sources()
            began = perf_counter()
            await asyncio.gather(*map(read, sources))
            ended = perf_counter()
            assert sum(stored) == len(feeds) * _ITEMS, sum(stored)  # noqa: S101 - or it means nothing
            return ended - began


async def parse_only(feeds: dict[str, bytes]) -> float:
    """Parse in one worker process and do nothing else; seconds."""
    async with Parser() as parser:
        await parser.parse(b"<rss/>", now=_NOW)
        began = perf_counter()
        for body in feeds.values():
            await parser.parse(body, now=_NOW)
        return perf_counter() - began


def read(report: Report, sources: int) -> None:
    """Measure reading feeds that changed, and recognising those that did not."""
    whole, faster, recognised, notes = [], [], [], []
    for number in range(ROUNDS):
        feeds = bodies(max(sources // ROUNDS, 4), number)
        alone = parse_alone(feeds.values())
        stored = asyncio.run(store_only(feeds))
        told, unchanged = asyncio.run(ingest(feeds))
        parsed = asyncio.run(parse_only(feeds))
        faster.append(alone / stored)
        whole.append(alone / told)
        recognised.append(parsed / unchanged)
        notes.append((len(feeds) / stored, len(feeds) / alone))
    ours, theirs = (median(rates) for rates in zip(*notes, strict=True))
    report.add(
        f"{sources:,} sources of {_ITEMS} new items parsed, normalised, stored, against feedparser alone",
        median(faster),
        floor=1.6,
        target=2.5,
        better="higher",
        note=f"{ours:.0f}/s against {theirs:.0f}/s",
    )
    report.add(
        "the whole way, with summaries, topics, words and stories, against feedparser alone",
        median(whole),
        floor=0.25,
        target=1.6,
        better="higher",
        note="what a poll does; most of it in the parsing processes",
    )
    report.add(
        "unchanged body by its hash, against parsing it", median(recognised), floor=20, target=40, better="higher"
    )


def poll(report: Report, sources: int) -> None:
    """Measure polling sources that answer 304."""
    rates = asyncio.run(compare(max(sources // ROUNDS, 50), ROUNDS))
    report.add(
        f"{sources:,} polls answered 304, against bare aiohttp",
        median(ours / bare for ours, bare in rates),
        floor=0.8,
        target=0.9,
        better="higher",
        note=f"{median(ours for ours, _ in rates):.0f}/s against {median(bare for _, bare in rates):.0f}/s",
    )
    # Fewer rounds: each waits for names that take five seconds to be found dead.
    dead = asyncio.run(with_dead_names(max(sources // 2, 50), 3))
    report.add(
        "rate with 2 % dead names, against none",
        median(some / none for some, none in dead),
        floor=0.5,
        target=0.7,
        better="higher",
        note=f"{median(some for some, _ in dead):.0f}/s against {median(none for _, none in dead):.0f}/s",
    )
    report.add(f"memory with {sources:,} sources, MB", memory(sources), floor=150, target=110, better="lower")


def main() -> int:
    """Measure everything; ``--scale`` .1 is quick and rough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    report = Report("feeds")
    spare_what_stays()  # as the bot does; for the bare requests too
    read(report, int(1_000 * scale))
    poll(report, int(10_000 * scale))
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
