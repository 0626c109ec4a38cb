from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import NoReturn

import brotli
import pytest

from feeds.clock import utc_now
from feeds.fetch import Fetcher
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]


def kind_of(outcome: FetchOutcome) -> FailureKind:
    assert isinstance(outcome, Failed), outcome
    return outcome.kind


async def pieces(*parts: bytes, every: float = 0.0) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(every)


async def test_a_body_that_drips_is_given_up_when_the_time_is_over(serve: Serve, fetcher: Fetcher) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    began = monotonic()
    url = await serve(lambda _: pieces(head, *[b"."] * 1000, every=0.02))
    assert await fetcher.fetch(url) == Failed(kind=FailureKind.TIMEOUT)
    assert 0.9 < monotonic() - began < 10


async def test_headers_that_drip_are_given_up_too(serve: Serve, fetcher: Fetcher) -> None:
    url = await serve(lambda _: pieces(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 1000, every=0.02))
    assert kind_of(await fetcher.fetch(url)) is FailureKind.TIMEOUT


async def test_the_time_is_for_all_hops_together(serve: Serve, fetcher: Fetcher) -> None:
    count = iter(range(9))
    url = await serve(
        lambda _: pieces(b"HTTP/1.1 302 Found\r\n", f"Location: /{next(count)}\r\n\r\n".encode(), every=0.4)
    )
    assert kind_of(await fetcher.fetch(url)) is FailureKind.TIMEOUT
    assert next(count) < 5


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_a_bomb_stops_at_the_limit(encoding: str, serve: Serve, fetcher: Fetcher) -> None:
    pack = {
        "gzip": gzip.compress,
        "br": lambda data: brotli.compress(data, quality=1),
        "deflate": zlib.compress,
    }
    bomb = pack[encoding](bytes(50_000_000))
    outcome = await fetcher.fetch(await serve(lambda _: ("200 OK", [f"Content-Encoding: {encoding}"], bomb)))
    assert outcome == Failed(kind=FailureKind.TOO_LARGE, status=200, detail="100000")


async def test_a_body_too_large_is_not_read_whether_it_says_so_or_not(serve: Serve, fetcher: Fetcher) -> None:
    announced = await serve(lambda _: ("200 OK", [], bytes(100_001)))
    endless = await serve(lambda _: pieces(b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(60_000)] * 50))
    fitting = await serve(lambda _: ("200 OK", [], bytes(100_000)))
    assert kind_of(await fetcher.fetch(announced)) is FailureKind.TOO_LARGE
    assert kind_of(await fetcher.fetch(endless)) is FailureKind.TOO_LARGE
    assert isinstance(await fetcher.fetch(fitting), Fetched)


