from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.model import (
    Item,
    Opinion,
    ParsedEntry,
    ParsedFeed,
    Source,
    SourceId,
    SourceSpec,
)
from feeds.normalise import normalise
from feeds.parse import parse_feed
from feeds.polls import PollState

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
ENTRY = ParsedEntry(
    guid="n-1",
    link="https://example.ru/news/1/?utm_source=rss",
    title="Завод показал электромобиль",
    summary_html="<p>Завод в Калуге показал первый электромобиль.</p>",
    published=NOW - timedelta(hours=1),
)
SPEC = SourceSpec(name="Пример", url="https://example.ru/rss", lang="ru", opinion_headings=("Слово мастеру",))
SOURCE = Source(id=SourceId(1), spec=SPEC, poll=PollState(next_at=NOW))


def items(*entries: ParsedEntry, title: str = "Лента") -> tuple[Item, ...]:
    return normalise(ParsedFeed(title=title, link="https://example.ru/", entries=entries), SOURCE, now=NOW).items


def item(**changes: object) -> Item:
    (only,) = items(replace(ENTRY, **changes))  # type: ignore[arg-type]
    return only


def skipped(*entries: ParsedEntry) -> int:
    return normalise(ParsedFeed(entries=entries), SOURCE, now=NOW).skipped


def test_an_entry_becomes_an_item() -> None:
    made = item()
    assert (made.key, made.url) == ("n-1", "https://example.ru/news/1")
    assert made.text == "Завод в Калуге показал первый электромобиль."
    assert (made.lang, made.published_at, made.title_key) == ("ru", ENTRY.published, "завод показал электромобиль")
    assert len(made.text_hash) == 64


def test_without_a_guid_the_link_is_the_identity() -> None:
    assert item(guid=None).key == "https://example.ru/news/1"


def test_a_guid_of_any_length_is_a_key_of_bounded_length() -> None:
    assert len(item(guid="g" * 900).key) <= 200
    assert item(guid="g" * 900).key != item(guid="g" * 901).key


@pytest.mark.parametrize("link", [None, "", "javascript:alert(1)", "file:///etc/passwd"])
def test_an_entry_without_a_link_that_opens_is_skipped_and_counted(link: str | None) -> None:
    assert items(replace(ENTRY, link=link)) == ()
    assert skipped(replace(ENTRY, link=link)) == 1


def test_a_relative_link_is_joined_to_the_feeds() -> None:
    assert item(link="/news/2").url == "https://example.ru/news/2"


def test_without_a_title_the_first_sentence_is_one() -> None:
    made = item(title="", summary_html="<p>Марка отзовёт 20 тысяч машин. Причина — дефект.</p>")
    assert made.title == "Марка отзовёт 20 тысяч машин"
    assert made.text == "Марка отзовёт 20 тысяч машин. Причина — дефект."


def test_a_made_title_has_at_most_ninety_characters() -> None:
    assert len(item(title="", summary_html="слово " * 60).title) <= 90


def test_without_a_title_and_a_text_there_is_no_item() -> None:
    empty = replace(ENTRY, title=" ", summary_html="<p> </p>")
    assert items(empty) == ()
    assert skipped(empty) == 1


def test_the_full_text_is_preferred_to_the_summary() -> None:
    assert item(content_html="<p>Полный текст новости.</p>").text == "Полный текст новости."


def test_an_empty_full_text_leaves_the_summary() -> None:
    assert item(content_html="<p></p>").text == ENTRY.summary_html[3:-4]


def test_a_paragraph_that_repeats_the_title_is_left_out() -> None:
    assert (
        item(content_html="<h1>x</h1><p>Завод показал «электромобиль»</p><p>Цена неизвестна.</p>").text
        == "Цена неизвестна."
    )


def test_a_text_has_at_most_twenty_thousand_characters() -> None:
    assert len(item(content_html="слово " * 9000).text) <= 20_000


def test_the_opinion_is_kept_apart() -> None:
    made = item(content_html="<p>Факты и цифры года.</p><h3>Слово мастеру</h3><p>Хорошо сделано.</p>")
    assert made.opinion == Opinion(label="Слово мастеру", text="Хорошо сделано.")
    assert made.text == "Факты и цифры года."


def test_the_newsrooms_name_is_cut_off_the_title() -> None:
    assert item(title="Завод показал электромобиль — Пример").title == "Завод показал электромобиль"
    (made,) = items(replace(ENTRY, title="Завод показал электромобиль | Автодело"), title="Автодело")
    assert made.title == "Завод показал электромобиль"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"pictures": ("javascript:x", "/a.jpg")}, "https://example.ru/a.jpg"),
        ({"content_html": "<p>Текст статьи.</p><img src='/b.jpg'>"}, "https://example.ru/b.jpg"),
        ({"content_html": "<p>Текст статьи.</p>", "summary_html": "<img src='/c.jpg'>"}, "https://example.ru/c.jpg"),
        ({}, None),
    ],
)
def test_the_first_picture_that_opens_is_taken(changes: dict[str, object], wanted: str | None) -> None:
    assert item(**changes).picture == wanted


def test_a_picture_with_a_broken_address_does_not_lose_the_item() -> None:
    assert item(pictures=("http://[", "/a.jpg"), content_html="<img src='http://[::'><p>Текст.</p>").picture == (
        "https://example.ru/a.jpg"
    )


def test_a_text_that_was_escaped_twice_inside_a_box_is_read_once() -> None:
    assert item(content_html="<div>&lt;p&gt;Текст статьи.&lt;/p&gt;</div>").text == "Текст статьи."


