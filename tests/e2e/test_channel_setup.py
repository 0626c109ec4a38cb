"""From «Добавить канал» to the first post: every way in, every step, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.chatsettings import Density, Opinions
from feeds.issue import ChatState, Instant
from tests.e2e.owners import POST, RUN, Channel, added, go, launched
from tests.e2e.people import Json, Reader, buttons, labels, until
from tests.e2e.town import HEADLINES, Town


def offered(reader: Reader) -> tuple[Json, Json]:
    """Return the message that bears Telegram's own list, and what its button asks for."""
    message = next(one for one in reversed(reader.replies()) if "keyboard" in (one["reply_markup"] or {}))
    return message, message["reply_markup"]["keyboard"][0][0]["request_chat"]


async def pick(reader: Reader, chat_id: int, *, kind: str = "channel", add_bot: bool = True) -> Json:
    """Choose a chat from Telegram's own list, and return the first answer."""
    await reader.say("/channels")
    await go(reader, f"button-add-{kind}")
    message, request = offered(reader)
    # Some clients lack the button: a link stands by.
    assert any(f"?start{kind}" in (button.get("url") or "") for one in reader.replies() for button in buttons(one))
    shared = reader.people.share_chat(
        user_id=reader.id,
        message_id=message["message_id"],
        request_id=request["request_id"],
        chat_id=chat_id,
        add_bot=add_bot,
    )
    return await reader.after(shared["message_id"])


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_channel_is_added_set_up_tried_and_launched(scene: Town, lang: str) -> None:
    admin = Reader(scene, lang, name="Олег")
    empty = await admin.say("/channels")
    none, sample, post = empty["text"].split("\n\n")[:3]
    assert (none, sample) == (admin.words("channels-none"), admin.words("channels-sample"))
    assert post in HEADLINES
    made = admin.people.add_chat(type="channel", title="Автоновости", creator_id=admin.id)["id"]
    done = await pick(admin, made)
    _, request = offered(admin)
    for side in ("user_administrator_rights", "bot_administrator_rights"):
        assert request[side]["can_post_messages"]
    assert not any(right for name, right in request["bot_administrator_rights"].items() if name != "can_post_messages")
    assert done["text"] == admin.words("pick-done", title="Автоновости")
    assert done["reply_markup"] is None or done["reply_markup"]["remove_keyboard"]
    channel = Channel(stage=scene, admin=admin, id=made)
    first = await admin.wait_for(admin.words("wizard-heading", title="Автоновости", step=1))
    assert len([one for one in admin.replies() if "Автоновости" in one["text"]]) == 2, admin.transcript()

    await go(admin, "button-choose-topics", "Китай" if lang == "ru" else "China", "button-done")
    assert ("Китай" if lang == "ru" else "China") in admin.now(first)["text"]
    await go(admin, "button-next", admin.words("rhythm-both"), "button-next")
    await go(admin, admin.words("choice-density-brief"), "button-next")
    await go(admin, admin.words("choice-opinions-none"), "button-next")
    stored = await channel.known()
    assert stored.topics == {"china"}
    assert (stored.instant, stored.times) == (Instant.EVERY, (540, 780, 1140))
    assert (stored.settings.density, stored.settings.opinions) == (Density.BRIEF, Opinions.NONE)
    assert admin.words("wizard-heading", title="Автоновости", step=5) in admin.last["text"]
    assert channel.posts() == []

    await go(admin, "button-launch")
    assert admin.words("wizard-works", title="Автоновости") in admin.last["text"]
    assert admin.words("wizard-first-both", when="").partition(";")[0] in admin.last["text"]
    assert (await channel.settings()).wizard_step is None
    assert (await channel.known()).state is ChatState.ACTIVE
    listed = await admin.say("/channels")
    assert labels(listed)[0] == f"Автоновости — {admin.words('channel-state-works')}"


async def test_a_trial_makes_no_sound_is_marked_and_can_be_taken_back(scene: Town) -> None:
    channel = await added(scene)
    admin = channel.admin
    await go(admin, "button-setup", *["button-next"] * 4)
    trial = next(one for one in buttons(admin.last) if one["text"] == admin.words("button-trial"))
    screen = admin.last["message_id"]
    asked = [admin.people.tap(user_id=admin.id, message_id=screen, data=trial["callback_data"]) for _ in range(2)]
    # A second tap while the first is answered is the same tap.
    said = [(await admin.answered(one["callback_query_id"])).text for one in asked]
    assert "Проба отправляется в «Автоновости»" in said
    assert set(said) <= {"Проба отправляется в «Автоновости»", ""}
    await until(channel.posts, "the trial")
    await scene.quiet()
    [post] = channel.posts()
    assert post["text"].startswith(admin.words("trial-heading"))
    assert post["silent"]
    assert labels(admin.last) == ["Удалить пробу", "Поменять вид", "Запустить"]
    assert await scene.app.store.queue.posts_since((await channel.known()).id, scene.clock() - timedelta(days=1)) == 0
    await go(admin, "button-trial-drop")
    assert channel.posts() == []
    # What was on trial is news to the readers still.
    await go(admin, "button-launch")
    await scene.turn(timedelta(hours=1))
    await until(channel.posts, "the first issue")
    assert all(
        headline in channel.posts()[0]["text"] for headline in post["text"].splitlines() if headline[:1].isdigit()
    )


