from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.jsonfeed import read_json_feed
from feeds.model import ParsedFeed
from feeds.polls import Failed, FailureKind


def feed(*items: object, **fields: object) -> ParsedFeed:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "Лента", "items": list(items), **fields}
    read = read_json_feed(json.dumps(document))
    assert isinstance(read, ParsedFeed)
    return read


def test_an_item_of_version_one_point_one_is_read_whole() -> None:
    entry = feed(
        {
            "id": "1",
            "url": "https://example.ru/1",
            "title": "Заголовок",
            "content_html": "<p>Текст</p>",
            "date_published": "2024-08-05T10:00:00+03:00",
            "authors": [{"name": "Иван"}],
            "tags": ["авто"],
            "image": "https://example.ru/a.jpg",
        }
    ).entries[0]
    assert (entry.guid, entry.link, entry.title) == ("1", "https://example.ru/1", "Заголовок")
    assert entry.content_html == "<p>Текст</p>"
    assert entry.published == datetime(2024, 8, 5, 7, tzinfo=UTC)
    assert (entry.author, entry.categories, entry.pictures) == ("Иван", ("авто",), ("https://example.ru/a.jpg",))


def test_the_single_author_of_version_one_is_read() -> None:
    assert feed({"id": "1", "author": {"name": "Анна"}}).entries[0].author == "Анна"


def test_a_number_for_an_id_is_an_id() -> None:
    assert feed({"id": 2, "url": "https://example.ru/2"}).entries[0].guid == "2"


def test_plain_text_stays_what_it_says() -> None:
    assert feed({"id": "1", "content_text": "5 < 7 & 8"}).entries[0].content_html == "5 &lt; 7 &amp; 8"


def test_an_item_that_is_no_object_is_skipped_and_counted() -> None:
    read = feed({"id": "1"}, "item", None)
    assert (len(read.entries), read.skipped) == (1, 2)


def test_no_more_items_than_the_limit_are_read() -> None:
    document = json.dumps({"items": [{"id": str(number)} for number in range(10)]})
    read = read_json_feed(document, limit=4)
    assert isinstance(read, ParsedFeed)
    assert (len(read.entries), read.skipped) == (4, 6)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"items": 1}', "[" * 100_000, '{"a":' * 50_000])
def test_json_that_is_no_feed_is_refused(text: str) -> None:
    assert read_json_feed(text) == Failed(kind=FailureKind.NOT_A_FEED, detail="JSON")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "url", "title", "authors", "tags", "name", "date_published"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
@settings(max_examples=100)
def test_no_shape_of_items_makes_it_raise(items: list[object]) -> None:
    assert len(feed(*items).entries) + feed(*items).skipped == len(items)
