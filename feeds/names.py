"""Names to addresses, before a request takes its place among the few on the network: a dead name can take seconds.

The part of ``feeds.fetch`` that its client asks too; whether an address may be asked is not decided here.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

_KEPT_SECONDS: Final = 60.0
_MANY: Final = 5_000
_THREADS: Final = 256
"""Threads that wait for names. At two thousand polls a second, one in fifty to a name that takes five seconds to be
found dead, two hundred wait for dead ones; with fewer the living would stand in line behind them."""


class SystemResolver(AbstractResolver):
    """The system's look-ups in threads of their own: the loop's few are everybody's, and one dead name holds one."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        def look_up() -> list[ResolveResult]:
            infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
            return [
                ResolveResult(hostname=host, host=str(to[0]), port=port, family=kind, proto=proto, flags=numeric)
                for kind, _, proto, _, to in infos
            ]

        return await asyncio.get_running_loop().run_in_executor(self._threads, look_up)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Names(AbstractResolver):
    """Remembers for a minute what a resolver found, so that the client need not wait for what was looked up before."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver
        self._found: dict[str, tuple[float, Sequence[ResolveResult]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        until, found = self._found.get(host, (0.0, ()))
        if until < monotonic():
            found = await self._resolver.resolve(host, 0, family)
            if len(self._found) >= _MANY:
                self._found.clear()
            self._found[host] = (monotonic() + _KEPT_SECONDS, found)
        return [ResolveResult(**{**one, "port": port}) for one in found]

    async def close(self) -> None:
        await self._resolver.close()
