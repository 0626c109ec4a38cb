from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.model import ParsedEntry
from feeds.parse import parse_feed
from feeds.polls import Failed, FailureKind
from tests.feeds.parsed import NOW, parsed

Rss = Callable[..., bytes]
LINK = "<link>https://example.ru/1</link>"


def only(body: bytes) -> ParsedEntry:
    (entry,) = parsed(body).entries
    return entry


def failure(body: bytes, **options: str) -> Failed:
    outcome = parse_feed(body, now=NOW, **options)
    assert isinstance(outcome, Failed), outcome
    return outcome


# What a document is


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\0\0"])
def test_a_body_of_nothing_is_empty(body: bytes) -> None:
    assert failure(body).kind is FailureKind.EMPTY


def test_a_page_is_reported_with_its_title() -> None:
    page = "<!DOCTYPE html><html><head><title>Мы переехали &amp; ждём</title></head></html>".encode()
    assert failure(page) == Failed(kind=FailureKind.HTML, detail="Мы переехали & ждём")


def test_a_page_without_a_root_is_known_by_its_content_type() -> None:
    assert failure(b"<div>Sign in</div>", content_type="text/html").kind is FailureKind.HTML


def test_a_challenge_is_not_just_any_page() -> None:
    page = b"<html><head><title>Just a moment...</title></head><script>window._cf_chl_opt={}</script></html>"
    assert failure(page).kind is FailureKind.CHALLENGE


@pytest.mark.parametrize(
    "body", [b"\x1f\x8b\x08\0\0", b"%PDF-1.7", b"hello", b"<opml version='2.0'/>", b"<urlset/>", b"{"]
)
def test_something_else_is_no_feed(body: bytes) -> None:
    assert failure(body).kind is FailureKind.NOT_A_FEED


def test_a_feed_without_entries_is_a_feed(rss: Rss) -> None:
    assert parsed(rss()).entries == ()


def test_a_feed_behind_a_warning_of_its_own_server_is_found(rss: Rss) -> None:
    assert len(parsed(b"<br /><b>Warning</b>: mysql\n" + rss(f"<title>t</title>{LINK}")).entries) == 1


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(b"<rss version='2.0'><channel><title>secret</title></channel></rss>")
    assert failure(str(secret).encode()).kind is FailureKind.NOT_A_FEED


# What its entries say


def test_a_bare_ampersand_does_not_lose_the_item(rss: Rss) -> None:
    assert only(rss(f"<title>Black & Decker &copy; AT&T</title>{LINK}")).title == "Black &amp; Decker © AT&amp;T"


def test_an_emoji_written_as_two_surrogates_is_joined(rss: Rss) -> None:
    assert only(rss(f"<title>Авто &#xD83D;&#xDE97; и &#55357;&#56983;</title>{LINK}")).title == "Авто 🚗 и 🚗"


def test_half_an_emoji_is_dropped(rss: Rss) -> None:
    assert only(rss(f"<title>Авто&#xD83D; тут</title>{LINK}")).title == "Авто тут"


def test_control_and_noncharacters_are_dropped(rss: Rss) -> None:
    assert only(rss(f"<title>А\x0bв\x08т\x1b\ufffeо&#8;&#0;</title>{LINK}")).title == "Авто"


def test_windows_quotes_written_as_numbers_are_quotes(rss: Rss) -> None:
    assert only(rss(f"<title>&#147;Нива&#148; &#150; да</title>{LINK}")).title == "“Нива” – да"


def test_nothing_declared_in_a_doctype_is_expanded_or_fetched(rss: Rss) -> None:
    doctype = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    title = only(doctype + rss(f"<title>&x; &b;</title>{LINK}")).title
    assert title.replace("&amp;", "&") == "&x; &b;"


def test_a_harmless_entity_is_resolved(rss: Rss) -> None:
    assert only(b'<!DOCTYPE r [<!ENTITY firm "AutoVAZ">]>' + rss(f"<title>&firm;</title>{LINK}")).title == "AutoVAZ"


