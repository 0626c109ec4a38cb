from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import select, update

from feeds.issue import Chat, OutboxId, OutboxState, Parcel, PauseReason, Priority
from storage import Storage
from storage.outbox import Reclaimed
from storage.tables import digests, outbox
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, SECOND, active_chat, asked, digest, issue, new_chat

ME, OTHER = "courier 1", "courier 2"


async def claim(store: Storage, owner: str = ME, *, now: datetime = NOW, limit: int = 10) -> list[Parcel]:
    return list(await store.outbox.claim(now=now, limit=limit, lease=MINUTE, owner=owner))


async def state_of(store: Storage) -> OutboxState:
    [state] = [state for state, number in (await store.outbox.counts()).items() if number]
    return state


@pytest.fixture
async def chat(store: Storage) -> Chat:
    return await active_chat(store)


@pytest.fixture
async def parcel(store: Storage, chat: Chat) -> Parcel:
    """One parcel, claimed by ME for a minute from NOW."""
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    [claimed] = await claim(store)
    return claimed


async def test_a_parcel_holds_all_that_a_courier_needs(store: Storage, chat: Chat) -> None:
    made = issue(chat, digest=digest((1, 2)), priority=Priority.BULK, missed=OutboxId(7), thread=12)
    await store.outbox.commit_issues([made], now=NOW)
    [parcel] = await claim(store)
    assert parcel == Parcel(
        id=parcel.id,
        chat=await store.chats.get(chat.id),
        slot=made.slot,
        digest=digest((1, 2)),
        due_at=NOW,
        priority=Priority.BULK,
        missed=OutboxId(7),
        thread=12,
    )


async def test_an_issue_waits_for_its_time(store: Storage, chat: Chat) -> None:
    await store.outbox.commit_issues([issue(chat, due_at=NOW + HOUR)], now=NOW)
    assert await claim(store) == []
    assert len(await claim(store, now=NOW + HOUR)) == 1


async def test_urgent_goes_before_scheduled_before_bulk_and_then_the_oldest(store: Storage) -> None:
    wanted = [Priority.URGENT, Priority.SCHEDULED, Priority.SCHEDULED, Priority.BULK]
    due = [NOW, NOW - HOUR, NOW - MINUTE, NOW - DAY]
    for number in (2, 0, 3, 1):
        chat = await active_chat(store, 100 + number)
        made = issue(chat, f"{number}", priority=wanted[number], due_at=due[number])
        await store.outbox.commit_issues([made], now=NOW)
    assert [parcel.slot for parcel in await claim(store, limit=3)] == ["0", "1", "2"]
    assert [parcel.slot for parcel in await claim(store)] == ["3"]


async def test_a_chat_gets_one_parcel_at_a_time(store: Storage, chat: Chat) -> None:
    await store.outbox.commit_issues([issue(chat, "b"), asked(chat, "a"), issue(chat, "c")], now=NOW)
    for slot in ("a", "b", "c"):
        [parcel] = await claim(store)
        assert parcel.slot == slot
        assert await claim(store, OTHER) == []
        assert await store.outbox.settle(parcel.id, owner=ME, state=OutboxState.SENT, now=NOW)


@pytest.mark.parametrize(("state", "slots"), [("stopped", ["asked"]), ("paused", []), ("new", ["asked", "planned"])])
async def test_who_is_silent_gets_only_what_was_asked_for(store: Storage, state: str, slots: list[str]) -> None:
    chat = await new_chat(store)
    await store.outbox.commit_issues([asked(chat), issue(chat, "planned")], now=NOW)
    if state == "stopped":
        await store.chats.stop(chat.id)
    if state == "paused":
        await store.chats.pause(chat.id, PauseReason.BLOCKED)
    found = []
    while claimed := await claim(store):
        found += [parcel.slot for parcel in claimed]
        await store.outbox.settle(claimed[0].id, owner=ME, state=OutboxState.SENT, now=NOW)
    assert found == slots
    assert await store.outbox.next_due(NOW) is None


async def test_a_digest_of_two_parts_is_sent_and_settled(store: Storage, parcel: Parcel) -> None:
    for part in (0, 1):
        assert await store.outbox.mark_sending(parcel.id, part=part, owner=ME, now=NOW)
        assert await state_of(store) is OutboxState.SENDING
        assert await store.outbox.record_part(parcel.id, part=part, message_id=2**40 + part, owner=ME, now=NOW)
    assert await store.outbox.settle(parcel.id, owner=ME, state=OutboxState.SENT, now=NOW)
    assert await state_of(store) is OutboxState.SENT
    assert await claim(store, now=NOW + DAY) == []