async def test_nothing_goes_out_before_the_last_step_and_the_steps_can_be_resumed(scene: Town) -> None:
    channel = await added(scene)
    admin = channel.admin
    await go(admin, "button-setup", "button-next", "button-next", "button-later")
    assert labels(admin.last)[0] == "Автоновости — ещё настраивается"
    await scene.turn(timedelta(hours=12))
    await scene.quiet()
    assert channel.posts() == []
    await admin.tap("Автоновости — ещё настраивается")
    assert "шаг 3 из 5" in admin.last["text"]
    await go(admin, "button-back", "button-issue-times")
    assert admin.words("next-issue") not in admin.last["text"]
    await go(admin, "button-done", "button-all-settings")
    assert "ещё настраивается" in admin.last["text"]
    await admin.forge(f"c:{(await channel.known()).id}:open")
    await go(admin, *["button-next"] * 3, "button-launch")
    assert "завтра в 9:00" in admin.last["text"]
    await scene.turn(timedelta(hours=1))
    await scene.quiet()
    assert channel.posts() == []


async def test_who_went_from_a_step_to_all_settings_comes_back_to_these(scene: Town) -> None:
    channel = await added(scene)
    admin = channel.admin
    await go(admin, "button-setup", "button-next", "button-all-settings", "button-when", "button-issue-times")
    assert "ответом на это сообщение" in admin.last["text"]
    await admin.say("9")
    assert (await channel.known()).times == (540,)
    await go(admin, "button-done")
    assert admin.words("button-launch") in labels(admin.last)
    assert "шаг" not in admin.last["text"]
    await admin.forge(f"c:{(await channel.known()).id}:open")
    await go(admin, "button-issue-times", "button-done")
    assert "шаг 2 из 5" in admin.last["text"]
    await go(admin, *["button-next"] * 3, "button-launch")
    assert not (await channel.settings()).wizard_left


