from __future__ import annotations

import asyncio
from datetime import timedelta

from feeds.issue import OutboxState
from feeds.model import Opinion, StoryId
from feeds.opinions import EditorsOpinion, OpinionState
from feeds.redraws import Drawn, RedrawOutcome
from feeds.taste import Vote
from storage import Storage
from storage.opinions import Work
from tests.storage.samples import HOUR, NOW, POLLED, active_chat, add_source, digest, draft, issue, item

STORY = StoryId(1)


async def approve(store: Storage, text: str = "Так и надо.", *, version: int | None = None) -> EditorsOpinion | None:
    decided = await store.opinions.approve(
        STORY, text=text, label="Мнение редакции", signature="Редакция", author_id=7, version=version, now=NOW
    )
    return decided.opinion if decided else None


async def test_an_approved_opinion_may_be_shown_and_a_withdrawn_one_not(store: Storage) -> None:
    approved = await approve(store)
    assert approved is not None
    assert (approved.state, approved.version, approved.approved_at) == (OpinionState.APPROVED, 1, NOW)
    assert await store.opinions.approved_for([STORY, StoryId(2)]) == {STORY: approved}
    withdrawn = await store.opinions.withdraw(STORY, user_id=8, now=NOW + HOUR)
    assert withdrawn is not None
    assert (withdrawn.opinion.state, withdrawn.opinion.version) == (OpinionState.WITHDRAWN, 2)
    assert await store.opinions.approved_for([STORY]) == {}


async def test_what_was_changed_when_and_by_whom_is_kept(store: Storage) -> None:
    await approve(store, "Раз.")
    await approve(store, "Два.", version=1)
    await store.opinions.withdraw(STORY, user_id=8, version=2, now=NOW + HOUR)
    history = await store.opinions.history(STORY)
    assert [(one.version, one.state.value, one.text, one.user_id) for one in history] == [
        (1, "approved", "Раз.", 7),
        (2, "approved", "Два.", 7),
        (3, "withdrawn", "Два.", 8),
    ]


async def test_who_changes_an_older_version_changes_nothing(store: Storage) -> None:
    await approve(store, "Раз.")
    assert await approve(store, "Поздно.", version=0) is None
    assert await store.opinions.withdraw(STORY, version=5, now=NOW) is None
    kept = await store.opinions.get(STORY)
    assert kept is not None
    assert kept.text == "Раз."


async def test_of_two_who_approve_at_once_one_is_told_that_it_came_too_late(store: Storage) -> None:
    first, second = await asyncio.gather(approve(store, "Раз.", version=0), approve(store, "Два.", version=0))
    assert [first is None, second is None].count(True) == 1


async def test_a_withdrawal_of_nothing_is_nothing(store: Storage) -> None:
    assert await store.opinions.withdraw(STORY, now=NOW) is None
    assert await store.opinions.history(STORY) == []


async def test_a_story_is_read_with_what_our_editors_say_and_mark(store: Storage) -> None:
    source = await add_source(store)
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(item(source.id, "a"))], now=NOW)
    [story] = await store.news.recent_stories(since=NOW - 2 * HOUR)
    assert (story.opinion, story.breaking_at, story.created_at) == (None, None, NOW)
    await approve(store)
    await store.marks.break_news(story.id, at=NOW)
    await store.marks.correct(story.id, note="Ставка 10%.", now=NOW)
    story = (await store.news.recent_stories(since=NOW - 2 * HOUR))[0]
    assert story.opinion == Opinion(label="Мнение редакции", text="Так и надо.", ours=True, signature="Редакция")
    assert (story.breaking_at, story.marks.corrected_at, story.marks.note) == (NOW, NOW, "Ставка 10%.")


