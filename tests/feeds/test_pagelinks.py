from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import PageLinks
from feeds.pagelinks import read_page_links
from feeds.polls import Failed, FailureKind

PAGE = "https://example.ru/news/today"


def links(head: str = "", body: str = "", url: str = PAGE) -> tuple[str, ...]:
    page = f"<!doctype html><html><head><title>Пример</title>{head}</head><body>{body}</body></html>"
    told = read_page_links(page.encode(), charset=None, url=url)
    assert isinstance(told, PageLinks)
    assert told.title == "Пример"
    return told.feeds


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://example.ru/rss/", "https://example.ru/rss/"),
        ("//feeds.example.ru/a?b=1&amp;c=2", "https://feeds.example.ru/a?b=1&c=2"),
        ("/rss.xml#top", "https://example.ru/rss.xml"),
        ("rss.xml", "https://example.ru/news/rss.xml"),
    ],
)
def test_a_declared_feed_is_made_absolute_and_else_left_alone(href: str, address: str) -> None:
    assert links(alternate(href)) == (address,)


def test_a_base_is_obeyed() -> None:
    assert links('<base href="/other/">' + alternate("rss.xml")) == ("https://example.ru/other/rss.xml",)


@pytest.mark.parametrize(
    "kind", ["application/atom+xml", "application/feed+json", "APPLICATION/RSS+XML; charset=utf-8"]
)
def test_every_type_of_feed_is_known(kind: str) -> None:
    assert links(alternate("/f", kind)) == ("https://example.ru/f",)


def test_other_alternates_are_not_feeds() -> None:
    head = '<link rel="alternate" hreflang="en" href="/en">' + alternate("/wp-json/1", "application/json")
    assert links(head) == ()


def test_feeds_of_comments_are_passed_over() -> None:
    assert links(alternate("/feed") + alternate("/comments/feed") + alternate("/x", title="Лента комментариев")) == (
        "https://example.ru/feed",
    )


def test_links_that_look_like_feeds_come_after_declared_ones() -> None:
    body = (
        '<a href="/about">О нас</a><a href="/export/rss.xml">Лента</a><a href="/subscribe">RSS</a><a href="#">RSS</a>'
    )
    assert links(alternate("/feed"), body) == (
        "https://example.ru/feed",
        "https://example.ru/export/rss.xml",
        "https://example.ru/subscribe",
    )


def test_other_schemes_lead_nowhere() -> None:
    assert (
        links(alternate("javascript:alert(1)") + alternate("file:///etc/passwd"), '<a href="mailto:rss@x">RSS</a>')
        == ()
    )


@pytest.mark.parametrize(
    "body",
    [f'<script>{{"externalId":"UC{"b" * 22}"}}</script>', f'<a href="https://youtube.com/channel/UC{"b" * 22}">x</a>'],
)
def test_a_youtube_page_names_its_channel(body: str) -> None:
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id=UC{'b' * 22}"
    assert links(body=body, url="https://www.youtube.com/@primer") == (feed,)
    assert links(body=body, url="https://example.ru/") == ()


def test_a_page_has_a_dozen_feeds_at_most() -> None:
    assert len(links("".join(alternate(f"/{number}") for number in range(50)))) == 12


def test_a_challenge_and_a_feed_are_no_pages() -> None:
    challenge = b"<html><head><title>Just a moment...</title></head></html>"
    assert read_page_links(challenge, charset=None, url=PAGE) == Failed(
        kind=FailureKind.CHALLENGE, detail="Just a moment..."
    )
    told = read_page_links(b'<rss version="2.0"/>', charset=None, url=PAGE)
    assert isinstance(told, Failed)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='<>"/=: aehlinkrstf\n&#', max_size=200))
def test_no_page_makes_the_reader_raise(text: str) -> None:
    read_page_links(f"<html>{text}".encode(), charset=None, url=PAGE)
