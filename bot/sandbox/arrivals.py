"""What reaches the bot: turns messages and changed memberships into updates, with group privacy as in Telegram."""

from __future__ import annotations

from bot.sandbox import shapes
from bot.sandbox.state import Chat, Json, Member, Message, World


def announce(world: World, message: Message, *, edited: bool = False) -> None:
    """Tell the bot of a message, if Telegram would."""
    chat = world.chats[message.chat_id]
    if not visible(world, chat, message):
        return
    kind = "channel_post" if chat.type == "channel" else "message"
    world.updates.add(f"edited_{kind}" if edited else kind, shapes.message(world, message))


def visible(world: World, chat: Chat, message: Message) -> bool:
    """Tell whether the bot sees a message (privacy mode is on: in groups only what is meant for it)."""
    if chat.type == "private":
        return not world.people[chat.id].blocked
    bot = chat.member(world.bot_id)
    if not bot.present:
        return False
    if chat.type == "channel" or bot.status == "administrator" or shapes.service(message.content):
        return True
    original = None if message.reply_to is None else world.find(chat.id, message.reply_to)
    if original is not None and original.sender_id == world.bot_id:
        return True
    return meant_for(world.bot_username, message.content.get("text", ""))


def meant_for(username: str, text: str) -> bool:
    """Tell whether a text is a command for this bot: /name or /name@username."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    name, at, addressee = word.partition("@")
    return name.startswith("/") and (not at or addressee.lower() == username.lower())


def change_standing(world: World, chat: Chat, standing: Member, *, by_id: int) -> None:
    """Give somebody a new standing in a chat and send the updates that follow."""
    old = chat.member(standing.user_id)
    if old.status == standing.status and old.rights == standing.rights:
        return
    about_bot = standing.user_id == world.bot_id
    changed: Json = {
        "chat": shapes.chat(world, chat),
        "from": shapes.user(world, by_id),
        "date": shapes.unix(world.clock.now()),
        "old_chat_member": shapes.member(world, chat, old),
        "new_chat_member": shapes.member(world, chat, standing),
    }
    chat.members[standing.user_id] = standing
    world.events.change(chat.id)
    if about_bot:
        world.updates.add("my_chat_member", changed)
    elif chat.member(world.bot_id).status == "administrator":
        world.updates.add("chat_member", changed)
    if chat.type in {"group", "supergroup"} and old.present != standing.present:
        content: Json = {"left_chat_member": shapes.user(world, standing.user_id)}
        if standing.present:
            content = {"new_chat_members": [shapes.user(world, standing.user_id)]}
        announce(world, world.post(chat, sender_id=by_id, content=content))