def test_an_embedded_player_does_not_swallow_the_text_after_it() -> None:
    assert item(content_html="<p>Раз.<embed src='https://example.ru/v'> Два.</p>").text == "Раз. Два."


@pytest.mark.parametrize(
    ("published", "wanted"),
    [
        (None, NOW),
        (NOW + timedelta(days=9), NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), NOW),
        (NOW - timedelta(days=9), NOW - timedelta(days=9)),
    ],
)
def test_a_date_is_never_in_the_future_and_never_missing(published: datetime | None, wanted: datetime) -> None:
    assert item(published=published).published_at == wanted


def test_the_update_serves_where_no_date_of_publication_is() -> None:
    assert item(published=None, updated=NOW - timedelta(days=1)).published_at == NOW - timedelta(days=1)


def test_of_a_repeated_guid_the_first_wins() -> None:
    twice = items(ENTRY, replace(ENTRY, link="https://example.ru/news/2", title="Другой"))
    assert [made.title for made in twice] == [ENTRY.title]


def test_one_address_under_two_campaigns_is_one_item() -> None:
    assert len(items(ENTRY, replace(ENTRY, guid="n-2", link="https://EXAMPLE.ru/news/1?utm_medium=feed#top"))) == 1


def test_repeated_entries_are_not_counted_as_skipped() -> None:
    assert skipped(ENTRY, ENTRY) == 0


def test_the_hash_follows_the_words_and_nothing_else() -> None:
    assert item().text_hash == item(guid="other", published=None).text_hash
    assert item().text_hash != item(title="Завод показал автобус").text_hash
    with_opinion = "<p>Завод в Калуге показал первый электромобиль.</p><h3>Вердикт</h3><p>Ждём.</p>"
    assert item().text_hash != item(content_html=with_opinion).text_hash


def test_author_and_categories_are_readable() -> None:
    made = item(author="<b>Анна</b> &amp; К", categories=("Авто&nbsp;мир", "Авто мир", ""))
    assert (made.author, made.categories) == ("Анна & К", ("Авто мир",))


def test_what_the_parser_skipped_stays_counted() -> None:
    assert normalise(ParsedFeed(entries=(ENTRY,), skipped=3), SOURCE, now=NOW).skipped == 3


def test_a_hostile_feed_becomes_harmless_items(rss: Callable[..., bytes]) -> None:
    evil = (
        "<title>Ав\u202eто&#8203; &lt;script&gt;alert(1)&lt;/script&gt;</title><link>https://example.ru/1</link>"
        "<description>&lt;p onclick='x()'&gt;Текст&lt;/p&gt;&lt;script&gt;alert(2)&lt;/script&gt;</description>"
    )
    feed = parse_feed(rss(evil), now=NOW)
    assert isinstance(feed, ParsedFeed)
    (made,) = normalise(feed, SOURCE, now=NOW).items
    assert (made.title, made.text) == ("Авто", "Текст")


def test_real_feeds_become_items_with_clean_titles(corpus: Path) -> None:
    for path in sorted((corpus / "feeds/real").glob("*.xml")):
        feed = parse_feed(path.read_bytes(), now=NOW)
        assert isinstance(feed, ParsedFeed)
        made = normalise(feed, SOURCE, now=NOW)
        assert made.items, path.name
        for one in made.items:
            assert one.title == " ".join(one.title.split()), path.name
            assert not any(
                mark in one.title + one.text for mark in ("&nbsp;", "&amp;", "&quot;", "<p", "<br", "\ufffd")
            ), one
            assert one.url.startswith("http")


def test_hostile_texts_are_readable(corpus: Path) -> None:
    def of(name: str) -> Item:
        feed = parse_feed((corpus / "feeds/nasty" / name).read_bytes(), now=NOW)
        assert isinstance(feed, ParsedFeed)
        return normalise(feed, SOURCE, now=NOW).items[0]

    assert of("html_double_escaped.xml").title == 'Tom & Jerry "X"'
    assert of("html_double_escaped.xml").text == "двойное"
    assert of("no_title.xml").title == "Volkswagen отзовёт 20 тысяч машин"
    assert len(of("text_zalgo.xml").title) < 20
    assert of("ns_yandex.xml").text == "Полный текст новости для Яндекса."
    assert of("ns_yandex.xml").picture == "https://example.ru/a.jpg"
    assert len(of("text_emoji_zwj.xml").title) <= 300


TEXT = st.text(alphabet="абв АБВ<>&;p/b\"'\u200b\u202e\ufffd—|.\n", max_size=60)


@given(
    st.lists(
        st.builds(
            ParsedEntry,
            guid=TEXT,
            link=st.just("https://example.ru/") | TEXT,
            title=TEXT,
            summary_html=TEXT,
            content_html=TEXT,
        ),
        max_size=4,
    )
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
def test_every_entry_is_an_item_or_a_repetition_or_counted(entries: list[ParsedEntry]) -> None:
    made = normalise(ParsedFeed(entries=tuple(entries)), SOURCE, now=NOW)
    assert len(made.items) + made.skipped <= len(entries)
    assert len({one.key for one in made.items}) == len({one.url for one in made.items}) == len(made.items)
    assert all(one.title for one in made.items)


@given(TEXT, TEXT)
@settings(max_examples=100)
def test_an_item_made_of_an_items_own_words_is_the_same(title: str, body: str) -> None:
    for first in items(replace(ENTRY, title=f"Завод {title}", summary_html=body)):
        again = items(
            replace(
                ENTRY,
                title=first.title.replace("&", "&amp;").replace("<", "&lt;"),
                summary_html=first.text.replace("&", "&amp;").replace("<", "&lt;"),
            )
        )
        assert again[0].url == first.url
        assert again[0].key == first.key
