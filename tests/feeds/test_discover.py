from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feeds.appraisal import appraise
from feeds.discover import Candidate, Hopeless, Quest, differing, told_by, understand, usual_places
from feeds.links import known_under
from feeds.model import (
    ParsedEntry,
    ParsedFeed,
    Source,
    SourceId,
    SourceSpec,
    StoryId,
    Telling,
)
from feeds.polls import PollState

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
CHANNEL = "UC" + "a" * 22


def source(number: int, url: str, given_url: str = "") -> Source:
    spec = SourceSpec(name="Пример", url=url, lang="ru")
    return Source(id=SourceId(number), spec=spec, poll=PollState(next_at=NOW), given_url=given_url or url)


def candidate(url: str, *links: str, text: str = "") -> Candidate:
    entries = tuple(ParsedEntry(link=link, title=f"Новость {link}", content_html=text) for link in links)
    return Candidate(url=url, appraisal=appraise(ParsedFeed(title="Пример", entries=entries), url=url, now=NOW))


def telling(number: int, url: str) -> Telling:
    return Telling(story_id=StoryId(1), source_id=SourceId(number), url=url, title="", title_key="", published_at=NOW)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://example.ru/rss", "https://example.ru/rss"),
        (" <https://example.ru/rss> ", "https://example.ru/rss"),
        ("feed://example.ru/rss", "http://example.ru/rss"),
        ("@primer_auto", "https://t.me/s/primer_auto"),
        ("t.me/primer_auto", "https://t.me/s/primer_auto"),
        ("https://t.me/s/primer_auto?before=100", "https://t.me/s/primer_auto"),
        ("https://t.me/primer_auto/123", "https://t.me/s/primer_auto"),
        ("http://telegram.me/primer_auto", "https://t.me/s/primer_auto"),
        ("tg://resolve?domain=primer_auto", "https://t.me/s/primer_auto"),
        ("r/cars", "https://www.reddit.com/r/cars/.rss"),
        ("https://old.reddit.com/r/cars/top/?t=day", "https://www.reddit.com/r/cars/.rss"),
        ("https://www.reddit.com/user/someone", "https://www.reddit.com/user/someone/.rss"),
        (f"youtube.com/channel/{CHANNEL}/videos", f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"),
        ("https://m.youtube.com/user/primer", "https://www.youtube.com/feeds/videos.xml?user=primer"),
        (
            "https://www.youtube.com/playlist?list=PL123",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL123",
        ),
    ],
)
def test_what_people_type_is_understood(typed: str, address: str) -> None:
    quest = understand(typed)
    assert isinstance(quest, Quest)
    assert quest.addresses == (address,)


def test_an_address_without_a_scheme_is_tried_over_tls_first() -> None:
    assert understand("example.ru/news") == Quest(addresses=("https://example.ru/news", "http://example.ru/news"))


def test_a_channels_handle_is_asked_about_on_its_page() -> None:
    quest = Quest(addresses=("https://www.youtube.com/@primer",), wide=False)
    assert understand("https://www.youtube.com/@primer") == quest


def test_a_reddit_feed_is_taken_as_it_is() -> None:
    url = "https://www.reddit.com/r/cars/.rss"
    assert understand(url) == Quest(addresses=(url,))


@pytest.mark.parametrize("typed", ["", "Motor", "два слова.ru", "ftp://example.ru/rss", "@", "@а", "https://", "t.me/"])
def test_what_is_no_address_is_hopeless(typed: str) -> None:
    assert understand(typed) is Hopeless.NOT_AN_ADDRESS


@pytest.mark.parametrize("typed", ["https://t.me/+AbCdEf123", "t.me/joinchat/AbCdEf", "https://t.me/c/123456/7"])
def test_a_private_channel_has_no_page(typed: str) -> None:
    assert understand(typed) is Hopeless.PRIVATE_CHANNEL


def test_the_usual_places_are_few_and_at_the_root() -> None:
    places = usual_places("https://example.ru/news/?page=2#top")
    assert "https://example.ru/rss.xml" in places
    assert len(places) <= 6


def test_scheme_www_and_slashes_do_not_make_another_source() -> None:
    one = source(1, "http://www.example.ru/rss/")
    moved = source(2, "https://feeds.example.ru/new", given_url="https://example.ru/old")
    assert known_under("https://example.ru/rss?utm_source=x", [one, moved]) is one
    assert known_under("https://example.ru/old", [one, moved]) is moved
    assert known_under("https://example.ru/rss/all", [one, moved]) is None


def test_a_source_that_told_half_of_the_articles_is_the_same_one() -> None:
    sources = [source(1, "https://example.ru/rss"), source(2, "https://example.com/rss")]
    urls = [f"https://example.ru/{number}" for number in range(4)]
    assert told_by(urls, [telling(1, url) for url in urls[:2]], sources) is sources[0]
    assert told_by(urls, [telling(2, urls[0])], sources) is None
    assert told_by(urls, [], sources) is None


def test_of_two_feeds_with_the_same_articles_the_fuller_one_stays() -> None:
    links = ("https://example.ru/1", "https://example.ru/2")
    brief, full = (
        candidate("https://example.ru/rss", *links),
        candidate("https://example.ru/full", *links, text="С" * 900),
    )
    other = candidate("https://example.ru/video", "https://example.ru/v/1")
    assert differing([brief, other, full]) == (full, other)


def test_a_feed_is_appraised_in_figures() -> None:
    entries = [
        ParsedEntry(
            link=f"https://example.ru/{day}",
            title=f"Новость номер {day}",
            content_html=f"<p>{'Текст новости. ' * 50}</p>" if day else "<p>Коротко о том, что было.</p>",
            published=NOW - timedelta(days=day),
            pictures=("https://example.ru/p.jpg",) if day else (),
        )
        for day in range(3)
    ]
    told = appraise(
        ParsedFeed(title="RSS", lang="en", entries=tuple(entries)), url="https://www.example.ru/rss", now=NOW
    )
    assert told.headlines == ("Новость номер 0", "Новость номер 1", "Новость номер 2")
    assert (told.name, told.lang) == ("example.ru", "ru")
    assert (told.dated, told.full_texts, told.pictures, told.opinions) == (3, 2, 2, 0)
    assert (told.newest_at, told.per_day) == (NOW, 1.0)


def test_a_feed_without_dates_has_no_pace() -> None:
    told = appraise(ParsedFeed(entries=(ParsedEntry(link="https://example.com/1", title="A car"),)), url="x", now=NOW)
    assert (told.lang, told.newest_at, told.per_day) == ("en", None, None)
