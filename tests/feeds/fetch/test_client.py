"""What libcurl is asked to do, seen from the other end of the wire."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.fetch import Fetcher
from feeds.polls import Failed, FailureKind, Fetched, NotModified, Validators

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]
FEED = b"<rss version='2.0'><channel/></rss>"
ODDITIES = (
    *(b"HTTP/1.1", b"HTTP/2", b" 200", b" 304", b" 999", b" OK", b"\r\n", b"\n", b"\0", b"\r\n\r\n", b"x" * 300),
    *(b"ETag: \xff\x85\r\n", b"Location: //\r\n", b"Content-Length: 99999999999999999999\r\n", b" folded\r\n"),
)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def stalled(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    await asyncio.sleep(600)


async def test_a_connection_serves_the_hosts_next_request_too() -> None:
    connections = requests = 0
    ended = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections, requests
        connections += 1
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                requests += 1
                writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        writer.close()
        ended.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with Fetcher(allow_hosts=frozenset({"127.0.0.1"}), host_pause=0) as fetcher:
            for _ in range(3):
                assert isinstance(await fetcher.fetch(url, validators=Validators(etag='"a"')), NotModified)
        await ended.wait()
    assert (connections, requests) == (1, 3)


async def test_a_redirect_is_followed_without_waiting_for_its_page(serve: Serve, fetcher: Fetcher) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /rss\r\nContent-Length: 99\r\n\r\n"
    base = await serve(lambda head: ("200 OK", [], FEED) if "/rss" in head else stalled(moved))
    began = monotonic()
    assert isinstance(await fetcher.fetch(base), Fetched)
    assert monotonic() - began < 0.9, "less than the time limit"


async def test_an_error_page_that_never_ends_is_read_as_far_as_it_came(serve: Serve, fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9999\r\n\r\n"
    for page, words in ((b"<title>No such feed</title>", "No such feed"), (b"", "Not Found")):
        url = await serve(lambda _, said=head + page: stalled(said))  # type: ignore[misc]
        assert await fetcher.fetch(url) == Failed(kind=FailureKind.HTTP, status=404, detail=words)


async def test_hints_before_an_answer_and_trailers_after_it_are_no_part_of_it(serve: Serve, fetcher: Fetcher) -> None:
    hints = b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\nLink: </a.css>\r\n\r\n'
    head = b'HTTP/1.1 200 OK\r\nETag: "it"\r\nTransfer-Encoding: chunked\r\n\r\n'
    chunks = b'5\r\n<rss>\r\n6\r\n</rss>\r\n0\r\nETag: "late"\r\n\r\n'
    outcome = await fetcher.fetch(await serve(lambda _: pieces(hints, head, chunks)))
    assert isinstance(outcome, Fetched)
    assert (outcome.body, outcome.validators.etag) == (b"<rss></rss>", '"it"')


async def test_a_field_named_like_a_status_is_a_field(serve: Serve, fetcher: Fetcher) -> None:
    head = b'HTTP/1.1 200 OK\r\nETag: "it"\r\nHTTP/1.1: 304 Not Modified\r\nContent-Length: 6\r\n\r\n<rss/>'
    outcome = await fetcher.fetch(await serve(lambda _: pieces(head)), validators=Validators(etag='"a"'))
    assert isinstance(outcome, Fetched)
    assert outcome.validators.etag == '"it"'


@pytest.mark.parametrize("status", [b"2000 OK", b"101 Switching Protocols"])
async def test_a_status_that_is_no_answer_is_told_as_none(status: bytes, serve: Serve, fetcher: Fetcher) -> None:
    url = await serve(lambda _: pieces(b"HTTP/1.1 " + status + b"\r\n\r\n<rss/>"))
    assert await fetcher.fetch(url) == Failed(kind=FailureKind.CONNECT, detail="not an answer in HTTP")


async def test_the_environments_proxies_are_not_asked(
    serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    assert isinstance(await fetcher.fetch(await serve(lambda _: ("200 OK", [], FEED))), Fetched)


class Book:
    """A name server that knows the same addresses for every name, and who asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses or ("127.0.0.1",)
        self.asked: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self.addresses

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "spelt", ["feeds.example.ru", "FEEDS.Example.ru", "feeds.example.ru.", "\u0444\u0438\u0434\u044b.\u0440\u0444"]
)
async def test_however_a_name_is_spelt_only_our_look_up_is_asked(spelt: str, serve: Serve) -> None:
    port, book = (await serve(lambda _: ("200 OK", [], FEED))).rpartition(":")[2], Book()
    async with Fetcher(allow_hosts=frozenset({spelt}), resolver=book) as fetcher:
        assert isinstance(await fetcher.fetch(f"http://{spelt}:{port}/rss"), Fetched)
    assert len(book.asked) == 1


async def test_an_address_of_a_single_link_spoils_none_of_the_others(serve: Serve) -> None:
    port, exempt = (await serve(lambda _: ("200 OK", [], FEED))).rpartition(":")[2], frozenset({"nas.example.ru"})
    url = f"http://nas.example.ru:{port}/rss"
    async with Fetcher(allow_hosts=exempt, resolver=Book("fe80::1%lo", "127.0.0.1")) as fetcher:
        assert isinstance(await fetcher.fetch(url), Fetched)
    async with Fetcher(allow_hosts=exempt, resolver=Book("fe80::1%lo")) as fetcher:
        assert await fetcher.fetch(url) == Failed(kind=FailureKind.DNS, detail="no address but of a single link")


async def test_a_certificate_that_the_machine_was_told_to_trust_is_trusted(
    self_signed: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + FEED)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    async with server, Fetcher(allow_hosts=frozenset({"localhost"})) as fetcher:
        outcome = await fetcher.fetch(f"https://localhost:{server.sockets[0].getsockname()[1]}/")
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == FEED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(ODDITIES),
            max_size=30,
        ).map(b"".join),
    )
)
def test_no_head_makes_the_reader_raise(head: bytes) -> None:
    async def ask() -> None:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            ended.set()

        ended = asyncio.Event()
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server, Fetcher(allow_hosts=frozenset({"127.0.0.1"}), total_timeout=5) as fetcher:
            await fetcher.fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            await ended.wait()

    asyncio.run(ask())
