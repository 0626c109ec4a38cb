"""Which source is polled when its time has come: claimed as there is room, one at a time for each host.

A host that is slow, or that a thousand sources share, takes one place and holds up nobody else. Knows neither network
nor parser: what a poll is, it is told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from feeds.addresses import site_of
from feeds.clock import Clock
from feeds.model import Source, SourceId
from feeds.pipeline import NewsStore

LEASE = timedelta(minutes=10)
ROOM = 400
"""How many hosts may be busy at once, waiting for the network or for a commit."""
IDLE = 5.0
"""Seconds after which a round looks for what became due while slow hosts are still busy."""

Poll = Callable[[Source], Awaitable[None]]


class Round:
    """Polls every source that is due, and what becomes due meanwhile; ``poll`` must not raise."""

    def __init__(self, *, store: NewsStore, clock: Clock, poll: Poll, idle: float = IDLE) -> None:
        self._store = store
        self._clock = clock
        self._poll = poll
        self._idle = idle
        self._queues: dict[str, deque[Source]] = {}
        self._under_way: set[SourceId] = set()
        self._wake = asyncio.Event()
        self._dry = False

    async def run(self) -> None:
        """Work until nothing is due and nothing under way."""
        async with asyncio.TaskGroup() as hosts:
            while True:
                self._wake.clear()
                await self._claim(hosts)
                if not self._queues:
                    return
                await self._wait()

    async def _claim(self, hosts: asyncio.TaskGroup) -> None:
        while (room := ROOM - len(self._queues)) > 0:
            claimed = await self._store.claim_due_sources(now=self._clock(), limit=room, lease=LEASE)
            for source in claimed:
                self._enqueue(source, hosts)
            self._dry = len(claimed) < room
            if self._dry:
                return

    def _enqueue(self, source: Source, hosts: asyncio.TaskGroup) -> None:
        if source.id in self._under_way:
            return  # its lease ran out while it waited for its host's turn, and we have just taken it again
        self._under_way.add(source.id)
        site = site_of(source.spec.url)
        if site in self._queues:
            self._queues[site].append(source)
            return
        self._queues[site] = deque([source])
        hosts.create_task(self._serve(site))

    async def _serve(self, site: str) -> None:
        queue = self._queues[site]
        while queue:
            source = queue.popleft()
            await self._poll(source)
            self._under_way.discard(source.id)
        del self._queues[site]
        if not self._queues or (not self._dry and len(self._queues) <= ROOM // 2):
            self._wake.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._idle):
                await self._wake.wait()
        except TimeoutError:
            return
