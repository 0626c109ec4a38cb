"""What tests of the way from bytes to items share: a clock that stands still, a source, feeds made in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Source, SourceId, SourceSpec
from feeds.polls import PollState

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def source() -> Source:
    spec = SourceSpec(name="Пример", url="https://example.ru/rss", lang="ru")
    return Source(id=SourceId(1), spec=spec, poll=PollState(next_at=NOW))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of other people's feeds, which is no part of the project."""
    if folder := os.environ.get("AUTODIGEST_CORPUS"):
        return Path(folder)
    pytest.skip("AUTODIGEST_CORPUS is not set")


@pytest.fixture
def rss() -> Callable[..., bytes]:
    """Build an RSS feed around the XML of its items."""

    def build(*items: str, head: str = "", attributes: str = "") -> bytes:
        channel = f"<title>Лента</title><link>https://example.ru/</link>{head}"
        body = "".join(f"<item>{item}</item>" for item in items)
        return f'<rss version="2.0" {attributes}><channel>{channel}{body}</channel></rss>'.encode()

    return build
