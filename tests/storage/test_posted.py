from __future__ import annotations

from datetime import timedelta
from typing import Any

from feeds.issue import Chat, ChatKind, Digest, OutboxId, OutboxState
from feeds.model import StoryId
from storage import Storage
from storage.posted import Posted, Reached
from tests.storage.samples import HOUR, MINUTE, NOW, SECOND, active_chat, digest, issue, new_chat


async def post(
    store: Storage, chat: Chat, made: Digest, *, parts: int = 1, thread: int | None = None, slot: str = "one"
) -> OutboxId:
    """Enqueue an issue and let so many parts of it arrive."""
    await store.outbox.commit_issues([issue(chat, slot, digest=made, thread=thread)], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    for part in range(parts):
        now = NOW + part * SECOND
        await store.outbox.mark_sending(parcel.id, part=part, owner="me", now=now)
        message_id = 1000 * parcel.id + part
        await store.outbox.record_part(parcel.id, part=part, message_id=message_id, owner="me", now=now)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW + MINUTE)
    return parcel.id


async def test_every_message_that_told_a_story_is_found(store: Storage) -> None:
    chats = [await active_chat(store, 100 + number) for number in range(4)]
    one = await post(store, chats[0], digest((1, 2)))
    two = await post(store, chats[1], digest((2, 3)), parts=2, thread=9)
    await post(store, chats[2], digest((3, 4)))
    await post(store, chats[3], digest((1, 2)), parts=0)
    assert await store.outbox.posts_of(StoryId(2)) == [
        Posted(id=one, chat=await store.chats.get(chats[0].id), parts={0: 1000 * one}, sent_at=NOW),
        Posted(
            id=two,
            chat=await store.chats.get(chats[1].id),
            parts={0: 1000 * two, 1: 1000 * two + 1},
            sent_at=NOW,
            thread=9,
        ),
    ]
    assert await store.outbox.posts_of(StoryId(5)) == []


async def test_a_story_that_went_to_very_many_is_read_page_by_page(store: Storage) -> None:
    ids = [await post(store, await active_chat(store, 100 + number), digest()) for number in range(5)]
    found: list[OutboxId] = []
    while page := await store.outbox.posts_of(StoryId(1), after=found[-1] if found else None, limit=2):
        found += [posted.id for posted in page]
    assert found == ids


async def test_a_part_whose_reader_turned_the_page_is_told_apart_until_they_turn_back(store: Storage) -> None:
    mine, other = [await active_chat(store, 100 + number) for number in range(2)]
    one = await post(store, mine, digest((1, 2)), parts=2)
    await store.redraws.want(StoryId(1), now=NOW)

    async def turned() -> frozenset[int]:
        [redraw] = await store.redraws.due(now=NOW, limit=9)
        return redraw.turned

    await store.outbox.turn(other.id, one, 1, page=2)
    assert await turned() == frozenset()
    await store.outbox.turn(mine.id, one, 1, page=2)
    assert await turned() == {1}
    await store.outbox.turn(mine.id, one, 1, page=0)
    assert await turned() == frozenset()


async def test_an_issue_follows_its_stories_once_one_of_them_changed_while_it_is_fresh(store: Storage) -> None:
    chat = await active_chat(store, 100)
    fresh = await post(store, chat, digest((1, 2)))
    assert not await store.redraws.follows(fresh)
    await store.redraws.want(StoryId(2), now=NOW)
    assert await store.redraws.follows(fresh)
    await store.redraws.want(StoryId(2), now=NOW + timedelta(days=2))
    assert not await store.redraws.follows(fresh)


async def test_a_channels_posts_are_read_with_how_often_readers_reacted(store: Storage) -> None:
    chat = await active_chat(store, -100)
    one = await post(store, chat, digest((1,)))
    two = await post(store, chat, digest((2, 3)), parts=2, slot="two")
    await post(store, chat, digest((4,)), slot="trial:7")
    await post(store, await active_chat(store, -200), digest((5,)))
    await store.outbox.react(-100, 1000 * one, 4)
    await store.outbox.react(-100, 1000 * one, 3)
    for part in (0, 1):
        await store.outbox.react(-100, 1000 * two + part, 5)
    # Somebody else's message, and somebody else's chat.
    await store.outbox.react(-100, 17, 99)
    await store.outbox.react(-300, 1000 * one, 99)
    told = await store.outbox.told_since(chat.id, since=NOW, before=NOW + 2 * MINUTE)
    assert [(one.digest, one.reactions, one.at) for one in told] == [
        (digest((1,)), 3, NOW + MINUTE),
        (digest((2, 3)), 10, NOW + MINUTE),
    ]
    assert await store.outbox.told_since(chat.id, since=NOW, before=NOW + MINUTE) == []
    assert await store.outbox.told_since(chat.id, since=NOW + 2 * MINUTE, before=NOW + HOUR) == []


async def test_it_is_counted_to_whom_a_story_went_at_once(store: Storage) -> None:
    story = digest((1,))
    at_once: dict[str, Any] = {"slot": "now:1", "moves_schedule": False, "next_at": None, "digest": story}
    channel = await new_chat(store, -100, ChatKind.CHANNEL)
    await post(store, await active_chat(store, 1), story, slot="now:1")
    await post(store, channel, story, slot="now:1")
    # In its issue, at once but another story, and long before.
    await post(store, await active_chat(store, 2), story, slot="2026-03-02T09:00")
    await post(store, await active_chat(store, 3), digest((1, 2)), slot="now:2")
    for number, due_at in ((4, NOW), (5, NOW + HOUR)):
        chat = await active_chat(store, number)
        await store.outbox.commit_issues([issue(chat, **at_once | {"due_at": due_at})], now=NOW)
    waiting = issue(await active_chat(store, 6), **at_once | {"approval_minutes": 0})
    await store.outbox.commit_issues([waiting], now=NOW)
    reached = await store.outbox.reached(StoryId(1), since=NOW, now=NOW)
    assert reached == Reached(people=1, channels=1, under_way=1, later=2)
    assert await store.outbox.reached(StoryId(1), since=NOW + SECOND, now=NOW) == Reached()


async def test_what_was_declined_takes_nothing_from_the_day(store: Storage) -> None:
    channel = await new_chat(store, -100, ChatKind.CHANNEL)
    await post(store, channel, digest((1,)), slot="now:1")
    for story in (2, 3, 4):
        made = issue(channel, f"now:{story}", digest=digest((story,)), due_at=NOW + story * MINUTE)
        await store.outbox.commit_issues([made], now=NOW)
    [declined] = await store.outbox.claim(now=NOW + 3 * MINUTE, limit=1, lease=MINUTE, owner="me")
    await store.outbox.settle(declined.id, owner="me", state=OutboxState.REFUSED, now=NOW + HOUR)
    [cut_short] = await store.outbox.claim(now=NOW + 3 * MINUTE, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(cut_short.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(cut_short.id, part=0, message_id=7, owner="me", now=NOW)
    await store.outbox.settle(cut_short.id, owner="me", state=OutboxState.REFUSED, now=NOW + HOUR)
    went = await store.outbox.went_at_once([channel.id], since=NOW)
    assert sorted(went[channel.id]) == [NOW, NOW + 3 * MINUTE, NOW + 4 * MINUTE]
