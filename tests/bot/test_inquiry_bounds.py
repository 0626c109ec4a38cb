"""How far an inquiry looks, and what it must not take for the message it looks for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inquiry import PATIENCE, QUIET
from feeds.issue import ChatKind, OutboxState
from storage import Storage
from tests.bot.office import AFTER, Office
from tests.samples import StillClock
from tests.storage.samples import active_chat, issue

CHANNEL = -1_000_000_000_007
GROUP = -7


@pytest.fixture
def office(store: Storage, clock: StillClock) -> Office:
    return Office(store, clock)


async def test_numbers_taken_by_requests_that_still_hang_are_looked_beyond(office: Office) -> None:
    await office.doubt(1)
    await office.send(*range(2, 42))
    office.telegram.there = {1: AFTER + 41}
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.SENT: 1, OutboxState.SENDING: 40}


async def test_numbers_taken_by_requests_cut_off_a_moment_later_are_looked_beyond(office: Office) -> None:
    await office.doubt(1)
    await office.send(*range(2, 42))
    await office.store.outbox.take_over(now=office.clock())
    office.telegram.there = {1: AFTER + 41}
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.SENT: 1, OutboxState.UNKNOWN: 40}


async def test_of_very_many_cut_off_at_once_one_that_never_arrived_is_sent_again(office: Office) -> None:
    await office.doubt(*range(1, 201))
    office.telegram.closed = set(range(2, 201))
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.PENDING: 1, OutboxState.UNKNOWN: 199}


async def test_posts_that_were_deleted_are_not_the_end_of_a_channel_whose_newer_posts_were_seen(office: Office) -> None:
    await office.doubt(CHANNEL)
    office.telegram.there = {CHANNEL: AFTER + QUIET + 2}
    office.ids.saw(CHANNEL, AFTER + QUIET + 3)
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.SENT: 1}


async def test_a_post_that_goes_out_during_the_search_is_not_taken_for_the_one_in_doubt(office: Office) -> None:
    await office.doubt(CHANNEL)
    chat = await office.store.chats.by_telegram_id(CHANNEL)
    assert chat is not None

    async def post_another(_chat: int, message_id: int) -> None:
        if message_id == AFTER + 1:
            outbox = office.store.outbox
            await outbox.commit_issues([issue(chat, "another")], now=office.clock())
            [parcel] = await outbox.claim(now=office.clock(), limit=1, lease=timedelta(minutes=1), owner="me")
            await outbox.mark_sending(parcel.id, part=0, owner="me", now=office.clock())
            await outbox.record_part(parcel.id, part=0, message_id=AFTER + 2, owner="me", now=office.clock())
            await outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=office.clock())

    office.telegram.ours, office.telegram.meanwhile = {CHANNEL: AFTER + 2}, post_another
    await office.settle()
    assert (CHANNEL, AFTER + 2) not in office.telegram.tried
    assert await office.counts() == {OutboxState.SENT: 1, OutboxState.PENDING: 1}


async def test_while_anything_is_being_sent_to_a_chat_no_number_there_is_tried(office: Office) -> None:
    await office.doubt(1)
    with office.ids.sending(1):
        assert await office.settle() == 0
    assert office.telegram.tried == []
    assert await office.settle() == 1


async def test_a_chat_that_takes_nothing_any_more_is_not_asked_for_ever(office: Office) -> None:
    await office.doubt(1)
    office.telegram.closed = {1}
    assert await office.settle() == 0
    office.clock.now += PATIENCE
    assert await office.settle() == 1
    tried = len(office.telegram.tried)
    assert await office.settle() == 0
    assert len(office.telegram.tried) == tried


async def test_what_a_group_may_have_got_before_it_moved_is_asked_about_and_not_sent_again(office: Office) -> None:
    await office.doubt(GROUP)
    await office.store.chats.migrate(GROUP, CHANNEL)
    assert await office.settle() == 0
    office.clock.now += PATIENCE
    assert await office.settle() == 1
    assert await office.counts() == {OutboxState.UNKNOWN: 1}
    assert [chat.telegram_id for chat in office.asked] == [CHANNEL]


async def test_numbers_of_a_group_that_moved_are_not_counted_from(office: Office) -> None:
    chat = await active_chat(office.store, GROUP)
    await office.store.chats.ensure(
        GROUP, kind=ChatKind.GROUP, lang="ru", reads=["ru"], zone=chat.zone, now=office.clock()
    )
    outbox = office.store.outbox
    await outbox.commit_issues([issue(chat)], now=office.clock())
    [parcel] = await outbox.claim(now=office.clock(), limit=1, lease=timedelta(minutes=1), owner="me")
    await outbox.mark_sending(parcel.id, part=0, owner="me", now=office.clock())
    await outbox.record_part(parcel.id, part=0, message_id=5000, owner="me", now=office.clock())
    await office.store.chats.migrate(GROUP, CHANNEL)
    assert await outbox.newest_message_ids() == {}
    assert await outbox.arrived_ids(above=0, shared=False, telegram_id=CHANNEL) == frozenset()
