"""The sample newsroom, read as a feed reader and a browser would read it."""

from __future__ import annotations

import json
import re
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


async def test_last_modified_is_the_date_of_the_newest_article(
    newsroom: Newsroom, client: aiohttp.ClientSession
) -> None:
    for feed in newsroom.feeds:
        response, _ = await get(client, feed.url)
        newest = max(item["moment"] for item in await items(client, feed.url))
        assert parsedate_to_datetime(response.headers["Last-Modified"]) == newest


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


async def test_a_week_of_drops_is_no_series(newsroom: Newsroom) -> None:
    titles = [re.sub(r"[\d\s.,]+", " ", newsroom.drop().title) for _ in range(40)]
    for start in range(len(titles) - 4):
        assert len(set(titles[start : start + 5])) == 5, titles[start : start + 5]
    assert len(set(titles[:28])) == 28
