"""Posts that live: stories that go at once, and every copy of a story that says what is true now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.propagation import OPINION, Stage
from bot.sandbox.faults import Fault, FaultKind
from feeds.chatsettings import ChatSettings, Opinions
from feeds.issue import Instant
from feeds.redraws import DEBOUNCE, Propagation, RedrawOutcome
from storage import open_storage
from tests.e2e.people import until
from tests.e2e.wire import Wire

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
EDITED, GONE, CLOSED, OLD = RedrawOutcome.EDITED, RedrawOutcome.GONE, RedrawOutcome.CLOSED, RedrawOutcome.OLD
WRONG, RIGHT = "Утильсбор вырастет на 20%", "Утильсбор вырастет на 10%"


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with Wire(tmp_path) as made:
        yield made


async def test_a_story_goes_to_a_channel_at_once_and_its_post_says_who_joins(wire: Wire) -> None:
    channel = await wire.channel()
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        post = await wire.says(channel, WRONG, "Источник: Гараж")
        for n, source in enumerate(("Правовед", "Авторынок", "Колесо")):
            await wire.later(MINUTE)
            await wire.tell(WRONG, source=source, to=story, key=f"b{n}")
        await wire.waits(story)
        assert wire.edits(channel) == []
        await wire.later(DEBOUNCE)
        grown = await wire.says(channel, "Гараж и ещё\N{NO-BREAK SPACE}3", "Правовед")
        assert grown["message_id"] == post["message_id"]
        assert grown["reply_markup"] == post["reply_markup"]
        assert wire.edits(channel) == ["ok"]


async def test_a_story_held_back_by_quiet_hours_comes_at_their_end_whoever_restarted_meanwhile(wire: Wire) -> None:
    channel = await wire.channel()
    async with await open_storage(wire.store) as store:
        chat = await store.chats.by_telegram_id(channel)
        assert chat is not None
        await store.chats.configure(chat.id, lambda _: ChatSettings(quiet=(7 * 60, 10 * 60)))
    async with wire.open():
        await wire.listens()
        wire.clock.advance(MINUTE)
        await wire.tell(WRONG)

        async def waits() -> int:
            return len(await wire.app.store.queue.planned(chat.id, limit=9))

        await until(waits, "the post to wait")
        assert wire.posts(channel) == []
    async with wire.open():
        await wire.later(119 * MINUTE)
        await wire.says(channel, WRONG)
        await wire.quiet()
        assert len(wire.posts(channel)) == 1


async def test_breaking_news_reaches_who_wants_it_and_its_growth_changes_the_post(wire: Wire) -> None:
    reader, channel = await wire.subscriber(Instant.BREAKING), await wire.channel(instant=Instant.BREAKING)
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        for n in range(1, 6):
            await wire.tell(WRONG, source=f"Газета {n}", to=story, key=f"b{n}")
        await wire.says(channel, "Срочно", WRONG, "Подтвердили")
        await wire.says(reader, "Срочно", WRONG)
        await wire.later(MINUTE)
        await wire.tell(WRONG, source="Правовед", to=story, key="c")
        await wire.waits(story)
        await wire.later(DEBOUNCE)
        await wire.says(channel, "Правовед")
        await asyncio.sleep(0.2)
        assert len(wire.posts(reader)) == 1
        assert "Правовед" not in wire.posts(reader)[0]["text"]


async def test_what_a_newsroom_puts_right_is_put_right_everywhere(wire: Wire) -> None:
    channel, reader = await wire.channel(), await wire.subscriber()
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        await wire.says(channel, WRONG)
        await wire.later(11 * 60 * MINUTE)  # the evening's issue
        await wire.says(reader, WRONG)
        await wire.tell(RIGHT, key="a")
        for chat in (channel, reader):
            post = await wire.says(chat, "Исправлено", RIGHT)
            assert "20%" not in post["text"]
        assert await wire.settled(story) == Propagation(channels={EDITED: 1}, people={EDITED: 1})


async def test_a_story_that_is_taken_back_says_so_and_never_vanishes(wire: Wire) -> None:
    channel = await wire.channel()
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        await wire.says(channel, WRONG)
        await wire.app.store.marks.retract(story, note="Это был розыгрыш.", now=wire.clock())
        post = await wire.says(channel, "Это был розыгрыш.", WRONG)
        assert "Так решило правительство" not in post["text"]


async def test_an_opinion_comes_into_what_was_sent_changes_and_goes_again(wire: Wire) -> None:
    channel, reader = await wire.channel(), await wire.subscriber()
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        await wire.says(channel, WRONG)
        await wire.later(11 * 60 * MINUTE)
        before = await wire.says(reader, WRONG)
        await wire.judge(story)
        for chat in (channel, reader):
            await wire.says(chat, "Мнение редакции", OPINION)
        assert wire.posts(reader)[0]["reply_markup"] == before["reply_markup"]
        await wire.app.store.opinions.withdraw(story, now=wire.clock())
        assert await wire.settled(story) == Propagation(channels={EDITED: 1}, people={EDITED: 1})
        assert wire.posts(reader)[0]["text"] == before["text"]


async def test_who_wants_no_opinions_is_left_in_peace(wire: Wire) -> None:
    channel = await wire.channel()
    async with await open_storage(wire.store) as store:
        chat = await store.chats.by_telegram_id(channel)
        assert chat is not None
        await store.chats.configure(chat.id, lambda _: ChatSettings(quiet=None, opinions=Opinions.NONE))
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        await wire.says(channel, WRONG)
        await wire.judge(story)
        assert await wire.settled(story) == Propagation(channels={RedrawOutcome.SAME: 1})
        assert wire.edits(channel) == []


async def test_yesterdays_messages_to_people_stay_as_they_were_read(wire: Wire) -> None:
    reader = await wire.subscriber()
    async with wire.open():
        story = await wire.tell(WRONG)
        await wire.later(11 * 60 * MINUTE)
        await wire.says(reader, WRONG)
        await wire.quiet()
        await wire.later(DAY + MINUTE)
        await wire.judge(story)
        assert await wire.settled(story) == Propagation(people={OLD: 1})
        assert wire.edits(reader) == []


async def test_where_a_post_or_its_chat_is_gone_that_is_known(wire: Wire) -> None:
    kept, deleted, closed = [await wire.channel(name) for name in ("Раз", "Два", "Три")]
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        for chat in (kept, deleted, closed):
            await wire.says(chat, WRONG)
        [post] = wire.posts(deleted)
        wire.sandbox.person.delete(user_id=wire.owner, chat_id=deleted, message_id=post["message_id"])
        wire.sandbox.person.set_member(chat_id=closed, user_id=wire.sandbox.world.bot_id, status="kicked")
        await wire.judge(story)
        counted = await wire.settled(story)
        assert counted == Propagation(channels={EDITED: 1, GONE: 1, CLOSED: 1})
        assert OPINION in wire.posts(kept)[0]["text"]
        assert wire.posts(deleted) == []


async def test_an_edit_that_fails_is_tried_again_and_delays_no_other(wire: Wire) -> None:
    slow, stumbling, other = [await wire.channel(name) for name in ("Раз", "Два", "Три")]
    async with wire.open():
        await wire.listens()
        story = await wire.tell(WRONG)
        for chat in (slow, stumbling, other):
            await wire.says(chat, WRONG)
        wait = Fault(method="editMessageText", kind=FaultKind.RETRY_AFTER, chat_id=slow, retry_after=1)
        wire.sandbox.add_fault(wait)
        cut = Fault(method="editMessageText", kind=FaultKind.DROP_AFTER, chat_id=stumbling)
        wire.sandbox.add_fault(cut)
        await wire.judge(story)
        await wire.says(other, OPINION)
        assert OPINION not in wire.posts(slow)[0]["text"]
        await asyncio.sleep(1.1)
        await wire.later(5 * MINUTE)
        await wire.says(slow, OPINION)
        assert await wire.settled(story) == Propagation(channels={EDITED: 3})
        assert [end for end in wire.edits(stumbling) if end != "ok"] == [
            next(end for end in wire.edits(stumbling) if "not modified" in end)
        ]


@pytest.mark.xdist_group("crash")
@pytest.mark.timeout(600)
async def test_one_opinion_reaches_every_copy_that_can_be_edited_through_the_death_of_the_process(
    tmp_path: Path,
) -> None:
    scene = await Stage(tmp_path, chats=30).play(kills=1)
    assert scene.kills == 1
    assert scene.floods == 5
    assert scene.wrong == []
    assert max(scene.edited.values()) == 1
    people = {EDITED: len(scene.people) - 2, CLOSED: 1, GONE: 1}
    channels = {EDITED: len(scene.channels) + len(scene.groups) - 3, CLOSED: 2, GONE: 1}
    assert scene.outcome == Propagation(people=people, channels=channels)
