from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import update

from feeds.issue import Chat, ChatKind, Digest, OutboxId, OutboxState
from feeds.model import SourceId, StoryId
from feeds.redraws import DEBOUNCE, MOST_GROWTHS, PRIVATE_TERM, Drawn, Propagation, Redraw, RedrawOutcome
from storage import Storage
from storage.tables import digests
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, POLLED, active_chat, add_source, digest, draft, issue, item

STORY = StoryId(1)
GONE, EDITED, OLD = RedrawOutcome.GONE, RedrawOutcome.EDITED, RedrawOutcome.OLD


async def channel(store: Storage, telegram_id: int = -100) -> Chat:
    chat = await store.chats.ensure(
        telegram_id, kind=ChatKind.CHANNEL, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
    )
    return await store.chats.schedule(chat.id, times=[540], zone="Europe/Moscow", next_at=NOW)


async def post(
    store: Storage, chat: Chat, made: Digest | None = None, *, slot: str = "now:1", parts: int = 1, now: datetime = NOW
) -> OutboxId:
    """Send an issue of so many messages."""
    await store.outbox.commit_issues([issue(chat, slot, digest=made or digest(), due_at=now)], now=now)
    [parcel] = await store.outbox.claim(now=now, limit=1, lease=MINUTE, owner="me")
    for part in range(parts):
        await store.outbox.mark_sending(parcel.id, part=part, owner="me", now=now)
        await store.outbox.record_part(parcel.id, part=part, message_id=100 * parcel.id + part, owner="me", now=now)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=now)
    return parcel.id


async def due(store: Storage, now: datetime = NOW) -> Sequence[Redraw]:
    return await store.redraws.due(now=now, limit=10)


async def settle(store: Storage, redraw: Redraw, outcome: RedrawOutcome, *, changed: bool = False) -> None:
    drawn = Drawn(id=redraw.id, wants=redraw.wants, outcome=outcome, changed=changed, drawn="words")
    await store.redraws.settle([drawn], now=NOW)


async def test_every_copy_of_a_story_is_wanted_with_all_it_takes_to_draw_it(store: Storage) -> None:
    chat, other = await active_chat(store), await channel(store)
    one = await post(store, chat, digest((1, 2)), parts=2)
    await post(store, other, digest((3,)))
    assert await store.redraws.want(STORY, now=NOW + MINUTE) == 1
    assert await due(store) == []
    [redraw] = await due(store, NOW + MINUTE)
    assert redraw.parcel.sent_parts == {0: 100 * one, 1: 100 * one + 1}
    assert (redraw.id, redraw.parcel.digest, redraw.parcel.chat.id) == (one, digest((1, 2)), chat.id)
    assert (redraw.sent_at, redraw.touched, redraw.drawn) == (NOW, False, None)


async def test_however_often_it_is_wanted_it_is_drawn_once(store: Storage) -> None:
    await post(store, await channel(store), digest((1, 2)))
    for story in (1, 2, 1):
        await store.redraws.want(StoryId(story), now=NOW)
    [redraw] = await due(store)
    await settle(store, redraw, EDITED)
    assert await due(store) == []


async def test_what_is_wanted_while_it_is_drawn_is_drawn_once_more(store: Storage) -> None:
    await post(store, await channel(store))
    await store.redraws.want(STORY, now=NOW)
    [redraw] = await due(store)
    await store.redraws.want(STORY, now=NOW)
    await settle(store, redraw, EDITED)
    [again] = await due(store)
    assert again.wants == redraw.wants + 1


async def test_old_private_copies_are_left_and_counted_and_channels_are_not_old(store: Storage) -> None:
    await post(store, await active_chat(store))
    await post(store, await channel(store))
    late = NOW + PRIVATE_TERM
    assert await store.redraws.want(STORY, now=late) == 1
    [redraw] = await due(store, late)
    assert redraw.parcel.chat.kind is ChatKind.CHANNEL
    assert await store.redraws.outcome(STORY) == Propagation(waiting=1, people={OLD: 1})


async def test_a_copy_that_is_still_to_be_sent_waits_for_that(store: Storage) -> None:
    chat = await active_chat(store)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    assert await store.redraws.want(STORY, now=NOW) == 1
    assert await due(store) == []
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=7, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    assert len(await due(store)) == 1


async def test_what_never_arrived_is_not_drawn(store: Storage) -> None:
    chat = await active_chat(store)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.REFUSED, reason="no", now=NOW)
    assert await store.redraws.want(STORY, now=NOW) == 0