async def test_a_body_that_ends_too_early_is_a_lost_connection(serve: Serve, fetcher: Fetcher) -> None:
    short = await serve(lambda _: pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>"))
    chunked = await serve(
        lambda _: pieces(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nnonsense")
    )
    torn = await serve(lambda _: ("200 OK", ["Content-Encoding: gzip"], gzip.compress(b"<rss/>" * 99)[:-20]))
    for url in (short, chunked, torn):
        assert kind_of(await fetcher.fetch(url)) is FailureKind.CONNECT


async def test_speech_that_is_not_http_and_silence_are_lost_connections(serve: Serve, fetcher: Fetcher) -> None:
    for spoken in (b"SSH-2.0-OpenSSH_9.6\r\n", b"", b"HTTP/1.1 200 OK\r\n"):
        assert kind_of(await fetcher.fetch(await serve(lambda _, said=spoken: pieces(said)))) is FailureKind.CONNECT  # type: ignore[misc]


async def test_a_port_where_nobody_listens_is_a_connection_failure(unused_tcp_port: int, fetcher: Fetcher) -> None:
    assert kind_of(await fetcher.fetch(f"http://127.0.0.1:{unused_tcp_port}/")) is FailureKind.CONNECT


async def test_a_name_nobody_knows_is_a_dns_failure_with_the_systems_words() -> None:
    class Nobody:
        async def resolve(self, _host: str) -> NoReturn:
            raise OSError(None, "Name or service not known")

        def close(self) -> None:
            pass

    async with Fetcher(resolver=Nobody()) as fetcher:
        outcome = await fetcher.fetch("https://nobody.example.com/rss")
    assert outcome == Failed(kind=FailureKind.DNS, detail="Name or service not known")


@pytest.mark.parametrize(
    "url", ["", "rss", "ftp://example.ru/", "http://", "http://exa mple.ru/", "http://" + "a" * 99 + ".ru"]
)
async def test_what_is_no_web_address_is_a_value_not_an_exception(url: str) -> None:
    async with Fetcher(total_timeout=2) as fetcher:
        assert kind_of(await fetcher.fetch(url)) in {FailureKind.BAD_ADDRESS, FailureKind.DNS}


async def test_a_certificate_nobody_vouches_for_is_refused(
    self_signed: tuple[ssl.SSLContext, Path], fetcher: Fetcher
) -> None:
    context, _ = self_signed
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        outcome = await fetcher.fetch(f"https://localhost:{server.sockets[0].getsockname()[1]}/")
    assert isinstance(outcome, Failed)
    assert outcome.kind is FailureKind.TLS
    assert "self-signed certificate" in outcome.detail


@pytest.mark.parametrize(
    ("status", "header", "page", "told"),
    [
        ("404 Not Found", "X: y", b"<title>\n Page   &laquo;gone&raquo;\n</title>", (FailureKind.HTTP, "Page «gone»")),
        ("404 Not Found", "X: y", "<h1>Нет такой</h1>".encode("cp1251"), (FailureKind.HTTP, "Нет такой")),
        ("500 Oops", "X: y", b"<p>nothing sensible", (FailureKind.HTTP, "Oops")),
        (
            "502 Bad Gateway",
            "Content-Encoding: gzip",
            gzip.compress(b"<title>nginx</title>", mtime=0),
            (FailureKind.HTTP, "nginx"),
        ),
        ("502 Bad Gateway", "Content-Encoding: gzip", b"\x1f\x8bbroken", (FailureKind.HTTP, "Bad Gateway")),
        ("401 Unauthorized", "X: y", b'{"error": "no key"}', (FailureKind.HTTP, '{"error": "no key"}')),
        ("403 No", "X: y", b"x" * 999, (FailureKind.HTTP, "x" * 200)),
        ("204 No Content", "X: y", b"", (FailureKind.HTTP, "No Content")),
        ("410 Gone", "X: y", b"<title>Closed for good</title>", (FailureKind.GONE, "Closed for good")),
        ("403 Forbidden", "X: y", b"<title>Just a moment...</title>", (FailureKind.CHALLENGE, "Just a moment...")),
        ("403 Forbidden", "CF-Mitigated: challenge", b"", (FailureKind.CHALLENGE, "")),
        ("503 Busy", "X: y", b"<title>DDoS-Guard</title>", (FailureKind.CHALLENGE, "DDoS-Guard")),
    ],
)
async def test_a_refusal_is_told_with_the_servers_own_words(
    status: str, header: str, page: bytes, told: tuple[FailureKind, str], *, serve: Serve, fetcher: Fetcher
) -> None:
    outcome = await fetcher.fetch(await serve(lambda _: (status, [header], page)))
    assert outcome == Failed(kind=told[0], status=int(status[:3]), detail=told[1])


@pytest.mark.parametrize(
    "fields",
    [["Retry-After: 120"], ["Retry-After: Sun, 06 Nov 1994 08:51:37 GMT", "Date: Sun, 06 Nov 1994 08:49:37 GMT"]],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_retry_after_holds_for_the_whole_host(
    status: str, fields: list[str], serve: Serve, fetcher: Fetcher
) -> None:
    heads: list[str] = []

    def answer(head: str) -> Answer:
        heads.append(head)
        return status, fields, b""

    base = await serve(answer)
    first, second = await fetcher.fetch(base + "/a"), await fetcher.fetch(base + "/b")
    assert isinstance(first, Failed)
    assert isinstance(second, Failed)
    assert first.retry_after == timedelta(minutes=2)
    assert second.retry_after
    assert timedelta(seconds=110) < second.retry_after <= timedelta(minutes=2)
    assert second.status == first.status == int(status[:3])
    assert (first.unasked, second.unasked) == (False, True)
    assert len(heads) == 1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_without_retry_after_the_whole_host_has_four_hours(status: str, serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(lambda _: (status, [], b""))
    await fetcher.fetch(base + "/a")
    second = await fetcher.fetch(base + "/b")
    assert isinstance(second, Failed)
    assert second.unasked
    assert second.retry_after
    assert timedelta(hours=3.9) < second.retry_after <= timedelta(hours=4)


async def test_what_a_host_demanded_of_an_earlier_process_is_obeyed(serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(lambda _: ("200 OK", [], b"<rss/>"))
    fetcher.leave_alone(base + "/a", status=503, until=utc_now() + timedelta(hours=1))
    outcome = await fetcher.fetch(base + "/b")
    assert isinstance(outcome, Failed)
    assert (outcome.status, outcome.unasked) == (503, True)
