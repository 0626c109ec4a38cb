"""Every answer, update and logged request against the machine-readable Bot API."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import pytest

from bot.sandbox.server import Sandbox

Call = Callable[..., Coroutine[Any, Any, Any]]
RETURNS = {
    "getMe": "User",
    "getUpdates": "Array of Update",
    "getWebhookInfo": "WebhookInfo",
    "sendMessage": "Message",
    "sendPhoto": "Message",
    "sendDocument": "Message",
    "forwardMessage": "Message",
    "copyMessage": "MessageId",
    "editMessageText": "Message",
    "editMessageCaption": "Message",
    "editMessageReplyMarkup": "Message",
    "getFile": "File",
    "getChat": "ChatFullInfo",
    "getChatMember": "ChatMember",
    "getChatAdministrators": "Array of ChatMember",
    "getChatMemberCount": "Integer",
    "createForumTopic": "ForumTopic",
    "getMyCommands": "Array of BotCommand",
    "getMyName": "BotName",
    "getMyDescription": "BotDescription",
    "getMyShortDescription": "BotShortDescription",
    "getChatMenuButton": "MenuButton",
}  # the others return True
RICH = (
    '<b>Седан</b> <a href="https://example.com/a">l</a> <a href="tg://user?id=77">кто-то</a> https://example.com #тег '
    '<tg-time unix="1700000000" format="wDT">t</tg-time> <pre><code class="language-py">p</code></pre>'
    '<blockquote expandable>q</blockquote><tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'
)
MARKUP = {
    "inline_keyboard": [
        [{"text": "Ещё", "callback_data": "d:more", "style": "primary"}, {"text": "Открыть", "url": "example.com"}],
        [{"text": "Скопировать", "copy_text": {"text": "x"}}, {"text": "Найти", "switch_inline_query": ""}],
    ]
}
EVERYTHING = ("message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "callback_query",
              "my_chat_member", "chat_member")  # fmt: skip


class Schema(Protocol):
    types: dict[str, Any]

    def problems(self, value: Any, kind: str, where: str = "") -> list[str]: ...

    def request_problems(self, method: str, parameters: dict[str, Any]) -> list[str]: ...


def check_log(sandbox: Sandbox, schema: Schema) -> set[str]:
    """Check every logged request and answer; return the methods that were seen."""
    for entry in sandbox.log:
        assert schema.request_problems(entry.method, entry.parameters) == []
        assert entry.answer is not None
        if entry.answer["ok"]:
            assert schema.problems(entry.answer["result"], RETURNS.get(entry.method, "True"), entry.method) == []
        elif "parameters" in entry.answer:
            assert schema.problems(entry.answer["parameters"], "ResponseParameters", entry.method) == []
    return {entry.method for entry in sandbox.log}


async def test_private_chats_have_the_right_shapes(sandbox: Sandbox, api: Call, schema: Schema, reader: int) -> None:
    await api("getUpdates", allowed_updates=EVERYTHING)
    message = await api("sendMessage", chat_id=reader, text=RICH, parse_mode="HTML", reply_markup=MARKUP)
    where = {"chat_id": reader, "message_id": message["message_id"]}
    mine = sandbox.person.say(user_id=reader, text="ответ", reply_to_message_id=message["message_id"])
    sandbox.person.edit(user_id=reader, message_id=mine["message_id"], text="поправил")
    sandbox.person.tap(user_id=reader, data="d:more", message_id=message["message_id"])
    query = sandbox.person.forge(user_id=reader, data="x", message_id=999)
    await api("answerCallbackQuery", text="x", show_alert=True, **query)
    asked = sandbox.person.ask_inline(user_id=reader, query="x")
    await api("answerInlineQuery", results=[], cache_time=0, **asked)
    await api("editMessageText", text="x", link_preview_options={"url": "https://example.com"}, **where)
    await api("editMessageReplyMarkup", reply_markup=MARKUP, **where)
    photo = await api(
        "sendPhoto", chat_id=reader, photo="https://example.com/a.jpg", caption="<i>x</i>", parse_mode="HTML"
    )
    await api("editMessageCaption", chat_id=reader, message_id=photo["message_id"], caption="y")
    sandbox.person.send_document(user_id=reader, name="a.opml", content=b"x")
    file_id = sandbox.world.updates.first() and photo["photo"][0]["file_id"]
    await api("getFile", file_id=file_id)
    await api("sendDocument", chat_id=reader, document=file_id)
    await api("forwardMessage", chat_id=reader, from_chat_id=reader, message_id=mine["message_id"])
    await api("copyMessage", chat_id=reader, from_chat_id=reader, message_id=mine["message_id"])
    await api("sendChatAction", chat_id=reader, action="typing")
    await api("pinChatMessage", **where)
    await api("getChat", chat_id=reader)
    await api("unpinChatMessage", chat_id=reader)
    await api("unpinAllChatMessages", chat_id=reader)
    await api("getChatMember", chat_id=reader, user_id=reader)
    await api("deleteMessage", **where)
    await api("deleteMessages", chat_id=reader, message_ids=[photo["message_id"]])
    sandbox.person.block(user_id=reader)
    kinds = {kind for update in await api("getUpdates") for kind in update}
    assert kinds >= {"message", "edited_message", "inline_query", "callback_query", "my_chat_member"}
    check_log(sandbox, schema)


@pytest.mark.parametrize("kind", ["group", "supergroup", "forum", "channel"])
async def test_chats_of_many_have_the_right_shapes(
    sandbox: Sandbox, api: Call, refused: Call, schema: Schema, reader: int, *, kind: str
) -> None:
    await api("getUpdates", allowed_updates=EVERYTHING)
    guest = sandbox.person.add_person(first_name="Олег", language_code="en")["id"]
    chat = sandbox.person.add_chat(type=kind, title="Гараж", creator_id=reader, username="garage")["id"]
    rights = dict.fromkeys(("can_post_messages", "can_edit_messages", "can_manage_topics", "can_pin_messages"), True)
    sandbox.person.add_bot(chat_id=chat, by_user_id=reader, rights=rights)
    for status in ("member", "restricted", "administrator", "left", "kicked"):
        sandbox.person.set_member(chat_id=chat, user_id=guest, status=status)
        await api("getChatMember", chat_id=chat, user_id=guest)
    if kind == "forum":
        await api("createForumTopic", chat_id=chat, name="Китай")
    post = await api("sendMessage", chat_id=chat, text=RICH, parse_mode="HTML", reply_markup=MARKUP)
    written = sandbox.person.say(user_id=reader, chat_id=chat, text="сам", reply_to_message_id=post["message_id"])
    sandbox.person.edit(user_id=reader, chat_id=chat, message_id=written["message_id"], text="поправил")
    sandbox.person.tap(user_id=reader, chat_id=chat, message_id=post["message_id"], data="d:more")
    await api("forwardMessage", chat_id=chat, from_chat_id=chat, message_id=post["message_id"])
    await api("pinChatMessage", chat_id=chat, message_id=post["message_id"])
    await api("getChat", chat_id="@garage")
    await api("getChatAdministrators", chat_id=chat)
    await api("getChatMemberCount", chat_id=chat)
    if kind == "group":
        sandbox.person.migrate(chat_id=chat)
        await refused("sendMessage", chat_id=chat, text="x")
    else:
        await api("leaveChat", chat_id=chat)
    kinds = {kind for update in await api("getUpdates") for kind in update}
    assert kinds >= {"my_chat_member", "chat_member", "channel_post" if kind == "channel" else "message"}
    check_log(sandbox, schema)


async def test_the_profile_has_the_right_shapes(api: Call, sandbox: Sandbox, schema: Schema, reader: int) -> None:
    commands = [{"command": "digest", "description": "Выпуск", "is_ephemeral": True}]
    await api("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": reader}, language_code="ru")
    await api("getMyCommands", scope={"type": "chat", "chat_id": reader}, language_code="ru")
    await api("deleteMyCommands")
    for field, method in (("name", "Name"), ("description", "Description"), ("short_description", "ShortDescription")):
        await api(f"setMy{method}", **{field: "Новости"})
        await api(f"getMy{method}", language_code="ru")
    await api("setChatMenuButton", menu_button={"type": "commands"})
    await api("getChatMenuButton")
    await api("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["message"], secret_token="s")
    await api("getWebhookInfo")
    await api("deleteWebhook", drop_pending_updates=True)
    for method in ("getMe", "logOut", "close"):
        await api(method)
    assert check_log(sandbox, schema) >= RETURNS.keys() & {"getMe", "getMyName", "getWebhookInfo"}


def test_the_checker_itself_finds_what_is_wrong(schema: Schema) -> None:
    assert schema.problems({"id": "1", "is_bot": True}, "User") != []
    assert schema.problems({"id": 1, "is_bot": True, "first_name": "x", "shoe_size": 45}, "User") != []
    assert schema.problems({"id": 1, "is_bot": 1, "first_name": "x"}, "User") != []
    assert schema.request_problems("sendMessage", {"chat_id": "1"}) != []
    assert schema.request_problems("sendMessage", {"chat_id": "1", "text": "5", "reply_markup": "{}"}) != []


def test_every_method_of_the_sandbox_is_one_of_the_bot_api(sandbox: Sandbox, schema: Schema) -> None:
    names = {name for name, _ in sandbox._api._methods.values()}
    assert names <= schema.types.keys()
    assert RETURNS.keys() <= names
