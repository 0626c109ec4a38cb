"""Watching stories that went out, over a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.digest import tell
from feeds.following import BACK, Following
from feeds.issue import ChatKind, Issue, OutboxState
from feeds.model import Item, Source, SourceSpec, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from feeds.redraws import DEBOUNCE, Redraw
from storage import Storage
from tests.samples import HOUR, NOW, StillClock, digest, item

MINUTE = timedelta(minutes=1)
POLL = PollState(next_at=NOW, reason=NextPollReason.INTERVAL)


class Watch:
    """One story that went to a channel at once and to a person in an issue, and who watches it."""

    def __init__(self, store: Storage, clock: StillClock) -> None:
        self.store, self.clock = store, clock
        self.following = self.restarted()
        self.source: Source
        self.story: StoryId

    def restarted(self) -> Following:
        store = self.store
        return Following(posted=store.redraws, news=store.news, marks=store.marks, clock=self.clock)

    async def begin(self) -> None:
        """Let the story go out."""
        spec = SourceSpec(name="Колесо", url="https://koleso.example/rss", lang="ru")
        self.source = await self.store.news.add_source(spec, now=self.clock())
        draft = StoryDraft(story_id=None, items=(self._item("Утильсбор вырастет на 20%"),))
        await self.store.news.commit_poll(self.source.id, POLL, drafts=[draft], now=self.clock())
        [story] = await self.store.news.recent_stories(since=NOW - HOUR)
        self.story = story.id
        for number, kind, slot in ((-1, ChatKind.CHANNEL, f"now:{story.id}"), (1, ChatKind.PRIVATE, "morning")):
            chat = await self.store.chats.ensure(
                number, kind=kind, lang="ru", reads=["ru"], zone="Europe/Moscow", now=self.clock()
            )
            made = Issue(
                chat_id=chat.id, slot=slot, digest=digest(tell(story)), due_at=self.clock(), moves_schedule=False
            )
            await self.store.outbox.commit_issues([made], now=self.clock())
            [parcel] = await self.store.outbox.claim(now=self.clock(), limit=1, lease=HOUR, owner="me")
            await self.store.outbox.mark_sending(parcel.id, part=0, owner="me", now=self.clock())
            await self.store.outbox.record_part(parcel.id, part=0, message_id=7, owner="me", now=self.clock())
            await self.store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=self.clock())
        await self.following.look()
        self.clock.advance(2 * MINUTE)

    def _item(self, title: str, key: str = "a") -> Item:
        return item(key, source_id=self.source.id, title=title, text_hash=title, summary="", published_at=self.clock())

    async def rewrite(self, title: str) -> None:
        await self.store.news.commit_poll(self.source.id, POLL, changed=[self._item(title)], now=self.clock())

    async def join(self, name: str) -> None:
        spec = SourceSpec(name=name, url=f"https://{name}.example/rss", lang="ru")
        other = await self.store.news.add_source(spec, now=self.clock())
        joining = item(name, source_id=other.id, title="Утильсбор поднимут на 20%", published_at=self.clock())
        draft = StoryDraft(story_id=self.story, items=(joining,))
        await self.store.news.commit_poll(other.id, POLL, drafts=[draft], now=self.clock())

    async def due(self) -> list[Redraw]:
        return list(await self.store.redraws.due(now=self.clock(), limit=10))


@pytest.fixture
async def watch(store: Storage, clock: StillClock) -> Watch:
    made = Watch(store, clock)
    await made.begin()
    return made


async def test_nothing_is_asked_for_while_nothing_changes(watch: Watch) -> None:
    assert await watch.following.look() == 0
    await watch.rewrite("Утильсбор в России вырастет на 20%")
    assert await watch.following.look() == 0


async def test_who_joins_changes_the_post_of_one_story_in_a_while(watch: Watch) -> None:
    await watch.join("Правовед")
    assert await watch.following.look() == 1
    assert await watch.due() == []
    watch.clock.advance(DEBOUNCE)
    [redraw] = await watch.due()
    assert redraw.parcel.chat.kind is ChatKind.CHANNEL


async def test_a_correction_is_marked_and_changes_every_copy_at_once(watch: Watch) -> None:
    await watch.rewrite("Утильсбор вырастет на 10%")
    assert await watch.following.look() == 2
    assert len(await watch.due()) == 2
    marked = await watch.store.marks.of([watch.story])
    assert marked[watch.story].marks.corrected_at == watch.clock()


async def test_an_editors_own_words_about_what_is_right_stay(watch: Watch) -> None:
    await watch.store.marks.correct(watch.story, note="На 10%.", now=watch.clock())
    await watch.rewrite("Утильсбор вырастет на 10%")
    await watch.following.look()
    assert (await watch.store.marks.of([watch.story]))[watch.story].marks.note == "На 10%."


async def test_a_story_that_was_taken_back_is_left_alone(watch: Watch) -> None:
    await watch.store.marks.retract(watch.story, now=watch.clock())
    await watch.rewrite("Утильсбор вырастет на 10%")
    assert await watch.following.look() == 0


async def test_a_change_during_a_restart_is_followed_after_it(watch: Watch) -> None:
    await watch.rewrite("Утильсбор вырастет на 10%")
    watch.clock.advance(BACK - MINUTE)
    assert await watch.restarted().look() == 2