def test_a_caption_does_not_replace_the_article(rss: Rss) -> None:
    media = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    item = (
        "<media:title>Подпись</media:title><title>Заголовок</title><description>Статья</description>"
        f"{LINK}<media:description>Фото</media:description><i:summary>Подкаст</i:summary>"
    )
    entry = only(rss(item, attributes=media))
    assert (entry.title, entry.summary_html, entry.content_html) == ("Заголовок", "Статья", "")


def test_a_caption_serves_where_an_entry_has_no_words_of_its_own(rss: Rss) -> None:
    words = "<media:title>Видео</media:title><media:description type='plain'>О чём оно</media:description>"
    item = f"<media:group>{words}</media:group>{LINK}"
    entry = only(rss(item, attributes='xmlns:media="http://search.yahoo.com/mrss/"'))
    assert (entry.title, entry.summary_html) == ("Видео", "О чём оно")
    podcast = (
        "<title>Выпуск</title><itunes:summary>О чём он</itunes:summary><itunes:image href='https://example.ru/i.jpg'/>"
    )
    entry = only(rss(podcast, attributes='xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'))
    assert (entry.summary_html, entry.pictures) == ("О чём он", ("https://example.ru/i.jpg",))


def test_prefixes_that_nobody_declared_lose_nothing(rss: Rss) -> None:
    item = (
        f"<title>t</title>{LINK}<dc:creator>Анна</dc:creator><content:encoded>Текст</content:encoded><own:thing a='1'/>"
    )
    feed = parsed(rss(item, head='<atom:link rel="self" href="https://example.ru/rss"/>'))
    assert (feed.entries[0].author, feed.entries[0].content_html) == ("Анна", "Текст")


def test_windows_quotes_that_came_through_latin1_are_quotes(rss: Rss) -> None:
    assert only(rss(f"<title>\x93Нива\x94 \x96 да\x81</title>{LINK}")).title == "“Нива” – да"