async def test_a_part_that_arrived_is_not_sent_again_after_a_crash(store: Storage, parcel: Parcel) -> None:
    await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=77, owner=ME, now=NOW)
    assert await store.outbox.reclaim(now=NOW + MINUTE) == Reclaimed(pending=1)
    [again] = await claim(store, OTHER, now=NOW + MINUTE)
    assert again.sent_parts == {0: 77}


async def test_the_next_part_waits_until_the_last_one_is_recorded(store: Storage, parcel: Parcel) -> None:
    assert await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    assert not await store.outbox.mark_sending(parcel.id, part=1, owner=ME, now=NOW)
    assert await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)


async def test_a_refusal_is_final(store: Storage, parcel: Parcel) -> None:
    settled = await store.outbox.settle(parcel.id, owner=ME, state=OutboxState.REFUSED, reason="gone", now=NOW)
    assert settled
    assert await state_of(store) is OutboxState.REFUSED
    assert await store.outbox.reclaim(now=NOW + DAY) == Reclaimed()


async def test_a_retry_waits_and_counts_the_attempt_when_told_to(store: Storage, parcel: Parcel) -> None:
    await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    assert await store.outbox.retry(parcel.id, owner=ME, at=NOW + HOUR, reason="flood", count_attempt=False)
    assert await claim(store) == []
    assert await store.outbox.next_due(NOW) == NOW + HOUR
    [again] = await claim(store, now=NOW + HOUR)
    assert again.attempts == 0
    assert await store.outbox.retry(again.id, owner=ME, at=NOW + HOUR, reason="busy")
    [again] = await claim(store, now=NOW + HOUR)
    assert again.attempts == 1
    assert await store.outbox.mark_sending(again.id, part=1, owner=ME, now=NOW + HOUR)


async def test_a_row_that_waits_for_its_retry_does_not_hold_up_the_next(store: Storage, parcel: Parcel) -> None:
    await store.outbox.retry(parcel.id, owner=ME, at=NOW + HOUR, reason="busy")
    await store.outbox.commit_issues([issue(parcel.chat, "next", due_at=NOW + SECOND)], now=NOW)
    assert [after.slot for after in await claim(store, now=NOW + SECOND)] == ["next"]


async def test_a_held_row_stays_until_somebody_decides(store: Storage, parcel: Parcel) -> None:
    await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    assert await store.outbox.hold(parcel.id, owner=ME, reason="timeout", now=NOW)
    [held] = await store.outbox.held()
    assert (held.id, held.digest) == (parcel.id, parcel.digest)
    assert await store.outbox.prune(NOW + DAY) == 0
    assert await claim(store, now=NOW + DAY) == []
    assert await store.outbox.resolve(parcel.id, again=True, now=NOW)
    assert not await store.outbox.resolve(parcel.id, again=True, now=NOW)
    [again] = await claim(store)
    await store.outbox.hold(again.id, owner=ME, reason="timeout", now=NOW)
    assert await store.outbox.resolve(parcel.id, again=False, now=NOW)
    assert await state_of(store) is OutboxState.REFUSED


async def test_after_a_crash_a_claimed_row_is_pending_and_a_sending_one_unknown(store: Storage, parcel: Parcel) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(other)], now=NOW)
    await claim(store)
    await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    assert await store.outbox.reclaim(now=NOW + MINUTE - SECOND) == Reclaimed()
    assert await store.outbox.reclaim(now=NOW + MINUTE) == Reclaimed(pending=1, unknown=1)
    assert [held.id for held in await store.outbox.held()] == [parcel.id]


async def test_an_orderly_stop_gives_back_what_was_not_begun(store: Storage, parcel: Parcel) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(other)], now=NOW)
    await claim(store)
    await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    assert await store.outbox.release(OTHER) == 0
    assert await store.outbox.release(ME) == 1
    assert [again.chat.id for again in await claim(store, OTHER)] == [other.id]


async def test_a_renewed_lease_lives_on_and_one_that_was_taken_is_not_renewed(store: Storage, parcel: Parcel) -> None:
    assert await store.outbox.extend(ME, now=NOW + 59 * SECOND, lease=MINUTE) == 1
    assert await store.outbox.reclaim(now=NOW + 118 * SECOND) == Reclaimed()
    assert await store.outbox.extend(ME, now=NOW + HOUR, lease=MINUTE) == 1
    assert await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW + HOUR)
    assert await store.outbox.reclaim(now=NOW + DAY) == Reclaimed(unknown=1)
    assert await store.outbox.extend(ME, now=NOW + DAY, lease=MINUTE) == 0


async def test_who_looks_for_dead_owners_is_none_of_them(store: Storage, parcel: Parcel) -> None:
    assert await store.outbox.reclaim(now=NOW + DAY, sparing=ME) == Reclaimed()
    assert await store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW + DAY)
    assert await store.outbox.reclaim(now=NOW + DAY, sparing=OTHER) == Reclaimed(unknown=1)


