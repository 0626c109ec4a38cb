"""Feeds as broken generators and ill will make them, from bytes to items: one or more for each known weakness."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bench.fuzz import Tally, feeds_to_spoil, fuzz
from bench.nasty import children, read
from feeds.model import Item

Rss = Callable[..., bytes]
LINK = "<link>https://example.ru/1</link>"
RUSSIAN = "Новый кроссовер показали в Москве"


def only(body: bytes) -> Item:
    reading = read(body)
    assert len(reading.items) == 1, reading
    return reading.first


def declared(name: str, codec: str, rss: Rss) -> bytes:
    text = f'<?xml version="1.0" encoding="{name}"?>' + rss(f"<title>{RUSSIAN}</title>{LINK}").decode()
    return text.encode(codec)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("koi8-r", "koi8-r"), ("cp866", "cp866"), ("CP-866", "cp866"), ("x-mac-cyrillic", "mac-cyrillic"),
     ("iso-8859-5", "iso-8859-5"), ("utf-16", "utf-16-be"), ("utf-8", "cp866"), ("utf-16", "utf-8")],
)  # fmt: skip
def test_russian_survives_its_encodings_and_their_names(name: str, codec: str, rss: Rss) -> None:
    assert only(declared(name, codec, rss)).title == RUSSIAN


def test_a_mark_beats_a_wrong_declaration(rss: Rss) -> None:
    assert only(codecs.BOM_UTF8 + declared("windows-1251", "utf-8", rss)).title == RUSSIAN
    assert only(codecs.BOM_UTF16_BE + declared("utf-8", "utf-16-be", rss)).title == RUSSIAN


def test_one_item_in_another_encoding_is_read_in_its_own(rss: Rss) -> None:
    other = b"<title>" + RUSSIAN.encode("cp1251") + b"</title><link>https://example.ru/2</link>"
    body = rss(f"<title>{RUSSIAN * 2}</title>{LINK}", "SECOND").replace(b"SECOND", other)
    assert read(body).titles == [RUSSIAN * 2, RUSSIAN]


def test_ten_thousand_entries_are_read_in_part_and_counted(rss: Rss) -> None:
    reading = read(rss(*(f"<title>Новость {n}</title><link>/{n}</link>" for n in range(10_000))))
    assert (len(reading.items), reading.entries) == (500, 10_000)


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Цена < 2 млн > 1 млн", "Цена < 2 млн > 1 млн"),
        ("<![CDATA[Цена <2 млн]]>", "Цена <2 млн"),
        ("<![CDATA[a ]]]]><![CDATA[> b]]>", "a ]]> b"),
        ("&amp;lt;b&amp;gt;Жирно&amp;lt;/b&amp;gt; &amp;amp; &amp;laquo;X&amp;raquo;", "Жирно & «X»"),
        ("a&nbsp;b &hellip; &foo; AT&T", "a b … &foo; AT&T"),
        ("\u202eЗлой\u202c \u2066т\u2069е\u200bк\u00adст\u0007", "Злой текст"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 👍🏽 🇷🇺", "👨\u200d👩\u200d👧 ❤\ufe0f 👍🏽 🇷🇺"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Авто", "Авто"),
    ],
)
def test_a_title_is_what_its_author_meant(title: str, wanted: str, rss: Rss) -> None:
    assert only(rss(f"<title>{title}</title>{LINK}")).title == wanted


@pytest.mark.parametrize(
    ("date", "hour"),
    [("Mon, 05 Aug 2024 10:00:00 MSD", 6), ("05 Aug 2024 10:00 EET", 8), ("Пн, 05 Авг 2024 10:00 Москва", 7),
     ("Понедельник, 5 Августа 2024 г. 10:00", 10), ("05 август 2024 10:00 МСК", 7), ("10:00, 5 августа 2024", 10),
     ("10:00 05.08.2024 MSK", 7), ("05-08-2024 10:00", 10), ("Mon, 05 Aug 2024 10:00:00 GMT+3", 7),
     ("Mon, 05 Aug 2024 10:00 Moscow", 7)],
)  # fmt: skip
def test_moscow_and_its_neighbours_are_on_time(date: str, hour: int, rss: Rss) -> None:
    moment = only(rss(f"<title>t</title>{LINK}<pubDate>{date}</pubDate>")).published_at
    assert moment == datetime(2024, 8, 5, hour, tzinfo=UTC)


def test_midnight_may_end_a_day_and_a_minute_have_a_leap_second(rss: Rss) -> None:
    ends = [f"<title>{n}</title><link>/{n}</link><pubDate>2024-08-05T{n}Z</pubDate>" for n in ("24:00:00", "23:59:60")]
    assert [item.published_at.isoformat() for item in read(rss(*ends)).items] == [
        "2024-08-06T00:00:00+00:00",
        "2024-08-05T23:59:59+00:00",
    ]


@pytest.mark.parametrize(
    ("elements", "key", "url"),
    [
        (f"{LINK}<guid></guid>", "https://example.ru/1", "https://example.ru/1"),
        ("<guid isPermaLink='false'>https://example.ru/2</guid>", "https://example.ru/2", "https://example.ru/2"),
        (f"{LINK}<guid isPermaLink='false'>https://example.ru/?p=1</guid>", "https://example.ru/?p=1", "https://example.ru/1"),
        ("<link>\n <![CDATA[ https://example.ru/3 ]]>\n</link>", "https://example.ru/3", "https://example.ru/3"),
        ("<link uri='at://did:x'>https://example.ru/4</link>", "https://example.ru/4", "https://example.ru/4"),
        ("<atom:link href='/5' rel='alternate'/>", "https://example.ru/5", "https://example.ru/5"),
        ("<link>//example.ru/6?a=1&amp;utm_source=rss#top</link>", "https://example.ru/6?a=1", "https://example.ru/6?a=1"),
    ],
)  # fmt: skip
def test_identity_and_link_are_found_in_every_shape(elements: str, key: str, url: str, rss: Rss) -> None:
    item = only(rss(f"<title>t</title>{elements}"))
    assert (item.key, item.url) == (key, url)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1/x", "http://router.local/", "http://0x7f.1/"],
)
def test_a_link_that_is_not_for_readers_is_never_shown(link: str, rss: Rss) -> None:
    reading = read(rss(f"<title>t</title><link>{link}</link>"))
    assert (len(reading.items), reading.entries) == (0, 1)


def test_pictures_are_for_readers_too(rss: Rss) -> None:
    pictures = "".join(
        f"<enclosure url='{url}' type='image/jpg'/>" for url in ("http://10.0.0.1/a.jpg", "http://[::", "/b.jpg")
    )
    assert only(rss(f"<title>t</title>{LINK}{pictures}")).picture == "https://example.ru/b.jpg"


def test_a_feed_inside_a_comment_is_not_the_feed(rss: Rss) -> None:
    comment = b"<!-- " + rss("<title>old</title><link>/old</link>") + b" -->\n"
    assert only(comment + rss(f"<title>t</title>{LINK}")).title == "t"


def test_warnings_of_the_server_lose_nothing(rss: Rss) -> None:
    warning = "<br />\n<b>Warning</b>: mysql() in <b>/var</b> on line <b>3</b><br />"
    body = warning.encode() + rss(f"<title>t</title>{LINK}", head=warning) + warning.encode()
    assert only(body).title == "t"


@pytest.mark.parametrize("depth", [300, 20_000])
def test_no_nesting_loses_the_rest_of_an_article(depth: int, rss: Rss) -> None:
    text = f"<p>Начало.</p>{'<div>' * depth}Середина.{'</div>' * depth}<p>Конец.</p>"
    item = only(rss(f"<title>t</title>{LINK}<description><![CDATA[{text}]]></description>"))
    assert [word in item.text for word in ("Начало", "Середина", "Конец")] == [True] * 3


def test_json_feed_takes_pictures_from_attachments_and_only_words_for_tags() -> None:
    item = only(
        b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "url": "https://example.ru/1",
        "title": "t", "tags": ["x", null, 5],
        "attachments": [null, {"url": "https://example.ru/a.jpg", "mime_type": "image/jpeg"}]}]}"""
    )
    assert (item.categories, item.picture) == (("x",), "https://example.ru/a.jpg")


async def test_spoilt_feeds_end_well_in_worker_processes() -> None:
    tally = Tally()
    await fuzz(feeds_to_spoil(), iter(range(150)), tally)
    assert tally.faults == []
    assert sum(tally.ends.values()) == 150
    assert children() == []
