"""``make fuzz``: spoilt feeds through the parser's worker processes and through normalising. Seedable.

Spoils the real feeds of AUTODIGEST_CORPUS, or without it the few of our own here. A fault is an exception that leaves
the parser or ``normalise``, a case that outlives its limit, and a process left behind; a case that the limits end is
none, but is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console

from bench.mutations import mutate
from bench.nasty import NOW, SOURCE, children
from bench.report import Report
from feeds.harvest import Harvest
from feeds.parse import Parser
from feeds.polls import Failed, FailureKind, Fetched

WORKERS: Final = 2
TIME_LIMIT: Final = 2.0
# What killing a worker, starting another and waiting for a turn on a busy machine may add to the limit.
_SLACK: Final = 3.0
_RSS: Final = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Пример</title>
<link>https://example.ru/</link><ttl>30</ttl>
<item><title>Завод показал «Искру» 🚗</title><link>https://example.ru/1</link><guid>n-1</guid>
<pubDate>Пн, 05 авг 2024 10:00:00 MSK</pubDate><media:content url="https://example.ru/a.jpg" medium="image"/>
<description><![CDATA[<p>Первый абзац.</p><h3>Мнение редакции</h3><p>Хорошо.</p>]]></description></item>
<item><title>Цены выросли</title><link>/2</link><description>&lt;p&gt;Второй&lt;/p&gt;</description></item>
</channel></rss>"""
_ATOM: Final = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/"><title>Example</title>
<entry><id>urn:1</id><title type="html">A &lt;b&gt;car&lt;/b&gt;</title><link href="/1"/>
<updated>2024-08-05T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Text &amp; more.</p></div></content></entry></feed>"""
_JSON: Final = """{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": 1, "title": "Т",
"url": "https://example.ru/1", "content_html": "<p>Текст</p>", "date_published": "2024-08-05T10:00:00+03:00"}]}"""


@dataclass(slots=True)
class Tally:
    """What became of the cases."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def feeds_to_spoil() -> list[bytes]:
    """Read the corpus' real feeds, and always our own."""
    own = [text.encode() for text in (_RSS, _ATOM, _JSON)]
    folder = os.environ.get("AUTODIGEST_CORPUS")
    return own + ([path.read_bytes() for path in sorted(Path(folder, "feeds/real").glob("*.xml"))] if folder else [])


async def fuzz(bodies: Sequence[bytes], seeds: Iterator[int], tally: Tally) -> None:
    """Read one spoilt feed for each seed, as many at a time as there are workers."""
    async with Parser(workers=WORKERS, time_limit=TIME_LIMIT) as parser:
        await asyncio.gather(*(_consume(parser, bodies, seeds, tally) for _ in range(WORKERS)))
    if left := children():
        tally.faults.append(f"processes left behind: {left}")


async def _consume(parser: Parser, bodies: Sequence[bytes], seeds: Iterator[int], tally: Tally) -> None:
    for seed in seeds:
        body = mutate(bodies, seed)
        started = time.monotonic()
        try:
            outcome = await parser.read_items(Fetched(url=SOURCE.spec.url, body=body), SOURCE, now=NOW)
        except Exception as error:  # noqa: BLE001 - finding these is what it is for
            tally.faults.append(f"seed {seed}: {type(error).__name__}: {error}"[:300])
            continue
        seconds = time.monotonic() - started
        tally.slowest = max(tally.slowest, seconds)
        if seconds > TIME_LIMIT + _SLACK:
            tally.faults.append(f"seed {seed}: {seconds:.1f} s")
        tally.ends[_end(outcome)] += 1


def _end(outcome: Harvest | Failed) -> str:
    if isinstance(outcome, Failed):
        return outcome.kind.value
    return "items" if outcome.items else "no items"


def main() -> int:
    """Run the cases asked for; 1 when there was a fault."""
    options = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    tally, started = Tally(), time.monotonic()
    asyncio.run(fuzz(feeds_to_spoil(), iter(range(chosen.seed, chosen.seed + chosen.count)), tally))
    seconds = time.monotonic() - started
    killed = tally.ends[FailureKind.PARSE_TIMEOUT.value] + tally.ends[FailureKind.PARSE_CRASH.value]
    report = Report("fuzz")
    ends = ", ".join(f"{count} {end}" for end, count in tally.ends.most_common())
    report.add("faults", len(tally.faults), floor=0, target=0, better="lower", note=ends)
    report.add("ended by the limits", killed, floor=chosen.count / 20, target=chosen.count / 100, better="lower")
    report.add("slowest case, s", tally.slowest, floor=TIME_LIMIT + _SLACK, target=TIME_LIMIT + 1, better="lower")
    report.add("cases/s", chosen.count / seconds, floor=56, target=100, better="higher", note=f"{seconds:.0f} s in all")
    report.write()
    for fault in tally.faults[:30]:
        Console().print(fault, markup=False)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
