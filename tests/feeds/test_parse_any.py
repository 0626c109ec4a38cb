"""Feeds that others wrote or broke: none makes the reading of feeds raise."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import feedparser_cases, gofeed_oracles, nasty
from feeds.model import ParsedFeed
from feeds.parse import parse_feed
from feeds.polls import Failed
from tests.feeds.parsed import NOW, parsed

BOUND = 15
"""Seconds of the processor after which a hostile feed counts as unbounded: on a quiet machine the worst takes half of
one, and a machine shared with others has made six of it. The real limits are measured in the worker's own process."""


def test_every_hostile_feed_ends_as_its_index_wants(corpus: Path) -> None:
    for path in nasty.index(corpus / "feeds/nasty"):
        started = time.process_time()
        reading = nasty.read(path.read_bytes())
        assert nasty.WANTED[path.name](reading), path.name
        assert time.process_time() - started < BOUND, path.name


def test_other_readers_cases_read_the_same_but_for_the_listed_differences(corpus: Path) -> None:
    outcomes = list(feedparser_cases.run_cases(corpus / "feeds/feedparser"))
    assert [one for one in outcomes if one.verdict is feedparser_cases.Verdict.UNEXPLAINED] == []
    checks = list(gofeed_oracles.run_oracles(corpus / "feeds/gofeed"))
    assert sum(check.holds for check in checks) >= len(checks) * 475 / 479


def test_russian_is_read_from_every_encoding_it_came_in(corpus: Path) -> None:
    for path in sorted((corpus / "feeds/nasty").glob("enc_*.xml")):
        if path.stem != "enc_double_encoded":
            titles = [entry.title for entry in parsed(path.read_bytes()).entries]
            assert titles == [f"АвтоВАЗ показал новую Lada Iskra №{number}" for number in (1, 2, 3)], path.name


def test_real_feeds_parse_with_entries_titles_and_links(corpus: Path) -> None:
    for path in sorted((corpus / "feeds/real").glob("*.xml")):
        feed = parsed(path.read_bytes())
        assert feed.entries, path.name
        assert feed.skipped == 0, path.name
        assert all(entry.link for entry in feed.entries), path.name
        assert not any("\ufffd" in entry.title or "Ð" in entry.title for entry in feed.entries), path.name


# Whatever comes


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_no_bytes_make_it_raise(body: bytes) -> None:
    assert isinstance(parse_feed(body, now=NOW), ParsedFeed | Failed)


PIECES = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "<description>", "<link>", "<content:encoded>", "<atom:link/>", ">",
     "<media:content url='x'", "&amp;", "&x;", "&#xD83D;", "<![CDATA[", "]]>", "<!--", "<!DOCTYPE", "Авто", "\x00"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_broken_feed_makes_it_raise(pieces: list[str]) -> None:
    body = ("<rss version='2.0'><channel><title>t</title>" + "".join(pieces)).encode()
    assert isinstance(parse_feed(body, now=NOW), ParsedFeed | Failed)
