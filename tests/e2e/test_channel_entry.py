"""Ways into a channel for those who may not add the bot themselves, and what is seen before the launch."""

from __future__ import annotations

from feeds.issue import ChatState, PauseReason
from tests.e2e.owners import POST, Channel, added, go, launched
from tests.e2e.people import Reader, labels
from tests.e2e.test_channel_setup import offered
from tests.e2e.town import Town


async def test_a_bot_that_may_not_post_is_listed_and_set_up_once_it_may(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    await admin.say("/start")
    made = admin.people.add_chat(type="channel", title="Канал", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights={"can_edit_messages": True})
    await admin.wait_for(admin.words("channel-mute", title="Канал"))
    listed = await admin.say("/channels")
    assert labels(listed)[0] == f"Канал — {admin.words('channel-state-lost')}"
    bot = scene.sandbox.world.bot_id
    admin.people.set_member(chat_id=made, user_id=bot, status="administrator", rights=POST)
    greeting = await admin.wait_for(admin.words("channel-added", title="Канал"))
    await admin.tap(admin.words("button-setup"), greeting)
    assert "шаг 1 из 5" in admin.now(greeting)["text"]
    assert Channel(stage=scene, admin=admin, id=made).posts() == []


async def test_who_presses_start_only_afterwards_hears_then_what_the_bot_lacks(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    made = admin.people.add_chat(type="channel", title="Канал", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights={"can_edit_messages": True})
    await Channel(stage=scene, admin=admin, id=made).becomes(ChatState.PAUSED, PauseReason.NO_RIGHT)
    await admin.say("/start")
    await admin.wait_for(admin.words("channel-mute", title="Канал"))


async def test_who_adds_us_by_the_link_under_the_choice_is_greeted_each_time(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    choice = await admin.say("/channels")
    await go(admin, "button-add-channel")
    for title in ("Первый", "Второй"):
        made = admin.people.add_chat(type="channel", title=title, creator_id=admin.id)["id"]
        admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights=POST)
        await admin.wait_for(admin.words("channel-added", title=title))
    # The first greeting took the place of the choice.
    assert "Первый" in admin.now(choice)["text"]
    assert "Второй" not in admin.now(choice)["text"]
    assert labels(admin.now(choice)) == [admin.words("button-setup")]


async def test_who_may_only_post_chooses_a_channel_that_has_the_bot_already(scene: Town) -> None:
    channel = await launched(scene, "8:00")
    second = Reader(scene, name="Ирина")
    channel.admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights=POST)
    await second.say("/channels")
    await go(second, "button-add-channel")
    message, _ = offered(second)
    joined = message["reply_markup"]["keyboard"][1][0]
    assert joined["text"] == second.words("button-pick-joined")
    second.people.share_chat(
        user_id=second.id,
        message_id=message["message_id"],
        request_id=joined["request_chat"]["request_id"],
        chat_id=channel.id,
    )
    await second.wait_for(second.words("channel-joined", title="Автоновости"))
    await second.wait_for("каждый день в 8:00")
    assert scene.sandbox.world.chats[channel.id].member(scene.sandbox.world.bot_id).status == "administrator"
    # Once that right is gone, so is the channel from the list.
    channel.admin.people.set_member(chat_id=channel.id, user_id=second.id, status="member")
    listed = await second.say("/channels")
    assert not [label for label in labels(listed) if "Автоновости" in label]


async def test_before_the_launch_the_queue_promises_nothing_and_the_settings_offer_to_launch(scene: Town) -> None:
    channel = await added(scene)
    admin = channel.admin
    await go(admin, "button-setup", "button-all-settings")
    assert admin.words("button-pause") not in labels(admin.last)
    await go(admin, "button-queue")
    assert admin.words("queue-before-launch") in admin.last["text"]
    assert not [label for label in labels(admin.last) if label.startswith("1 ")]
    await go(admin, "button-to-channel", "button-launch")
    assert (await channel.settings()).wizard_step is None
    keys = [one.key for one in reversed(await channel.log())]
    assert keys == ["linked", "launched"]


async def test_setup_written_in_private_leads_to_ones_channels(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    assert (await admin.say("/setup"))["text"].startswith(admin.words("channels-none"))
