"""The real bot on a stage, or in a town, of its own for each test; afterwards no tap may be left without its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import Stage
from feeds.model import StoryId
from tests.e2e.gazette import NEWS, gazette
from tests.e2e.newsdesk import Newsdesk
from tests.e2e.people import playing, until
from tests.e2e.town import Town, morning


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with playing() as running:
        yield running
        queries = running.sandbox.world.callback_queries
        await until(lambda: all(query.answered for query in queries.values()), "every tap to be answered")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[Town, list[StoryId]]]:
    async with gazette(tmp_path) as opened:
        yield opened
        queries = opened[0].sandbox.world.callback_queries
        await until(lambda: all(query.answered for query in queries.values()), "every tap to be answered")


@pytest.fixture
def town(place: tuple[Town, list[StoryId]]) -> Town:
    return place[0]


@pytest.fixture
def keys(place: tuple[Town, list[StoryId]]) -> dict[str, StoryId]:
    return dict(zip([told.title for told in NEWS], place[1], strict=True))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Town]:
    """The bot between a sandbox and a store that has five stories of this morning; it starts at once."""
    async with morning(tmp_path) as town:
        yield town
        queries = town.sandbox.world.callback_queries
        await until(lambda: all(query.answered for query in queries.values()), "every tap to be answered")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Newsdesk]:
    async with Newsdesk(tmp_path) as made:
        yield made
