"""The client by itself, where a guard can let it reach this machine: sockets, handles, and what goes wrong in them."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import pytest

from feeds.addresses import ForbiddenAddressError
from feeds.client import Client, Guard, Head, Want
from feeds.polls import Failed, FailureKind
from tests.waiting import until

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


@pytest.mark.parametrize("part", ["head", "body"])
async def test_a_mistake_of_who_reads_an_answer_is_raised_and_no_answer(part: str, serve: Serve) -> None:
    class Clumsy:
        def feed(self, data: bytes) -> bool:
            raise KeyError(data)

    def choose(head: Head) -> Want:
        return Want(Clumsy()) if part == "body" else Want(Bowl(), seconds=float(head.headers["X"]))

    url = await serve(lambda _: ("200 OK", [], b"<rss/>"))
    async with client_with() as client:
        with pytest.raises(KeyError):
            await ask(client, url, choose)
        assert isinstance(await ask(client, url), Head), "and the next is answered"


async def test_blank_lines_before_an_answer_are_a_lost_connection_and_nothing_is_printed(
    serve: Serve, capfd: pytest.CaptureFixture[str]
) -> None:
    url = await serve(lambda _: stalled(b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<rss/>"))
    async with client_with() as client:
        outcome = await ask(client, url)
    assert isinstance(outcome, Failed)
    assert outcome.kind is FailureKind.CONNECT
    assert capfd.readouterr().err == ""


async def test_a_socket_that_cannot_be_made_is_told_in_the_systems_words(capfd: pytest.CaptureFixture[str]) -> None:
    def none_left(_: tuple[Any, ...]) -> socket.socket:
        raise OSError(errno.EMFILE, "")

    async with client_with(none_left) as client:
        outcome = await ask(client, "http://127.0.0.1/")
    assert outcome == Failed(kind=FailureKind.CONNECT, detail="Too many open files")
    assert capfd.readouterr().err == ""


async def test_a_name_with_a_private_address_too_is_forbidden_only_where_no_other_was_tried(
    unused_tcp_port: int, serve: Serve
) -> None:
    def half(info: tuple[Any, ...]) -> socket.socket:
        if info[4][0] == "127.0.0.9":
            raise ForbiddenAddressError
        return socket.socket(*info[:3])

    port = int((await serve(lambda _: ("200 OK", [], b"<rss/>"))).rpartition(":")[2])
    kinds: list[FailureKind | None] = []
    async with client_with(half) as client:
        for to, addresses in (
            (port, ["127.0.0.9", "127.0.0.1"]),
            (unused_tcp_port, ["127.0.0.9", "127.0.0.1"]),
            (port, ["127.0.0.9"]),
        ):
            name = f"n{len(kinds)}.example.ru"
            outcome = await ask(client, f"http://{name}:{to}/", found=(name, to, addresses))
            kinds.append(outcome.kind if isinstance(outcome, Failed) else None)
    assert kinds == [None, FailureKind.CONNECT, FailureKind.FORBIDDEN_ADDRESS]


async def test_addresses_that_cannot_be_read_fail_their_own_request_only(serve: Serve) -> None:
    url = await serve(lambda _: ("200 OK", [], b"<rss/>"))
    async with client_with() as client:
        assert isinstance(
            await ask(client, "http://odd.example.ru/", found=("odd.example.ru", 80, ["nonsense"])), Failed
        )
        assert isinstance(await ask(client, url), Head)


@asynccontextmanager
async def keeping(last: bytes | None, requests: list[bytes], open_ones: set[object]) -> AsyncIterator[int]:
    """Serve on a port of this machine: as often as asked, or once and then ``last`` for the next request."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        with suppress(asyncio.IncompleteReadError):
            while True:
                requests.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
                if last is not None:
                    requests.append(await reader.readuntil(b"\r\n\r\n"))
                    writer.write(last)
                    break
        writer.close()
        await writer.wait_closed()
        open_ones.discard(writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await until(lambda: not open_ones, "all closed with the client")


async def test_of_idle_connections_a_hundred_are_kept() -> None:
    connections: set[object] = set()
    async with keeping(None, [], connections) as port, client_with() as client:
        for number in range(150):
            name = f"n{number}.example.ru"
            assert isinstance(await ask(client, f"http://{name}:{port}/", found=(name, port, ["127.0.0.1"])), Head)
        await until(lambda: len(connections) == 100, "a hundred connections")


@pytest.mark.parametrize("last", [b"", b"HTTP/1.1 2"])
async def test_a_request_on_a_connection_just_closed_is_made_once_more(last: bytes) -> None:
    requests: list[bytes] = []
    bowl, doors = Bowl(), Doors()
    async with keeping(last, requests, set()) as port, client_with(doors) as client:
        assert isinstance(await ask(client, f"http://127.0.0.1:{port}/1"), Head)
        assert isinstance(await ask(client, f"http://127.0.0.1:{port}/2", lambda _: Want(bowl)), Head)
    assert [request.split()[1] for request in requests] == [b"/1", b"/2", b"/2"]
    assert (bowl.taken, len(doors.made)) == (b"<rss/>", 2), "the guard made the second socket too"


async def test_a_server_that_connects_and_says_nothing_in_tls_has_the_time_for_connecting_only(serve: Serve) -> None:
    url, began = (await serve(lambda _: stalled())).replace("http:", "https:"), monotonic()
    async with Client(headers={}, connect_timeout=0.1) as client:
        assert await ask(client, url) == Failed(kind=FailureKind.TIMEOUT)
    assert monotonic() - began < 4, "less than the time for all"


async def test_of_many_addresses_the_first_that_answers_serves(serve: Serve) -> None:
    with socket.socket() as silent, socket.socket() as queued:
        port = int((await serve(lambda _: ("200 OK", [], b"<rss/>"))).rpartition(":")[2])
        silent.bind(("127.0.0.2", port))
        silent.listen(0)
        queued.connect(("127.0.0.2", port))  # fills its queue: who comes next is not answered
        found = ("many.example.ru", port, ["127.0.0.2", "127.0.0.3", "127.0.0.1"])
        async with client_with() as client:
            assert isinstance(await ask(client, f"http://many.example.ru:{port}/", found=found), Head)
