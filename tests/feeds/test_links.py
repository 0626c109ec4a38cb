from __future__ import annotations

import random
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.links import canonical_link, hostname, netloc, picture_link, title_key


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("https://Example.RU/News/1?utm_source=rss&utm_medium=feed", "https://example.ru/News/1"),
        ("https://example.ru/1?id=5&yclid=1&fbclid=2&gclid=3&_openstat=4", "https://example.ru/1?id=5"),
        ("https://example.ru/1?from=rss", "https://example.ru/1"),
        ("https://example.ru/1?from=moscow", "https://example.ru/1?from=moscow"),
        ("https://example.ru/1/#comments", "https://example.ru/1"),
        ("https://example.ru:443/1", "https://example.ru/1"),
        ("http://example.ru:8080/1", "http://example.ru:8080/1"),
        ("  https://example.ru/\n1 ", "https://example.ru/1"),
        ("https://example.ru/1?a=1&amp;b=2", "https://example.ru/1?a=1&b=2"),
        ("https://example.ru/%CF%F0?q=%E0", "https://example.ru/%CF%F0?q=%E0"),
        ("https://example.ru/новость", "https://example.ru/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"),
        ("https://пример.рф/1", "https://xn--e1afmkfd.xn--p1ai/1"),
        ("https://example.ru/", "https://example.ru"),
    ],
)
def test_two_spellings_of_one_address_become_one(link: str, wanted: str) -> None:
    assert canonical_link(link) == wanted


def test_a_relative_address_is_joined_to_its_base() -> None:
    assert canonical_link("/news/1", "https://example.ru/feed/rss") == "https://example.ru/news/1"
    assert canonical_link("//cdn.example.ru/1", "https://example.ru/") == "https://cdn.example.ru/1"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@example.ru",
        "/1",
        "https://",
        "http://user:pw@example.ru/",
        "http://[::1",
        "http://a_b<c>/",
        "https://example.ru/" + "a" * 3000,
        "http://a:99999/",
    ],
)
def test_what_is_no_address_of_a_page_is_none(link: str) -> None:
    assert canonical_link(link) is None


def test_a_picture_keeps_the_query_that_signs_it() -> None:
    assert (
        picture_link("/a.jpg?utm_source=x&s=1", "https://example.ru/1") == "https://example.ru/a.jpg?utm_source=x&s=1"
    )
    assert picture_link("data:image/png;base64,AA") is None
    assert picture_link("http://[broken") is None


def test_titles_that_differ_in_dress_only_share_a_key() -> None:
    one = title_key("Всё ещё «самый дешёвый»‑авто\u00a0— вот")
    assert one == title_key('ВСЕ ЕЩЕ "самый дешевый"-авто - вот!')
    assert title_key("Lada Iskra № 1") == title_key("Lada  Iskra №1".replace("№1", "№ 1"))


def test_different_titles_have_different_keys() -> None:
    assert title_key("Неделя 36") != title_key("Неделя 2")


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=30)))
@settings(max_examples=150)
def test_a_canonical_link_is_canonical(link: str, base: str | None) -> None:
    once = canonical_link(f"https://example.ru/{link}", base)
    assert once is None or canonical_link(once) == once


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_a_title_key_is_its_own_key(title: str) -> None:
    assert title_key(title_key(title)) == title_key(title)


_PARTS = (
    *(
        "http://",
        "https://",
        "HTTPS://",
        "//",
        "a.ru",
        "EX.ru",
        "пример.рф",
        "a..ru",
        "[::1]",
        "u@",
        ":443",
        ":80",
        "/",
    ),
    *(
        "//",
        "/a",
        "/b_1.html",
        "..",
        ".",
        "?",
        "?id=1&utm_source=x",
        "#",
        "#more",
        "%20",
        "-",
        "&amp;",
        ";p",
        "~",
        "x" * 900,
    ),
)
_BASES = (None, "https://example.ru/feed/rss", "https://пример.рф/rss", "http://[broken", "https://example.ru/a]b", "x")


def test_an_address_in_which_nothing_is_to_be_done_is_read_as_any_other() -> None:
    chance, kept = random.Random(9), 0
    for _ in range(20_000):
        link = chance.choice(("", "https://a.ru")) + "".join(chance.choices(_PARTS, k=chance.randint(1, 6)))
        base = chance.choice(_BASES)
        plain = canonical_link(link, base)
        # A space is taken out, and with it none is plain.
        assert plain == canonical_link(f" {link}", base), (link, base)
        assert picture_link(link, base) == picture_link(f" {link}", base), (link, base)
        kept += plain == link
    assert kept > 200


@pytest.mark.parametrize("url", ["https://a.ru/x", "https://a.ru", "http://A.ru:80/", "https://[::1]/", "//a.ru", ""])
def test_a_host_is_named_as_urllib_names_it(url: str) -> None:
    assert hostname(url) == urlsplit(url).hostname
    assert netloc(url) == urlsplit(url).netloc
