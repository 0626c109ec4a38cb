"""How long the event loop keeps others waiting while big feeds are parsed, normalised, tagged and stored.

A ticker asks to be woken every two milliseconds; how much later it is woken is the lag. The network is the only part
that is made up.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Awaitable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Final

from bench.report import Report
from feeds.ingest import Ingest
from feeds.model import Source, SourceId, SourceSpec
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.polls import Fetched, FetchOutcome, PollState
from feeds.topics import Catalogue, load_catalogue
from storage import open_storage

_NOW: Final = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
_TICK: Final = 0.002
_ROUNDS: Final = 5
_FEEDS: Final = {"300 items": (300, 3_000), "5 MB": (300, 9_500), "30 items": (30, 3_000)}
_VOCABULARY: Final = (
    "завод показал новый кроссовер мотор мощность лошадиных сил продажи начнутся осенью цена неизвестна марка компания "
    "рынок модель седан электромобиль батарея запас хода привод коробка салон экран дилер поставки Москва Калуга Lada"
)


class PreparedWire:
    """A network on which every address answers at once and none asks for anything."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self._bodies = bodies

    async def fetch(self, url: str, **_: object) -> FetchOutcome:
        """Give what was prepared for an address."""
        return Fetched(url=url, body=self._bodies[url], content_type="application/rss+xml")

    def leave_alone(self, url: str, *, status: int, until: datetime) -> None:
        """Take note of nothing."""


def feed(items: int, size: int, chance: random.Random) -> bytes:
    """Write an RSS feed of ``items`` full texts of about ``size`` characters."""
    entries = []
    for number in range(items):
        paragraphs = [_sentence(chance) + " " + _sentence(chance) for _ in range(size // 190)]
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        entries.append(
            f"<item><title>{_sentence(chance)[:60]}</title><link>https://example.ru/{chance.getrandbits(60)}</link>"
            f"<guid>n-{number}</guid><pubDate>Sat, 01 Aug 2026 10:00:00 +0300</pubDate>"
            f"<description>{paragraphs[0]}</description><content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )
    content = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {content}><channel><title>t</title>{"".join(entries)}</channel></rss>'.encode()


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_VOCABULARY.split(), k=13)).capitalize() + "."


async def lag_while(work: Awaitable[object]) -> list[float]:
    """Measure how late each tick comes, in seconds, until ``work`` is done."""
    lags: list[float] = []
    done = asyncio.ensure_future(work)
    while not done.done():
        asked = perf_counter()
        await asyncio.sleep(_TICK)
        lags.append(perf_counter() - asked - _TICK)
    await done
    return lags


async def read_only(bodies: dict[str, bytes]) -> list[float]:
    """Parse and normalise all bodies at once, in warm workers; the lags meanwhile."""
    async with Parser(workers=len(bodies)) as parser:
        await asyncio.gather(*(parser.parse(b"<rss/>", now=_NOW) for _ in bodies))
        sources = [_source(url) for url in bodies]
        reading = (
            parser.read_items(Fetched(url=one.spec.url, body=bodies[one.spec.url]), one, now=_NOW) for one in sources
        )
        return await lag_while(asyncio.gather(*reading))


async def polled(bodies: dict[str, bytes], catalogue: Catalogue) -> list[float]:
    """Poll all of them into a new store, tagging and committing too; the lags meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            await open_storage(f"{folder}/lag.db") as storage,
            Parser(workers=len(bodies), modules=["feeds.gist"]) as parser,
        ):
            for url in bodies:
                await storage.news.add_source(SourceSpec(name=url, url=url, lang="ru"), now=_NOW)
            await asyncio.gather(*(parser.parse(b"<rss/>", now=_NOW) for _ in bodies))
            ingest = Ingest(
                store=storage.news,
                reader=PreparedWire(bodies),
                parser=parser,
                catalogue=catalogue,
                clock=lambda: _NOW,
                pace=Pace(),
            )
            return await lag_while(ingest.poll_due())


def _source(url: str) -> Source:
    return Source(id=SourceId(1), spec=SourceSpec(name=url, url=url, lang="ru"), poll=PollState(next_at=_NOW))


def _bodies(kind: str, seed: int) -> dict[str, bytes]:
    chance, (items, size) = random.Random(seed), _FEEDS[kind]
    return {f"https://{name}.example/rss": feed(items, size, chance) for name in ("one", "other")}


def _late(rounds: list[list[float]]) -> tuple[float, float]:
    """Take the medians of each round's 99th percentile and of its worst, in milliseconds."""
    ordered = [sorted(lags) for lags in rounds]
    return median(lags[int(len(lags) * 0.99)] for lags in ordered) * 1000, median(lags[-1] for lags in ordered) * 1000


def main() -> int:
    """Measure each kind of feed; 1 when the loop kept others waiting too long."""
    report, catalogue = Report("lag"), load_catalogue()
    asyncio.run(polled(_bodies("30 items", 0), catalogue))  # whatever is made once is made now
    idle, _ = _late([asyncio.run(lag_while(asyncio.sleep(2))) for _ in range(_ROUNDS)])
    for kind in _FEEDS:
        rounds = [asyncio.run(read_only(_bodies(kind, seed))) for seed in range(_ROUNDS)]
        late, worst = _late(rounds)
        note = f"worst {worst:.0f} ms; {idle:.1f} ms with nothing to do"
        report.add(f"two feeds of {kind} read: lag p99, ms", late, floor=25, target=10, better="lower", note=note)
        late, worst = _late([asyncio.run(polled(_bodies(kind, seed), catalogue)) for seed in range(_ROUNDS)])
        note = f"worst {worst:.0f} ms; tagged and committed too"
        report.add(f"two feeds of {kind} polled: lag p99, ms", late, floor=25, target=10, better="lower", note=note)
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
