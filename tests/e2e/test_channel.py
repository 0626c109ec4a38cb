"""A channel and who runs it: from adding the bot to posts in time, and what becomes of both when rights change."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.demo import Stage
from feeds.issue import Chat, ChatState, PauseReason
from tests.e2e.people import Json, Reader, buttons, labels, links, numbered, parts, turn_to_next_issue, until

POST = {"can_post_messages": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel with the person who owns it."""

    stage: Stage
    admin: Reader
    id: int

    async def stored(self) -> Chat | None:
        return await self.stage.app.store.chats.by_telegram_id(self.id)

    async def known(self) -> Chat:
        found = await self.stored()
        assert found is not None
        return found

    def posts(self) -> list[Json]:
        return [message for message in self.admin.messages(self.id) if not message["service"]]

    async def becomes(self, state: ChatState, reason: PauseReason | None = None) -> None:
        async def find() -> bool:
            chat = await self.stored()
            return chat is not None and (chat.state, chat.pause_reason) == (state, reason)

        await until(find, f"the channel to be {state}")


@pytest.fixture
async def channel(stage: Stage) -> Channel:
    """Return a channel that has just got the bot, whose admin has opened its settings."""
    admin = Reader(stage, name="Олег")
    start = await admin.say("/start")
    made = admin.people.add_chat(type="channel", title="Автоновости", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights=POST)
    greeting = await admin.after(start["message_id"], "the greeting")
    assert "«Автоновости»" in greeting["text"]
    await admin.tap(admin.words("button-setup"), greeting)
    return Channel(stage=stage, admin=admin, id=made)


async def go(admin: Reader, *words: str) -> None:
    """Tap one button after another under the last message."""
    for word in words:
        label = admin.words(word) if word.startswith("button-") else word
        await admin.tap(label, admin.last)


async def subscribed(channel: Channel) -> None:
    await go(channel.admin, "button-times", "8:00", "button-done")


async def test_an_admin_sets_topics_and_times_in_private_and_readers_get_posts(channel: Channel) -> None:
    admin = channel.admin
    assert "Автоновости" in admin.last["text"]
    await go(admin, "button-topics", "Электромобили", "Китай", "button-done", "button-times", "8:00", "19:00")
    await go(admin, "button-done")
    for fact in ("Электромобили", "Китай", "8:00 и 19:00"):
        assert fact in admin.last["text"]
    assert (await admin.known()).topics == frozenset()
    await turn_to_next_issue(channel.stage)
    await until(channel.posts, "a post")
    (post,) = channel.posts()
    assert post["from"] is None
    assert not any("callback_data" in button for button in buttons(post))
    assert numbered(post)
    assert links(post)
    assert admin.words("ask-subscribe") not in post["text"]
    assert admin.words("digest-next") in post["text"]
    assert next(text for text, _ in parts(post, "bold")).startswith("Авто за день")


async def test_an_issue_on_trial_is_posted_at_once(channel: Channel) -> None:
    toast = await channel.admin.tap(channel.admin.words("button-test"))
    assert toast.text == channel.admin.words("channel-test-sent", title="Автоновости")
    assert not toast.alert
    await until(channel.posts, "the post")
    assert not any("callback_data" in button for button in buttons(channel.posts()[0]))


async def test_pausing_holds_the_posts_and_resuming_brings_the_next(channel: Channel) -> None:
    await subscribed(channel)
    await go(channel.admin, "button-pause")
    assert (await channel.known()).state is ChatState.STOPPED
    await go(channel.admin, "button-resume")
    assert (await channel.known()).state is ChatState.ACTIVE
    await turn_to_next_issue(channel.stage)
    await until(channel.posts, "a post")


async def test_a_demoted_admin_can_change_nothing_from_the_next_tap_on(channel: Channel) -> None:
    admin = channel.admin
    second = Reader(channel.stage, name="Ирина")
    await second.say("/start")
    admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights=POST)
    chat = await channel.known()
    await second.forge(f"c:{chat.id}:open")
    await go(second, "button-topics", "Китай")
    assert (await channel.known()).topics == {"china"}
    admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights={})
    before = await channel.known()
    screen = second.last
    for button in buttons(screen):
        if button["callback_data"] != "z:0:channels":
            refused = await second.tap(button["text"], screen)
            assert refused.alert
            assert "Автоновости" in refused.text
    assert await channel.known() == before
    assert second.now(screen)["text"] == screen["text"]


FORGED = (
    "t:{}:t:ev:0",
    "t:{}:m::0",
    "tm:{}:480",
    "tz:{}:Asia/Tokyo:0",
    "tz:{}::0",
    "l:{}:en",
    "r:{}:en",
    "z:{}:settings",
)
FORGED_DEEDS = ("open", "pause", "resume", "test", "unlink")


