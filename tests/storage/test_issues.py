from __future__ import annotations

from dataclasses import replace

from feeds.issue import ChatId, OutboxState, PauseReason, Priority
from storage import Storage
from tests.storage.samples import DAY, HOUR, NOW, active_chat, asked, digest, issue, new_chat


async def test_an_issue_is_enqueued_covered_and_the_schedule_moves_at_once(store: Storage) -> None:
    chat = await active_chat(store)
    assert await store.outbox.commit_issues([issue(chat, digest=digest((1, 2)))], now=NOW) == 1
    moved = await store.chats.get(chat.id)
    assert (moved.next_at, moved.issued_at) == (NOW + DAY, NOW)
    assert await store.chats.covered([chat.id], since=NOW) == {chat.id: {1, 2}}
    assert (await store.outbox.counts())[OutboxState.PENDING] == 1


async def test_the_same_slot_twice_is_enqueued_and_covered_once(store: Storage) -> None:
    chat = await active_chat(store)
    first, second = issue(chat, digest=digest((1,))), issue(chat, digest=digest((2,)))
    assert await store.outbox.commit_issues([first, second], now=NOW) == 1
    assert await store.outbox.commit_issues([second], now=NOW + HOUR) == 0
    assert await store.chats.covered([chat.id], since=NOW - DAY) == {chat.id: {1}}
    assert (await store.chats.get(chat.id)).issued_at == NOW
    [parcel] = await store.outbox.claim(now=NOW, limit=5, lease=HOUR, owner="me")
    assert parcel.digest == first.digest


async def test_when_there_is_nothing_to_tell_only_the_schedule_moves(store: Storage) -> None:
    chat = await active_chat(store)
    assert await store.outbox.commit_issues([issue(chat, digest=None)], now=NOW) == 0
    moved = await store.chats.get(chat.id)
    assert (moved.next_at, moved.issued_at) == (NOW + DAY, None)
    assert sum((await store.outbox.counts()).values()) == 0


async def test_an_issue_all_of_which_goes_to_threads_counts_as_one(store: Storage) -> None:
    chat = await active_chat(store)
    part = replace(issue(chat, "slot#5"), moves_schedule=False, next_at=None, thread=5)
    assert await store.outbox.commit_issues([issue(chat, "slot", digest=None), part], now=NOW) == 1
    moved = await store.chats.get(chat.id)
    assert (moved.next_at, moved.issued_at) == (NOW + DAY, NOW)


async def test_a_schedule_changed_meanwhile_stays_as_changed(store: Storage) -> None:
    chat = await active_chat(store)
    await store.chats.schedule(chat.id, times=[600], zone="UTC", next_at=NOW + HOUR)
    assert await store.outbox.commit_issues([issue(chat)], now=NOW) == 1
    assert (await store.chats.get(chat.id)).next_at == NOW + HOUR


async def test_a_digest_asked_for_leaves_the_schedule_alone(store: Storage) -> None:
    chat = await active_chat(store)
    assert await store.outbox.commit_issues([asked(chat, due_at=NOW)], now=NOW) == 1
    left = await store.chats.get(chat.id)
    assert (left.next_at, left.issued_at) == (NOW, None)


async def test_a_chat_stopped_or_paused_meanwhile_gets_only_what_it_asked_for(store: Storage) -> None:
    stopped, paused = await active_chat(store, 100), await active_chat(store, 101)
    await store.chats.stop(stopped.id)
    await store.chats.pause(paused.id, PauseReason.BLOCKED)
    assert await store.outbox.commit_issues([issue(stopped), issue(paused)], now=NOW) == 0
    assert await store.chats.covered([paused.id], since=NOW) == {paused.id: set()}
    assert await store.outbox.commit_issues([asked(stopped)], now=NOW) == 1


async def test_a_chat_forgotten_meanwhile_does_not_fail_the_batch(store: Storage) -> None:
    chat = await active_chat(store)
    assert await store.outbox.commit_issues([issue(ChatId(404)), issue(chat)], now=NOW) == 1
    assert await store.outbox.commit_issues([], now=NOW) == 0


async def test_a_big_batch_is_one_commit(store: Storage) -> None:
    chats = [await new_chat(store, number) for number in range(1, 31)]
    issues = [issue(chat, f"slot {slot}", priority=Priority.BULK) for chat in chats for slot in range(40)]
    assert await store.outbox.commit_issues(issues, now=NOW) == 1200
    assert await store.outbox.commit_issues(issues, now=NOW) == 0
