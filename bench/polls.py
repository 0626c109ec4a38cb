"""Sources that answer 304: how fast they are polled, what dead names cost, how much memory ten thousand take."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp

from bench.webserver import host, web_server
from feeds.fetch import FEED_TYPES, USER_AGENT, Fetcher
from feeds.ingest import Ingest, PollReport
from feeds.model import SourceSpec
from feeds.parse import Parser
from feeds.polling import Pace
from feeds.polls import NextPollReason, PollState, Validators
from feeds.topics import load_catalogue
from storage import Storage, open_storage

START: Final = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
AT_ONCE: Final = 20
_HOSTS: Final = 500
_LOOK_UP_SECONDS: Final = 0.03
_DEAD_SECONDS: Final = 5.0
_SENT: Final = {
    "User-Agent": USER_AGENT,
    "Accept": FEED_TYPES,
    "Accept-Encoding": "gzip, deflate, br",
    "If-None-Match": '"a"',
}
"""What our reader sends; the bare loop makes the same requests."""


class Polls:
    """A reader with sources that have been polled before; every round finds all of them due."""

    def __init__(self, store: Storage, fetcher: Fetcher, parser: Parser) -> None:
        self._store = store
        self._rounds = 0
        self._ingest = Ingest(
            store=store.news,
            reader=fetcher,
            parser=parser,
            catalogue=load_catalogue(),
            clock=lambda: START + timedelta(days=400 * self._rounds),
            pace=Pace(),
        )

    async def round(self) -> tuple[float, int]:
        """Poll every source; seconds until the last one that answers did, and how many were found unchanged."""
        self._rounds += 1
        unchanged, ended = 0, 0.0

        def count(report: PollReport) -> None:
            nonlocal unchanged, ended
            if report.unchanged:
                unchanged, ended = unchanged + 1, perf_counter()

        began = perf_counter()
        await self._ingest.poll_due(count)
        return ended - began, unchanged


async def prepare(database: str, urls: Sequence[str]) -> None:
    """Fill a store with sources that answered before."""
    async with await open_storage(database) as store:
        await store.news.seed([SourceSpec(name=url, url=url, lang="ru") for url in urls], now=START)
        known = PollState(next_at=START, reason=NextPollReason.INTERVAL, validators=Validators(etag='"a"'))
        await store.news.settle_polls({source.id: known for source in await store.news.sources()})


@asynccontextmanager
async def reader(database: str, *, allow: frozenset[str]) -> AsyncIterator[Polls]:
    """Open a prepared store with all that polls it."""
    async with (
        await open_storage(database) as store,
        Fetcher(allow_hosts=allow, concurrency=AT_ONCE) as fetcher,
        Parser() as parser,
    ):
        yield Polls(store, fetcher, parser)


@asynccontextmanager
async def polls(urls: Sequence[str], *, allow: frozenset[str]) -> AsyncIterator[Polls]:
    """Set such a reader up."""
    with tempfile.TemporaryDirectory() as folder:
        await prepare(f"{folder}/polls.db", urls)
        async with reader(f"{folder}/polls.db", allow=allow) as ours:
            yield ours


async def bare(urls: Sequence[str]) -> float:
    """Make the same requests with nothing around them; seconds."""
    waiting = iter(urls)
    timeout = aiohttp.ClientTimeout(total=30)
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout) as one:

        async def ask() -> None:
            for url in waiting:
                async with one.get(url, headers=_SENT) as response:
                    await response.read()

        began = perf_counter()
        await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
        return perf_counter() - began


async def compare(count: int, rounds: int) -> list[tuple[float, float]]:
    """Poll ``count`` sources and make the bare requests, in turn; the rates of each, per second."""
    with web_server() as port:
        urls = [f"http://{host(number % _HOSTS)}:{port}/{number}" for number in range(count)]
        rates = []
        async with polls(urls, allow=frozenset(map(host, range(_HOSTS)))) as ours:
            for _ in range(rounds):
                plain = count / await bare(urls)
                seconds, unchanged = await ours.round()
                assert unchanged == count, f"{unchanged} of {count}"  # noqa: S101 - or the figure means nothing
                rates.append((count / seconds, plain))
    return rates


async def with_dead_names(count: int, rounds: int) -> list[tuple[float, float]]:
    """Poll as many sources with and without 2 % dead names, in turn; the rates of each, per second."""
    rates = []
    with web_server() as port, _slow_names():
        for number in range(rounds):
            living = [
                f"http://{'dead' if one % 50 == 0 else 'n'}{one}-{number}.example.com:{port}/" for one in range(count)
            ]
            names = frozenset(url.split("/")[2].partition(":")[0] for url in living)
            healthy = [url.replace("//dead", "//n") for url in living]
            every = names | {name.replace("dead", "n") for name in names}
            async with polls(living, allow=every) as ours:
                some_dead = count / (await ours.round())[0]
            async with polls(healthy, allow=every) as ours:
                rates.append((some_dead, count / (await ours.round())[0]))
    return rates


@contextmanager
def _slow_names() -> Iterator[None]:
    """Let the system's look-up take its time: 30 ms, and five seconds for a name that nobody answers for."""
    real = socket.getaddrinfo

    def look_up(name: Any, port: Any, *_: Any, **__: Any) -> Any:
        if str(name).startswith("dead"):
            time.sleep(_DEAD_SECONDS)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        time.sleep(_LOOK_UP_SECONDS)
        return real("127.0.0.1", port, *_, **__)

    socket.getaddrinfo = look_up  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = real


async def _remember(database: str) -> None:
    async with reader(database, allow=frozenset(map(host, range(_HOSTS)))) as ours:
        _, unchanged = await ours.round()
    # Not getrusage: Linux counts what the parent had at the fork.
    status = Path("/proc/self/status").read_text("ascii")  # noqa: ASYNC240
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{peak / 1024} {unchanged} {'aiogram' in sys.modules}\n")


def memory(count: int) -> float:
    """Poll ``count`` sources in a process of its own; the most memory it ever had, in MB."""
    with web_server() as port, tempfile.TemporaryDirectory() as folder:
        urls = [f"http://{host(number % _HOSTS)}:{port}/{number}" for number in range(count)]
        asyncio.run(prepare(f"{folder}/polls.db", urls))
        command = [sys.executable, "-m", "bench.polls", f"{folder}/polls.db"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603 - ours
    assert told[1:] == [str(count), "False"], told  # noqa: S101 - all of them, and without aiogram, as is promised
    return float(told[0])


if __name__ == "__main__":
    asyncio.run(_remember(sys.argv[1]))
