"""The least Bot API server, in a process of its own: answers every POST with a whole message, as Telegram does.

``python -m bench.botapi`` prints its port and serves until its input ends. GET tells what has come since the last GET.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from bench.letters import TYPICAL
from bot.markup import plain


@dataclass(slots=True)
class Traffic:
    """When requests came."""

    moments: list[float] = field(default_factory=list)

    def told(self) -> bytes:
        """Say how many came, over how long, and how many in the fullest second; forget them."""
        moments, self.moments = self.moments, []
        first, fullest = 0, 0
        for last, moment in enumerate(moments):
            while moments[first] <= moment - 1.0:
                first += 1
            fullest = max(fullest, last - first + 1)
        seconds = moments[-1] - moments[0] if moments else 0.0
        return json.dumps({"count": len(moments), "seconds": seconds, "fullest": fullest}).encode()


class Connection(asyncio.Protocol):
    """One keep-alive connection; knows of HTTP what aiohttp's client sends."""

    def __init__(self, traffic: Traffic, message: bytes) -> None:
        self._traffic = traffic
        self._message = message
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  what TCP gives
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            place = head.find(b"content-length:")
            length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            if head.startswith(b"get"):
                self._answer(self._traffic.told())
            else:
                self._traffic.moments.append(time.monotonic())
                self._answer(self._message % len(self._traffic.moments))
            self._buffer = self._buffer[end + 4 + length :]

    def _answer(self, body: bytes) -> None:
        if self._transport is not None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write(head % len(body) + body)


def whole_message() -> bytes:
    """Write what ``sendMessage`` returns for a typical issue, with a place for the message id."""
    text = plain(TYPICAL.document)
    entities = [
        {"offset": 40 * number, "length": 24, "type": "text_link", "url": f"https://koleso.example/news/2026/{number}/"}
        if number % 2
        else {"offset": 40 * number, "length": 24, "type": "bold"}
        for number in range(len(text) // 40)
    ]
    me = {"id": 42, "is_bot": True, "first_name": "Autodigest", "username": "autodigest_bot"}
    chat = {"id": 100, "first_name": "Анна", "type": "private"}
    keyboard = [[{"text": "⚙️ Настройки", "callback_data": "i:1:0"}]]
    message = {"message_id": 0, "from": me, "chat": chat, "date": 1795000000, "text": text, "entities": entities}
    body = json.dumps({"ok": True, "result": message | {"reply_markup": {"inline_keyboard": keyboard}}})
    return body.replace("%", "%%").replace('"message_id": 0', '"message_id": %d').encode()


async def serve() -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    traffic, message = Traffic(), whole_message()
    server = await loop.create_server(lambda: Connection(traffic, message), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start the server in another process; yields its address."""
    command = [sys.executable, "-m", "bench.botapi"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101
        assert process.stdin is not None  # noqa: S101
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


async def traffic(address: str) -> dict[str, float]:
    """Ask a server what came since it was last asked."""
    async with aiohttp.ClientSession() as client, client.get(address) as answer:
        told: dict[str, float] = await answer.json()
        return told


if __name__ == "__main__":
    asyncio.run(serve())
