from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.sandbox.refusals import WrongMove
from bot.sandbox.server import Sandbox

Call = Callable[..., Coroutine[Any, Any, Any]]


async def kinds(api: Call) -> list[str]:
    """Take the waiting updates and name their kinds."""
    updates = await api("getUpdates", offset=-100)
    if updates:
        await api("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [next(key for key in update if key != "update_id") for update in updates]


async def test_a_bot_may_not_write_first(sandbox: Sandbox, refused: Call, api: Call) -> None:
    stranger = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    answer = await refused("sendMessage", chat_id=stranger, text="привет")
    assert answer == "Forbidden: bot can't initiate conversation with a user"
    sandbox.person.say(user_id=stranger, text="/start")
    await api("sendMessage", chat_id=stranger, text="привет")


async def test_blocking_is_told_and_closes_the_chat_until_it_is_undone(
    sandbox: Sandbox, refused: Call, api: Call, reader: int
) -> None:
    sandbox.person.block(user_id=reader)
    assert await refused("sendMessage", chat_id=reader, text="x") == "Forbidden: bot was blocked by the user"
    change = (await api("getUpdates"))[0]["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(WrongMove):
        sandbox.person.say(user_id=reader, text="x")
    sandbox.person.unblock(user_id=reader)
    assert await kinds(api) == ["my_chat_member", "my_chat_member"]
    await api("sendMessage", chat_id=reader, text="x")


async def test_a_deleted_account_cannot_be_written_to(sandbox: Sandbox, refused: Call, reader: int) -> None:
    sandbox.person.deactivate(user_id=reader)
    assert await refused("sendMessage", chat_id=reader, text="x") == "Forbidden: user is deactivated"


async def test_a_channel_takes_posts_only_with_the_right(
    sandbox: Sandbox, api: Call, refused: Call, reader: int, channel: int
) -> None:
    post = await api("sendMessage", chat_id=channel, text="новость")
    assert post["sender_chat"]["id"] == channel
    assert "from" not in post
    sandbox.person.add_bot(chat_id=channel, by_user_id=reader, rights={"can_manage_chat": True})
    answer = await refused("sendMessage", chat_id=channel, text="x")
    assert answer == "Bad Request: need administrator rights in the channel chat"
    change = (await api("getUpdates"))[0]["my_chat_member"]
    assert change["old_chat_member"]["can_post_messages"]
    assert not change["new_chat_member"]["can_post_messages"]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_chat_that_removed_the_bot_is_closed(sandbox: Sandbox, refused: Call, reader: int, kind: str) -> None:
    chat = sandbox.person.add_chat(type=kind, title="Гараж", creator_id=reader)["id"]
    assert await refused("getChat", chat_id=chat) == "Bad Request: chat not found"
    sandbox.person.add_bot(chat_id=chat, by_user_id=reader, rights={"can_post_messages": True})
    sandbox.person.remove_bot(chat_id=chat, by_user_id=reader)
    kicked = await refused("sendMessage", chat_id=chat, text="x")
    assert kicked == f"Forbidden: bot was kicked from the {kind} chat"
    sandbox.person.set_member(chat_id=chat, user_id=sandbox.world.bot_id, status="left")
    assert await refused("getChat", chat_id=chat) == f"Forbidden: bot is not a member of the {kind} chat"


async def test_a_group_that_moved_says_where(sandbox: Sandbox, raw: Call, refused: Call, api: Call, group: int) -> None:
    new = sandbox.person.migrate(chat_id=group)["new_chat_id"]
    body = await raw("sendMessage", chat_id=group, text="x")
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": new}
    old_message, new_message = (update["message"] for update in await api("getUpdates"))
    assert old_message["migrate_to_chat_id"] == new
    assert new_message["migrate_from_chat_id"] == group
    await api("sendMessage", chat_id=new, text="x")
    sandbox.person.delete_chat(chat_id=new)
    assert await refused("sendMessage", chat_id=new, text="x") == "Bad Request: chat not found"


async def test_a_deleted_group_and_a_silenced_bot(sandbox: Sandbox, refused: Call, group: int) -> None:
    sandbox.person.set_member(chat_id=group, user_id=sandbox.world.bot_id, status="restricted")
    silent = await refused("sendMessage", chat_id=group, text="x")
    assert silent == "Bad Request: not enough rights to send text messages to the chat"
    sandbox.person.delete_chat(chat_id=group)
    assert await refused("sendMessage", chat_id=group, text="x") == "Forbidden: the group chat was deleted"


async def test_in_a_group_the_bot_sees_only_what_is_meant_for_it(
    sandbox: Sandbox, api: Call, reader: int, group: int
) -> None:
    asked = await api("sendMessage", chat_id=group, text="вопрос")
    for text in ("болтовня", "/digest@other_bot", "/digest", "/digest@Sandbox_Bot 5"):
        sandbox.person.say(user_id=reader, chat_id=group, text=text)
    sandbox.person.say(user_id=reader, chat_id=group, text="ответ", reply_to_message_id=asked["message_id"])
    messages = [update["message"] for update in await api("getUpdates")]
    assert [message["text"] for message in messages] == ["/digest", "/digest@Sandbox_Bot 5", "ответ"]
    assert messages[-1]["reply_to_message"]["text"] == "вопрос"


async def test_an_anonymous_administrator_speaks_as_the_group(
    sandbox: Sandbox, api: Call, reader: int, group: int
) -> None:
    sandbox.person.say(user_id=reader, chat_id=group, text="/setup", anonymous=True)
    message = (await api("getUpdates"))[0]["message"]
    assert (message["from"]["username"], message["sender_chat"]["id"]) == ("GroupAnonymousBot", group)
    guest = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    sandbox.person.set_member(chat_id=group, user_id=guest, status="member")
    with pytest.raises(WrongMove):
        sandbox.person.say(user_id=guest, chat_id=group, text="/setup", anonymous=True)


async def test_adding_the_bot_to_a_group_is_told_twice_and_leaving_once(
    sandbox: Sandbox, api: Call, reader: int
) -> None:
    chat = sandbox.person.add_chat(type="group", title="Соседи", creator_id=reader)["id"]
    sandbox.person.add_bot(chat_id=chat, by_user_id=reader)
    assert await kinds(api) == ["my_chat_member", "message"]
    await api("leaveChat", chat_id=chat)
    assert await kinds(api) == ["my_chat_member"]


async def test_changes_of_others_come_only_to_an_administrator_that_asked(
    sandbox: Sandbox, api: Call, reader: int, channel: int
) -> None:
    guest = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    sandbox.person.set_member(chat_id=channel, user_id=guest, status="member")
    assert await kinds(api) == []
    await api("getUpdates", allowed_updates=["chat_member", "message"])
    rights = {"can_post_messages": True}
    sandbox.person.set_member(chat_id=channel, user_id=guest, status="administrator", rights=rights)
    assert await kinds(api) == ["chat_member"]
    member = await api("getChatMember", chat_id=channel, user_id=guest)
    assert (member["status"], member["can_post_messages"]) == ("administrator", True)
    administrators = await api("getChatAdministrators", chat_id=channel)
    assert {one["user"]["id"] for one in administrators} == {reader, guest, sandbox.world.bot_id}
    assert await api("getChatMemberCount", chat_id=channel) == 3


async def test_members_that_cannot_be_asked_about(sandbox: Sandbox, refused: Call, reader: int, channel: int) -> None:
    where = {"chat_id": channel}
    assert await refused("getChatMember", user_id=0, **where) == "Bad Request: invalid user_id specified"
    assert await refused("getChatMember", user_id=1, **where) == "Bad Request: user not found"
    sandbox.person.set_member(chat_id=channel, user_id=sandbox.world.bot_id, status="member")
    assert await refused("getChatMember", user_id=reader, **where) == "Bad Request: member list is inaccessible"


async def test_a_post_of_a_channel_admin_reaches_the_bot(
    sandbox: Sandbox, api: Call, reader: int, channel: int
) -> None:
    written = sandbox.person.say(user_id=reader, chat_id=channel, text="сам написал")
    assert written["from"] is None
    sandbox.person.edit(user_id=reader, chat_id=channel, message_id=written["message_id"], text="поправил")
    assert await kinds(api) == ["channel_post", "edited_channel_post"]
    guest = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    with pytest.raises(WrongMove):
        sandbox.person.say(user_id=guest, chat_id=channel, text="x")


async def test_sharing_a_channel_adds_the_bot_with_the_rights_it_asked_for(
    sandbox: Sandbox, api: Call, reader: int
) -> None:
    channel = sandbox.person.add_chat(type="channel", title="Гараж", creator_id=reader)["id"]
    request = {
        "request_id": 7,
        "chat_is_channel": True,
        "user_administrator_rights": {"can_post_messages": True},
        "bot_administrator_rights": {"can_post_messages": True},
        "request_title": True,
    }
    keyboard = {"keyboard": [[{"text": "Выбрать канал", "request_chat": request}]], "resize_keyboard": True}
    asked = await api("sendMessage", chat_id=reader, text="Какой?", reply_markup=keyboard)
    answer = {"user_id": reader, "message_id": asked["message_id"], "chat_id": channel}
    with pytest.raises(WrongMove):
        sandbox.person.share_chat(request_id=8, **answer)
    sandbox.person.share_chat(request_id=7, **answer)
    added, shared = await api("getUpdates")
    assert added["my_chat_member"]["new_chat_member"]["can_post_messages"]
    assert shared["message"]["chat_shared"] == {"request_id": 7, "chat_id": channel, "title": "Гараж"}
    await api("sendMessage", chat_id=channel, text="новость")


async def test_nobody_shares_a_channel_of_somebody_else(sandbox: Sandbox, api: Call, reader: int) -> None:
    owner = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    channel = sandbox.person.add_chat(type="channel", title="Чужой", creator_id=owner)["id"]
    request = {"request_id": 1, "chat_is_channel": True, "bot_administrator_rights": {"can_post_messages": True}}
    keyboard = {"keyboard": [[{"text": "Канал", "request_chat": request}]]}
    asked = await api("sendMessage", chat_id=reader, text="Какой?", reply_markup=keyboard)
    with pytest.raises(WrongMove, match="not an administrator"):
        sandbox.person.share_chat(user_id=reader, message_id=asked["message_id"], request_id=1, chat_id=channel)


async def test_a_location_is_shared_by_the_button_that_asks_for_it_and_in_private_only(
    sandbox: Sandbox, api: Call, refused: Call, reader: int
) -> None:
    keyboard = {"keyboard": [[{"text": "Я здесь", "request_location": True}]], "resize_keyboard": True}
    group = sandbox.person.add_chat(type="supergroup", title="Клуб", creator_id=reader)["id"]
    sandbox.person.add_bot(chat_id=group, by_user_id=reader)
    await api("getUpdates", offset=-1)
    reason = await refused("sendMessage", chat_id=group, text="Где?", reply_markup=keyboard)
    assert "location can be requested in private chats only" in reason
    plain = await api("sendMessage", chat_id=reader, text="Где?")
    asked = await api("sendMessage", chat_id=reader, text="Где?", reply_markup=keyboard)
    kazan = {"latitude": 55.8, "longitude": 49.1}
    with pytest.raises(WrongMove, match="no such button"):
        sandbox.person.share_location(user_id=reader, message_id=plain["message_id"], **kazan)
    with pytest.raises(WrongMove, match="no such place"):
        sandbox.person.share_location(user_id=reader, message_id=asked["message_id"], latitude=91, longitude=0)
    shared = sandbox.person.share_location(user_id=reader, message_id=asked["message_id"], **kazan)
    assert (shared["location"], shared["service"]) == (kazan, None)
    *_, update = await api("getUpdates")
    assert update["message"]["location"] == kazan


async def test_a_forum_has_topics(sandbox: Sandbox, api: Call, refused: Call, reader: int) -> None:
    forum = sandbox.person.add_chat(type="forum", title="Клуб", creator_id=reader)["id"]
    sandbox.person.add_bot(chat_id=forum, by_user_id=reader)
    assert "not enough rights" in await refused("createForumTopic", chat_id=forum, name="Китай")
    sandbox.person.add_bot(chat_id=forum, by_user_id=reader, rights={"can_manage_topics": True})
    topic = await api("createForumTopic", chat_id=forum, name="Китай")
    post = await api("sendMessage", chat_id=forum, text="x", message_thread_id=topic["message_thread_id"])
    assert post["is_topic_message"]


async def test_people_delete_what_they_may_and_no_update_says_so(
    sandbox: Sandbox, api: Call, reader: int, channel: int
) -> None:
    post = await api("sendMessage", chat_id=channel, text="новость")
    letter = await api("sendMessage", chat_id=reader, text="новость")
    guest = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    with pytest.raises(WrongMove):
        sandbox.person.delete(user_id=guest, chat_id=channel, message_id=post["message_id"])
    sandbox.person.delete(user_id=reader, chat_id=channel, message_id=post["message_id"])
    sandbox.person.delete(user_id=reader, message_id=letter["message_id"])
    assert sandbox.world.find(channel, post["message_id"]) is None
    assert sandbox.world.find(reader, letter["message_id"]) is None
    assert await kinds(api) == []
