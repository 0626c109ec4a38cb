"""A web server of many hosts on this machine that answers by a turned clock and keeps a record of every request.

127.0.0.0/8 is all this machine's, so every host has an address of its own. Knows nothing of the reader it watches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from feeds.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a page says; ``status`` 0 hangs up without a word."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request and what it was told; header names are in lower case."""

    at: datetime
    host: str
    target: str
    method: str
    headers: Mapping[str, str]
    answer: Answer


Page = Callable[[datetime, Mapping[str, str]], Answer]


class FeedServer:
    """Serves pages by host and path; an async context manager. All hosts listen on one ``port``."""

    def __init__(self, clock: Clock) -> None:
        self.record: list[Asked] = []
        self.port = 0
        self._clock = clock
        self._pages: dict[tuple[str, str], Page] = {}
        self._server: asyncio.Server | None = None

    def add(self, host: str, path: str, page: Page) -> str:
        """Put a page at an address, and give that."""
        self._pages[host, path] = page
        return f"http://{host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "0.0.0.0", 0, backlog=1000)  # noqa: S104 - 127.0.0.0/8
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            # One answer each: between two polls lie minutes that no connection outlives.
            answer = self._answer((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            if answer.status:
                writer.write(_composed(answer, self._clock()))
                await writer.drain()
        writer.close()

    def _answer(self, head: str) -> Answer:
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        host = headers["host"].partition(":")[0]
        page = self._pages.get((host, target.partition("?")[0]))
        answer = page(self._clock(), headers) if page else Answer(status=404)
        self.record.append(
            Asked(at=self._clock(), host=host, target=target, method=method, headers=headers, answer=answer)
        )
        return answer


def _composed(answer: Answer, now: datetime) -> bytes:
    headers = {"Date": format_datetime(now, usegmt=True), "Content-Type": "application/rss+xml; charset=utf-8"}
    headers["Connection"] = "close"
    headers |= answer.headers
    if answer.status != 304:
        headers["Content-Length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body
