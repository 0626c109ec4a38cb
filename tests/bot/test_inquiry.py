"""Doubts over a real outbox, looked into at a Telegram that knows which messages there are."""

from __future__ import annotations

import asyncio

import pytest

from feeds.issue import OutboxState
from storage import Storage
from tests.bot.office import AFTER, Office
from tests.samples import StillClock


@pytest.fixture
def office(store: Storage, clock: StillClock) -> Office:
    return Office(store, clock)


async def test_a_chat_that_has_to_wait_for_an_hour_delays_no_others_doubts(office: Office) -> None:
    await office.doubt(1, 2, 3)
    office.telegram.there = {1: AFTER + 1, 2: AFTER + 2, 3: AFTER + 3}
    office.limits.pause(1, 3600)
    assert await office.settle() == 2
    assert await office.counts() == {OutboxState.SENT: 2, OutboxState.UNKNOWN: 1}
    assert {chat for chat, _ in office.telegram.tried} == {2, 3}
    office.ahead = 3601
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.SENT: 3}


async def test_chats_are_looked_into_side_by_side(office: Office) -> None:
    await office.doubt(1, 2, 3)
    office.telegram.there = dict.fromkeys((1, 2, 3), AFTER + 1)
    office.telegram.meeting = asyncio.Barrier(3)
    assert await office.settle() == 3


async def test_a_search_goes_on_where_its_chat_was_told_to_wait(office: Office) -> None:
    await office.doubt(1)
    office.telegram.there, office.telegram.busy = {1: AFTER + 4}, {1: AFTER + 3}
    assert await office.settle() == 0
    assert await office.settle() == 0
    office.ahead = 3601
    assert await office.settle() == 1
    assert [message_id - AFTER for _, message_id in office.telegram.tried] == [1, 2, 3, 3, 4]


async def test_what_is_sent_again_and_cut_off_again_is_looked_for_anew(office: Office) -> None:
    await office.doubt(1)
    assert await office.settle() == 1
    tried = len(office.telegram.tried)
    assert await office.counts() == {OutboxState.PENDING: 1}
    await office.doubt()
    office.telegram.there = {1: AFTER + 2}
    assert await office.settle() == 1
    assert office.telegram.tried[tried:] == [(1, AFTER + 1), (1, AFTER + 2)]


async def test_a_crash_amid_more_than_a_hundred_requests_sends_nothing_twice(office: Office) -> None:
    people = range(1, 131)
    await office.doubt(*people[:90])
    await office.doubt(*people[90:])
    office.telegram.there = {person: AFTER + person for person in people}
    while await office.settle():
        pass
    assert await office.counts() == {OutboxState.SENT: len(people)}


async def test_a_doubt_that_cannot_be_looked_into_delays_no_others(office: Office) -> None:
    await office.doubt(1, 2, 3)
    office.telegram.there = dict.fromkeys((1, 2, 3), AFTER + 1)
    office.unwritten = {1}
    assert await office.settle() == 2
    assert await office.counts() == {OutboxState.SENT: 2, OutboxState.UNKNOWN: 1}
    office.unwritten = set()
    assert await office.settle() == 1
