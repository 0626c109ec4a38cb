"""Whose turn it is: one request at a time to a host with a pause after it, so many at once in all.

A host that answered 429 or 503 is left alone by all its sources for the time it asked (RFC 9110 §10.2.3), or for some
hours when it named none. Knows time and names, not HTTP.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import TracebackType

from feeds.clock import Clock, utc_now

_MANY = 2_000
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A host that asked to be left alone: the status it said so with, and how much of the time is left."""

    status: int
    rest: timedelta


@dataclass(slots=True, kw_only=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    closed_until: datetime = _NEVER
    status: int = 429


class _Turn:
    """One user's turn at a host."""

    def __init__(self, host: _Host, pause: float, clock: Clock) -> None:
        self._host = host
        self._pause = pause
        self._clock = clock
        self._asking = False

    async def __aenter__(self) -> Closed | None:
        host = self._host
        host.users += 1
        try:
            await host.lock.acquire()
        except BaseException:
            host.users -= 1
            raise
        try:
            if host.closed_until is not _NEVER and host.closed_until > (now := self._clock()):
                return Closed(status=host.status, rest=host.closed_until - now)
            if (wait := host.free_at - monotonic()) > 0:
                await asyncio.sleep(wait)
        except BaseException:
            self._leave()
            raise
        self._asking = True
        return None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._asking:
            self._host.free_at = monotonic() + self._pause
        self._leave()

    def _leave(self) -> None:
        self._host.lock.release()
        self._host.users -= 1


class Hosts:
    """The queue before every host. Kept in memory: whoever stores when a host may be asked again says so at a start."""

    def __init__(self, *, concurrency: int, clock: Clock = utc_now) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    def close(self, name: str, *, status: int, until: datetime) -> None:
        """Let nobody ask this host until then; a longer wait already asked for stays."""
        host = self._host(name)
        host.closed_until = max(host.closed_until, until)
        host.status = status

    def turn(self, name: str, *, pause: float) -> AbstractAsyncContextManager[Closed | None]:
        """Wait for the turn; gives Closed if the host must not be asked now. ``pause`` is in seconds."""
        return _Turn(self._host(name), pause, self._clock)

    def slot(self) -> AbstractAsyncContextManager[None]:
        """One of the few places on the network, to be taken last: who waits for a host must not hold up the others."""
        return self._slots

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= _MANY:
                self._forget_idle()
            host = self._hosts[name] = _Host()
        return host

    def _forget_idle(self) -> None:
        now, moment = monotonic(), self._clock()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or host.free_at > now or host.closed_until > moment
        }
