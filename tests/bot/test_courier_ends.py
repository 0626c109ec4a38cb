"""What becomes of issues when couriers die, lose their lease, stumble or are asked to end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import LEASE
from bot.limits import Limits
from bot.outcomes import MAX_BACKOFF, Closed, Failing, Moved, Outcome, Wait, backoff
from feeds.errors import StorageError
from feeds.issue import OutboxId, OutboxState, PauseReason
from storage import Storage
from storage.tables import outbox
from tests.bot.post import ME, SECOND, Post, quiet, refusing
from tests.samples import NOW, StillClock
from tests.waiting import PATIENCE, until


@pytest.fixture
def post(store: Storage, clock: StillClock) -> Post:
    return Post(store, clock)


async def test_who_lost_the_lease_sends_nothing_more(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один", "два")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
        # Somebody held the row while the first request was under way.
        assert await post.store.outbox.hold(OutboxId(1), owner=ME, reason="test", now=post.clock())
        post.carrier.gate.set()
        await quiet()
        assert [text for _, text in post.carrier.sent] == ["один"]
        assert await post.states() == {OutboxState.UNKNOWN: 1}


async def test_an_expired_lease_of_a_dead_courier_is_taken_over(post: Post) -> None:
    await post.put(await post.chat(), "один")
    await post.store.outbox.claim(now=NOW, limit=9, lease=LEASE, owner="dead")
    async with post.open():
        await quiet()
        assert post.carrier.sent == []
        post.later(LEASE)
        await post.until(sent=1)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)], ids=["forward", "back"])
async def test_a_jump_of_the_clock_during_a_request_repeats_nothing(post: Post, jump: timedelta) -> None:
    await post.put(await post.chat(), "один", "два")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
        post.later(jump)
        await quiet()
        post.carrier.gate.set()
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два"]


async def test_a_clock_that_was_turned_back_stalls_no_second_try(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Failing("502")]
    async with post.open():
        await post.requests(1)
        await post.until(pending=1)
        post.later(timedelta(hours=-1))
        await post.until(sent=1)


async def test_what_a_dead_courier_was_sending_is_held(post: Post) -> None:
    await post.put(await post.chat(), "один")
    [parcel] = await post.store.outbox.claim(now=NOW, limit=9, lease=LEASE, owner="dead")
    await post.store.outbox.mark_sending(parcel.id, part=0, owner="dead", now=NOW)
    async with post.open():
        post.later(LEASE)
        await post.until(unknown=1)
    assert post.carrier.sent == []


async def test_an_issue_that_cannot_be_written_waits_and_blocks_its_chat_no_longer_than_that(post: Post) -> None:
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    post.troubles = [ValueError("no such zone")]
    async with post.open():
        await post.until(sent=1, pending=1)
        post.later(timedelta(seconds=2))
        await post.until(sent=2)


async def test_a_surprise_during_a_request_holds_the_issue(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.clock.advance(SECOND)
    post.carrier.script[1] = [RuntimeError("nobody expected this")]
    async with post.open():
        await post.until(unknown=1, sent=1)


async def test_a_chat_forgotten_meanwhile_troubles_nobody(post: Post) -> None:
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")]
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(2)
        await post.store.accounts.forget(1, now=post.clock())
        post.carrier.gate.set()
        await post.until(sent=1)


async def test_an_issue_whose_request_was_never_made_is_not_in_doubt(post: Post) -> None:
    await post.put(await post.chat(), "один")
    async with refusing(post.store, OutboxState.SENDING), post.open():
        await until(lambda: put_off(post), "the second try")
    assert post.carrier.sent == []
    post.courier = post.hire("the next one")
    async with post.open():
        post.later(2 * SECOND)
        await post.until(sent=1)
    assert post.carrier.sent == [(1, "один")]


async def put_off(post: Post) -> bool:
    return await post.store.outbox.next_due(post.clock()) == post.clock() + 2 * SECOND


@pytest.mark.parametrize("outcome", [Failing("502"), Wait(30 * SECOND), Moved(2)], ids=["failing", "429", "moved"])
async def test_an_issue_that_telegram_did_not_take_is_not_in_doubt_though_the_store_fails_then(
    post: Post, outcome: Outcome
) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [outcome]
    async with refusing(post.store, OutboxState.PENDING):
        with pytest.raises(StorageError):
            await asyncio.wait_for(post.courier.run(), PATIENCE)
    assert not post.courier._ids.under_way(1)
    async with post.open():
        await post.until(pending=1)
        post.later(2 * SECOND)
        await post.until(sent=1)


async def test_what_arrived_is_not_sent_twice_though_the_store_fails_then(post: Post) -> None:
    await post.put(await post.chat(), "один")
    async with post.open(), refusing(post.store, OutboxState.SENT):
        post.courier.ring()
        await post.until(unknown=1)
    assert post.carrier.sent == [(1, "один")]
    assert post.courier._ids.under_way(1)


async def test_leases_are_renewed_though_the_store_failed_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.LEASE", timedelta(seconds=0.09))
    await post.put(await post.chat(), "один")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
        async with refusing(post.store, OutboxState.SENDING, change="UPDATE OF lease_until"):
            await quiet()
        post.clock.advance(timedelta(hours=1))

        async def renewed() -> bool:
            async with post.store._database.transaction() as connection:
                return bool(await connection.scalar(select(outbox.c.lease_until > post.clock())))

        await until(renewed, "a longer lease")
        post.carrier.gate.set()
        await post.until(sent=1)


async def test_nothing_of_a_courier_lives_on_whose_end_the_store_spoils(post: Post) -> None:
    others = asyncio.all_tasks()
    await post.end_spoilt()
    await asyncio.sleep(0)
    mine = {str(one.get_coro()) for one in asyncio.all_tasks() - others}
    assert not [one for one in mine if "Courier" in one]


async def test_a_request_that_hangs_is_cut_off_and_the_rest_given_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.GRACE", 0.1)
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    post.courier._limits = Limits(overall=100_000, each=100_000)
    post.courier._limits.pause(2, 9)
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
    assert await post.states() == {OutboxState.UNKNOWN: 1, OutboxState.PENDING: 1}


@pytest.mark.parametrize("gently", [True, False], ids=["stopped", "cancelled"])
async def test_the_end_lets_requests_finish_and_gives_the_rest_back(post: Post, *, gently: bool) -> None:
    await post.put(await post.chat(), "один", "два")
    post.carrier.gate.clear()
    task = asyncio.create_task(post.courier.run())
    await post.requests(1)
    if gently:
        post.courier.stop()
    else:
        task.cancel()
    await quiet()
    assert not task.done()
    post.carrier.gate.set()
    await asyncio.wait([task], timeout=PATIENCE)
    assert task.done()
    assert await post.states() == {OutboxState.PENDING: 1}
    # Whoever comes next goes on where this one ended.
    post.courier = post.hire("the next one")
    async with post.open():
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два"]


async def test_the_end_gives_back_what_only_waits_for_its_turn(post: Post) -> None:
    post.courier._limits.pause(1, 9)
    await post.put(await post.chat(1), "один")
    async with post.open():
        await post.until(claimed=1)
    assert await post.states() == {OutboxState.PENDING: 1}
    assert post.carrier.sent == []


async def test_a_parcel_whose_chat_must_wait_long_waits_in_the_outbox(post: Post) -> None:
    post.courier._limits.pause(1, 600)
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    async with post.open():
        await post.until(pending=1, sent=1)
        assert post.carrier.sent == [(2, "два")]
        due = await post.store.outbox.next_due(post.clock())
        assert due is not None
        assert 500 * SECOND < due - post.clock() <= 600 * SECOND


async def test_a_courier_whose_store_fails_goes_on_when_it_is_back(post: Post) -> None:
    await post.put(await post.chat(), "один")
    with pytest.raises(RuntimeError):
        await stumbling(post)
    async with post.open():
        await post.until(sent=1)


async def stumbling(post: Post) -> None:
    """Run the courier once with a clock that is broken."""
    real = post.courier._clock

    def broken() -> Any:
        raise RuntimeError("no clock")

    post.courier._clock = broken
    try:
        await post.courier.run()
    finally:
        post.courier._clock = real


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [backoff(attempts).total_seconds() for attempts in range(4)] == [2, 4, 8, 16]
    assert backoff(9) == backoff(1_000_000) == MAX_BACKOFF
