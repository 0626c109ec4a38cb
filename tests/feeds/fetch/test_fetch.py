from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import brotli
import pytest

from feeds.fetch import Fetcher
from feeds.polls import Failed, FailureKind, Fetched, NotModified, Validators
from tests.waiting import PATIENCE

Answer = tuple[str, list[str], bytes] | AsyncIterator[bytes]
Serve = Callable[[Callable[[str], Answer]], Awaitable[str]]

FEED = b"<rss version='2.0'><channel/></rss>"


def fields(head: str) -> dict[str, str]:
    lines = head.strip().split("\r\n")[1:]
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}


async def test_a_first_contact_sends_these_headers_and_no_other(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(head: str) -> Answer:
        heads.append(head)
        return "200 OK", ["Set-Cookie: id=1"], FEED

    base = await serve(answer)
    await fetcher.fetch(base + "/rss?a=%7E&&b", readers=312)
    await fetcher.fetch(base + "/rss?a=%7E&&b")
    assert heads[0].startswith("GET /rss?a=%7E&&b HTTP/1.1\r\n")
    assert set(fields(heads[0])) == set(fields(heads[1])) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert fields(heads[0])["User-Agent"].endswith("; 312 subscribers)")
    assert fields(heads[0])["Accept-Encoding"] == "gzip, deflate, br"


async def test_an_answer_carries_all_that_later_stages_need(serve: Serve, fetcher: Fetcher) -> None:
    given = ['ETag: W/"a;b"', "Last-Modified: Tue, 1 Sep 2026", "Cache-Control: max-age=600", "Age: 60"]
    url = await serve(lambda _: ("200 OK", [*given, "Content-Type: Text/XML; Charset=Windows-1251"], FEED)) + "/rss"
    outcome = await fetcher.fetch(url)
    assert isinstance(outcome, Fetched)
    assert (outcome.url, outcome.body, outcome.content_type, outcome.charset) == (
        url,
        FEED,
        "text/xml",
        "Windows-1251",
    )
    assert outcome.validators == Validators(etag='W/"a;b"', last_modified="Tue, 1 Sep 2026")
    assert outcome.max_age == timedelta(minutes=9)
    assert not outcome.moved_permanently
    assert timedelta(0) < outcome.elapsed < timedelta(seconds=1)


async def test_validators_go_back_byte_for_byte_and_a_304_brings_new_ones(serve: Serve, fetcher: Fetcher) -> None:
    heads: list[str] = []

    def answer(head: str) -> Answer:
        heads.append(head)
        return "304 Not Modified", ["ETag: new", "Cache-Control: max-age=60"], b""

    validators = Validators(etag='W/"odd \u00e9', last_modified="yesterday, about noon")
    outcome = await fetcher.fetch(await serve(answer), validators=validators)
    sent = fields(heads[0].encode("latin-1").decode())
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"odd \u00e9', "yesterday, about noon")
    assert isinstance(outcome, NotModified)
    assert outcome.validators == Validators(etag="new")
    assert outcome.max_age == timedelta(minutes=1)


async def test_an_etag_that_could_not_be_sent_back_as_it_came_is_not_kept(serve: Serve, fetcher: Fetcher) -> None:
    outcome = await fetcher.fetch(await serve(lambda _: ("200 OK", ["ETag: \u00e9"], FEED)))
    assert isinstance(outcome, Fetched)
    assert outcome.validators == Validators()


async def test_a_304_to_an_unconditional_request_is_a_failure(serve: Serve, fetcher: Fetcher) -> None:
    outcome = await fetcher.fetch(await serve(lambda _: ("304 Not Modified", [], b"")))
    assert outcome == Failed(kind=FailureKind.HTTP, status=304, detail="Not Modified")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("gzip", gzip.compress(FEED[:9], mtime=0) + gzip.compress(FEED[9:], mtime=0) + b"\0\0padding"),
        ("x-gzip", gzip.compress(FEED, mtime=0)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", raw_deflate(FEED)),
        ("br", brotli.compress(FEED)),
        ("gzip", FEED),
        ("", gzip.compress(FEED, mtime=0)),
        ("utf-8", FEED),
    ],
)
async def test_every_encoding_seen_in_the_wild_is_unpacked(
    encoding: str, body: bytes, serve: Serve, fetcher: Fetcher
) -> None:
    header = [f"Content-Encoding: {encoding}"] if encoding else []
    outcome = await fetcher.fetch(await serve(lambda _: ("200 OK", header, body)))
    assert isinstance(outcome, Fetched)
    assert outcome.body == FEED


async def test_one_host_is_asked_one_request_at_a_time(serve: Serve) -> None:
    busy = most = 0

    async def slowly() -> AsyncIterator[bytes]:
        nonlocal busy, most
        busy, most = busy + 1, max(most, busy + 1)
        await asyncio.sleep(0.02)
        busy -= 1
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    base = await serve(lambda _: slowly())
    async with Fetcher(allow_hosts=frozenset({"127.0.0.1"})) as fetcher:
        outcomes = await asyncio.gather(*(fetcher.fetch(f"{base}/{n}") for n in range(5)))
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)
    assert most == 1


async def test_a_feed_address_as_browsers_wrote_it_is_understood(serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(lambda _: ("200 OK", [], FEED))
    for url in (base.replace("http:", "feed:"), f"feed:{base}/", f" {base}\n"):
        assert isinstance(await fetcher.fetch(url), Fetched)


async def test_a_name_is_looked_up_by_the_system(serve: Serve, fetcher: Fetcher) -> None:
    base = await serve(lambda _: ("200 OK", [], FEED))
    assert isinstance(await fetcher.fetch(base.replace("127.0.0.1", "localhost")), Fetched)


async def test_cancelling_a_fetch_gives_its_turn_to_the_next(serve: Serve, fetcher: Fetcher) -> None:
    async def hang() -> AsyncIterator[bytes]:
        hung.set()
        yield b"HTTP/1.1 200 OK\r\n"
        await asyncio.sleep(600)

    hung = asyncio.Event()
    base = await serve(lambda head: hang() if "/hang" in head else ("200 OK", [], FEED))
    hanging = asyncio.create_task(fetcher.fetch(base + "/hang"))
    await hung.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with asyncio.timeout(PATIENCE):
        assert isinstance(await fetcher.fetch(base + "/rss"), Fetched)


class Telephone:
    """Knows one name, and takes ages over every other."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(self, host: str) -> list[str]:
        self.asked.append(host)
        if host != "known.example.ru":
            await asyncio.sleep(60)
        return ["127.0.0.1"]

    def close(self) -> None:
        pass


async def test_dead_names_hold_up_nobody_and_living_ones_are_looked_up_once(serve: Serve) -> None:
    port = (await serve(lambda _: ("200 OK", [], b"<rss/>"))).rpartition(":")[2]
    names, telephone = frozenset(f"{name}.example.ru" for name in ("known", "a", "b")), Telephone()
    async with Fetcher(allow_hosts=names, resolver=telephone, concurrency=1, connect_timeout=2) as fetcher:
        dead = [asyncio.create_task(fetcher.fetch(f"http://{name}.example.ru:{port}/")) for name in "ab"]
        await asyncio.sleep(0)
        for _ in range(2):
            outcome = await fetcher.fetch(f"http://known.example.ru:{port}/")
            assert isinstance(outcome, Fetched)
        assert not any(one.done() for one in dead)
        assert await asyncio.gather(*dead) == [Failed(kind=FailureKind.TIMEOUT)] * 2
    assert sorted(telephone.asked) == ["a.example.ru", "b.example.ru", "known.example.ru"]
