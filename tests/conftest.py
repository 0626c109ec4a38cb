"""What tests of all rooms share: a store in memory, a clock that stands still, the packaged catalogue, the services."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.edition import Edition
from bot.garbage import spare_what_stays
from bot.services import Services
from bot.settings import Settings
from feeds.gist import packaged
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage, open_storage
from tests.browsing import launched
from tests.samples import StillClock, nobody


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def store() -> AsyncIterator[Storage]:
    async with await open_storage(":memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return packaged()


@pytest.fixture
def services(store: Storage, catalogue: Catalogue, clock: StillClock) -> Services:
    """What handlers may use, with nobody waiting for an issue."""
    return Services(
        settings=Settings.model_construct(),
        store=store,
        catalogue=catalogue,
        publish=Publish(news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock),
        clock=clock,
        ring_courier=lambda: None,
        write=Edition(catalogue, username=lambda: "autodigest_bot").write,
        reach=nobody,
        reconsider=lambda: None,
    )


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Any]:
    """One browser for all tests of a module; each opens windows of its own in it, which share nothing."""
    async with launched() as chromium:
        yield chromium


def pytest_sessionfinish() -> None:
    """Look for garbage until there is none, then no more: pytest looks five times, through all that ever was loaded."""
    while gc.collect():
        pass
    gc.freeze()


def pytest_collection_finish() -> None:
    """Look for garbage as the bot itself does: searching all that is loaded, again and again, takes a long time."""
    spare_what_stays()
