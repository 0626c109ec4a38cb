"""Methods that change or remove what is already in a chat: edits, deletions, pins."""

from __future__ import annotations

from typing import Any

from bot.sandbox import shapes
from bot.sandbox.arrivals import announce
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.limits import DELETION_TERM, MESSAGES_AT_ONCE
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import NOT_MODIFIED, bad_request
from bot.sandbox.rights import check_can_edit, check_reachable, has_right, meant_chat
from bot.sandbox.sending import caption_content, text_content
from bot.sandbox.state import Chat, Json, Message, World


def edit_message_text(world: World, call: Parameters) -> Json:
    content = text_content(call, too_long="MESSAGE_TOO_LONG")
    message = editable(world, call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return edited(world, call, message, content=content)


def edit_message_caption(world: World, call: Parameters) -> Json:
    caption = caption_content(call, too_long="MEDIA_CAPTION_TOO_LONG")
    message = editable(world, call)
    media = {name: value for name, value in message.content.items() if name in {"photo", "document"}}
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return edited(world, call, message, content=media | caption)


def edit_message_reply_markup(world: World, call: Parameters) -> Json:
    message = editable(world, call)
    return edited(world, call, message, content=message.content)


def editable(world: World, call: Parameters) -> Message:
    """Return the message a request means, if the bot may edit it."""
    if call.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = meant_chat(world, call)
    if not call.integer("message_id"):
        raise bad_request("message identifier is not specified")
    return check_can_edit(world, chat, world.find(chat.id, call.integer("message_id")))


def edited(world: World, call: Parameters, message: Message, *, content: Json) -> Json:
    """Apply an edit; an edit without a keyboard removes the keyboard, as in Telegram."""
    markup = checked_markup(call.object("reply_markup", what="inline keyboard"), inline_only=True)
    if content == message.content and markup == message.reply_markup:
        raise NOT_MODIFIED
    if content != message.content:
        # TDLib hides the date of an edit that changes only the buttons (`hide_edit_date`).
        message.edit_date = world.clock.now()
    message.content = content
    message.reply_markup = markup
    world.touch(message)
    return shapes.message(world, message)


def delete_message(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    check_reachable(world, chat)
    message = world.find(chat.id, call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not deletable(world, chat, message):
        raise bad_request("message can't be deleted")
    erase(world, message)
    return True


def delete_messages(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    check_reachable(world, chat)
    numbers = call.object("message_ids", what="message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MESSAGES_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for number in numbers:  # those that can't be found or deleted are skipped in silence
        message = world.find(chat.id, int(number))
        if message is not None and deletable(world, chat, message):
            erase(world, message)
    return True


def deletable(world: World, chat: Chat, message: Message) -> bool:
    """Tell whether the bot may delete a message now."""
    if has_right(world, chat, "can_delete_messages"):
        return True
    fresh = world.clock.now() - message.date < DELETION_TERM
    return fresh and (message.sender_id == world.bot_id or chat.type == "private")


def erase(world: World, message: Message) -> None:
    """Remove a message for everyone."""
    message.deleted = True
    chat = world.chats[message.chat_id]
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.touch(message)


def check_can_pin(world: World, chat: Chat) -> None:
    """Refuse pinning without the right."""
    check_reachable(world, chat)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and not has_right(world, chat, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")


def pin_chat_message(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    check_can_pin(world, chat)
    message = world.find(chat.id, call.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    if message.id in chat.pinned:
        return True
    chat.pinned.append(message.id)
    pinned = shapes.message(world, message, nested=True)
    silent = call.flag("disable_notification")
    announce(world, world.post(chat, sender_id=world.bot_id, content={"pinned_message": pinned}, silent=silent))
    return True


def unpin_chat_message(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    check_can_pin(world, chat)
    number = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    world.events.change(chat.id)
    return True


def unpin_all_chat_messages(world: World, call: Parameters) -> bool:
    chat = meant_chat(world, call)
    check_can_pin(world, chat)
    chat.pinned.clear()
    world.events.change(chat.id)
    return True


METHODS: dict[str, Any] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