async def test_the_commit_that_changes_an_opinion_asks_for_every_copy(store: Storage) -> None:
    # A process that ends right after it leaves nothing that nobody would draw.
    for number, stories in ((100, (1, 2)), (101, (1,)), (102, (2,))):
        await store.outbox.commit_issues([issue(await active_chat(store, number), digest=digest(stories))], now=NOW)
    approved = await store.opinions.approve(STORY, text="Так.", label="Мнение", author_id=7, now=NOW)
    assert approved is not None
    assert approved.copies == (await store.redraws.outcome(STORY)).waiting == 2
    for parcel in await store.outbox.claim(now=NOW, limit=3, lease=HOUR, owner="me"):
        await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
        await store.outbox.record_part(parcel.id, part=0, message_id=parcel.id, owner="me", now=NOW)
        await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    shown = await store.redraws.due(now=NOW, limit=9)
    drawn = [Drawn(id=one.id, wants=one.wants, outcome=RedrawOutcome.EDITED, drawn="words") for one in shown]
    await store.redraws.settle(drawn, now=NOW)
    withdrawn = await store.opinions.withdraw(STORY, user_id=7, version=1, now=NOW + HOUR)
    assert withdrawn is not None
    assert withdrawn.copies == len(await store.redraws.due(now=NOW + HOUR, limit=9)) == 2


async def test_who_came_too_late_asks_for_no_copy(store: Storage) -> None:
    await store.outbox.commit_issues([issue(await active_chat(store))], now=NOW)
    assert await approve(store, version=5) is None
    assert (await store.redraws.outcome(STORY)).waiting == 0


async def test_the_name_of_who_is_forgotten_leaves_their_opinions_and_every_copy(store: Storage) -> None:
    chat = await active_chat(store, 100)
    for number, editor in ((1, 7), (2, 8), (3, 7)):
        story = StoryId(number)
        await store.opinions.approve(story, text="Так.", label="", signature="Анна", author_id=editor, now=NOW)
    await store.opinions.withdraw(StoryId(3), user_id=7, now=NOW)
    mark, _ = store.news.changed_since(-1)
    for slot, stories in (("a", (1, 2)), ("b", (2,)), ("c", (3,))):
        await store.outbox.commit_issues([issue(chat, slot, digest=digest(stories))], now=NOW)
    assert await store.accounts.forget(7, now=NOW)
    waiting = [(await store.redraws.outcome(StoryId(story))).waiting for story in (1, 2, 3)]
    assert waiting == [1, 1, 0]
    assert store.news.changed_since(mark)[1] == frozenset({STORY})
    kept = await store.opinions.get(STORY)
    assert kept is not None
    assert (kept.text, kept.signature, kept.author_id) == ("Так.", "", None)


async def test_an_editors_work_is_what_they_published_first_and_how_it_was_liked(store: Storage) -> None:
    reader, other = [await active_chat(store, number) for number in (100, 101)]
    for number, (editor, minutes) in enumerate([(7, 6), (7, 9), (8, 3), (7, 24 * 60)], start=1):
        story, done = StoryId(number), NOW + timedelta(minutes=minutes)
        await store.desk.ask({story: NOW + HOUR}, now=NOW)
        await store.opinions.approve(story, text="Так.", label="", author_id=editor, now=done)
        # Changed later, it is no second one.
        await store.opinions.approve(story, text="Иначе.", label="", author_id=editor, now=done + HOUR)
    for chat, value in ((reader, 1), (other, 1)):
        await store.votes.cast(chat.id, Vote(story_id=StoryId(2), value=value, topics=(), voted_at=NOW))
    await store.votes.cast(reader.id, Vote(story_id=StoryId(1), value=-1, topics=(), voted_at=NOW))
    assert await store.opinions.work(7, since=NOW, before=NOW + HOUR) == [
        Work(story_id=StoryId(1), took=timedelta(minutes=6)),
        Work(story_id=StoryId(2), took=timedelta(minutes=9), liked=2),
    ]
    assert await store.opinions.work(9, since=NOW, before=NOW + HOUR) == []
