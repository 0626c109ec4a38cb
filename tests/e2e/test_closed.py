"""Chats that take nothing any more: paused with all that was set, and back by themselves with what waited, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.i18n import words_for
from feeds.chatsettings import Thread
from feeds.issue import ChatKind, ChatState, Issue, OutboxState, PauseReason, Priority
from storage import open_storage
from tests.e2e.people import Json, until
from tests.e2e.town import Town
from tests.samples import digest, told

POST = {"can_post_messages": True}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with Town(tmp_path) as made:
        yield made


async def add_group(town: Town, owner: int, kind: str) -> int:
    """Let a chat with the bot in it have an issue due, too."""
    chat: int = town.sandbox.person.add_chat(type=kind, title="Гараж", creator_id=owner)["id"]
    rights = POST if kind == "channel" else None
    town.sandbox.person.add_bot(chat_id=chat, by_user_id=owner, rights=rights)
    town.sandbox.world.updates.clear()
    async with await open_storage(town.store) as store:
        enrolled = await town.enrol(store, chat, ChatKind(kind), title="Гараж")
        await store.chats.add_manager(enrolled.id, owner)
    return chat


async def test_who_blocked_the_bot_unseen_is_paused_and_gets_the_issue_on_return(town: Town) -> None:
    gone, *others = await town.furnish(3)
    town.sandbox.world.people[gone].blocked = True
    async with town.open():
        await town.each_gets(others)
        chat = await town.becomes(gone, ChatState.PAUSED, PauseReason.BLOCKED)
        assert chat.times == (480, 1140)
        town.sandbox.person.unblock(user_id=gone)
        await town.becomes(gone, ChatState.ACTIVE)
        await town.turn(timedelta(seconds=1))
        await town.each_gets([gone])


async def test_a_deleted_account_is_paused_and_start_brings_it_back_with_its_settings(town: Town) -> None:
    gone, *others = await town.furnish(3)
    town.sandbox.person.deactivate(user_id=gone)
    async with town.open():
        await town.each_gets(others)
        before = await town.becomes(gone, ChatState.PAUSED, PauseReason.DEACTIVATED)
        town.sandbox.world.people[gone].deactivated = False
        town.sandbox.person.say(user_id=gone, text="/start")
        after = await town.becomes(gone, ChatState.ACTIVE)
        assert (after.times, after.topics, after.zone) == (before.times, before.topics, before.zone)
        await town.turn(timedelta(seconds=1))
        await town.each_gets([gone])


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_a_chat_that_removed_the_bot_unseen_is_paused_and_gets_the_issue_when_it_adds_it(
    town: Town, kind: str
) -> None:
    owner, other = await town.furnish(2)
    chat = await add_group(town, owner, kind)
    bot = town.sandbox.world.chats[chat].members[town.sandbox.world.bot_id]
    bot.status = "kicked"
    async with town.open():
        await town.each_gets([owner, other])
        assert (await town.becomes(chat, ChatState.PAUSED, PauseReason.REMOVED)).times == (480, 1140)
        town.sandbox.person.add_bot(chat_id=chat, by_user_id=owner, rights=POST if kind == "channel" else None)
        await town.becomes(chat, ChatState.ACTIVE)
        await town.turn(timedelta(seconds=1))
        await town.each_gets([chat])


async def test_a_channel_that_took_the_right_away_gets_what_waited_once_it_is_back(town: Town) -> None:
    owner, other = await town.furnish(2)
    channel = await add_group(town, owner, "channel")
    bot = town.sandbox.world.chats[channel].members[town.sandbox.world.bot_id]
    bot.rights = {}
    async with town.open():
        await town.each_gets([owner, other])
        await town.becomes(channel, ChatState.PAUSED, PauseReason.NO_RIGHT)
        told = town.sandbox.person.messages(chat_id=owner)["messages"][-1]
        assert told["text"] == words_for("ru")("channel-no-right", title="Гараж")
        assert "startchannel" in told["reply_markup"]["inline_keyboard"][0][0]["url"]
        town.sandbox.person.add_bot(chat_id=channel, by_user_id=owner, rights=POST)
        await town.becomes(channel, ChatState.ACTIVE)
        await town.turn(timedelta(seconds=1))
        await town.each_gets([channel])


async def test_a_group_that_moved_takes_its_settings_and_the_waiting_issue_along(town: Town) -> None:
    owner, other = await town.furnish(2)
    group = await add_group(town, owner, "group")
    new: int = town.sandbox.person.migrate(chat_id=group)["new_chat_id"]
    # The service messages that tell of it were lost: only the refused issue does.
    town.sandbox.world.updates.clear()
    async with town.open():
        await town.each_gets([owner, other, new])
        moved = await town.app.store.chats.by_telegram_id(new)
        assert moved is not None
        assert (moved.kind, moved.times, moved.state) == (ChatKind.SUPERGROUP, (480, 1140), ChatState.ACTIVE)
        assert await town.app.store.chats.by_telegram_id(group) is None
        assert town.issues(group) == []


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_a_deleted_chat_is_paused_and_nobody_waits_for_it(town: Town, kind: str) -> None:
    owner, other = await town.furnish(2)
    chat = await add_group(town, owner, kind)
    town.sandbox.person.delete_chat(chat_id=chat)
    async with town.open():
        await town.each_gets([owner, other])
        await town.becomes(chat, ChatState.PAUSED, PauseReason.DELETED)
        assert len(town.sends(chat)) == 1
        await town.pass_with_news(timedelta(hours=11), "Вечером")
        await town.each_gets([owner, other], 2)
        assert len(town.sends(chat)) == 1
        assert (await town.states())[OutboxState.SENT] == 4


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_deleted_thread_sends_its_issues_to_the_general_one_and_tells_the_managers(
    town: Town, lang: str
) -> None:
    [owner] = await town.furnish(1)
    forum: int = town.sandbox.person.add_chat(type="forum", title="Гараж", creator_id=owner)["id"]
    town.sandbox.person.add_bot(chat_id=forum, by_user_id=owner)
    group = town.sandbox.world.chats[forum]
    group.topics[777] = "Новинки"
    town.sandbox.world.updates.clear()
    async with await open_storage(town.store) as store:
        person = await store.chats.by_telegram_id(owner)
        assert person is not None
        await store.chats.speak(person.id, lang=lang, reads=["ru"])
        enrolled = await town.enrol(store, forum, ChatKind.SUPERGROUP, title="Гараж")
        await store.chats.add_manager(enrolled.id, owner)
        threads = (Thread(topic=None, thread_id=777), Thread(topic="ev", thread_id=778))
        await store.chats.configure(enrolled.id, lambda now: replace(now, threads=threads))
        issue = Issue(
            chat_id=enrolled.id,
            slot="in its thread",
            digest=digest(told(1, headline="Новость для темы")),
            priority=Priority.URGENT,
            due_at=town.clock(),
            moves_schedule=False,
            thread=777,
        )
        await store.outbox.commit_issues([issue], now=town.clock())
    del group.topics[777]

    def messages(chat_id: int) -> list[Json]:
        found: list[Json] = town.sandbox.person.messages(chat_id=chat_id)["messages"]
        return found

    async with town.open():
        await town.each_gets([forum], 2)
        told_so = words_for(lang)("thread-lost", title="Гараж", name="777")
        await until(lambda: told_so in [one["text"] for one in messages(owner)], "the manager to be told")
    assert [post["thread_id"] for post in messages(forum) if "Новость для темы" in post["text"]] == [None]
    async with await open_storage(town.store) as store:
        after = await store.chats.get(enrolled.id)
        assert (after.state, after.settings.threads) == (ChatState.ACTIVE, threads[1:])
