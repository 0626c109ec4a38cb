"""What one issue for very many costs: ``python -m bench.fanout``. Subscribers share 200 choices of topics.

Everybody is due in the same minute: composing and enqueuing is timed, with the memory it takes and how long the event
loop kept others waiting; then the tick that finds nothing due. Each size has a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from bench.lag import lag_while
from bench.letters import CHOICES, NOW, story
from bench.report import Report
from bot.garbage import spare_what_stays
from feeds.issue import ChatKind, ChatState, OutboxState
from feeds.model import Item, SourceSpec, StoryDraft
from feeds.polls import NextPollReason, PollState
from feeds.publish import Publish
from feeds.topics import Catalogue, load_catalogue
from storage import Storage, open_storage
from storage.engine import Database
from storage.tables import chats

STORIES = 400
TICKS = 200
SIZES = (1_000, 10_000, 20_000, 100_000)
MEGABYTE = 2**20


async def tell_news(store: Storage, catalogue: Catalogue) -> None:
    """Store a day's news about everything there is a theme for."""
    chance, themes = random.Random(5), [theme.id for theme in catalogue.themes]
    for number in range(8):
        spec = SourceSpec(name=f"Колесо {number}", url=f"https://koleso.example/{number}", lang="ru")
        source = await store.news.add_source(spec, now=NOW)
        drafts = []
        for index in range(STORIES // 8):
            told = story(number * 1000 + index)
            item = Item(
                source_id=source.id,
                key=told.url,
                url=told.url,
                title=told.headline,
                title_key=told.headline,
                summary=told.summary,
                text=told.summary * 20,
                text_hash=told.url,
                lang="ru",
                published_at=NOW - timedelta(minutes=chance.randrange(1400)),
            )
            drafts.append(StoryDraft(story_id=None, items=(item,), topics=tuple(chance.sample(themes, 2))))
        poll = PollState(next_at=NOW, reason=NextPollReason.INTERVAL, polled_at=NOW)
        await store.news.commit_poll(source.id, poll, drafts=drafts, fingerprint=catalogue.fingerprint, now=NOW)


async def subscribe(database: Database, catalogue: Catalogue, count: int, *, next_at: datetime = NOW) -> None:
    """Let so many subscribe to one of the choices, all for the same minute."""
    chance, themes = random.Random(6), [theme.id for theme in catalogue.themes]
    choices = [sorted(chance.sample(themes, chance.randint(1, 5))) for _ in range(CHOICES)]
    common: dict[str, Any] = {
        "kind": ChatKind.PRIVATE,
        "lang": "ru",
        "reads": ["ru"],
        "zone": "Europe/Moscow",
        "state": ChatState.ACTIVE,
        "words": [],
        "times": [480],
        "next_at": next_at,
        "created_at": NOW,
    }
    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        values = [common | {"telegram_id": 1000 + n, "topics": choices[n % CHOICES]} for n in numbers]
        async with database.transaction() as connection:
            await connection.execute(insert(chats), values)


async def fan_out(count: int) -> dict[str, float]:
    """Publish one issue to so many, in a process that treats its garbage as the bot does; what it cost."""
    catalogue = load_catalogue()
    spare_what_stays()
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{Path(folder) / 'fanout.db'}") as store:
            await tell_news(store, catalogue)
            await subscribe(store._database, catalogue, count)  # noqa: SLF001  nobody subscribes 100,000 one by one
            publish = Publish(
                news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=lambda: NOW
            )
            before, began, burnt = _memory(), time.perf_counter(), time.process_time()
            lags = sorted(await lag_while(publish.publish_due()))
            took, burnt = time.perf_counter() - began, time.process_time() - burnt
            waiting = (await store.outbox.counts())[OutboxState.PENDING]
            ticks = []
            for _ in range(TICKS):
                began = time.perf_counter()
                await publish.publish_due()
                ticks.append(time.perf_counter() - began)
    return {
        "count": count,
        "enqueued": waiting,
        "seconds": took,
        "cpu": burnt,
        "grown": _memory() - before,
        "lag": lags[int(len(lags) * 0.99)] * 1000,
        "worst": lags[-1] * 1000,
        "tick": median(ticks) * 1000,
    }


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def report_all(found: dict[int, dict[str, float]]) -> bool:
    """Print what was measured; whether it is good enough."""
    report = Report("fanout")
    for size, one in found.items():
        lost = size - one["enqueued"]
        report.add(f"lost of {size:,}", lost, floor=0, target=0, better="lower")
        note = f"{one['cpu'] / size * 1e6:.0f} µs of processor each, {one['grown']:.0f} MB more at the peak"
        report.add(f"seconds for {size:,}", one["seconds"], floor=600, target=size / 5000, better="lower", note=note)
        note = f"worst {one['worst']:.0f} ms"
        report.add(f"loop lag p99 at {size:,}, ms", one["lag"], floor=50, target=25, better="lower", note=note)
    small, great = found[10_000], found[100_000]
    ratio = (great["seconds"] / great["count"]) / (small["seconds"] / small["count"])
    report.add("seconds for one at 100,000 to one at 10,000", ratio, floor=1.2, target=1.1, better="lower")
    ratio = (great["cpu"] / great["count"]) / (small["cpu"] / small["count"])
    report.add("processor time for one, the same", ratio, floor=1.2, target=1.1, better="lower")
    growth = great["grown"] - small["grown"]
    report.add("MB more at 100,000 than at 10,000", growth, floor=100, target=30, better="lower")
    tick = great["tick"] / found[1_000]["tick"]
    note = f"{great['tick']:.2f} ms to {found[1_000]['tick']:.2f} ms"
    report.add("idle tick at 100,000 to 1,000", tick, floor=1.5, target=1.2, better="lower", note=note)
    report.write()
    return report.holds


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all sizes, each in its own process; or one size, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, help="measure this one here")
    options = parser.parse_args(arguments)
    if options.size:
        sys.stdout.write(json.dumps(asyncio.run(fan_out(options.size))))
        return 0
    found = {}
    for size in SIZES:
        command = [sys.executable, "-m", "bench.fanout", "--size", str(size)]
        found[size] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    return 0 if report_all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