def test_addresses_in_a_text_are_relative_to_its_xml_base() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/news/"><title>t</title><entry>
        <title>x</title><link href="1"/><content type="xhtml" xml:base="1/"><div xmlns="http://www.w3.org/1999/xhtml">
        <img src="a.jpg"/><a href="/b">b</a><a href="https://example.org/c">c</a></div></content></entry></feed>"""
    entry = only(atom.encode())
    assert entry.link == "https://example.com/news/1"
    for address in ("https://example.com/news/1/a.jpg", "https://example.com/b", "https://example.org/c"):
        assert f'"{address}"' in entry.content_html


@pytest.mark.parametrize("link", ["http://[", "http://[::1", "//[x]/"])
def test_a_broken_address_of_the_channel_breaks_nothing_else(link: str) -> None:
    body = f"<rss><channel><title>t</title><link>{link}</link><item><title>x</title>{LINK}</item></channel></rss>"
    assert parsed(body.encode(), url="https://example.ru/rss").entries[0].link == "https://example.ru/1"


def test_markup_in_an_author_or_category_is_only_text(rss: Rss) -> None:
    item = f"<title>t</title>{LINK}<author><p>Анна</p></author><category><b>Тест</b>-драйв</category>"
    entry = only(rss(item))
    assert (entry.author, entry.categories) == ("Анна", ("<b>Тест</b>-драйв",))


@pytest.mark.parametrize(
    ("elements", "wanted"),
    [
        ("<content:encoded>A</content:encoded><yandex:full-text>B</yandex:full-text>", "A"),
        ("<turbo:content>C</turbo:content><yandex:full-text>B</yandex:full-text>", "B"),
        ("<rambler:fulltext>D</rambler:fulltext><turbo:content>C</turbo:content>", "D"),
        ('<turbo:content type="html">C</turbo:content>', "C"),
        ("<full-text>E</full-text>", "E"),
    ],
)
def test_the_full_text_is_taken_in_its_order(rss: Rss, elements: str, wanted: str) -> None:
    names = " ".join(f'xmlns:{name}="http://{name}.example/"' for name in ("yandex", "turbo", "rambler"))
    names += ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    entry = only(rss(f"<title>t</title>{LINK}<description>S</description>{elements}", attributes=names))
    assert (entry.content_html, entry.summary_html) == (wanted, "S")


def test_raw_line_breaks_in_a_description_keep_its_words(rss: Rss) -> None:
    item = f"<title>t</title>{LINK}<description>Раз <br/> два <br></br> &quot;три&quot;</description>"
    assert [word in only(rss(item)).summary_html for word in ("Раз", "два", "три")] == [True] * 3


def test_pdalink_is_not_the_link(rss: Rss) -> None:
    assert only(rss(f"<title>t</title><pdalink>https://m.example.ru/1</pdalink>{LINK}")).link == "https://example.ru/1"


def test_an_atom_link_is_the_alternate_one() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>urn:1</id><title>x</title>'
        b'<link rel="self" href="https://example.com/self"/><link href="https://example.com/1"/></entry></feed>'
    )
    assert only(atom).link == "https://example.com/1"


def test_an_atom_id_serves_where_no_alternate_is() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>https://example.com/1</id>'
        b'<title>x</title><link rel="self" href="https://example.com/self"/></entry></feed>'
    )
    assert only(atom).link == "https://example.com/1"


def test_a_link_that_a_browser_opens_goes_before_one_that_it_does_not(rss: Rss) -> None:
    item = "<title>t</title><link>at://did:example/1</link><guid>https://example.ru/1</guid>"
    assert only(rss(item)).link == "https://example.ru/1"


def test_a_relative_guid_is_left_as_it_is(rss: Rss) -> None:
    assert only(rss("<title>t</title><guid>/news/1</guid>")).guid == "/news/1"


def test_pictures_come_in_their_order_and_a_player_is_none(rss: Rss) -> None:
    item = (
        f'<title>t</title>{LINK}<enclosure url="https://example.ru/e.jpg" type="image/jpg"/>'
        '<enclosure url="https://example.ru/player?id=1" type="video/mp4"/>'
        '<media:thumbnail url="https://example.ru/t.jpg"/>'
        '<media:content url="https://example.ru/c.jpg" medium="image"/>'
        '<media:content url="https://example.ru/v.mp4" type="video/mp4"/>'
    )
    pictures = only(rss(item, attributes='xmlns:media="http://search.yahoo.com/mrss/"')).pictures
    assert pictures == tuple(f"https://example.ru/{name}.jpg" for name in "cte")


def test_the_photographer_is_not_the_author(rss: Rss) -> None:
    names = "".join(f"<a:author><a:name>{name}</a:name></a:author>" for name in ("Фото: А. Б.", "Елена Ильина"))
    entry = only(rss(f"<title>t</title>{LINK}{names}", attributes='xmlns:a="http://www.w3.org/2005/Atom"'))
    assert entry.author == "Елена Ильина"


def test_a_future_date_is_now_and_an_ancient_one_is_none(rss: Rss) -> None:
    dates = ["Mon, 05 Aug 2099 10:00:00 +0300", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 05 Aug 2024 10:00:00 MSK"]
    feed = parsed(rss(*(f"<title>t</title>{LINK}<pubDate>{date}</pubDate>" for date in dates)))
    assert [entry.published for entry in feed.entries] == [NOW, None, datetime(2024, 8, 5, 7, tzinfo=UTC)]


def test_an_entry_of_nothing_is_skipped_and_counted(rss: Rss) -> None:
    feed = parsed(rss("", f"<title>t</title>{LINK}"))
    assert (len(feed.entries), feed.skipped) == (1, 1)


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("<ttl>30</ttl>", timedelta(minutes=30)),
        ("<ttl>many</ttl>", None),
        ("<ttl>999999</ttl>", timedelta(days=1)),
        ("", None),
    ],
)
def test_the_wish_to_be_left_alone_is_heard_up_to_a_day(rss: Rss, head: str, wanted: timedelta | None) -> None:
    assert parsed(rss(head=head)).wish.ttl == wanted


def test_the_syndication_module_counts_as_a_wish_too(rss: Rss) -> None:
    head = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    feed = parsed(rss(head=head, attributes='xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'))
    assert feed.wish.ttl == timedelta(minutes=30)