async def test_a_strangers_forged_taps_are_refused(channel: Channel) -> None:
    stranger = Reader(channel.stage, name="Чужой")
    await stranger.say("/start")
    before = await channel.known()
    for tap in (*FORGED, *(f"c:{{}}:{deed}" for deed in FORGED_DEEDS)):
        refused = await stranger.forge(tap.format(before.id))
        assert refused.alert, tap
        assert await channel.known() == before
    assert channel.posts() == []
    assert len(stranger.replies()) == 1


async def test_a_removed_bot_pauses_and_an_added_one_goes_on_with_all_settings(channel: Channel) -> None:
    admin = channel.admin
    await go(admin, "button-topics", "Китай", "button-done")
    await subscribed(channel)
    set_up = await channel.known()
    admin.people.remove_bot(chat_id=channel.id, by_user_id=admin.id)
    await channel.becomes(ChatState.PAUSED, PauseReason.REMOVED)
    channel.stage.sandbox.person.turn_clock(advance=25 * 3600)
    channel.stage.app.publish_bell.ring()
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    again = await channel.known()
    assert (again.topics, again.times, again.zone) == (set_up.topics, set_up.times, set_up.zone)
    assert channel.posts() == []
    await turn_to_next_issue(channel.stage)
    await until(channel.posts, "a post")


async def test_who_takes_the_right_to_post_away_is_told_with_a_link_that_mends_it(channel: Channel) -> None:
    admin = channel.admin
    await subscribed(channel)
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights={"can_edit_messages": True})
    await channel.becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    told = await admin.wait_for("Не могу писать")
    assert buttons(told)[0]["url"] == "https://t.me/autodigest_demo_bot?startchannel&admin=post_messages"
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    assert (await channel.known()).times == (480,)


async def test_a_lost_right_that_only_a_refused_post_reveals_is_told_too_and_no_post_is_lost(channel: Channel) -> None:
    admin, world = channel.admin, channel.stage.sandbox.world
    await subscribed(channel)
    world.chats[channel.id].members[world.bot_id].rights.clear()
    await turn_to_next_issue(channel.stage)
    await channel.becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    await admin.wait_for("Не могу писать")
    assert channel.posts() == []
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    await until(channel.posts, "the post that was held")
    assert len(channel.posts()) == 1


async def test_a_deleted_channel_pauses_and_nobody_else_waits_for_it(channel: Channel) -> None:
    await subscribed(channel)
    reader = Reader(channel.stage)
    first = await reader.subscribe()
    channel.admin.people.delete_chat(chat_id=channel.id)
    await turn_to_next_issue(channel.stage)
    await reader.wait_for(reader.words("digest-next"))
    assert links(first)
    await channel.becomes(ChatState.PAUSED, PauseReason.DELETED)


async def test_a_group_keeps_its_settings_when_it_becomes_a_supergroup(stage: Stage) -> None:
    admin = Reader(stage, name="Олег")
    start = await admin.say("/start")
    group = admin.people.add_chat(type="group", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id)
    await admin.after(start["message_id"], "the greeting")
    await go(admin, "button-setup", "button-times", "8:00", "button-done")
    new = admin.people.migrate(chat_id=group)["new_chat_id"]
    await turn_to_next_issue(stage)
    await until(lambda: [one for one in admin.messages(new) if numbered(one)], "an issue in the supergroup")
    stored = await stage.app.store.chats.by_telegram_id(new)
    assert stored is not None
    assert stored.times == (480,)


async def test_the_list_of_channels_shows_which_work_and_how_to_add_one(channel: Channel) -> None:
    admin = channel.admin
    listed = await admin.say("/channels")
    assert labels(listed)[0] == admin.words("channel-silent", title="Автоновости")
    await admin.tap(labels(listed)[0])
    await subscribed(channel)
    listed = await admin.say("/channels")
    assert labels(listed)[0] == admin.words("channel-works", title="Автоновости")
    assert all("startchannel" in one["url"] or "startgroup" in one["url"] for one in buttons(listed)[1:])
    nobody = Reader(channel.stage, "en")
    empty = await nobody.say("/channels")
    assert empty["text"] == nobody.words("channels-none")


@pytest.mark.parametrize("data", ["z:0:settings", "a:ask", "sub:480:0", "t:0:w:ev:0", "l:0:en"])
async def test_a_tap_forged_on_a_post_changes_nothing_that_others_see(stage: Stage, data: str) -> None:
    admin, stranger = Reader(stage), Reader(stage, name="Чужой")
    await admin.say("/start")
    await stranger.say("/start")
    channel = stage.sandbox.person.add_chat(type="channel", title="Гараж", creator_id=admin.id)["id"]
    stage.sandbox.person.add_bot(chat_id=channel, by_user_id=admin.id, rights={"can_post_messages": True})
    await admin.wait_for("Гараж")
    await admin.tap(admin.words("button-setup"))
    await admin.tap(admin.words("button-test"))
    post = await until(lambda: next(iter(admin.messages(channel)), None), "the post")
    for person in (stranger, admin):
        assert (await person.forge(data, message_id=post["message_id"], chat_id=channel)).alert
    assert admin.messages(channel) == [post]
