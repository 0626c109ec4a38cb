"""Issues that piled up during an outage, merged in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from feeds.issue import Chat, Digest, OutboxId, OutboxState, Parcel, PauseReason, Section
from feeds.model import StoryId
from storage import Storage
from storage.tables import digests, outbox
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, active_chat, asked, digest, issue

SLOTS = [(f"slot {number}", NOW - (9 - 3 * number) * HOUR) for number in range(3)]
"""Due nine, six and three hours ago."""


def put_together(piled: Sequence[Digest]) -> Digest:
    """Keep the first three stories."""
    stories = tuple(story for one in piled for story in one.stories)[:3]
    return replace(piled[-1], sections=(Section(topic=None, stories=stories),))


async def pile_up(store: Storage, telegram_id: int = 100) -> Chat:
    """Enqueue three issues of two stories each."""
    chat = await active_chat(store, telegram_id)
    for number, (slot, due_at) in enumerate(SLOTS):
        stories = digest((2 * number + 1, 2 * number + 2))
        await store.outbox.commit_issues([issue(chat, slot, digest=stories, due_at=due_at)], now=due_at)
    return chat


async def merge(store: Storage) -> int:
    return await store.outbox.merge_stale(put_together, due_before=NOW - 6 * HOUR, now=NOW)


async def claim(store: Storage) -> list[Parcel]:
    return list(await store.outbox.claim(now=NOW, limit=9, lease=MINUTE, owner="me"))


async def test_what_piled_up_goes_as_one_in_the_newest_slot(store: Storage) -> None:
    await pile_up(store)
    assert await merge(store) == 2
    [parcel] = await claim(store)
    assert parcel.slot == "slot 2"
    assert [story.story_id for story in parcel.digest.stories] == [1, 2, 3]
    counts = await store.outbox.counts()
    assert (counts[OutboxState.REFUSED], counts[OutboxState.PENDING]) == (2, 0)
    async with store._database.transaction() as connection:
        reasons = await connection.scalars(select(outbox.c.reason).where(outbox.c.state == OutboxState.REFUSED))
        assert list(reasons) == ["merged", "merged"]


async def test_an_issue_in_doubt_is_still_offered_again_after_merging(store: Storage) -> None:
    chat = await active_chat(store)
    for number, (slot, due_at) in enumerate(SLOTS):
        missed = OutboxId(70 + number) if number < 2 else None
        await store.outbox.commit_issues([issue(chat, slot, due_at=due_at, missed=missed)], now=due_at)
    assert await merge(store) == 2
    [parcel] = await claim(store)
    assert (parcel.slot, parcel.missed) == ("slot 2", 71)


async def test_once_merged_there_is_nothing_more_to_merge(store: Storage) -> None:
    await pile_up(store)
    await merge(store)
    assert await merge(store) == 0


async def test_a_story_that_found_no_place_may_come_again(store: Storage) -> None:
    chat = await pile_up(store)
    await merge(store)
    assert await store.chats.covered([chat.id], since=NOW - DAY) == {chat.id: {1, 2, 3}}


async def test_each_chat_is_merged_by_itself_also_one_that_is_paused(store: Storage) -> None:
    first, second = await pile_up(store), await pile_up(store, 101)
    await store.chats.pause(second.id, PauseReason.NO_RIGHT)
    assert await merge(store) == 4
    assert [parcel.chat.id for parcel in await claim(store)] == [first.id]
    await store.chats.resume(second.id, next_at=NOW + DAY)
    assert [parcel.slot for parcel in await claim(store)] == ["slot 2"]


async def test_what_has_not_waited_long_is_left_alone(store: Storage) -> None:
    await pile_up(store)
    assert await store.outbox.merge_stale(put_together, due_before=NOW - 10 * HOUR, now=NOW) == 0


async def test_an_issue_alone_asked_for_under_way_or_begun_is_left_alone(store: Storage) -> None:
    chat = await active_chat(store)
    long_ago = NOW - DAY
    made = [issue(chat, "begun", due_at=long_ago), issue(chat, "later", due_at=long_ago + HOUR)]
    await store.outbox.commit_issues([*made, asked(chat, due_at=long_ago)], now=long_ago)
    urgent, *_ = await claim(store)
    assert urgent.slot == "asked"
    await store.outbox.settle(urgent.id, owner="me", state=OutboxState.SENT, now=NOW)
    [begun] = await claim(store)
    assert await merge(store) == 0
    await store.outbox.mark_sending(begun.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(begun.id, part=0, message_id=5, owner="me", now=NOW)
    await store.outbox.release("me")
    assert await merge(store) == 0


async def test_a_digest_that_cannot_be_read_spoils_no_merging(store: Storage) -> None:
    await pile_up(store)
    async with store._database.transaction() as connection:
        spoilt = select(outbox.c.digest_id).where(outbox.c.slot == "slot 1").scalar_subquery()
        await connection.execute(update(digests).where(digests.c.id == spoilt).values(body="{"))
    assert await merge(store) == 1


async def pile_up_in_threads(store: Storage, *threads: int | None, due_before: timedelta = DAY) -> Chat:
    """Enqueue an issue of one story for each thread, an hour apart; the first is due so long ago."""
    chat = await active_chat(store)
    for number, thread in enumerate(threads):
        due_at = NOW - due_before + number * HOUR
        written = issue(chat, f"slot {number}", digest=digest((number + 1,)), due_at=due_at, thread=thread)
        await store.outbox.commit_issues([written], now=due_at)
    return chat


async def told_in_threads(store: Storage) -> dict[int | None, list[int]]:
    """Deliver all; which stories went to which thread."""
    told: dict[int | None, list[int]] = {}
    while parcels := await claim(store):
        for parcel in parcels:
            told.setdefault(parcel.thread, []).extend(int(story.story_id) for story in parcel.digest.stories)
            await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    return told


async def test_what_piled_up_for_several_threads_of_a_forum_is_merged_in_each_by_itself(store: Storage) -> None:
    await pile_up_in_threads(store, 7, 9, None, 7, None, 9)
    assert await merge(store) == 3
    assert (await store.outbox.counts())[OutboxState.PENDING] == 3
    assert await told_in_threads(store) == {7: [1, 4], 9: [2, 6], None: [3, 5]}


async def test_an_issue_split_over_threads_is_no_pile(store: Storage) -> None:
    await pile_up_in_threads(store, None, 7, 9)
    assert await merge(store) == 0
    assert await told_in_threads(store) == {None: [1], 7: [2], 9: [3]}


async def test_a_thread_where_nothing_waited_long_is_left_alone_whatever_waits_in_another(store: Storage) -> None:
    await pile_up_in_threads(store, 7, 9, 9, 7, due_before=7 * HOUR + MINUTE)
    assert await store.outbox.merge_stale(put_together, due_before=NOW - 7 * HOUR, now=NOW) == 1
    assert await told_in_threads(store) == {7: [1, 4], 9: [2, 3]}
    assert (await store.outbox.counts())[OutboxState.SENT] == 3


async def test_what_was_taken_back_while_it_waited_is_looked_at_in_the_merged_issue_too(store: Storage) -> None:
    await pile_up(store)
    await store.redraws.want(StoryId(1), now=NOW)
    await merge(store)
    [parcel] = await claim(store)
    assert parcel.stale
