"""A body read as a feed, at a moment that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

from feeds.model import ParsedFeed
from feeds.parse import parse_feed

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


def parsed(body: bytes, **options: str) -> ParsedFeed:
    feed = parse_feed(body, now=NOW, **options)
    assert isinstance(feed, ParsedFeed), feed
    return feed
