"""The newsroom as a web server: validators, compression, what it remembers, and the paths that misbehave."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from bot.sandbox.broken_feeds import HUGE_BYTES
from bot.sandbox.clock import TurnableClock
from bot.sandbox.newsroom import Newsroom
from bot.sandbox.outlets import FeedFormat, load_outlets

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
FORMATS = {outlet.name: outlet.format for outlet in load_outlets()}


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(NOON)


@pytest.fixture
async def newsroom(clock: TurnableClock) -> AsyncIterator[Newsroom]:
    async with Newsroom(clock) as opened:
        yield opened


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": "identity"}) as session:
        yield session


async def get(client: aiohttp.ClientSession, url: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.get(url, headers=named, allow_redirects=False) as response:
        return response, await response.read()


@pytest.mark.parametrize("fmt", list(FeedFormat))
async def test_an_unchanged_feed_is_not_sent_twice(
    newsroom: Newsroom, client: aiohttp.ClientSession, fmt: FeedFormat
) -> None:
    url = next(feed.url for feed in newsroom.feeds if FORMATS[feed.name] is fmt)
    first, _ = await get(client, url)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Content-Type"].partition(";")[0] == fmt.media_type
    for conditions in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"other", W/{etag}'},
        {"If_Modified_Since": modified},
        {"If_None_Match": etag, "If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        again, body = await get(client, url, **conditions)
        assert (again.status, body, again.headers["ETag"]) == (304, b"", etag)


async def test_an_etag_that_differs_outweighs_a_date_that_does_not(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    url = newsroom.feeds[0].url
    first, _ = await get(client, url)
    again, _ = await get(client, url, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])
    assert again.status == 200


async def test_gzip_is_sent_to_those_who_accept_it(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    url = newsroom.feeds[0].url
    plain, body = await get(client, url)
    packed, small = await get(client, url, Accept_Encoding="br;q=1, gzip;q=0.8")
    refused, _ = await get(client, url, Accept_Encoding="gzip;q=0")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small) == body
    assert len(small) < len(body)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in refused.headers
    known, _ = await get(client, url, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert known.status == 304


async def test_head_answers_as_get_without_the_body(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    url = newsroom.feeds[0].url
    whole, body = await get(client, url)
    async with client.head(url) as response:
        assert await response.read() == b""
        assert response.headers["ETag"] == whole.headers["ETag"]
        assert int(response.headers["Content-Length"]) == len(body)


@pytest.mark.parametrize("path", ["/nowhere", "/nobody/rss.xml", "/avtopolka/none", "/avtopolka/pictures/x.png"])
async def test_an_unknown_path_is_not_found(newsroom: Newsroom, client: aiohttp.ClientSession, path: str) -> None:
    response, _ = await get(client, newsroom.url + path)
    assert response.status == 404
    assert (newsroom.requests[-1].path, newsroom.requests[-1].status) == (path, 404)


async def test_requests_are_remembered_with_their_headers(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    await get(client, newsroom.feeds[0].url + "?a=1", User_Agent="Reader/1", If_None_Match='"x"')
    moment, method, path, headers, status = newsroom.requests[-1]
    assert (method, path, status) == ("GET", "/avtopolka/rss.xml?a=1", 200)
    assert (headers["user-agent"], headers["if-none-match"]) == ("Reader/1", '"x"')
    assert abs(moment - NOON) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("path", "status", "header"),
    [
        ("down", 503, ""),
        ("html", 200, "Content-Type: text/html; charset=utf-8"),
        ("empty", 200, "Content-Length: 0"),
        ("notxml", 200, "Content-Type: application/rss+xml; charset=utf-8"),
        ("loop", 302, "Location: /broken/loop?turn=1"),
        ("loop?turn=41", 302, "Location: /broken/loop?turn=42"),
        ("gone", 410, ""),
        ("challenge", 403, "cf-mitigated: challenge"),
        ("flood", 429, "Retry-After: 30"),
    ],
)
async def test_a_broken_path_misbehaves_as_it_says(
    newsroom: Newsroom, client: aiohttp.ClientSession, path: str, status: int, header: str
) -> None:
    response, _ = await get(client, f"{newsroom.url}/broken/{path}")
    assert response.status == status
    name, _, value = header.partition(": ")
    assert not header or response.headers[name] == value


async def test_a_moved_feed_leads_to_a_good_one(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    response, _ = await get(client, f"{newsroom.url}/broken/moved")
    assert response.status == 301
    assert (await get(client, response.headers["Location"]))[0].status == 200


async def test_the_huge_feed_is_fifty_megabytes(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    size = 0
    async with client.get(f"{newsroom.url}/broken/huge") as response:
        async for chunk in response.content.iter_chunked(1 << 20):
            size += len(chunk)
    assert HUGE_BYTES <= size < HUGE_BYTES * 1.01


async def test_the_hanging_feed_drips_and_does_not_hold_up_the_stop(
    clock: TurnableClock, client: aiohttp.ClientSession
) -> None:
    newsroom = Newsroom(clock)
    await newsroom.start()
    async with client.get(f"{newsroom.url}/broken/hang") as response:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(response.content.readexactly(10), 1.3)
        began = time.monotonic()
        await newsroom.stop()
        assert time.monotonic() - began < 30


async def test_a_taken_port_is_refused(clock: TurnableClock) -> None:
    async with Newsroom(clock) as first:
        second = Newsroom(clock)
        with pytest.raises(OSError, match="address already in use"):
            await second.start(int(first.url.rpartition(":")[2]))
        await second.stop()


async def test_a_second_start_publishes_afresh(clock: TurnableClock, client: aiohttp.ClientSession) -> None:
    newsroom = Newsroom(clock)
    dates = []
    for _ in range(2):
        async with newsroom:
            response, _body = await get(client, newsroom.feeds[0].url)
            dates.append(parsedate_to_datetime(response.headers["Last-Modified"]))
        clock.advance(timedelta(days=2))
    assert timedelta(days=2) <= dates[1] - dates[0] < timedelta(days=2, minutes=1)
