"""People, chats and messages as the person's page draws them. Pure: reads the world, changes nothing."""

from __future__ import annotations

from collections import Counter

from bot.sandbox.shapes import ANONYMOUS, service, unix, user
from bot.sandbox.state import Chat, Json, Message, Person, World


def preview(content: Json) -> Json | None:
    """Tell which link preview a client would draw under (or above) a text message."""
    options: Json = content.get("link_preview_options") or {}
    if options.get("is_disabled") or "text" not in content:
        return None
    url = options.get("url") or first_link(content)
    if not url:
        return None
    return {
        "url": url,
        "small": bool(options.get("prefer_small_media")),
        "above": bool(options.get("show_above_text")),
    }


def first_link(content: Json) -> str | None:
    """Return the first address in a text, plain or hidden under words."""
    raw = content["text"].encode("utf-16-le", "surrogatepass")
    for one in content.get("entities", ()):
        if one["type"] == "text_link":
            return str(one["url"])
        if one["type"] == "url":
            piece: bytes = raw[one["offset"] * 2 : (one["offset"] + one["length"]) * 2]
            return piece.decode("utf-16-le", "replace")
    return None


def tally(item: Message) -> Json:
    """Count the reactions to a message by their emoji."""
    return dict(Counter(item.reactions.values()))


def seen(world: World, item: Message) -> Json:
    """Shape a message as the person's page draws it."""
    content = item.content
    sender: Json | None = None
    if world.chats[item.chat_id].type != "channel":
        who = ANONYMOUS if item.anonymous else user(world, item.sender_id)
        sender = {"id": who["id"], "name": who["first_name"], "is_bot": who["is_bot"]}
    photo, document = content.get("photo"), content.get("document")
    return {
        "message_id": item.id,
        "date": unix(item.date),
        "edit_date": unix(item.edit_date) if item.edit_date else None,
        "from": sender,
        "text": content.get("text") or content.get("caption") or "",
        "entities": content.get("entities") or content.get("caption_entities") or [],
        "reply_markup": item.reply_markup,
        "reply_to_message_id": item.reply_to,
        "thread_id": item.thread_id,
        "deleted": item.deleted,
        "silent": item.silent,
        "reactions": tally(item),
        "link_preview": preview(content),
        "photo": f"/sandbox/file/{photo[-1]['file_id']}" if photo else None,
        "document": {"name": document.get("file_name"), "url": f"/sandbox/file/{document['file_id']}"}
        if document
        else None,
        "location": content.get("location"),
        "service": service(content),
    }


def bot_status(world: World, chat: Chat) -> str:
    """Name the bot's standing in a chat."""
    if chat.type == "private":
        return "kicked" if world.people[chat.id].blocked else "member"
    return chat.member(world.bot_id).status


def described_chat(world: World, chat: Chat) -> Json:
    """Shape a chat for the page."""
    title = world.people[chat.id].first_name if chat.type == "private" else chat.title
    return {
        "id": chat.id,
        "type": chat.type,
        "title": title,
        "username": chat.username,
        "members": [{"user_id": one.user_id, "status": one.status} for one in chat.members.values()],
        "bot_status": bot_status(world, chat),
    }


def described_person(person: Person) -> Json:
    """Shape a person for the page."""
    return {
        "id": person.id,
        "first_name": person.first_name,
        "language_code": person.language_code,
        "blocked": person.blocked,
    }
