"""A web server in a process of its own, for benchmarks: 304 to whoever is conditional, else a small feed."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FEED = b'<rss version="2.0"><channel><title>t</title><item><title>t</title><link>https://e.example/1</link></item>'
_FEED = FEED + b"</channel></rss>"
_HEAD = b'Connection: close\r\nETag: "a"\r\n'
_NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n" + _HEAD + b"\r\n"
_OK = b"HTTP/1.1 200 OK\r\n" + _HEAD + b"Content-Length: %d\r\n\r\n" % len(_FEED) + _FEED


class _Speaker(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self._transport, asyncio.Transport)  # noqa: S101 - a TCP connection's
        self._transport.write(_NOT_MODIFIED if b"If-None-Match" in data else _OK)
        self._transport.close()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Speaker, "0.0.0.0", 0, backlog=4000)  # noqa: S104 - all of 127.0.0.0/8
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def web_server() -> Iterator[int]:
    """Run the server; gives its port on every address of this machine."""
    command = [sys.executable, "-m", "bench.webserver"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout is not None  # noqa: S101 - it was opened with a pipe
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def host(number: int) -> str:
    """Give one of many addresses that are all this machine's."""
    return socket.inet_ntoa((0x7F020000 + number).to_bytes(4, "big"))


if __name__ == "__main__":
    asyncio.run(_serve())
