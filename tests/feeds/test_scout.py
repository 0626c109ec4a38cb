"""Over the local newsroom, and over a scripted network where the sites are the big ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from bot.sandbox.newsroom import Newsroom
from feeds.clock import utc_now
from feeds.discover import Discovery, Hopeless
from feeds.fetch import Fetcher
from feeds.model import Source, SourceId, SourceSpec, StoryId, Telling
from feeds.polls import Failed, FailureKind, Fetched, FetchOutcome, PollState
from feeds.scout import MOST_REQUESTS, Scout
from feeds.workers import Parser

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
CHANNEL = "UC" + "a" * 22
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Primer</title><entry><id>1</id><title>A video of a car</title>'
    '<link href="https://example.com/v/1"/><updated>2026-07-31T10:00:00Z</updated></entry></feed>'
)


class Net:
    """A network of a few pages; everything else is 404."""

    def __init__(self, pages: Mapping[str, FetchOutcome | str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str, *, accept: str = "") -> FetchOutcome:  # noqa: ARG002 - the protocol's
        self.asked.append(url)
        answer = self.pages.get(url, Failed(kind=FailureKind.HTTP, status=404))
        return Fetched(url=url, body=answer.encode()) if isinstance(answer, str) else answer


@pytest.fixture
async def parsing() -> AsyncIterator[Parser]:
    async with Parser() as made:
        yield made


async def find(net: Net, parsing: Parser, typed: str) -> Discovery:
    return await Scout(network=net, parsing=parsing, clock=lambda: NOW).find(typed)


def rss(*links: str) -> str:
    items = "".join(f"<item><title>Новость {link}</title><link>{link}</link></item>" for link in links)
    return f'<rss version="2.0"><channel><title>Пример</title>{items}</channel></rss>'


def page(head: str = "", body: str = "", title: str = "Пример") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def alternate(href: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}">'


async def test_a_newsrooms_front_page_leads_to_its_feed(parsing: Parser) -> None:
    async with Newsroom(utc_now) as newsroom, Fetcher(allow_hosts=frozenset({"127.0.0.1"})) as fetcher:
        scout = Scout(network=fetcher, parsing=parsing, clock=utc_now)
        found = await scout.find(f"{newsroom.url}/klyuch-na-start/")
        assert [candidate.url for candidate in found.candidates] == [f"{newsroom.url}/klyuch-na-start/rss.xml"]
        told = found.candidates[0].appraisal
        assert (told.name, told.lang, len(told.headlines)) == ("Ключ на старт", "ru", 3)
        assert found.asked == 2


async def test_an_address_that_is_a_feed_takes_one_request(parsing: Parser) -> None:
    net = Net({"https://example.ru/rss": rss("https://example.ru/1")})
    found = await find(net, parsing, "https://example.ru/rss")
    assert (len(found.candidates), found.asked) == (1, 1)


async def test_no_more_than_three_feeds_are_offered(parsing: Parser) -> None:
    feeds = {f"https://example.ru/{n}.xml": rss(f"https://example.ru/a/{n}") for n in range(6)}
    net = Net({"https://example.ru/": page("".join(alternate(url) for url in feeds)), **feeds})
    found = await find(net, parsing, "https://example.ru/")
    assert [candidate.url for candidate in found.candidates] == list(feeds)[:3]
    assert len(net.asked) == 4


async def test_without_a_declared_feed_the_usual_places_are_tried_until_one_answers(parsing: Parser) -> None:
    net = Net({"https://example.ru/news/": page(), "https://example.ru/rss.xml": rss("https://example.ru/1")})
    found = await find(net, parsing, "https://example.ru/news/")
    assert [candidate.url for candidate in found.candidates] == ["https://example.ru/rss.xml"]
    assert net.asked[1:] == ["https://example.ru/rss", "https://example.ru/feed", "https://example.ru/rss.xml"]


async def test_a_site_without_a_feed_costs_a_handful_of_requests(parsing: Parser) -> None:
    declared = "".join(alternate(f"/dead/{n}") for n in range(20))
    net = Net({"https://example.ru/": page(declared)})
    found = await find(net, parsing, "https://example.ru/")
    assert found.candidates == ()
    assert found.failure == Failed(kind=FailureKind.HTML, detail="Пример")
    assert len(net.asked) == found.asked == MOST_REQUESTS


async def test_a_site_that_refuses_is_not_pressed(parsing: Parser) -> None:
    refused = Failed(kind=FailureKind.HTTP, status=429)
    net = Net({"https://example.ru/": page(), "https://example.ru/rss": refused})
    await find(net, parsing, "https://example.ru/")
    assert net.asked == ["https://example.ru/", "https://example.ru/rss"]


async def test_a_site_without_tls_is_asked_without_it(parsing: Parser) -> None:
    unreached = Failed(kind=FailureKind.CONNECT)
    net = Net({"https://example.ru/rss": unreached, "http://example.ru/rss": rss("https://example.ru/1")})
    found = await find(net, parsing, "example.ru/rss")
    assert [candidate.url for candidate in found.candidates] == ["http://example.ru/rss"]


async def test_a_youtube_handle_leads_to_its_channels_feed(parsing: Parser) -> None:
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
    handle = page(body=f'<script>var data = {{"externalId":"{CHANNEL}"}}</script>')
    net = Net({"https://www.youtube.com/@primer": handle, feed: ATOM})
    found = await find(net, parsing, "https://www.youtube.com/@primer")
    assert [candidate.url for candidate in found.candidates] == [feed]


async def test_a_telegram_channel_is_a_source(parsing: Parser) -> None:
    message = (
        '<section class="tgme_channel_history"><div class="tgme_widget_message js-widget_message" data-post="primer/7">'
        '<div class="tgme_widget_message_text js-message_text">Новость канала</div></div></section>'
    )
    net = Net({"https://t.me/s/primer": page('<meta property="og:title" content="Пример">', message)})
    found = await find(net, parsing, "@primer")
    assert [(one.url, one.appraisal.headlines) for one in found.candidates] == [
        ("https://t.me/s/primer", ("Новость канала",))
    ]


async def test_a_telegram_name_without_a_page_is_not_looked_for_in_usual_places(parsing: Parser) -> None:
    net = Net({"https://t.me/s/primer": page(title="Telegram: Contact @primer")})
    found = await find(net, parsing, "t.me/primer")
    assert found.failure == Failed(kind=FailureKind.HTML, detail="Telegram: Contact @primer")
    assert len(net.asked) == 1


async def test_what_cannot_be_an_address_asks_nobody(parsing: Parser) -> None:
    net = Net({})
    assert (await find(net, parsing, "просто слова")).failure is Hopeless.NOT_AN_ADDRESS
    assert net.asked == []


async def test_a_feed_whose_articles_are_stored_under_another_address_is_known(parsing: Parser) -> None:
    spec = SourceSpec(name="Пример", url="https://feeds.example.com/primer", lang="ru")
    source = Source(id=SourceId(5), spec=spec, poll=PollState(next_at=NOW), given_url=spec.url)

    async def tellings(urls: Sequence[str]) -> Sequence[Telling]:
        return [
            Telling(story_id=StoryId(1), source_id=SourceId(5), url=url, title="", title_key="", published_at=NOW)
            for url in urls
        ]

    net = Net({"https://example.ru/rss": rss("https://example.ru/1", "https://example.ru/2")})
    scout = Scout(network=net, parsing=parsing, clock=lambda: NOW)
    found = await scout.find("https://example.ru/rss", sources=[source], tellings=tellings)
    assert found.candidates[0].same_as == source


async def test_what_stands_in_the_way_is_said(parsing: Parser) -> None:
    net = Net({"https://example.ru/": Failed(kind=FailureKind.CHALLENGE, status=403)})
    assert (await find(net, parsing, "https://example.ru/")).failure == Failed(kind=FailureKind.CHALLENGE, status=403)
