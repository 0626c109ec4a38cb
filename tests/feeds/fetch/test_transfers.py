"""The client by itself, where a guard can let it reach this machine: sockets, handles, and what goes wrong in them."""

from __future__ import annotations

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from feeds.client import Client, Guard, Head, Want
from feeds.polls import Failed

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]


class Bowl:
    """Takes all of a body."""

    def __init__(self) -> None:
        self.taken = b""

    def feed(self, data: bytes) -> bool:
        self.taken += data
        return True


class Doors:
    """A guard that lets everybody pass and remembers the sockets it made."""

    def __init__(self) -> None:
        self.made: list[socket.socket] = []

    def __call__(self, info: tuple[Any, ...]) -> socket.socket:
        self.made.append(socket.socket(*info[:3]))
        return self.made[-1]

    @property
    def open(self) -> int:
        return sum(one.fileno() >= 0 for one in self.made)


async def ask(
    client: Client,
    url: str,
    choose: Callable[[Head], Want | None] = lambda _: Want(Bowl()),
    found: tuple[str, int, list[str]] | None = None,
) -> Head | Failed:
    return await client.get(url, headers={}, found=found, seconds=5, choose=choose)


def client_with(guard: Guard | None = None) -> Client:
    return Client(headers={}, connect_timeout=5, guard=guard)


async def stalled(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    await asyncio.sleep(600)


async def test_no_socket_stays_open_however_a_request_ends(serve: Serve) -> None:
    begun = asyncio.Event()

    def choose(_: Head) -> Want:
        begun.set()
        return Want(Bowl())

    head, doors = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", Doors()
    slow, whole = await serve(lambda _: stalled(head)), await serve(lambda _: ("200 OK", [], b"<rss/>"))
    async with client_with(doors) as client:
        assert isinstance(await ask(client, whole), Head)
        assert isinstance(await ask(client, slow, lambda _: Want(Bowl(), seconds=0.01)), Head)
        cancelled = asyncio.create_task(ask(client, slow, choose))
        await begun.wait()
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        assert (len(doors.made), doors.open) == (3, 0)


async def test_a_body_belongs_to_who_asked_for_it_and_is_not_kept(serve: Serve) -> None:
    url, bowl = await serve(lambda _: ("200 OK", [], b"<rss/>")), Bowl()
    gone = weakref.ref(bowl)
    gc.disable()
    try:
        async with client_with() as client:
            wanted = [Want(bowl)]
            await ask(client, url, lambda _: wanted[0])
            assert bowl.taken == b"<rss/>"
            wanted.clear()
            del bowl
            assert gone() is None
    finally:
        gc.enable()