async def test_a_new_process_takes_over_everything_whatever_the_clock_says(store: Storage, parcel: Parcel) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(other)], now=NOW)
    [failing] = await claim(store)
    await store.outbox.retry(failing.id, owner=ME, at=NOW + MINUTE, reason="502")
    assert await store.outbox.take_over(now=NOW - DAY) == Reclaimed(pending=1)
    assert [again.id for again in await claim(store, OTHER, now=NOW - DAY)] == [failing.id]
    assert [again.id for again in await claim(store, OTHER)] == [parcel.id]


async def test_only_what_waits_to_be_tried_again_is_hastened(store: Storage, parcel: Parcel) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(other, due_at=NOW + HOUR)], now=NOW)
    await store.outbox.retry(parcel.id, owner=ME, at=NOW + DAY, reason="502")
    assert await store.outbox.hasten(now=NOW) == 1
    assert [again.id for again in await claim(store)] == [parcel.id]


Write = Callable[[Storage, OutboxId, str, datetime], Awaitable[bool]]
WRITES: dict[str, Write] = {
    "mark_sending": lambda s, row, me, now: s.outbox.mark_sending(row, part=0, owner=me, now=now),
    "record_part": lambda s, row, me, now: s.outbox.record_part(row, part=0, message_id=1, owner=me, now=now),
    "settle": lambda s, row, me, now: s.outbox.settle(row, owner=me, state=OutboxState.SENT, now=now),
    "hold": lambda s, row, me, now: s.outbox.hold(row, owner=me, reason="?", now=now),
}


@pytest.mark.parametrize("write", WRITES)
async def test_an_owner_whose_row_was_taken_writes_nothing(store: Storage, parcel: Parcel, write: str) -> None:
    await store.outbox.reclaim(now=NOW + MINUTE)
    assert not await WRITES[write](store, parcel.id, ME, NOW + MINUTE)
    assert await state_of(store) is OutboxState.PENDING


@pytest.mark.parametrize("write", WRITES)
async def test_a_jump_of_the_clock_parts_no_owner_from_the_row(store: Storage, parcel: Parcel, write: str) -> None:
    assert await WRITES[write](store, parcel.id, ME, NOW + DAY)


@pytest.mark.parametrize("write", WRITES)
async def test_an_owner_who_lost_a_row_to_another_writes_nothing(store: Storage, parcel: Parcel, write: str) -> None:
    await store.outbox.reclaim(now=NOW + MINUTE)
    await claim(store, OTHER, now=NOW + MINUTE)
    assert not await WRITES[write](store, parcel.id, ME, NOW)
    assert not await store.outbox.retry(parcel.id, owner=ME, at=NOW, reason="late")
    assert await state_of(store) is OutboxState.CLAIMED


async def test_what_is_due_next_ignores_chats_with_something_under_way(store: Storage, parcel: Parcel) -> None:
    await store.outbox.commit_issues([asked(parcel.chat)], now=NOW)
    assert await store.outbox.next_due(NOW) is None
    await store.outbox.settle(parcel.id, owner=ME, state=OutboxState.SENT, now=NOW)
    assert await store.outbox.next_due(NOW + HOUR) == NOW + HOUR


async def test_a_digest_that_cannot_be_read_does_not_hold_up_the_queue(store: Storage, chat: Chat) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(chat), issue(other, digest=digest((2,)))], now=NOW)
    async with store._database.transaction() as connection:
        spoilt = select(outbox.c.digest_id).where(outbox.c.chat_id == chat.id).scalar_subquery()
        await connection.execute(update(digests).where(digests.c.id == spoilt).values(body="{"))
    assert [parcel.chat.id for parcel in await claim(store)] == [other.id]
    assert (await store.outbox.counts())[OutboxState.REFUSED] == 1


async def test_pruning_forgets_what_is_settled_and_what_it_covered(store: Storage, parcel: Parcel) -> None:
    await store.outbox.settle(parcel.id, owner=ME, state=OutboxState.SENT, now=NOW)
    assert await store.outbox.prune(NOW) == 0
    assert await store.outbox.prune(NOW + SECOND) == 1
    assert await store.chats.covered([parcel.chat.id], since=NOW - DAY) == {parcel.chat.id: set()}


async def test_pruning_forgets_what_waits_for_a_chat_that_is_silent(store: Storage, chat: Chat) -> None:
    other = await active_chat(store, 101)
    await store.outbox.commit_issues([issue(chat), issue(other)], now=NOW)
    await store.chats.pause(chat.id, PauseReason.BLOCKED)
    assert await store.outbox.prune(NOW + SECOND) == 1
    assert [parcel.chat.id for parcel in await claim(store)] == [other.id]