async def test_growth_is_gathered_and_concerns_posts_of_one_story_in_channels_only(store: Storage) -> None:
    post_id = await post(store, await channel(store))
    await post(store, await active_chat(store))
    await post(store, await channel(store, -200), slot="2026-03-02T09:00Z")
    assert await store.redraws.grew(STORY, now=NOW) == 1
    await store.redraws.grew(STORY, now=NOW + DEBOUNCE / 2)
    assert await due(store, NOW + DEBOUNCE / 2) == []
    [redraw] = await due(store, NOW + DEBOUNCE)
    assert redraw.id == post_id


async def test_a_post_that_grew_often_grows_no_more_but_is_still_put_right(store: Storage) -> None:
    await post(store, await channel(store))
    for _ in range(MOST_GROWTHS):
        assert await store.redraws.grew(STORY, now=NOW) == 1
        [redraw] = await due(store, NOW + DEBOUNCE)
        await settle(store, redraw, EDITED, changed=True)
    assert await store.redraws.grew(STORY, now=NOW) == 0
    assert await store.redraws.want(STORY, now=NOW) == 1


async def test_a_channel_with_several_copies_counts_once_and_a_test_post_that_is_gone_not_at_all(
    store: Storage,
) -> None:
    chat = await channel(store)
    came = {"now:1": EDITED, "2026-03-02T09:00Z": EDITED, "trial:1": EDITED, "trial:2": GONE}
    for slot in came:
        await post(store, chat, slot=slot)
    await store.redraws.want(STORY, now=NOW)
    assert await store.redraws.outcome(STORY) == Propagation(waiting=4)
    for redraw in await due(store):
        await settle(store, redraw, came[redraw.parcel.slot])
    assert await store.redraws.outcome(STORY) == Propagation(channels={EDITED: 1})


async def test_what_came_of_it_is_counted_by_kind_of_chat(store: Storage) -> None:
    await post(store, await active_chat(store))
    await post(store, await channel(store))
    await post(store, await channel(store, -200))
    await store.redraws.want(STORY, now=NOW)
    outcomes = {ChatKind.PRIVATE: GONE, ChatKind.CHANNEL: EDITED}
    for redraw in (await due(store))[:2]:
        await settle(store, redraw, outcomes[redraw.parcel.chat.kind])
    counted = await store.redraws.outcome(STORY)
    assert counted == Propagation(waiting=1, channels={EDITED: 1}, people={GONE: 1})
    assert (counted.edited, counted.gone, counted.skipped) == (1, 1, 0)
    assert {name: number for name, number in (await store.redraws.counts()).items() if number} == {
        "waiting": 1,
        "edited": 1,
        "gone": 1,
    }


async def test_a_begun_edit_is_remembered_and_what_it_says_is_not_until_it_ended(store: Storage) -> None:
    await post(store, await channel(store))
    await store.redraws.want(STORY, now=NOW)
    [redraw] = await due(store)
    await store.redraws.begin([redraw.id])
    [begun] = await due(store)
    assert (begun.touched, begun.drawn) == (True, None)
    await settle(store, begun, EDITED)
    await store.redraws.want(STORY, now=NOW)
    [again] = await due(store)
    assert (again.touched, again.drawn) == (True, "words")


async def test_a_redraw_that_has_to_wait_waits(store: Storage) -> None:
    await post(store, await channel(store))
    await store.redraws.want(STORY, now=NOW)
    [redraw] = await due(store)
    await store.redraws.later(redraw.id, at=NOW + HOUR, reason="429")
    assert await due(store) == []
    [again] = await due(store, NOW + HOUR)
    assert again.attempts == 1


async def test_those_under_way_are_not_given_out_again(store: Storage) -> None:
    one = await post(store, await channel(store))
    await store.redraws.want(STORY, now=NOW)
    assert await store.redraws.due(now=NOW, limit=10, besides=[one]) == []


async def test_messages_of_a_group_that_moved_are_others_by_now(store: Storage) -> None:
    group = await store.chats.ensure(-5, kind=ChatKind.GROUP, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW)
    group = await store.chats.schedule(group.id, times=[540], zone="Europe/Moscow", next_at=NOW)
    await post(store, group, slot="before")
    await store.chats.migrate(-5, -1005)
    await post(store, group, slot="after", now=NOW + HOUR)
    await store.redraws.want(STORY, now=NOW + HOUR)
    found = {one.parcel.slot: one.parcel.sent_parts for one in await due(store, NOW + HOUR)}
    assert found["before"] == {}
    assert len(found["after"]) == 1


