"""Who may do what where: finds the chat a request means and says why the bot may not write there.

Texts and codes are those of `Client::check_chat` and its neighbours in the official Bot API server.
"""

from __future__ import annotations

from typing import Literal

from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.state import Chat, Message, World


def meant_chat(world: World, call: Parameters, name: str = "chat_id") -> Chat:
    """Return the chat a parameter names by id or @username.

    Raises Refusal: chat_id is empty, chat not found, group chat was upgraded to a supergroup chat.
    """
    value = call.text(name).strip()
    if not value:
        raise bad_request(f"{name} is empty")
    chat = by_name(world, value[1:]) if value.startswith("@") else by_number(world, value)
    if chat is None or (chat.deleted and chat.type != "group"):
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        text = "group chat was upgraded to a supergroup chat"
        raise bad_request(text, migrate_to_chat_id=chat.migrated_to)
    if chat.type != "private" and world.bot_id not in chat.members and not chat.username:
        raise bad_request("chat not found")
    return chat


def by_name(world: World, username: str) -> Chat | None:
    """Find a public chat."""
    named = (chat for chat in world.chats.values() if chat.username and chat.username.lower() == username.lower())
    return next(named, None)


def by_number(world: World, value: str) -> Chat | None:
    """Find a chat by its id."""
    try:
        return world.chats.get(int(value))
    except ValueError:
        return None


def check_reachable(world: World, chat: Chat) -> None:
    """Refuse what the bot may not even see."""
    if chat.type == "private":
        person = world.people[chat.id]
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    if chat.deleted:
        raise forbidden("the group chat was deleted")
    status = chat.member(world.bot_id).status
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def check_can_send(world: World, chat: Chat, *, kind: Literal["text messages", "photos", "documents"]) -> None:
    """Refuse a message the bot may not send."""
    check_reachable(world, chat)
    bot = chat.member(world.bot_id)
    if chat.type == "channel" and not bot.rights.get("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    right = {"text messages": "can_send_messages", "photos": "can_send_photos", "documents": "can_send_documents"}[kind]
    if bot.status == "restricted" and not bot.rights.get(right):
        raise bad_request(f"not enough rights to send {kind} to the chat")


def check_can_edit(world: World, chat: Chat, message: Message | None) -> Message:
    """Return the message if the bot may edit it."""
    check_reachable(world, chat)
    if message is None:
        raise bad_request("message to edit not found")
    bot = chat.member(world.bot_id)
    if chat.type == "channel":
        if not (bot.rights.get("can_post_messages") or bot.rights.get("can_edit_messages")):
            raise bad_request("need administrator rights in the channel chat")
        if message.sender_id != world.bot_id and not bot.rights.get("can_edit_messages"):
            raise bad_request("message can't be edited")
    elif message.sender_id != world.bot_id:
        raise bad_request("message can't be edited")
    if "forward_origin" in message.content:
        raise bad_request("message can't be edited")
    return message


def has_right(world: World, chat: Chat, right: str) -> bool:
    """Tell whether the bot is an administrator with this right."""
    bot = chat.member(world.bot_id)
    return bot.status == "administrator" and bot.rights.get(right, False)
