"""Issues and single stories that are composed at the same moment, over a real store."""

from __future__ import annotations

import asyncio

import pytest

from feeds.atonce import AtOnce
from feeds.issue import ChatKind, DigestKind
from feeds.topics import Catalogue
from storage import Storage
from tests.feeds.test_atonce import Wire
from tests.samples import HOUR, StillClock


@pytest.fixture
def wire(store: Storage, catalogue: Catalogue, clock: StillClock) -> Wire:
    clock.advance(4 * HOUR)
    return Wire(store, catalogue, clock)


@pytest.mark.parametrize("later", range(0, 30, 3))
async def test_what_breaks_as_an_issue_is_due_is_told_once(wire: Wire, later: int) -> None:
    stories, store = wire.publish.press, wire.store
    wire.at_once = AtOnce(press=stories, chats=store.chats, issues=store.outbox, marks=store.marks)
    await wire.chat(-1, times=[0])
    wire.clock.advance(HOUR)
    story = await wire.tell("новость")
    at_once = asyncio.create_task(wire.at_once.publish())
    await asyncio.sleep(later / 1000)
    await wire.publish.publish_due()
    await at_once
    told = [one.story_id for parcel in await wire.parcels() for one in parcel.digest.stories]
    assert told == [story]


async def test_who_asks_as_an_issue_is_due_is_told_each_story_once(wire: Wire) -> None:
    chat = await wire.chat(1, kind=ChatKind.PRIVATE, times=[0])
    wire.clock.advance(HOUR)
    story = await wire.tell("новость")
    asked = wire.publish.publish_asked(chat, slot="asked", kind=DigestKind.ASKED)
    await asyncio.gather(wire.publish.publish_due(), asked)
    told = [one.story_id for parcel in await wire.parcels() for one in parcel.digest.stories]
    assert told == [story]
