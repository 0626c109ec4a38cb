"""People, chats and messages as the Bot API spells them. Pure: reads the world, changes nothing."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox.state import Chat, Json, Member, Message, Person, World

CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
ADMINISTRATOR_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
ACCEPTED_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def unix(moment: datetime) -> int:
    """Return whole Unix seconds."""
    return int(moment.timestamp())


def bot_user(world: World) -> Json:
    """Shape the bot as a User."""
    return {
        "id": world.bot_id,
        "is_bot": True,
        "first_name": world.bot_first_name,
        "username": world.bot_username,
    }


def person_user(person: Person) -> Json:
    """Shape a person as a User."""
    user: Json = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    if person.username:
        user["username"] = person.username
    if person.language_code:
        user["language_code"] = person.language_code
    return user


def user(world: World, user_id: int) -> Json:
    """Shape whoever has this id as a User."""
    return bot_user(world) if user_id == world.bot_id else person_user(world.people[user_id])


def chat(world: World, item: Chat) -> Json:
    """Shape a chat as a Chat."""
    shaped: Json = {"id": item.id, "type": item.type}
    if item.type == "private":
        person = world.people[item.id]
        shaped["first_name"] = person.first_name
        if person.username:
            shaped["username"] = person.username
        return shaped
    shaped["title"] = item.title or ""
    if item.username:
        shaped["username"] = item.username
    if item.is_forum:
        shaped["is_forum"] = True
    return shaped


def full_chat(world: World, item: Chat) -> Json:
    """Shape a chat as a ChatFullInfo."""
    shaped = chat(world, item) | {
        "accent_color_id": abs(item.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict(ACCEPTED_GIFTS),
    }
    if item.username:
        shaped["active_usernames"] = [item.username]
    if item.type in {"group", "supergroup"}:
        shaped["permissions"] = dict.fromkeys(PERMISSIONS, True)
    if item.pinned and (pinned := world.find(item.id, item.pinned[-1])):
        shaped["pinned_message"] = message(world, pinned)
    return shaped


def member(world: World, item: Chat, standing: Member) -> Json:
    """Shape somebody's standing as the ChatMember of its status."""
    shaped: Json = {"status": standing.status, "user": user(world, standing.user_id)}
    rights = standing.rights
    match standing.status:
        case "creator":
            shaped["is_anonymous"] = rights.get("is_anonymous", False)
        case "administrator":
            names = ADMINISTRATOR_RIGHTS + (CHANNEL_RIGHTS if item.type == "channel" else GROUP_RIGHTS)
            shaped["can_be_edited"] = False
            shaped |= {name: rights.get(name, name == "can_manage_chat") for name in names}
        case "restricted":
            shaped |= {name: rights.get(name, False) for name in PERMISSIONS}
            shaped |= {"is_member": True, "until_date": 0}
        case "kicked":
            shaped["until_date"] = 0
    return shaped


def message(world: World, item: Message, *, nested: bool = False) -> Json:
    """Shape a message as a Message; a nested one does not repeat what it replies to."""
    place = world.chats[item.chat_id]
    shaped: Json = {"message_id": item.id, "date": unix(item.date), "chat": chat(world, place)}
    if place.type == "channel":
        shaped["sender_chat"] = chat(world, place)
    elif item.anonymous:
        shaped |= {"from": dict(ANONYMOUS), "sender_chat": chat(world, place)}
    else:
        shaped["from"] = user(world, item.sender_id)
    if item.thread_id is not None:
        shaped |= {"message_thread_id": item.thread_id, "is_topic_message": True}
    if item.edit_date is not None:
        shaped["edit_date"] = unix(item.edit_date)
    if item.protected:
        shaped["has_protected_content"] = True
    if item.reply_to is not None and not nested and (original := world.find(item.chat_id, item.reply_to)):
        shaped["reply_to_message"] = message(world, original, nested=True)
    shaped |= item.content
    for name in ("entities", "caption_entities"):
        if name in shaped:
            shaped[name] = [entity(world, one) for one in shaped[name]]
    if item.reply_markup and "inline_keyboard" in item.reply_markup:
        shaped["reply_markup"] = item.reply_markup
    return shaped


def entity(world: World, item: Json) -> Json:
    """Complete the user of a text_mention; a stranger becomes a nameless user."""
    if item["type"] != "text_mention":
        return item
    user_id = item["user"]["id"]
    known = user_id == world.bot_id or user_id in world.people
    stranger: Json = {"id": user_id, "is_bot": False, "first_name": "Deleted Account"}
    return item | {"user": user(world, user_id) if known else stranger}


def inaccessible(world: World, place: Chat, message_id: int) -> Json:
    """Shape a message that is gone as an InaccessibleMessage."""
    return {"chat": chat(world, place), "message_id": message_id, "date": 0}


def service(content: Json) -> str | None:
    """Name the service message that `content` is, if it is one."""
    ordinary = {"text", "photo", "document", "caption", "location"}
    return None if ordinary & content.keys() else next(iter(content), None)
