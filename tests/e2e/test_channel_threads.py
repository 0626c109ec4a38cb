"""News in the topics of a forum: which goes where, and what becomes of it when a topic is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.channels.failures import thread_lost
from bot.sandbox.faults import Fault, FaultKind
from feeds.chatsettings import Thread
from feeds.issue import ChatState
from feeds.topics import load_catalogue
from tests.e2e.gazette import FEE, LEAPMOTOR, Told, tell
from tests.e2e.owners import Channel, go, launched
from tests.e2e.people import Json, Reader, buttons, labels, until
from tests.e2e.town import Town


async def forum(scene: Town, **rights: bool) -> Channel:
    """Return a forum group that is set up, with its screen open."""
    admin = Reader(scene, name="Олег")
    start = await admin.say("/start")
    group = admin.people.add_chat(type="forum", title="Клуб", creator_id=admin.id)["id"]
    admin.people.add_bot(chat_id=group, by_user_id=admin.id, rights=rights or None)
    await admin.after(start["message_id"])
    await go(admin, "button-setup", *["button-next"] * 4, "button-launch")
    return Channel(stage=scene, admin=admin, id=group)


async def test_a_topic_gets_a_thread_made_for_it(scene: Town) -> None:
    group = await forum(scene, can_manage_topics=True)
    admin = group.admin
    await go(admin, "button-threads", "Китай → General")
    made = await admin.tap(admin.words("button-thread-make"))
    assert made.text == "Тема «Китай» создана"
    [home] = (await group.settings()).threads
    assert (home.topic, home.name) == ("china", "Китай")
    assert scene.sandbox.world.chats[group.id].topics == {home.thread_id: "Китай"}
    await go(admin, "Китай → «Китай»", "button-thread-drop")
    assert (await group.settings()).threads == ()


async def test_every_theme_may_have_a_thread(scene: Town) -> None:
    group = await forum(scene)
    await go(group.admin, "button-threads")
    themes = [one.name["ru"] for one in load_catalogue().themes]
    assert labels(group.admin.last)[:-1] == [f"{name} → General" for name in themes]


async def test_who_gives_the_bot_a_right_in_a_group_is_not_greeted_anew(scene: Town) -> None:
    group = await forum(scene)
    admin, before = group.admin, len(group.admin.replies())
    bot = scene.sandbox.world.bot_id
    rights = {"can_manage_topics": True}
    admin.people.set_member(chat_id=group.id, user_id=bot, status="administrator", rights=rights)
    await scene.quiet()
    assert len(admin.replies()) == before


async def test_without_the_right_to_make_threads_the_admin_is_told_the_other_way(scene: Town) -> None:
    group = await forum(scene)
    await go(group.admin, "button-threads", "Китай → General")
    refused = await group.admin.tap(group.admin.words("button-thread-make"))
    assert (refused.text, refused.alert) == (group.admin.words("thread-no-right"), True)
    assert (await group.settings()).threads == ()


async def test_setup_in_a_thread_maps_it_and_a_lost_thread_gives_way_to_general(scene: Town) -> None:
    group = await forum(scene)
    admin = group.admin
    thread = admin.people.add_topic(chat_id=group.id, user_id=admin.id, name="Китай и Корея")["message_thread_id"]
    said = admin.people.say(user_id=admin.id, text="/setup", chat_id=group.id, thread_id=thread)["message_id"]

    def answer() -> Json | None:
        return next((one for one in admin.messages(group.id) if one["reply_to_message_id"] == said), None)

    reply = await until(answer, "an answer in the thread")
    assert reply["thread_id"] == thread
    payload = buttons(reply)[0]["url"].partition("?start=")[2]
    assert len(payload) <= 64
    question = await admin.say(f"/start {payload}")
    assert question["text"].endswith(admin.words("thread-question"))
    assert (await admin.tap("Китай")).text == "Китай: теперь в этой теме"
    await go(admin, "Электромобили")
    homes = (await group.settings()).threads
    assert {(one.topic, one.thread_id, one.name) for one in homes} == {
        ("china", thread, "Китай и Корея"),
        ("ev", thread, "Китай и Корея"),
    }
    chat = await group.known()
    # What the admins choose while an issue is on its way stays.
    newer = Thread(topic="law", thread_id=thread + 1)
    await scene.app.store.chats.configure(chat.id, lambda old: replace(old, threads=(*old.threads, newer)))
    await thread_lost(scene.app._bot, scene.app._services, chat, thread)
    assert (await group.settings()).threads == (newer,)
    assert "больше нет темы «Китай и Корея»" in admin.last["text"]
    await thread_lost(scene.app._bot, scene.app._services, await group.known(), thread)
    assert sum("больше нет темы" in one["text"] for one in admin.replies()) == 1


async def test_a_group_without_topics_is_offered_none(scene: Town) -> None:
    group = await launched(scene, kind="supergroup", title="Гараж")
    admin = group.admin
    assert admin.words("button-threads") not in labels(admin.last)
    # Topics are switched on in Telegram, which tells us nothing.
    scene.sandbox.world.chats[group.id].is_forum = True
    await admin.forge(f"c:{(await group.known()).id}:all")
    assert admin.words("button-threads") in labels(admin.last)
    await go(admin, "button-threads")
    assert admin.words("threads-title", title="Гараж") in admin.last["text"]


async def test_an_issue_is_parted_by_the_topics_of_the_forum_and_what_loses_its_topic_goes_to_general(
    town: Town,
) -> None:
    group = await forum(town, can_manage_topics=True)
    admin = group.admin
    await go(admin, "button-threads", "Китай → General", "button-thread-make")
    [home] = (await group.settings()).threads
    await town.turn(timedelta(hours=1))

    def parted() -> dict[int | None, str]:
        return {post["thread_id"]: post["text"] for post in group.posts()}

    found = await until(lambda: parted() if {None, home.thread_id} <= parted().keys() else None, "both parts")
    assert LEAPMOTOR in found[home.thread_id]
    assert FEE not in found[home.thread_id]
    assert FEE in found[None]
    assert LEAPMOTOR not in found[None]
    await town.quiet()
    assert len(group.posts()) == 2
    admin.people.delete_topic(chat_id=group.id, thread_id=home.thread_id)
    await tell(town, town.app.store, [Told(title="Geely строит новый завод", topics=("china",), hours=0)])
    await town.turn(timedelta(hours=4))
    await admin.wait_for("больше нет темы «Китай»")
    late = await admin.wait_for("Geely строит новый завод", chat_id=group.id)
    assert late["thread_id"] is None


async def test_a_closed_general_topic_is_told_to_the_admins_and_the_group_is_not_left(scene: Town) -> None:
    group = await forum(scene)
    admin = group.admin
    closed = Fault(
        method="sendMessage", kind=FaultKind.STATUS, code=400, description="Bad Request: TOPIC_CLOSED", chat_id=group.id
    )
    scene.sandbox.add_fault(closed)
    await scene.turn(timedelta(hours=1))
    told = await admin.wait_for(admin.words("thread-general-closed", title="Клуб"))
    assert labels(told) == [admin.words("button-threads")]
    assert (await group.known()).state is ChatState.ACTIVE
    assert (await group.log())[0].key == "general-closed"
    await scene.pass_with_news(timedelta(hours=4), "Днём")
    await until(group.posts, "the next issue")
