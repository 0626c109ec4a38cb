"""What we write, as Telegram's own library reads it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import (
    Block,
    Bold,
    Button,
    Document,
    Italic,
    Link,
    Moment,
    Paragraph,
    Quote,
    Span,
    entities,
    plain,
    rows,
    say,
    telegram_html,
    web_html,
)
from bot.sandbox.entities import cut, parse, trimmed

# Telegram drops control characters, so what we say never has any; half a surrogate pair is no text.
letters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn", "Mn", "Me"))
words = st.one_of(
    st.text(letters, min_size=1, max_size=12),
    st.sampled_from(
        ["<b>", "&amp;", "&", "</a>", '"', "«", "🚗", "👨‍👩‍👧", "שלום", "مرحبا", "e\u0301", "1.", "@user", "#тег"]
    ),
)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
addresses = st.text("abcxyz019-_/", min_size=1, max_size=60).map(
    lambda path: f"https://koleso.example/a{path}?a=1&b=<2>"
)
moments = st.integers(1_700_000_000, 2_000_000_000).map(lambda unix: datetime.fromtimestamp(unix, UTC))
leaves: st.SearchStrategy[Span] = st.one_of(
    texts.map(lambda text: Bold((text,))),
    texts.map(lambda text: Italic((text,))),
    st.builds(Moment, moments, texts, st.sampled_from(["r", "t", "dt", "wt", "wDT"])),
    st.builds(lambda url, text: Link(url, (text,)), addresses, texts),
    st.builds(lambda url, text: Link(url, (Bold((text,)),)), addresses, texts),
)
spans = st.lists(st.one_of(texts, leaves), min_size=1, max_size=5).map(
    # A letter between two marks keeps Telegram from joining them into one.
    lambda parts: tuple(span for part in parts for span in (part, " и "))[:-1]
)
blocks: st.SearchStrategy[Block] = st.one_of(spans.map(Paragraph), st.builds(Quote, spans, st.booleans()))
documents = st.lists(blocks, min_size=1, max_size=5).map(tuple)


@settings(max_examples=100, deadline=None)
@given(document=documents)
def test_telegram_reads_exactly_what_we_mean(document: Document) -> None:
    read = trimmed(parse(telegram_html(document), "HTML"))
    assert read.text == plain(document).strip()
    assert len(read.entities) == entities(document)[0]


@settings(max_examples=40, deadline=None)
@given(document=documents)
def test_every_mark_covers_its_own_words(document: Document) -> None:
    read = parse(telegram_html(document), "HTML")
    found = [cut(read.text, one["offset"], one["length"]) for one in read.entities if one["type"] == "blockquote"]
    meant = [plain((block,)) for block in document if isinstance(block, Quote) and not block.expandable]
    assert [text.strip() for text in found] == [text.strip() for text in meant]


def test_a_link_keeps_every_character_of_its_address() -> None:
    url = "https://koleso.example/?q=\"<'&amp;>&x=%D0%B0"
    [found] = parse(telegram_html((Paragraph((Link(url, ("текст",)),)),)), "HTML").entities
    assert found["url"].replace("%22", '"') == url.replace("%22", '"')


def test_a_time_is_shown_by_the_readers_own_clock() -> None:
    at = datetime(2026, 11, 22, 5, tzinfo=UTC)
    [found] = parse(telegram_html((Paragraph((Moment(at, "8:00", "wt"),)),)), "HTML").entities
    assert (found["type"], found["unix_time"], found["date_time_format"]) == ("date_time", int(at.timestamp()), "wt")


def test_paragraphs_stand_apart_and_a_quote_follows_its_paragraph() -> None:
    document: Document = (Paragraph(("один",)), Quote(("цитата",)), Paragraph(("два",)))
    assert plain(document) == "один\nцитата\n\nдва"
    assert telegram_html(document) == "один\n<blockquote>цитата</blockquote>\n\nдва"


def test_an_expandable_quote_says_so() -> None:
    assert telegram_html((Quote(("текст",), expandable=True),)) == "<blockquote expandable>текст</blockquote>"


def test_entities_are_counted_with_the_bytes_of_their_addresses() -> None:
    count, size = entities((Paragraph((Link("https://a.example/я", (Bold(("x",)),)),)), Quote(("y",))))
    assert count == 3
    assert size > len("https://a.example/я".encode())


def test_a_web_page_gets_the_same_words_without_danger() -> None:
    page = web_html(
        (Paragraph(("<script>\nстрока", Link('https://a.example/"x', ("ссылка",)))), Quote((Italic(("я",)),)))
    )
    assert "<script>" not in page
    assert "&lt;script&gt;<br>" in page
    assert 'href="https://a.example/&quot;x"' in page
    assert "<blockquote><em>я</em></blockquote>" in page


@pytest.mark.parametrize(("number", "width", "lengths"), [(0, 2, []), (1, 2, [1]), (5, 2, [2, 2, 1]), (6, 3, [3, 3])])
def test_buttons_are_laid_out_in_rows(number: int, width: int, lengths: list[int]) -> None:
    buttons = [Button(text=str(n), data=str(n)) for n in range(number)]
    assert [len(row) for row in rows(buttons, width=width)] == lengths


def test_plain_words_make_paragraphs() -> None:
    assert say("один", (Bold(("два",)),)) == (Paragraph(("один",)), Paragraph((Bold(("два",)),)))
