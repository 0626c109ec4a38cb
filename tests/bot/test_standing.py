"""What waits in a real outbox while its stories are put right, taken back and judged."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.markup import Message, say
from bot.standing import Standing, withdrawn
from feeds.digest import tell
from feeds.issue import ChatKind, DigestKind, Issue, Parcel
from feeds.model import SourceSpec, Story, StoryDraft
from feeds.polls import NextPollReason, PollState
from storage import Storage
from tests.samples import HOUR, NOW, digest, item

ME = "this courier"


class Queue:
    """Issues that wait in a real outbox."""

    def __init__(self, store: Storage) -> None:
        self.store = store
        self.standing = Standing(store.news, write=self._write)

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        texts = [story.headline for story in parcel.digest.stories if not story.marks.retracted_at]
        return [Message(document=say("\n".join(texts)))]

    async def stories(self, *keys: str) -> list[Story]:
        spec = SourceSpec(name="Колесо", url="https://koleso.example/rss", lang="ru")
        source = await self.store.news.add_source(spec, now=NOW)
        drafts = [StoryDraft(story_id=None, items=(item(key, source_id=source.id),)) for key in keys]
        poll = PollState(next_at=NOW, reason=NextPollReason.INTERVAL)
        await self.store.news.commit_poll(source.id, poll, drafts=drafts, now=NOW)
        return sorted(await self.store.news.recent_stories(since=NOW - 2 * HOUR), key=lambda story: story.id)

    async def put(self, number: int, *stories: Story, kind: DigestKind = DigestKind.SCHEDULED) -> None:
        chat = await self.store.chats.ensure(
            number, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
        )
        made = digest(*map(tell, stories), kind=kind)
        issue = Issue(chat_id=chat.id, slot="a", digest=made, due_at=NOW, moves_schedule=False)
        await self.store.outbox.commit_issues([issue], now=NOW)

    async def take_back(self, story: Story) -> None:
        await self.store.marks.retract(story.id, note="Розыгрыш.", now=NOW)
        await self.store.redraws.want(story.id, now=NOW)

    async def claimed(self) -> dict[int, Parcel]:
        found = await self.store.outbox.claim(now=NOW, limit=9, lease=HOUR, owner=ME)
        return {parcel.chat.telegram_id: parcel for parcel in await self.standing.freshen(found)}


@pytest.fixture
def queue(store: Storage) -> Queue:
    return Queue(store)


def retracted(parcel: Parcel) -> list[bool]:
    return [story.marks.retracted_at is not None for story in parcel.digest.stories]


async def test_what_was_taken_back_while_it_waited_is_told_as_taken_back(queue: Queue) -> None:
    wrong, right = await queue.stories("a", "b")
    await queue.put(1, wrong, right)
    await queue.put(2, wrong, right)
    await queue.put(3, right)
    await queue.take_back(wrong)
    parcels = await queue.claimed()
    assert [retracted(parcels[number]) for number in (1, 2, 3)] == [[True, False], [True, False], [False]]
    assert parcels[1].digest is parcels[2].digest
    assert not any(map(withdrawn, parcels.values()))


@pytest.mark.parametrize("kind", [DigestKind.INSTANT, DigestKind.BREAKING])
async def test_what_was_to_go_at_once_and_was_taken_back_does_not_go(queue: Queue, kind: DigestKind) -> None:
    wrong, right = await queue.stories("a", "b")
    await queue.put(1, wrong, kind=kind)
    await queue.put(2, right, kind=kind)
    await queue.take_back(wrong)
    parcels = await queue.claimed()
    assert {number: withdrawn(parcel) for number, parcel in parcels.items()} == {1: True, 2: False}


async def test_an_issue_that_was_begun_goes_on_as_it_was_written(queue: Queue) -> None:
    [wrong] = await queue.stories("a")
    await queue.put(1, wrong)
    [parcel] = (await queue.claimed()).values()
    await queue.store.outbox.mark_sending(parcel.id, part=0, owner=ME, now=NOW)
    await queue.store.outbox.record_part(parcel.id, part=0, message_id=7, owner=ME, now=NOW)
    await queue.store.outbox.release(ME)
    await queue.take_back(wrong)
    [parcel] = (await queue.claimed()).values()
    assert retracted(parcel) == [False]
    assert not withdrawn(parcel)


async def test_what_was_taken_back_and_then_let_stand_is_told_as_it_was(queue: Queue) -> None:
    [story] = await queue.stories("a")
    await queue.put(1, story)
    await queue.take_back(story)
    await queue.store.marks.restore(story.id, now=NOW)
    [parcel] = (await queue.claimed()).values()
    assert parcel.digest == digest(tell(story))