async def test_a_chat_that_was_shared_without_the_bot_is_added_by_a_link(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    group = admin.people.add_chat(type="group", title="Гараж", creator_id=admin.id)["id"]
    await pick(admin, group, kind="group", add_bot=False)
    told = await admin.wait_for(admin.words("pick-not-in", title="Гараж"))
    assert buttons(told)[0]["url"] == "https://t.me/sandbox_bot?startgroup=cfg"
    assert await scene.app.store.chats.by_telegram_id(group) is None
    channel = admin.people.add_chat(type="channel", title="Канал", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=channel, by_user_id=admin.id, rights={"can_edit_messages": True})
    mute = await admin.wait_for(admin.words("channel-mute", title="Канал"))
    assert "startchannel&admin=post_messages" in buttons(mute)[0]["url"]
    # There it was said just now which right it lacks; later it is said again.
    await pick(admin, channel, add_bot=False)
    assert len([one for one in admin.replies() if one["text"] == mute["text"]]) == 1
    scene.clock.advance(timedelta(minutes=2))
    await pick(admin, channel, add_bot=False)
    await until(
        lambda: len([one for one in admin.replies() if one["text"] == mute["text"]]) == 2, "the missing right again"
    )
    assert not [one for one in admin.replies() if one["text"] == admin.words("pick-not-in", title="Канал")]


async def test_a_channel_may_be_called_anything(scene: Town) -> None:
    admin, title = Reader(scene, name="Олег"), "Авто <3 & <b>№1</b>"
    made = admin.people.add_chat(type="channel", title=title, creator_id=admin.id)["id"]
    assert (await pick(admin, made))["text"] == admin.words("pick-done", title=title)
    await admin.wait_for(admin.words("wizard-heading", title=title, step=1))


async def test_a_group_is_chosen_from_the_list_too_and_the_choice_can_be_called_off(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    group = admin.people.add_chat(type="group", title="Гараж", creator_id=admin.id)["id"]
    await admin.say("/channels")
    await go(admin, "button-add-group")
    screen = next(one for one in reversed(admin.replies()) if admin.words("button-cancel") in labels(one))
    await admin.tap(admin.words("button-cancel"), screen)
    assert (await admin.wait_for(admin.words("pick-cancelled")))["text"]
    await pick(admin, group, kind="group")
    assert "шаг 1 из 5" in (await admin.wait_for("шаг 1"))["text"]
    assert scene.sandbox.world.chats[group].member(scene.sandbox.world.bot_id).status == "member"


async def test_a_second_admin_joins_what_the_first_has_set_up(scene: Town) -> None:
    channel = await launched(scene, "8:00")
    second = Reader(scene, name="Ирина")
    rights = POST | {"can_promote_members": True}
    channel.admin.people.set_member(chat_id=channel.id, user_id=second.id, status="administrator", rights=rights)
    await pick(second, channel.id, add_bot=False)
    joined = await second.wait_for(second.words("channel-joined", title="Автоновости"))
    screen = await second.after(joined["message_id"])
    assert "каждый день в 8:00" in screen["text"]
    assert (await channel.known()).state is ChatState.ACTIVE


async def test_who_adds_the_bot_before_they_ever_pressed_start_is_met_when_they_do(scene: Town) -> None:
    admin = Reader(scene, name="Олег")
    made = admin.people.add_chat(type="channel", title="Автоновости", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=made, by_user_id=admin.id, rights=POST)
    channel = Channel(stage=scene, admin=admin, id=made)
    await until(lambda: [entry for entry in scene.sends(admin.id) if entry.answer], "the greeting to be refused")
    greeting = await admin.say("/start")
    assert "«Автоновости»" in greeting["text"]
    assert labels(greeting) == [admin.words("button-setup"), admin.words("button-show")]
    await admin.tap(admin.words("button-setup"), greeting)
    assert "шаг 1 из 5" in admin.now(greeting)["text"]
    assert channel.posts() == []
    # Topics of their own are not offered before they come for them.
    assert (await admin.say("/start"))["text"] == admin.words("welcome")


async def link_of(admin: Reader, group: int, text: str = "/setup", *, anonymous: bool = False) -> str:
    """Write a command in a group, and return the payload of the link that the bot answers with."""
    said = admin.people.say(user_id=admin.id, text=text, chat_id=group, anonymous=anonymous)["message_id"]

    def answer() -> Json | None:
        found = (one for one in admin.messages(group) if one["message_id"] > said and one["from"]["is_bot"])
        return next((one for one in found if not one["service"]), None)

    reply = await until(answer, "an answer in the group")
    assert reply["reply_to_message_id"] == said
    [button] = buttons(reply)
    address, _, payload = button["url"].partition("?start=")
    assert address == "https://t.me/sandbox_bot"
    return str(payload)


@pytest.mark.parametrize("text", ["/setup", "/start@sandbox_bot cfg"])
async def test_a_group_is_set_up_in_private_by_a_link_that_works_once(scene: Town, text: str) -> None:
    admin = Reader(scene, name="Олег")
    group = admin.people.add_chat(type="supergroup", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id)
    payload = await link_of(admin, group, text)
    assert len(payload) <= 64
    opened = await admin.say(f"/start {payload}")
    assert "шаг 1 из 5" in opened["text"]
    assert (await admin.say(f"/start {payload}"))["text"] == admin.words("setup-link-used")


async def test_an_anonymous_admin_proves_in_private_who_they_are(scene: Town) -> None:
    admin, stranger = Reader(scene, name="Олег"), Reader(scene, name="Чужой")
    group = admin.people.add_chat(type="supergroup", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id)
    await stranger.say("/start")
    payload = await link_of(admin, group, anonymous=True)
    refused = await stranger.say(f"/start {payload}")
    assert refused["text"] == stranger.words("not-admin", title="Гараж")
    stored = await Channel(stage=scene, admin=admin, id=group).known()
    assert stranger.id not in await scene.app.store.chats.managers(stored.id)
    # Whoever may not use the link has not used it up.
    assert "шаг 1 из 5" in (await admin.say(f"/start {payload}"))["text"]
    assert (await admin.say(f"/start {payload}"))["text"] == admin.words("setup-link-used")
    assert await scene.app.store.chats.by_telegram_id(1087968824) is None


async def test_a_link_of_one_admin_is_not_anothers_and_ends_after_an_hour(scene: Town) -> None:
    admin, other = Reader(scene, name="Олег"), Reader(scene, name="Ирина")
    group = admin.people.add_chat(type="supergroup", title="Гараж", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id)
    admin.people.set_member(chat_id=group, user_id=other.id, status="administrator", rights=RUN)
    payload = await link_of(admin, group)
    assert (await other.say(f"/start {payload}"))["text"] == other.words("setup-link-used")
    await scene.turn(timedelta(hours=1, seconds=1))
    assert (await admin.say(f"/start {payload}"))["text"] == admin.words("setup-link-used")
    for payload in ("cfg_", "cfg_" + "0" * 32, "cfg_x_9" * 9):
        assert (await admin.say(f"/start {payload[:64]}"))["text"] == admin.words("setup-link-used")


async def test_who_begins_in_a_topic_of_a_forum_is_led_to_the_first_step(scene: Town) -> None:
    group = await added(scene, kind="forum", title="Форум")
    admin = group.admin
    thread = admin.people.add_topic(chat_id=group.id, user_id=admin.id, name="Китай")["message_thread_id"]
    said = admin.people.say(user_id=admin.id, text="/setup", chat_id=group.id, thread_id=thread)["message_id"]
    reply = await until(
        lambda: next((one for one in admin.messages(group.id) if one["reply_to_message_id"] == said), None), "a link"
    )
    await admin.say("/start " + buttons(reply)[0]["url"].partition("?start=")[2])
    await go(admin, "Китай", "button-to-channel")
    assert admin.last["text"].startswith(admin.words("wizard-heading", title="Форум", step=1))
