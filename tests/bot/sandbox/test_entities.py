from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.entities import SOLID, MarkedText, cut, marked_text, units
from bot.sandbox.refusals import Refusal

WORDS = st.text(alphabet="абв xyz&<>\"'\n👍#@/.", min_size=1, max_size=40)


def html(text: str) -> MarkedText:
    return marked_text(text, parse_mode="HTML")


def kinds(marked: MarkedText) -> list[tuple[str, str]]:
    return [(e["type"], cut(marked.text, e["offset"], e["length"])) for e in marked.entities]


def test_every_tag_of_html_mode_becomes_its_entity() -> None:
    marked = html(
        "<b>b</b> <i>i</i> <u>u</u> <s>s</s> <tg-spoiler>x</tg-spoiler> <code>c</code> "
        '<pre><code class="language-py">p</code></pre> <blockquote>q</blockquote> '
        "<blockquote expandable>e</blockquote> "
        '<a href="https://example.com/a">l</a> <tg-emoji emoji-id="5368324170671202286">👍</tg-emoji> '
        '<tg-time unix="1700000000" format="wDT">t</tg-time>'
    )
    assert [kind for kind, _ in kinds(marked)] == [
        "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
        "expandable_blockquote", "text_link", "custom_emoji", "date_time",
    ]  # fmt: skip
    by_kind = {entity["type"]: entity for entity in marked.entities}
    assert by_kind["pre"]["language"] == "py"
    assert by_kind["text_link"]["url"] == "https://example.com/a"
    assert by_kind["custom_emoji"]["custom_emoji_id"] == "5368324170671202286"
    assert by_kind["date_time"]["unix_time"] == 1700000000


@pytest.mark.parametrize("pattern", ["r", "wDT", "d", "t", "dt", "wd"])
def test_a_time_keeps_its_format(pattern: str) -> None:
    marked = html(f'<tg-time unix="1700000000" format="{pattern}">now</tg-time>')
    assert marked.entities[0]["date_time_format"] == pattern


def test_offsets_count_utf16_units() -> None:
    assert html("👍<b>да</b>").entities == [{"type": "bold", "offset": 2, "length": 2}]


def test_links_tags_and_commands_are_found_in_plain_text() -> None:
    marked = marked_text("/start https://example.com #новости @somebody")
    assert [kind for kind, _ in kinds(marked)] == ["bot_command", "url", "hashtag", "mention"]


def test_nothing_is_found_inside_a_link() -> None:
    assert [kind for kind, _ in kinds(html('<a href="https://example.com">см. other.example.com</a>'))] == ["text_link"]


def test_bold_that_ends_inside_an_address_is_split_to_nest() -> None:
    marked = html("<b>см. https://example.com/a</b>b")
    assert kinds(marked) == [("bold", "см. "), ("url", "https://example.com/ab"), ("bold", "https://example.com/a")]


def test_text_is_trimmed_but_not_into_an_entity() -> None:
    assert html(" \n x <b>y </b> \n").text == "x y"
    assert html("  <b> x</b>").text == " x"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x<br>y", 'Unsupported start tag "br" at byte offset 1'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x </b>", "Unexpected end tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_the_words_of_telegram(text: str, complaint: str) -> None:
    with pytest.raises(Refusal) as caught:
        html(text)
    assert caught.value.body() == {
        "ok": False,
        "error_code": 400,
        "description": f"Bad Request: can't parse entities: {complaint}",
    }


def test_markdown_of_both_versions_is_understood() -> None:
    assert kinds(marked_text("*a* _b_", parse_mode="MarkdownV2")) == [("bold", "a"), ("italic", "b")]
    assert kinds(marked_text("*a*", parse_mode="markdown")) == [("bold", "a")]


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(Refusal, match="unsupported parse_mode"):
        marked_text("x", parse_mode="BBCode")


def test_given_entities_are_kept_and_automatic_ones_are_telegrams_own() -> None:
    given = [{"type": "bold", "offset": 0, "length": 1}, {"type": "url", "offset": 0, "length": 1}]
    assert marked_text("x y", entities=given).entities == [{"type": "bold", "offset": 0, "length": 1}]


def test_only_a_hundred_entities_survive() -> None:
    assert len(html("<b>x</b> y " * 150).entities) == 100


def test_too_many_long_links_are_refused() -> None:
    links = " ".join(f'<a href="https://example.com/{"n" * 200}/{i}">{i}</a>' for i in range(45))
    with pytest.raises(Refusal, match="ENTITIES_TOO_LONG"):
        html(links)


def test_raw_text_is_measured_in_bytes() -> None:
    assert marked_text("ж" * 16384).text
    with pytest.raises(Refusal, match="text is too long"):
        marked_text("ж" * 16385)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_escaped_text_comes_back_as_it_was(words: str) -> None:
    assert html(escape(words)).text == marked_text(words).text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["b", "i", "u", "code", "blockquote"]), WORDS), min_size=1, max_size=6))
def test_entities_stay_inside_the_text_and_nest(pieces: list[tuple[str, str]]) -> None:
    marked = html("".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in pieces))
    spans = [(e["offset"], e["offset"] + e["length"], e["type"] in SOLID) for e in marked.entities]
    assert all(0 <= start < end <= units(marked.text) for start, end, _ in spans)
    assert all(
        end <= start2 or end2 <= end for i, (_, end, _) in enumerate(spans) for start2, end2, _ in spans[i + 1 :]
    )
