"""The sample newsroom, read as a feed reader and a browser would read it."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from calendar import timegm
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import pytest

from bot.sandbox.broken_feeds import HUGE_BYTES
from bot.sandbox.clock import TurnableClock
from bot.sandbox.newsroom import Newsroom
from bot.sandbox.outlets import FeedFormat, Opinion, OpinionMarkup, load_outlets

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
OUTLETS = {outlet.name: outlet for outlet in load_outlets()}
# Namespaces are names, not addresses: nobody fetches them.
NAMESPACES = {"www.w3.org", "purl.org", "news.yandex.ru", "jsonfeed.org"}


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


async def items(client: aiohttp.ClientSession, url: str) -> list[dict[str, Any]]:
    """Read the feed at `url` as dictionaries with title, link, moment and body."""
    response, body = await get(client, url)
    if "json" in response.headers["Content-Type"]:
        return [
            {
                "title": item["title"],
                "link": item["url"],
                "moment": datetime.fromisoformat(item["date_published"]),
                "body": item["content_html"],
            }
            for item in json.loads(body)["items"]
        ]
    parsed = feedparser.parse(body, response_headers={"content-type": response.headers["Content-Type"]})
    assert not parsed.bozo
    return [
        {
            "title": entry.title,
            "link": entry.link,
            "moment": datetime.fromtimestamp(timegm(entry.published_parsed), UTC),
            "body": entry.content[0].value if "content" in entry else entry.get("yandex_full-text", entry.summary),
        }
        for entry in parsed.entries
    ]


async def all_items(newsroom: Newsroom, client: aiohttp.ClientSession) -> list[dict[str, Any]]:
    return [item | {"feed": feed.name} for feed in newsroom.feeds for item in await items(client, feed.url)]


def feed_of(newsroom: Newsroom, fmt: FeedFormat) -> str:
    return next(feed.url for feed in newsroom.feeds if OUTLETS[feed.name].format is fmt)


async def test_the_samples_are_enough_for_a_digest(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    told = await all_items(newsroom, client)
    russian = [item for item in told if OUTLETS[item["feed"]].lang == "ru"]
    assert len(told) >= 30
    assert len(russian) >= 0.6 * len(told)
    assert {OUTLETS[feed.name].format for feed in newsroom.feeds} == set(FeedFormat)
    assert Counter(feed.lang for feed in newsroom.feeds) == {"ru": 3, "en": 2}


async def test_everything_is_from_the_last_thirty_hours_by_the_clock(
    newsroom: Newsroom, client: aiohttp.ClientSession, clock: TurnableClock
) -> None:
    for item in await all_items(newsroom, client):
        assert clock() - timedelta(hours=30) < item["moment"] <= clock()


async def test_one_story_is_told_under_the_same_title_by_two_outlets(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    told = await all_items(newsroom, client)
    outlets = Counter(title for title, _feed in {(item["title"], item["feed"]) for item in told})
    repeated = {title for title, times in outlets.items() if times == 2}
    assert "Leapmotor и FAW будут вместе производить электромобили" in repeated
    assert len(repeated) >= 3
    assert sum("Leapmotor" in item["title"] for item in told) >= 4


async def test_one_feed_lists_an_article_twice_under_links_that_differ_in_their_marks(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    links = Counter(item["link"] for item in await all_items(newsroom, client))
    assert set(links.values()) == {1}
    bare = Counter(link.partition("?utm_")[0] for link in links)
    assert [times for times in bare.values() if times > 1] == [2]


def test_opinions_come_in_every_mark_up_and_both_languages() -> None:
    for lang in ("ru", "en"):
        outlets = [outlet for outlet in OUTLETS.values() if outlet.lang == lang]
        told = [one for outlet in outlets for one in (*outlet.articles, *outlet.later)]
        markups = {one.opinion.markup for one in told if one.opinion}
        assert markups == set(OpinionMarkup)
    started = [one for outlet in OUTLETS.values() for one in outlet.articles]
    assert sum(one.opinion is not None for one in started) >= 5


def test_every_opinion_stands_under_a_heading_its_outlet_declares() -> None:
    for outlet in OUTLETS.values():
        for one in (*outlet.articles, *outlet.later):
            if one.opinion is not None:
                assert one.opinion.heading in outlet.opinion_headings
            assert len(one.related) == 2


async def test_each_feed_carries_as_much_text_as_its_format_promises(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    for feed in newsroom.feeds:
        longest = max(len(item["body"]) for item in await items(client, feed.url))
        assert (longest > 700) == (OUTLETS[feed.name].format is not FeedFormat.RSS)


async def test_the_cp1251_feed_says_so_in_its_declaration_and_in_its_header(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    response, body = await get(client, feed_of(newsroom, FeedFormat.RSS_CONTENT))
    assert body.startswith(b'<?xml version="1.0" encoding="windows-1251"?>')
    assert response.headers["Content-Type"] == "application/rss+xml; charset=windows-1251"
    assert "Мнение «Автополки»" in body.decode("windows-1251")


@pytest.mark.parametrize("fmt", list(FeedFormat))
async def test_an_unchanged_feed_is_not_sent_twice(
    newsroom: Newsroom, client: aiohttp.ClientSession, fmt: FeedFormat
) -> None:
    url = feed_of(newsroom, fmt)
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


async def test_last_modified_is_the_date_of_the_newest_article(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    for feed in newsroom.feeds:
        response, _ = await get(client, feed.url)
        newest = max(item["moment"] for item in await items(client, feed.url))
        assert parsedate_to_datetime(response.headers["Last-Modified"]) == newest


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


async def test_a_dropped_article_appears_now_in_its_feed_with_a_new_etag(
    newsroom: Newsroom, client: aiohttp.ClientSession, clock: TurnableClock
) -> None:
    before = {feed.name: (await get(client, feed.url))[0].headers["ETag"] for feed in newsroom.feeds}
    clock.advance(timedelta(hours=5))
    dropped = newsroom.drop()
    feed = next(feed for feed in newsroom.feeds if feed.name == dropped.outlet)
    response, _ = await get(client, feed.url, If_None_Match=before[feed.name])
    first = (await items(client, feed.url))[0]
    assert response.status == 200
    assert (first["title"], first["link"]) == (dropped.title, dropped.url)
    assert timedelta() <= clock() - first["moment"] < timedelta(seconds=5)
    assert (await get(client, dropped.url))[0].status == 200


async def test_drops_hold_one_story_of_two_outlets_and_never_run_out(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    held = sum(len(outlet.later) for outlet in OUTLETS.values())
    dropped = [newsroom.drop() for _ in range(held + 20)]
    assert held >= 6
    assert [len(one.also_in) for one in dropped].count(1) == 1
    assert len({one.url for one in dropped}) == len(dropped)
    assert len({one.title for one in dropped}) == len(dropped)
    titles = {item["title"] for item in await all_items(newsroom, client)}
    assert {one.title for one in dropped} <= titles
    assert not any("{" in title for title in titles)


async def test_every_link_in_feeds_and_pages_leads_to_a_page_of_the_newsroom(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    seen, ahead = set[str](), [f"{newsroom.url}/", *(item["link"] for item in await all_items(newsroom, client))]
    while ahead:
        url = ahead.pop()
        if url not in seen:
            seen.add(url)
            assert url.startswith(f"{newsroom.url}/")
            response, body = await get(client, url)
            assert response.status == 200, url
            assert body
            text = "" if "png" in response.headers["Content-Type"] else body.decode(response.charset or "utf-8")
            found = re.findall(r'\s(?:href|src|url|content)="((?:http|/)[^"]+)"', text)
            ahead += [newsroom.url + link if link.startswith("/") else link for link in found]
    assert len(seen) > 60


async def test_nothing_points_to_a_real_outlet(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    for feed in newsroom.feeds:
        outlet = OUTLETS[feed.name]
        response, body = await get(client, feed.url)
        text = body.decode(outlet.charset)
        hosts = set(re.findall(r"https?://([^/:\"<\s]+)", text)) - NAMESPACES
        assert hosts == {"127.0.0.1"}
        assert outlet.domain.endswith(".example")
        assert "Set-Cookie" not in response.headers


async def test_a_page_is_in_its_language_and_says_that_it_is_sample_material(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    for feed in newsroom.feeds:
        link = (await items(client, feed.url))[0]["link"]
        response, body = await get(client, link)
        page = body.decode(response.charset or "")
        assert f'<html lang="{feed.lang}">' in page
        assert {"ru": "Учебный материал", "en": "Sample material"}[feed.lang] in page
        assert {"ru": "Читайте также", "en": "Read also"}[feed.lang] in page


async def test_pictures_are_small_png_files(newsroom: Newsroom, client: aiohttp.ClientSession) -> None:
    outlet = next(iter(OUTLETS.values()))
    name = next(one.picture for one in outlet.articles if one.picture)
    response, body = await get(client, f"{newsroom.url}/{outlet.slug}/pictures/{name}")
    assert response.headers["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(body) < 5000


@pytest.mark.parametrize("path", ["/nowhere", "/nobody/rss.xml", "/avtopolka/none", "/avtopolka/pictures/x.png"])
async def test_an_unknown_path_is_not_found(newsroom: Newsroom, client: aiohttp.ClientSession, path: str) -> None:
    response, _ = await get(client, newsroom.url + path)
    assert response.status == 404
    assert (newsroom.requests[-1].path, newsroom.requests[-1].status) == (path, 404)


async def test_what_a_test_publishes_is_served_escaped_and_can_be_corrected(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    opinion = Opinion(heading="Our take", text="Fine.", markup=OpinionMarkup.HEADING)
    for slug, title in (("kerbside", "A < B & C ]]> car"), ("avtopolka", "Машина ]]> & «−5»")):
        url = newsroom.publish(slug, title="First", paragraphs=["Text & ]]> text."], slug="mine", opinion=opinion)
        assert newsroom.publish(slug, title=title, paragraphs=["Text & ]]> text."], slug="mine") == url
        feed = next(feed.url for feed in newsroom.feeds if f"/{slug}/" in feed.url)
        listed = [item for item in await items(client, feed) if item["link"] == url]
        assert [item["title"] for item in listed] == [title]
        assert "Text &amp; ]]&gt; text." in listed[0]["body"]
    with pytest.raises(KeyError):
        newsroom.publish("nobody", title="T", paragraphs=[])


async def test_an_article_can_be_published_at_a_moment_of_the_callers(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    yesterday = NOON - timedelta(days=1)
    url = newsroom.publish("kerbside", title="Old", paragraphs=["Text."], published=yesterday)
    response, _ = await get(client, url)
    assert response.headers["Last-Modified"] == format_datetime(yesterday, usegmt=True)


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
        assert time.monotonic() - began < 2


async def test_a_second_start_publishes_afresh_and_a_taken_port_is_refused(clock: TurnableClock) -> None:
    async with Newsroom(clock) as first:
        port = int(first.url.rpartition(":")[2])
        second = Newsroom(clock)
        with pytest.raises(OSError, match="address already in use"):
            await second.start(port)
        await second.stop()


def test_a_wrong_sample_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no outlets"):
        load_outlets(tmp_path)
    (tmp_path / "odd.toml").write_text('name = "Odd"\nslug = "odd"\nformat = "gopher"\n')
    with pytest.raises(ValueError, match=r"odd\.toml"):
        load_outlets(tmp_path)


async def test_a_newsroom_of_ones_own_reviews_even_without_a_review_text(
    tmp_path: Path, clock: TurnableClock, client: aiohttp.ClientSession
) -> None:
    (tmp_path / "one.toml").write_text(
        'name = "One"\nslug = "one"\nlang = "en"\nformat = "atom"\ndomain = "one.example"\ntagline = "Only one"\n'
    )
    async with Newsroom(clock, tmp_path) as newsroom:
        assert await items(client, newsroom.feeds[0].url) == []
        dropped = [newsroom.drop().title for _ in range(3)]
        assert [item["title"] for item in await items(client, newsroom.feeds[0].url)] == dropped[::-1]
