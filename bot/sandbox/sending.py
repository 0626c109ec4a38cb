"""Methods that put new messages into chats: text, photo, document, forward, copy."""

from __future__ import annotations

from typing import Any, Literal

from bot.sandbox import shapes
from bot.sandbox.entities import marked_text
from bot.sandbox.files import document_content, photo_content
from bot.sandbox.keyboards import check_private_requests, checked_markup
from bot.sandbox.limits import CAPTION_LENGTH, TEXT_LENGTH
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import check_can_send, check_reachable, meant_chat
from bot.sandbox.state import Chat, Json, Message, World

Kind = Literal["text messages", "photos", "documents"]
PREVIEW_FIELDS = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def text_content(call: Parameters, *, too_long: str) -> Json:
    """Read `text` with its markup and preview options into the fields of a Message."""
    raw = call.text("text")
    if not raw:
        raise bad_request("message text is empty")
    entities = call.object("entities", what="entities")
    marked = marked_text(raw, parse_mode=call.text("parse_mode"), entities=entities)
    if not marked.text:
        raise bad_request("text must be non-empty")
    if len(marked.text) > TEXT_LENGTH:
        raise bad_request(too_long)
    content: Json = {"text": marked.text}
    if marked.entities:
        content["entities"] = marked.entities
    if options := preview_options(call):
        content["link_preview_options"] = options
    return content


def preview_options(call: Parameters) -> Json:
    """Read the preview options that differ from the default."""
    options = call.object("link_preview_options", what="link preview options") or {}
    if call.flag("disable_web_page_preview"):  # the old spelling still works
        return {"is_disabled": True}
    return {name: options[name] for name in PREVIEW_FIELDS if options.get(name)}


def caption_content(call: Parameters, *, too_long: str) -> Json:
    """Read `caption` with its markup into the fields of a Message."""
    raw = call.text("caption")
    if not raw:
        return {}
    entities = call.object("caption_entities", what="caption entities")
    marked = marked_text(raw, parse_mode=call.text("parse_mode"), entities=entities)
    if len(marked.text) > CAPTION_LENGTH:
        raise bad_request(too_long)
    content: Json = {"caption": marked.text} if marked.text else {}
    if marked.entities:
        content["caption_entities"] = marked.entities
    if call.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def send_message(world: World, call: Parameters) -> Json:
    return sent(world, call, content=text_content(call, too_long="message is too long"), kind="text messages")


async def send_photo(world: World, call: Parameters) -> Json:
    content = await photo_content(world, call) | caption_content(call, too_long="message caption is too long")
    if call.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return sent(world, call, content=content, kind="photos")


async def send_document(world: World, call: Parameters) -> Json:
    content = await document_content(world, call) | caption_content(call, too_long="message caption is too long")
    return sent(world, call, content=content, kind="documents")


def sent(world: World, call: Parameters, *, content: Json, kind: Kind) -> Json:
    """Post a message of the bot and return it as a Message."""
    chat = meant_chat(world, call)
    check_can_send(world, chat, kind=kind)
    markup = checked_markup(call.object("reply_markup", what="reply keyboard markup"))
    check_private_requests(markup, chat.type)
    message = world.post(
        chat,
        sender_id=world.bot_id,
        content=content,
        reply_to=reply_target(world, call, chat),
        reply_markup=markup,
        thread_id=thread(call, chat),
        silent=call.flag("disable_notification"),
        protected=call.flag("protect_content"),
    )
    return shapes.message(world, message)


def reply_target(world: World, call: Parameters, chat: Chat) -> int | None:
    """Return the message that is replied to, if there is one."""
    given = call.object("reply_parameters", what="reply parameters") or {}
    message_id = int(given.get("message_id") or call.integer("reply_to_message_id"))
    if not message_id:
        return None
    if world.find(chat.id, message_id) is not None:
        return message_id
    if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def thread(call: Parameters, chat: Chat) -> int | None:
    """Return the forum topic the message goes to."""
    thread_id = call.integer("message_thread_id")
    if not thread_id:
        return None
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id


def original(world: World, call: Parameters, what: str) -> Message:
    """Find the message that is forwarded or copied."""
    source = meant_chat(world, call, "from_chat_id")
    check_reachable(world, source)
    message = world.find(source.id, call.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {what} not found")
    if message.protected or shapes.service(message.content):
        raise bad_request(f"the message can't be {'forwarded' if what == 'forward' else 'copied'}")
    return message


def forward_message(world: World, call: Parameters) -> Json:
    message = original(world, call, "forward")
    return sent(world, call, content=forwarded(world, message), kind="text messages")


def forwarded(world: World, message: Message) -> Json:
    """Return the content of a message with its origin."""
    place = world.chats[message.chat_id]
    origin: Json = {"date": shapes.unix(message.date)}
    if place.type == "channel":
        origin |= {"type": "channel", "chat": shapes.chat(world, place), "message_id": message.id}
    else:
        origin |= {"type": "user", "sender_user": shapes.user(world, message.sender_id)}
    return {"forward_origin": origin} | message.content


def copy_message(world: World, call: Parameters) -> Json:
    message = original(world, call, "copy")
    content = {name: value for name, value in message.content.items() if name != "forward_origin"}
    if "caption" in call.values and "text" not in content:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= caption_content(call, too_long="message caption is too long")
    return {"message_id": sent(world, call, content=content, kind="text messages")["message_id"]}


def send_chat_action(world: World, call: Parameters) -> bool:
    if call.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    check_reachable(world, meant_chat(world, call))
    return True


METHODS: dict[str, Any] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "sendChatAction": send_chat_action,
}
