"""The courier over a real outbox; only the carrier is scripted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery import LEASE
from bot.outcomes import Closed, Failing, Moved, Refused, Sent, Threadless, Unknown, Wait
from feeds.issue import ChatKind, ChatState, OutboxState, PauseReason, Priority
from storage import Storage
from tests.bot.post import SECOND, Post, quiet
from tests.samples import NOW, StillClock


@pytest.fixture
def post(store: Storage, clock: StillClock) -> Post:
    return Post(store, clock)


async def test_an_issue_is_sent_and_settled(post: Post) -> None:
    await post.put(await post.chat(7), "один")
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.sent == [(7, "один")]


async def test_what_goes_on_from_a_message_is_sent_as_an_answer_to_it_after_a_pause_too(post: Post) -> None:
    await post.put(await post.chat(-7, kind=ChatKind.CHANNEL), "начало", "середина", "конец")
    post.carrier.script[-7] = [Sent(41), Failing("no connection")]
    async with post.open():
        await post.requests(2)
        await post.until(pending=1)
        post.later(timedelta(minutes=1))
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["начало", "середина", "середина", "конец"]
    assert post.carrier.replies == [None, 41, 41, 41]


async def test_a_bell_wakes_the_courier(post: Post) -> None:
    chat = await post.chat()
    async with post.open():
        await quiet()
        await post.put(chat, "один")
        post.courier.ring()
        await post.until(sent=1)


async def test_all_parts_go_in_order(post: Post) -> None:
    await post.put(await post.chat(), "один", "два", "три")
    async with post.open():
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два", "три"]


async def test_issues_of_one_chat_go_one_after_another_and_those_asked_for_first(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "утро")
    await post.put(chat, "вечер", due_at=NOW + SECOND)
    await post.put(chat, "сейчас", priority=Priority.URGENT, due_at=NOW + 2 * SECOND)
    post.clock.advance(3 * SECOND)
    async with post.open():
        await post.until(sent=3)
    assert [text for _, text in post.carrier.sent] == ["сейчас", "утро", "вечер"]


async def test_many_chats_are_served_side_by_side(post: Post) -> None:
    for number in range(1, 31):
        await post.put(await post.chat(number), "один")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(30)
        post.carrier.gate.set()
        await post.until(sent=30)


async def test_a_flood_waits_as_long_as_it_was_told_and_delays_no_other_chat(post: Post) -> None:
    slow, quick = await post.chat(1), await post.chat(2)
    await post.put(slow, "медленно")
    await post.put(quick, "быстро")
    post.carrier.script[1] = [Wait(timedelta(seconds=30))]
    async with post.open():
        await post.until(sent=1, pending=1)
        assert (2, "быстро") in post.carrier.sent
        post.later(timedelta(seconds=29))
        await quiet()
        assert await post.states() == {OutboxState.SENT: 1, OutboxState.PENDING: 1}
    [parcel] = await post.store.outbox.claim(now=NOW + timedelta(seconds=30), limit=9, lease=LEASE, owner="other")
    assert parcel.attempts == 0


async def test_a_failure_is_tried_again_after_a_growing_pause(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Failing("no connection")] * 3
    async with post.open():
        for tries, pause in enumerate((2, 4, 8), 1):
            await post.requests(tries)
            await post.until(pending=1)
            post.later(timedelta(seconds=pause - 1))
            await quiet()
            assert len(post.carrier.sent) == tries
            post.later(SECOND)
        await post.until(sent=1)


async def test_a_message_that_may_have_arrived_is_held_and_not_sent_twice(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.carrier.script[1] = [Unknown("no answer in time")]
    post.clock.advance(SECOND)
    async with post.open():
        await post.until(unknown=1, sent=1)
        post.later(timedelta(hours=5))
        await quiet()
    assert [text for _, text in post.carrier.sent] == ["один", "два"]
    [held] = await post.store.outbox.held()
    assert held.slot == "slot 1"


async def test_content_that_is_refused_goes_once_more_as_bare_text(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Refused("can't parse entities")]
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.bare == [(1, "один")]


async def test_content_that_is_refused_even_bare_ends_there_and_the_next_follows(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.clock.advance(SECOND)
    post.carrier.script[1] = [Refused("no"), Refused("never")]
    async with post.open():
        await post.until(refused=1, sent=1)


async def test_a_closed_chat_is_paused_told_about_and_gets_its_issue_when_it_opens_again(post: Post) -> None:
    chat = await post.chat()
    await post.store.chats.schedule(chat.id, times=[480], zone=chat.zone, next_at=NOW)
    await post.put(chat, "один")
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")]
    async with post.open():
        await post.until_closed()
        paused = await post.store.chats.get(chat.id)
        assert (paused.state, paused.pause_reason) == (ChatState.PAUSED, PauseReason.BLOCKED)
        assert paused.times == (480,)
        post.later(timedelta(minutes=10))
        await quiet()
        assert len(post.carrier.sent) == 1
        await post.store.chats.resume(chat.id, next_at=NOW)
        post.courier.ring()
        await post.until(sent=1)
    assert post.closed == [(1, PauseReason.BLOCKED)]


async def test_who_stopped_and_then_blocked_is_not_knocked_at_for_ever(post: Post) -> None:
    chat = await post.chat()
    await post.store.chats.stop(chat.id)
    await post.put(chat, "один", priority=Priority.URGENT)
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")] * 50
    async with post.open():
        await post.until(refused=1)
        await quiet()
    assert len(post.carrier.sent) == 1
    assert (await post.store.chats.get(chat.id)).state is ChatState.STOPPED


async def test_a_group_that_moved_gets_its_issue_at_the_new_address(post: Post) -> None:
    chat = await post.chat(-5, kind=ChatKind.GROUP)
    await post.put(chat, "один")
    post.carrier.script[-5] = [Moved(-1005)]
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.sent == [(-5, "один"), (-1005, "один")]
    assert (await post.store.chats.get(chat.id)).telegram_id == -1005


async def test_what_a_closed_thread_would_not_take_goes_to_the_group_itself(post: Post) -> None:
    chat = await post.chat(-1005, kind=ChatKind.SUPERGROUP)
    await post.put(chat, "один", thread=7)
    await post.put(chat, "два", thread=7)
    await post.put(chat, "три", thread=8)
    post.carrier.script[-1005] = [Threadless("Bad Request: message thread not found")]
    async with post.open():
        await post.until(sent=3)
    assert [text for _, text in post.carrier.sent] == ["один", "один", "два", "три"]
    assert post.carrier.threads == [7, None, None, 8]
    assert post.threadless == [(-1005, 7)]
    assert (await post.store.chats.get(chat.id)).state is not ChatState.PAUSED


async def test_a_failure_in_the_middle_repeats_no_part_that_arrived(post: Post) -> None:
    await post.put(await post.chat(), "один", "два", "три")
    post.carrier.script[1] = [Sent(1), Failing("no connection")]
    async with post.open():
        await post.requests(2)
        await post.until(pending=1)
        post.later(timedelta(seconds=2))
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два", "два", "три"]