async def test_stories_that_went_and_were_told_again_are_found(store: Storage) -> None:
    source = await add_source(store)
    other = await add_source(store, "Правовед")
    drafts = [draft(item(source.id, key)) for key in ("a", "b", "c")]
    await store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW)
    one, two, unsent = [story.id for story in await store.news.recent_stories(since=NOW - DAY)]
    await post(store, await channel(store), digest((one, two)))
    assert list(await store.redraws.retold(since=NOW + MINUTE)) == []
    again = [draft(item(SourceId(other.id), "d"), story_id=two), draft(item(SourceId(other.id), "e"), story_id=unsent)]
    await store.news.commit_poll(other.id, POLLED, drafts=again, now=NOW + HOUR)
    assert list(await store.redraws.retold(since=NOW + HOUR)) == [two]
    await store.news.link({(one, unsent): 0.5}, now=NOW + HOUR)
    assert list(await store.redraws.retold(since=NOW + HOUR)) == [one, two]


async def test_the_words_in_which_a_story_was_told_are_found_each_once(store: Storage) -> None:
    made = digest((1, 2))
    await post(store, await channel(store), made)
    await post(store, await channel(store, -200), digest((1,)))
    assert list(await store.redraws.tellings(STORY, since=NOW)) == [made.stories[0]]
    assert list(await store.redraws.tellings(STORY, since=NOW + HOUR)) == []


async def test_a_story_stands_where_it_arrived_and_not_where_it_was_refused(store: Storage) -> None:
    one, other = await channel(store), await channel(store, -101)
    await post(store, one, digest((1, 2)))
    await store.outbox.commit_issues([issue(other, "now:1", digest=digest((1,)), due_at=NOW)], now=NOW)
    assert await store.redraws.arrived([STORY, StoryId(9)]) == {one.id: {STORY}}
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.REFUSED, now=NOW)
    await post(store, await channel(store, -102), digest((1,)), slot="trial:7")
    assert await store.redraws.arrived([STORY]) == {one.id: {STORY}}


async def test_an_issue_of_which_only_a_part_has_arrived_is_drawn_when_all_of_it_has(store: Storage) -> None:
    chat = await channel(store)
    await store.outbox.commit_issues([issue(chat)], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=7, owner="me", now=NOW)
    await store.outbox.retry(parcel.id, owner="me", at=NOW, reason="429")
    await store.redraws.want(STORY, now=NOW)
    assert await due(store) == []
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=1, owner="me", now=NOW)
    await store.outbox.hold(parcel.id, owner="me", reason="cut off", now=NOW)
    assert await due(store) == []
    await store.outbox.confirm(parcel.id, part=1, message_id=8, last=True, now=NOW)
    [redraw] = await due(store)
    assert redraw.parcel.sent_parts == {0: 7, 1: 8}


async def test_copies_that_cannot_be_read_are_given_up_and_hold_up_no_others(store: Storage) -> None:
    for number in range(12):
        await post(store, await channel(store, -100 - number), digest((1, 10 + number)))
    async with store._database.transaction() as connection:
        await connection.execute(update(digests).where(digests.c.id <= 10).values(body="{"))
    store.redraws._shelf._read.clear()
    await store.redraws.want(STORY, now=NOW)
    await due(store)
    assert len(await due(store)) == 2


async def test_an_issue_that_was_refused_while_it_was_wanted_is_waited_for_no_more(store: Storage) -> None:
    await store.outbox.commit_issues([issue(await channel(store))], now=NOW)
    await store.redraws.want(STORY, now=NOW)
    assert (await store.redraws.outcome(STORY)).waiting == 1
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.REFUSED, reason="withdrawn", now=NOW)
    assert await store.redraws.outcome(STORY) == Propagation()
    assert (await store.redraws.counts())["waiting"] == 0


@pytest.mark.parametrize("again", [False, True])
async def test_an_issue_in_doubt_is_put_right_however_the_doubt_ends(store: Storage, *, again: bool) -> None:
    await store.outbox.commit_issues([issue(await channel(store))], now=NOW)
    [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.hold(parcel.id, owner="me", reason="cut off", now=NOW)
    await store.redraws.want(STORY, now=NOW)
    if again:
        await store.outbox.resolve(parcel.id, again=True, now=NOW)
        [parcel] = await store.outbox.claim(now=NOW, limit=1, lease=MINUTE, owner="me")
        assert parcel.stale
    else:
        await store.outbox.confirm(parcel.id, part=0, message_id=7, last=True, now=NOW)
        assert len(await due(store)) == 1
