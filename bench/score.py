"""``make score``: a fortnight of polling in simulated time, with restarts, as the servers saw it.

The reader is the real one: ingest, fetcher, parser, store and polling; only its clock is turned. It is closed and
opened again, store and all, every few hours, and now and then the operator polls by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from bench.cases import Case, set_up
from bench.feedserver import FeedServer
from bench.judge import Judge, Marks, totals
from bench.newsroom import START
from bench.report import Report
from feeds.fetch import Fetcher
from feeds.ingest import Ingest
from feeds.model import Source, SourceSpec
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.topics import Catalogue, load_catalogue
from storage import Storage, open_storage

STEP = timedelta(minutes=10)
RESTARTS = timedelta(hours=7)
PACE = Pace(minimum=timedelta(hours=1))
"""Fewer requests than the default makes, for a whole fortnight in less than a minute."""
MEMORY = Path("/dev/shm")  # noqa: S108
"""A disk's own slowness is not the question here."""
BY_HAND = timedelta(hours=31)


@dataclass(slots=True)
class TurnedClock:
    """A clock that stands still until it is turned."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What the servers recorded and what the reader has at the end."""

    cases: list[Case]
    judge: Judge
    sources: dict[str, Source] = field(default_factory=dict)
    lost: int = 0
    restarts: int = 0
    seconds: float = 0.0


class Simulation:
    """Runs the reader from one due moment to the next."""

    def __init__(self, database: Path, server: FeedServer, cases: list[Case], clock: TurnedClock) -> None:
        self._database = database
        self._specs = [SourceSpec(name=case.newsroom.name, url=case.url, lang="ru") for case in cases]
        self._server = server
        self._clock = clock
        self._catalogue: Catalogue = load_catalogue()

    async def run(self, length: timedelta) -> int:
        """Poll for so long; how many times the reader was started."""
        end, starts = START + length, 0
        async with Parser() as parser:
            while self._clock.now < end:
                starts += 1
                async with self._reader(parser) as (store, ingest):
                    await self._live(store, ingest, until=min(end, self._clock.now + RESTARTS))
        return starts

    @asynccontextmanager
    async def _reader(self, parser: Parser) -> AsyncIterator[tuple[Storage, Ingest]]:
        allowed = frozenset(f"127.0.1.{number}" for number in range(1, 100))
        async with (
            await open_storage(str(self._database)) as store,
            Fetcher(allow_hosts=allowed, clock=self._clock, connect_timeout=30, total_timeout=30) as fetcher,
        ):
            await store.news.release_sources()
            await store.news.seed(self._specs, now=self._clock.now)
            yield (
                store,
                Ingest(
                    store=store.news,
                    reader=fetcher,
                    parser=parser,
                    catalogue=self._catalogue,
                    clock=self._clock,
                    pace=PACE,
                    readers=_nobody,
                ),
            )

    async def _live(self, store: Storage, ingest: Ingest, *, until: datetime) -> None:
        while self._clock.now < until:
            if (self._clock.now - START) % BY_HAND < timedelta(minutes=20):
                before = self._clock.now - PACE.minimum
                await store.news.hasten(polled_before=before, now=self._clock.now)
            await ingest.poll_due()
            self._clock.now = min(self._clock.now + STEP, until)


async def simulate(length: timedelta) -> Outcome:
    """Run all cases for so long."""
    clock, began = TurnedClock(), process_time()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:  # noqa: ASYNC240
        async with FeedServer(clock) as server:
            cases = set_up(server)
            simulation = Simulation(Path(folder) / "score.db", server, cases, clock)
            restarts = await simulation.run(length)
        wishes = {_address(case.url): (case.quiet, case.ttl) for case in cases}
        judge = Judge(wishes, shortest=PACE.minimum)
        judge.mark(server.record)
        outcome = Outcome(cases=cases, judge=judge, restarts=restarts)
        async with await open_storage(f"{folder}/score.db", exclusive=False) as store:
            outcome.sources = {source.spec.name: source for source in await store.news.sources()}
            outcome.lost = await _lost(store, outcome)
    outcome.seconds = process_time() - began
    return outcome


async def _lost(store: Storage, outcome: Outcome) -> int:
    """Count the articles that were in a feed when it was last read and are not in the store."""
    stories = await store.news.recent_stories(since=START - timedelta(days=1))
    have = {told.item.url for story in stories for told in story.items}
    lost = 0
    for case in outcome.cases:
        read = outcome.sources[case.newsroom.name].poll.succeeded_at
        if case.complete and read is not None:
            count = case.newsroom.published(read - START)
            lost += sum(f"https://{case.newsroom.name}.example/{number}" not in have for number in range(count))
    return lost


async def _nobody() -> int:
    return 0


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def show(outcome: Outcome) -> None:
    """Print a line for each address that was asked."""
    names = {_address(case.url): case.newsroom.name for case in outcome.cases}
    columns = list(Marks.__dataclass_fields__)
    table = Table(title="What each address saw", title_justify="left")
    table.add_column("address")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    table.add_column("in the end")
    for address, marks in outcome.judge.marks.items():
        source = outcome.sources.get(names.get(address, ""))
        end = f"{source.poll.reason}{' moved' if source.spec.url != source.given_url else ''}" if source else ""
        values = [str(getattr(marks, column)) for column in columns]
        table.add_row(
            names.get(address, address), *values, f"{end} {'merged' if source and source.merged_into else ''}"
        )
    Console(width=160).print(table)


def report(outcome: Outcome) -> Report:
    """Gather the score's columns."""
    total, marks = totals(outcome.judge.marks.values()), outcome.judge.marks.values()
    made = Report("score")
    made.add(
        "unconditional requests, at most by an address that has validators",
        max(one.unconditional for one in marks),
        floor=1,
        target=1,
        better="lower",
        note=f"{total.requests:,} requests, {outcome.restarts} starts",
    )
    for name, value in (
        ("validators out of sequence", total.out_of_sequence),
        ("validators made up", total.made_up),
        ("early polls", total.early),
        ("useless headers, parameters, methods", total.useless),
        ("requests after a 410", total.after_410),
        ("articles lost", outcome.lost),
        ("moves that are wrong", len(wrong_moves(outcome))),
    ):
        made.add(name, value, floor=0, target=0, better="lower")
    made.add("processor seconds", outcome.seconds, floor=60, target=30, better="lower")
    return made


def wrong_moves(outcome: Outcome) -> list[str]:
    """Name the sources that moved and should not have, or the other way round."""
    should = {"301-that-holds", "308-that-holds"}
    sources = outcome.sources.values()
    moved = {source.spec.name for source in sources if source.spec.url != source.given_url}
    merged = {source.spec.name for source in sources if source.merged_into is not None}
    return sorted((moved ^ should) | (merged ^ {"301-to-another-source"}))


def main() -> int:
    """Run the fortnight, or as many days as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=14)
    outcome = asyncio.run(simulate(timedelta(days=parser.parse_args().days)))
    show(outcome)
    made = report(outcome)
    made.write()
    return 0 if made.holds else 1


if __name__ == "__main__":
    sys.exit(main())
