"""Methods that look at chats and their members, and leave them."""

from __future__ import annotations

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.arrivals import change_standing
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import check_reachable, has_right, meant_chat
from bot.sandbox.state import Json, Member, World


def get_chat(world: World, call: Parameters) -> Json:
    chat = meant_chat(world, call)
    if chat.type != "private" and not chat.username:
        check_reachable(world, chat)
    return shapes.full_chat(world, chat)


def get_chat_member(world: World, call: Parameters) -> Json:
    user_id = call.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    chat = meant_chat(world, call)
    if user_id != world.bot_id and user_id not in world.people:
        raise bad_request("user not found")
    if chat.type == "private":
        if user_id not in {chat.id, world.bot_id}:
            raise bad_request("member not found")
        return shapes.member(world, chat, Member(user_id=user_id, status="member"))
    check_reachable(world, chat)
    if chat.type == "channel" and user_id != world.bot_id and not is_administrator(chat.member(world.bot_id)):
        raise bad_request("member list is inaccessible")
    return shapes.member(world, chat, chat.member(user_id))


def is_administrator(standing: Member) -> bool:
    """Tell whether this is an administrator or the owner."""
    return standing.status in {"administrator", "creator"}


def get_chat_administrators(world: World, call: Parameters) -> list[Json]:
    chat = meant_chat(world, call)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    check_reachable(world, chat)
    if chat.type == "channel" and not is_administrator(chat.member(world.bot_id)):
        raise bad_request("member list is inaccessible")
    administrators = (one for one in chat.members.values() if is_administrator(one))
    return [shapes.member(world, chat, one) for one in administrators]


def get_chat_member_count(world: World, call: Parameters) -> int:
    chat = meant_chat(world, call)
    if chat.type == "private":
        return 2
    check_reachable(world, chat)
    return chat.crowd + sum(one.present for one in chat.members.values())


def leave_chat(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    if chat.type == "private":
        raise bad_request("chat can't be left")
    check_reachable(world, chat)
    change_standing(world, chat, Member(user_id=world.bot_id, status="left"), by_id=world.bot_id)
    return True


def create_forum_topic(world: World, call: Parameters) -> Json:
    chat = meant_chat(world, call)
    check_reachable(world, chat)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not has_right(world, chat, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = call.text("name").strip()
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY")
    color = call.integer("icon_color", 7322096)
    created: Json = {"name": name, "icon_color": color}
    message = world.post(chat, sender_id=world.bot_id, content={"forum_topic_created": created})
    message.thread_id = message.id  # a topic is known by the message that opened it
    chat.topics[message.id] = name
    return {"message_thread_id": message.id} | created


METHODS: dict[str, Any] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
}
