"""The real bot on a stage of its own for each test; afterwards no tap may be left without its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo import Stage
from tests.e2e.people import playing, until


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with playing() as running:
        yield running
        queries = running.sandbox.world.callback_queries
        await until(lambda: all(query.answered for query in queries.values()), "every tap to be answered")
