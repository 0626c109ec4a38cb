"""Names to addresses, before a request takes its place among the few on the network: a dead name can take seconds.

The part of ``feeds.fetch`` that knows the system's look-ups; whether an address may be asked is not decided here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Final, Protocol

_KEPT_SECONDS: Final = 60.0
_MANY: Final = 5_000
_THREADS: Final = 256
"""Threads that wait for names. At two thousand polls a second, one in fifty to a name that takes five seconds to be
found dead, two hundred wait for dead ones; with fewer the living would stand in line behind them."""


class Resolver(Protocol):
    """Finds the addresses of names."""

    async def resolve(self, host: str) -> Sequence[str]:
        """Give the literal addresses of a name, the best first, with a zone or without. Raises OSError for none."""

    def close(self) -> None:
        """Let go of what it holds."""


class SystemResolver:
    """The system's look-ups in threads of their own: the loop's few are everybody's, and one dead name holds one."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def resolve(self, host: str) -> Sequence[str]:
        def look_up() -> Sequence[str]:
            infos = socket.getaddrinfo(host, 0, socket.AF_UNSPEC, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            return tuple(dict.fromkeys(str(to[0]) for *_, to in infos))

        return await asyncio.get_running_loop().run_in_executor(self._threads, look_up)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Names:
    """Remembers for a minute what a resolver found."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._found: dict[str, tuple[float, Sequence[str]]] = {}

    def known(self, host: str) -> Sequence[str]:
        """Give what was found less than a minute ago; nothing if it was not."""
        until, found = self._found.get(host, (0.0, ()))
        return found if until >= monotonic() else ()

    async def resolve(self, host: str) -> Sequence[str]:
        """Give the addresses of a name, looked up where need be. Raises OSError where there is none.

        One with a zone (``fe80::1%eth0``) is left out: libcurl can be told none such, and takes none beside it.
        """
        found = self.known(host) or [one for one in await self._resolver.resolve(host) if "%" not in one]
        if not found:
            raise OSError(None, "no address but of a single link")
        if len(self._found) >= _MANY:
            self._found.clear()
        self._found[host] = (monotonic() + _KEPT_SECONDS, found)
        return found

    def close(self) -> None:
        self._resolver.close()
