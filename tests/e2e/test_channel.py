"""A channel and who runs it: from adding the bot to posts in time, and what becomes of both when rights change."""

from __future__ import annotations

import pytest

from feeds.issue import ChatState, PauseReason
from tests.e2e.owners import POST, Channel, go, launched
from tests.e2e.people import Reader, buttons, links, numbered, parts, until
from tests.e2e.town import Town


@pytest.fixture
async def channel(scene: Town) -> Channel:
    """Return a channel with an issue a day at eight, whose settings are open."""
    return await launched(scene, "8:00")


async def test_an_admin_sets_topics_and_times_in_private_and_readers_get_posts(scene: Town, channel: Channel) -> None:
    admin = channel.admin
    assert "Автоновости" in admin.last["text"]
    await go(admin, "button-topics", "Электромобили", "Китай", "button-done")
    await go(admin, "button-when", "button-issue-times", "19:00", "button-done")
    for fact in ("Электромобили", "Китай", "8:00 и 19:00"):
        assert fact in admin.last["text"]
    assert (await admin.known()).topics == frozenset()
    await scene.next_issue("china")
    await until(channel.posts, "a post")
    (post,) = channel.posts()
    assert post["from"] is None
    assert not any("callback_data" in button for button in buttons(post))
    assert numbered(post)
    assert links(post)
    assert admin.words("ask-subscribe") not in post["text"]
    assert admin.words("digest-next") in post["text"]
    assert next(text for text, _ in parts(post, "bold")).startswith("Авто за день")


async def test_pausing_holds_the_posts_and_resuming_brings_the_next(scene: Town, channel: Channel) -> None:
    await channel.admin.forge(f"c:{(await channel.known()).id}:pause")
    assert (await channel.known()).state is ChatState.STOPPED
    assert "на паузе" in channel.admin.last["text"]
    await go(channel.admin, "button-resume")
    assert (await channel.known()).state is ChatState.ACTIVE
    await scene.next_issue()
    await until(channel.posts, "a post")


async def test_a_removed_bot_pauses_and_an_added_one_goes_on_with_all_settings(scene: Town, channel: Channel) -> None:
    admin = channel.admin
    await go(admin, "button-topics", "Китай", "button-done")
    set_up = await channel.known()
    admin.people.remove_bot(chat_id=channel.id, by_user_id=admin.id)
    await channel.becomes(ChatState.PAUSED, PauseReason.REMOVED)
    channel.stage.sandbox.person.turn_clock(advance=25 * 3600)
    channel.stage.app.publish_bell.ring()
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    again = await channel.known()
    assert (again.topics, again.times, again.zone) == (set_up.topics, set_up.times, set_up.zone)
    await scene.quiet()
    assert channel.posts() == []
    await scene.next_issue("china")
    await until(channel.posts, "a post")


async def test_who_takes_the_right_to_post_away_is_told_with_a_link_that_mends_it(channel: Channel) -> None:
    admin = channel.admin
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights={"can_edit_messages": True})
    await channel.becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    told = await admin.wait_for("Не могу писать")
    assert buttons(told)[0]["url"] == "https://t.me/sandbox_bot?startchannel&admin=post_messages"
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    assert (await channel.known()).times == (480,)


async def test_a_lost_right_that_only_a_refused_post_reveals_is_told_too_and_no_post_is_lost(
    scene: Town, channel: Channel
) -> None:
    admin, world = channel.admin, channel.stage.sandbox.world
    world.chats[channel.id].members[world.bot_id].rights.clear()
    await scene.next_issue()
    await channel.becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    await admin.wait_for("Не могу писать")
    await scene.quiet()
    assert channel.posts() == []
    admin.people.add_bot(chat_id=channel.id, by_user_id=admin.id, rights=POST)
    await channel.becomes(ChatState.ACTIVE)
    await until(channel.posts, "the post that was held")
    await scene.quiet()
    assert len(channel.posts()) == 1


async def test_a_deleted_channel_pauses_and_nobody_else_waits_for_it(scene: Town, channel: Channel) -> None:
    reader = Reader(channel.stage)
    first = await reader.subscribe()
    channel.admin.people.delete_chat(chat_id=channel.id)
    await scene.next_issue()
    await reader.wait_for(reader.words("digest-next"))
    assert links(first)
    await channel.becomes(ChatState.PAUSED, PauseReason.DELETED)


async def test_a_group_keeps_its_settings_when_it_becomes_a_supergroup(scene: Town) -> None:
    group = await launched(scene, "8:00", kind="group", title="Гараж")
    new = group.admin.people.migrate(chat_id=group.id)["new_chat_id"]
    await scene.next_issue()
    await until(lambda: [one for one in group.admin.messages(new) if numbered(one)], "an issue in the supergroup")
    stored = await scene.app.store.chats.by_telegram_id(new)
    assert stored is not None
    assert stored.times == (480,)


@pytest.mark.parametrize("data", ["z:0:settings", "a:ask", "sub:480:0", "t:0:w:ev:0", "l:0:en"])
async def test_a_tap_forged_on_a_post_changes_nothing_that_others_see(scene: Town, data: str) -> None:
    channel, stranger = await launched(scene), Reader(scene, name="Чужой")
    await stranger.say("/start")
    await go(channel.admin, "button-trial")
    post = await until(lambda: next(iter(channel.posts()), None), "the post")
    for person in (stranger, channel.admin):
        assert (await person.forge(data, message_id=post["message_id"], chat_id=channel.id)).alert
    assert channel.posts() == [post]
