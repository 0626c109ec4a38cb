from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.manners import agent, http_date, is_challenge, max_age, media_type, retry_after, validators_of, words
from feeds.polls import Validators

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
DATE = "Tue, 01 Sep 2026 06:00:00 GMT"
LATER = "Tue, 01 Sep 2026 06:10:00 GMT"


@pytest.mark.parametrize(
    ("cache_control", "headers", "minutes"),
    [
        ("max-age=600", {}, 10),
        ('public, Max-Age="600"', {}, 10),
        ("max-age=600", {"Age": "540"}, 1),
        ("max-age=600", {"Age": "600"}, None),
        ("max-age=600, no-cache", {}, None),
        ("no-store", {"Expires": LATER, "Date": DATE}, None),
        ("private", {"Expires": LATER, "Date": DATE}, None),
        ("max-age=0", {}, None),
        ("max-age=-5", {}, None),
        ("max-age=soon", {}, None),
        ("s-maxage=600", {}, None),
        ("max-age=99999999999999999999", {}, 24 * 60),
        ("", {"Expires": LATER, "Date": DATE}, 10),
        ("", {"Expires": "Tue, 01 Sep 2026 12:03:00 GMT"}, 3),
        ("", {"Expires": "0", "Date": DATE}, None),
        ("", {"Expires": DATE, "Date": LATER}, None),
        ("", {}, None),
    ],
)
def test_freshness_is_what_the_server_says(cache_control: str, headers: dict[str, str], minutes: int | None) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert max_age(headers, cache_control=cache_control, now=NOW) == expected


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(minutes=2)),
        ({"Retry-After": LATER, "Date": DATE}, timedelta(minutes=10)),
        ({"Retry-After": "Tue, 01 Sep 2026 12:03:00 GMT"}, timedelta(minutes=3)),
        ({"Retry-After": DATE, "Date": LATER}, timedelta(0)),
        ({"Retry-After": "9" * 5000}, timedelta(days=7)),
        ({"Retry-After": "in a while"}, None),
        ({"Retry-After": "-1"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_servers_clock(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers, now=NOW) == wait


ODD = st.text() | st.integers().map(str) | st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} -9999")


@given(ODD, ODD, ODD)
def test_no_header_makes_the_readers_raise(one: str, two: str, three: str) -> None:
    wait = retry_after({"Retry-After": one, "Date": two}, now=NOW)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=7)
    for cache_control in ("", one, f"max-age={one}"):
        fresh = max_age({"Expires": one, "Date": two, "Age": three}, cache_control=cache_control, now=NOW)
        assert fresh is None or timedelta(0) < fresh <= timedelta(days=1)
    moment = http_date(one)
    assert moment is None or moment.tzinfo is UTC
    assert len(words(one.encode("utf-8", "replace"), content_type=two, reason=three)) <= 200


@given(st.binary(max_size=300))
def test_any_bytes_give_words_of_one_line(page: bytes) -> None:
    told = words(page, content_type="", reason="No")
    assert told.isprintable()
    assert len(told) <= 200


def test_words_are_found_in_linear_time() -> None:
    for flood in (b"<title" * 2700, b"<title>" * 2300, b"<title><" * 2000, b"<" * 16_000):
        words(flood, content_type="text/html", reason="No")


@pytest.mark.parametrize("etag", ["", "a\udce9", "a\x01b"])
def test_a_validator_that_cannot_be_sent_back_is_none(etag: str) -> None:
    assert validators_of({"ETag": etag, "Last-Modified": "once"}) == Validators(last_modified="once")


def test_subscribers_are_counted_inside_the_brackets() -> None:
    assert agent("A/1 (+https://example.ru)", None) == "A/1 (+https://example.ru)"
    assert agent("A/1 (+https://example.ru)", 0) == "A/1 (+https://example.ru; 0 subscribers)"
    assert agent("A/1", 5) == "A/1 (5 subscribers)"


def test_a_media_type_comes_without_its_parameters() -> None:
    assert media_type("Application/RSS+xml; charset = 'cp1251'") == ("application/rss+xml", "cp1251")
    assert media_type("") == ("", None)
    assert media_type("text/xml; charset=") == ("text/xml", None)


def test_a_gatekeeper_is_known_by_header_or_page() -> None:
    assert is_challenge({"cf-mitigated": "challenge"}, b"")
    assert is_challenge({"x-amzn-waf-action": "captcha"}, b"")
    assert is_challenge({}, b'<script src="/cdn-cgi/challenge-platform/h/b/x.js">')
    assert not is_challenge({"Server": "cloudflare"}, b"<title>404 - behind Cloudflare</title>")
