"""A feed is read the same whether its long texts waited outside the parser or went through it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from feeds.longtexts import LongTexts
from feeds.model import ParsedEntry, ParsedFeed
from feeds.parse import parse_feed

Rss = Callable[..., bytes]
NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
LONG = "<p>Завод показал новый кроссовер «Искра» &amp; назвал цену: 1 < 2, а 3 > 2.</p>\r\n<p>Мотор на 150 сил.</p>" * 3
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:yandex="http://news.yandex.ru"'
MISREAD = "A short café story. ".encode().decode("latin-1") * 9
LINK = "<link>https://example.ru/1</link>"


def parsed(body: bytes) -> ParsedFeed:
    feed = parse_feed(body, now=NOW)
    assert isinstance(feed, ParsedFeed), feed
    return feed


def only(body: bytes) -> ParsedEntry:
    (entry,) = parsed(body).entries
    return entry


def cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def test_a_short_text_and_one_that_is_not_an_elements_own_do_not_wait() -> None:
    texts = LongTexts()
    assert texts.stand_in("коротко", after="<description>") == "коротко"
    for before in ("<title>", "<guid>", '<content mode="base64">', '<description xml:base="http://a.example/">', "<b>"):
        assert texts.stand_in(LONG, after=before) == LONG


@pytest.mark.parametrize("before", ["<description>", "<item>\n<content:encoded>\n ", '<content type="html">'])
def test_a_long_one_waits_and_comes_back_wherever_its_token_went(before: str) -> None:
    texts = LongTexts()
    token = texts.stand_in(LONG, after=before)
    assert len(token) < 10
    held = {"summary": token, "content": [{"value": f"до {token} после", "type": "text/html"}], "n": 1}
    whole = LONG.replace("\r\n", "\n")
    assert texts.put_back(held) == {
        "summary": whole,
        "content": [{"value": f"до {whole} после", "type": "text/html"}],
        "n": 1,
    }


def test_tokens_that_a_feed_made_up_itself_stand_for_nothing(rss: Rss) -> None:
    entry = only(
        rss(f"{LINK}<title>\ufdd00\ufdd1 цена &#xFDD0;0&#xFDD1;</title><description>{cdata(LONG)}</description>")
    )
    assert entry.title == "0 цена 0"
    assert entry.summary_html == LONG.strip().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "item",
    [
        f"<description>{cdata(LONG)}</description>",
        f"<description>{cdata(LONG)}</description><content:encoded>{cdata(LONG * 2)}</content:encoded>",
        f"<content:encoded>{cdata(LONG * 2)}</content:encoded><description>{cdata(LONG)}</description>",
        f"<description>{cdata(LONG)}</description><description>{cdata(LONG * 2)}</description>",
        f"<description>до {cdata(LONG)} после</description>",
        f"<description>{cdata(LONG)} и ещё {cdata(LONG)}</description>",
        f"<description>{cdata(LONG)}<b>жирно</b></description>",
        f"<title>{cdata('Длинное название ' * 20)}</title><guid>{cdata('g' * 300)}</guid>",
        f"<description>{cdata(MISREAD)}</description>",
    ],
)
def test_what_waited_is_read_as_what_went_through(rss: Rss, item: str) -> None:
    assert only(rss(LINK + item, attributes=CONTENT)) == only(rss(LINK + _unwaiting(item), attributes=CONTENT))


def test_a_full_text_of_yandex_waits_too(rss: Rss) -> None:
    entry = only(rss(f"{LINK}<yandex:full-text type='x'>{cdata(LONG)}</yandex:full-text>", attributes=CONTENT))
    assert entry.content_html == LONG.strip().replace("\r\n", "\n")


def _unwaiting(item: str) -> str:
    """Give the elements an attribute that feedparser makes nothing of, so that their texts go through it."""
    for name in ("description", "content:encoded"):
        item = item.replace(f"<{name}>", f'<{name} lang="">')
    return item


def test_a_feed_of_any_pieces_is_read_the_same(rss: Rss) -> None:
    chance = random.Random(4)
    pieces = (
        "<p>",
        "</p>",
        "слово ",
        "&amp;",
        "&nbsp;",
        "café ",
        "\n",
        " ",
        "<br/>",
        "«",
        "]]",
        "{}",
        "<!--",
        "-->",
        "\\1",
    )
    for _ in range(300):
        texts = ["".join(chance.choices(pieces, k=chance.randint(1, 90))) for _ in range(2)]
        item = f"{LINK}<description>{cdata(texts[0])}</description><content:encoded>{cdata(texts[1])}</content:encoded>"
        assert only(rss(item, attributes=CONTENT)) == only(rss(_unwaiting(item), attributes=CONTENT)), item
