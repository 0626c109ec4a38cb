"""What tests of all rooms share: a store in memory, a clock that stands still, the packaged catalogue."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from feeds.topics import Catalogue, load_catalogue
from storage import Storage, open_storage
from tests.samples import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def store() -> AsyncIterator[Storage]:
    async with await open_storage(":memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
