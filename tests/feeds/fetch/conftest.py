"""A small real web server on this machine that answers exactly the bytes a test says."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from feeds.fetch import Fetcher

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Callable[[str], Answer]], Awaitable[str]]]:
    """Start a server that passes the head of each request to a function; gives its address without a path."""
    servers: list[asyncio.Server] = []
    handlers: set[asyncio.Task[None] | None] = set()

    async def start(answer: Callable[[str], Answer]) -> str:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            handlers.add(asyncio.current_task())
            with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                said = answer(head)
                if isinstance(said, tuple):
                    writer.write(_compose(*said))
                else:
                    async for piece in said:
                        writer.write(piece)
                        await writer.drain()
                await writer.drain()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
    for handler in filter(None, handlers):
        handler.cancel()
        with suppress(asyncio.CancelledError):
            await handler


@pytest.fixture
def self_signed(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS as ``localhost``, and the certificate that whoever is to trust it needs."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not there to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    make += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)  # noqa: S603 - ours
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context, certificate


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may ask this machine, with limits small enough for tests."""
    async with Fetcher(
        allow_hosts=frozenset({"127.0.0.1", "localhost"}), max_bytes=100_000, total_timeout=1, host_pause=0
    ) as made:
        yield made


def _compose(status: str, fields: list[str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}", *fields, "Connection: close"]
    if not status.startswith("304") and not any(field.startswith("Transfer-Encoding") for field in fields):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
