from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.server import Sandbox

Call = Callable[..., Coroutine[Any, Any, Any]]
MARKUP = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "d:more"}]]}
BUTTON = {"text": "x", "callback_data": "y"}


async def test_a_message_answers_with_itself(api: Call, reader: int) -> None:
    message = await api(
        "sendMessage", chat_id=reader, text=" <b>Да</b> ", parse_mode="HTML", reply_markup=MARKUP, protect_content=True
    )
    assert message["text"] == "Да"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert message["reply_markup"] == MARKUP
    assert message["chat"]["id"] == reader
    assert message["from"]["is_bot"]


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "ж" * 4097}, "message is too long"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 123}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "reply_markup": "nonsense"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    ],
)
async def test_a_message_that_cannot_be_sent(
    refused: Call, reader: int, parameters: dict[str, Any], complaint: str
) -> None:
    assert await refused("sendMessage", **({"chat_id": reader} | parameters)) == f"Bad Request: {complaint}"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([[{"text": "x", "callback_data": "ж" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "x", "url": "javascript:alert(1)"}]], "BUTTON_URL_INVALID"),
        ([[{"text": " ", "callback_data": "x"}]], "inline keyboard button text must be non-empty"),
        ([[{"text": "x"}]], "text buttons are unallowed in the inline keyboard"),
        ([[BUTTON] * 8] * 13, "reply markup is too long"),
        ([[{"text": "x" * 200, "callback_data": "y"}] * 5] * 10, "reply markup is too long"),
    ],
)
async def test_a_keyboard_that_cannot_be_shown(refused: Call, reader: int, rows: Any, complaint: str) -> None:
    answer = await refused("sendMessage", chat_id=reader, text="x", reply_markup={"inline_keyboard": rows})
    assert answer == f"Bad Request: {complaint}"


async def test_a_hundred_buttons_and_64_bytes_are_fine(api: Call, reader: int) -> None:
    rows = [[BUTTON] * 8] * 12 + [[{"text": "x", "callback_data": "ж" * 32}] * 4]
    await api("sendMessage", chat_id=reader, text="x", reply_markup={"inline_keyboard": rows})


async def test_an_edit_changes_the_text_and_drops_the_keyboard(sandbox: Sandbox, api: Call, reader: int) -> None:
    sent = await api("sendMessage", chat_id=reader, text="было", reply_markup=MARKUP)
    sandbox.clock.advance(timedelta(minutes=5))
    edited = await api("editMessageText", chat_id=reader, message_id=sent["message_id"], text="стало")
    assert edited["text"] == "стало"
    assert edited["edit_date"] >= sent["date"] + 300
    assert "reply_markup" not in edited


async def test_an_edit_that_changes_nothing_is_refused(api: Call, refused: Call, reader: int) -> None:
    sent = await api("sendMessage", chat_id=reader, text="<b>да</b>", parse_mode="HTML", reply_markup=MARKUP)
    same = {"chat_id": reader, "message_id": sent["message_id"], "reply_markup": MARKUP}
    answer = await refused("editMessageText", text="<b>да</b>", parse_mode="HTML", **same)
    assert answer.startswith("Bad Request: message is not modified: specified new message content and reply markup")
    assert "not modified" in await refused("editMessageReplyMarkup", **same)
    await api("editMessageText", text="да", **same)


async def test_only_ones_own_text_can_be_edited(sandbox: Sandbox, refused: Call, reader: int) -> None:
    theirs = sandbox.person.say(user_id=reader, text="моё")["message_id"]
    where = {"chat_id": reader, "text": "x"}
    assert await refused("editMessageText", message_id=theirs, **where) == "Bad Request: message can't be edited"
    assert await refused("editMessageText", message_id=999, **where) == "Bad Request: message to edit not found"
    too_long = await refused("editMessageText", message_id=999, chat_id=reader, text="x" * 4097)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"


async def test_deletion_is_for_present_fresh_and_allowed_messages(
    sandbox: Sandbox, api: Call, refused: Call, reader: int
) -> None:
    ids = [(await api("sendMessage", chat_id=reader, text=str(i)))["message_id"] for i in range(4)]
    await api("deleteMessage", chat_id=reader, message_id=ids[0])
    again = await refused("deleteMessage", chat_id=reader, message_id=ids[0])
    assert again == "Bad Request: message to delete not found"
    await api("deleteMessages", chat_id=reader, message_ids=[ids[0], ids[1], 999])
    sandbox.clock.advance(timedelta(hours=48))
    assert "can't be deleted" in await refused("deleteMessage", chat_id=reader, message_id=ids[2])
    seen = sandbox.person.messages(chat_id=reader)["messages"]
    assert [message["deleted"] for message in seen if message["message_id"] in ids] == [True, True, False, False]


async def test_a_photo_is_uploaded_shown_and_downloaded(
    sandbox: Sandbox, http: aiohttp.ClientSession, api: Call, reader: int
) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(reader))
    form.add_field("photo", "attach://picture")
    form.add_field("picture", b"\x89PNG...", filename="car.png", content_type="image/png")
    form.add_field("caption", "<i>Седан</i>")
    form.add_field("parse_mode", "HTML")
    async with http.post(f"{sandbox.url}/bot{sandbox.token}/sendPhoto", data=form) as answer:
        message = (await answer.json())["result"]
    assert message["caption"] == "Седан"
    assert message["caption_entities"][0]["type"] == "italic"
    path = (await api("getFile", file_id=message["photo"][-1]["file_id"]))["file_path"]
    async with http.get(f"{sandbox.url}/file/bot{sandbox.token}/{path}") as answer:
        assert await answer.read() == b"\x89PNG..."
    seen = sandbox.person.messages(chat_id=reader)["messages"][-1]
    async with http.get(f"{sandbox.url}{seen['photo']}") as answer:
        assert answer.content_type == "image/png"


@pytest.mark.parametrize(
    ("photo", "complaint"),
    [
        (None, "there is no photo in the request"),
        ("nonsense", "wrong file identifier/HTTP URL specified"),
        ("{url}/missing.png", "failed to get HTTP URL content"),
        ("{url}/page", "wrong type of the web page content"),
    ],
)
async def test_a_photo_that_cannot_be_had(refused: Call, reader: int, photo: str | None, complaint: str) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<p>not a picture", content_type="text/html")

    application = web.Application()
    application.router.add_get("/page", page)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    parameters = {"photo": photo.format(url=f"http://127.0.0.1:{runner.addresses[0][1]}")} if photo else {}
    assert await refused("sendPhoto", chat_id=reader, **parameters) == f"Bad Request: {complaint}"
    await runner.cleanup()


async def test_an_upload_that_is_no_picture_is_refused_as_a_photo(
    sandbox: Sandbox, http: aiohttp.ClientSession, reader: int
) -> None:
    for name, method, expected in (("photo", "sendPhoto", 400), ("document", "sendDocument", 200)):
        form = aiohttp.FormData({"chat_id": str(reader)})
        form.add_field(name, b"<html>", filename="car.png", content_type="image/png")
        async with http.post(f"{sandbox.url}/bot{sandbox.token}/{method}", data=form) as answer:
            assert answer.status == expected
            assert (
                (await answer.json()).get("description", "").endswith("IMAGE_PROCESS_FAILED" if name == "photo" else "")
            )


async def test_captions_have_their_own_limit(api: Call, refused: Call, reader: int) -> None:
    photo = {"chat_id": reader, "photo": "https://example.com/car.jpg"}
    assert "message caption is too long" in await refused("sendPhoto", caption="x" * 1025, **photo)
    sent = await api("sendPhoto", caption="x" * 1024, **photo)
    where = {"chat_id": reader, "message_id": sent["message_id"]}
    assert "MEDIA_CAPTION_TOO_LONG" in await refused("editMessageCaption", caption="x" * 1025, **where)
    assert (await api("editMessageCaption", caption="короче", **where))["caption"] == "короче"
    assert "there is no text in the message to edit" in await refused("editMessageText", text="x", **where)


async def test_a_message_is_forwarded_with_its_origin_and_copied_without(
    api: Call, refused: Call, reader: int, channel: int
) -> None:
    post = await api("sendMessage", chat_id=channel, text="новость")
    source = {"chat_id": reader, "from_chat_id": channel}
    forwarded = await api("forwardMessage", message_id=post["message_id"], **source)
    assert forwarded["forward_origin"]["type"] == "channel"
    copied = await api("copyMessage", message_id=post["message_id"], **source)
    assert copied == {"message_id": forwarded["message_id"] + 1}
    assert "message to copy not found" in await refused("copyMessage", message_id=99, **source)
    assert "message to forward not found" in await refused("forwardMessage", message_id=99, **source)


async def test_the_same_method_in_every_way_of_asking(
    sandbox: Sandbox, http: aiohttp.ClientSession, reader: int
) -> None:
    url = f"{sandbox.url}/bot{sandbox.token}/SENDmessage"
    for request in (
        http.get(url, params={"chat_id": reader, "text": "да"}),
        http.post(url, data={"chat_id": str(reader), "text": "да"}),
        http.post(url, json={"chat_id": reader, "text": "да"}),
        http.post(url, json={"chat_id": str(reader), "text": "да", "reply_markup": '{"inline_keyboard":[]}'}),
    ):
        async with request as answer:
            assert (await answer.json())["result"]["text"] == "да"
    assert {entry.method for entry in sandbox.log} == {"sendMessage"}


async def test_wrong_tokens_methods_and_paths(sandbox: Sandbox, http: aiohttp.ClientSession, refused: Call) -> None:
    assert await refused("sendNothing") == "Not Found: method not found"
    for path, expected in (
        ("/bot1:WRONG/getMe", (401, "Unauthorized")),
        (f"/bot{sandbox.token}", (404, "Not Found")),
        (f"/bot{sandbox.token}/a/b", (404, "Not Found")),
    ):
        async with http.get(sandbox.url + path) as answer:
            body = await answer.json()
            assert (answer.status, body["description"]) == expected
            assert body["error_code"] == answer.status


async def test_a_tap_is_answered_once_and_in_time(sandbox: Sandbox, api: Call, refused: Call, reader: int) -> None:
    sent = await api("sendMessage", chat_id=reader, text="x", reply_markup=MARKUP)
    late, soon = (
        sandbox.person.tap(user_id=reader, message_id=sent["message_id"], data="d:more")["callback_query_id"]
        for _ in range(2)
    )
    query = (await api("getUpdates"))[-1]["callback_query"]
    assert (query["id"], query["data"], query["message"]["text"]) == (soon, "d:more", "x")
    assert "MESSAGE_TOO_LONG" in await refused("answerCallbackQuery", callback_query_id=soon, text="x" * 201)
    with sandbox.world.events.listen() as events:
        await api("answerCallbackQuery", callback_query_id=soon, text="Готово", show_alert=True)
        kind, event = events.get_nowait()
    assert (kind, event["text"], event["show_alert"], event["user_id"]) == ("answer", "Готово", True, reader)
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await refused("answerCallbackQuery", callback_query_id=soon) == too_old
    sandbox.clock.advance(timedelta(minutes=16))
    assert await refused("answerCallbackQuery", callback_query_id=late) == too_old


async def test_an_inline_query_is_answered_once(sandbox: Sandbox, api: Call, refused: Call, reader: int) -> None:
    asked = sandbox.person.ask_inline(user_id=reader, query="китай")["inline_query_id"]
    assert (await api("getUpdates"))[0]["inline_query"]["query"] == "китай"
    result = {"type": "article", "id": "1", "title": "x", "input_message_content": {"message_text": "x"}}
    same_ids = await refused("answerInlineQuery", inline_query_id=asked, results=[result, result])
    assert same_ids == "Bad Request: RESULT_ID_DUPLICATE"
    with sandbox.world.events.listen() as events:
        await api("answerInlineQuery", inline_query_id=asked, results=[result])
        assert events.get_nowait()[1]["results"] == [result]
    assert "query is too old" in await refused("answerInlineQuery", inline_query_id=asked, results=[])


async def test_pinning_needs_the_right_and_says_so_in_the_chat(
    sandbox: Sandbox, api: Call, refused: Call, reader: int, channel: int
) -> None:
    post = await api("sendMessage", chat_id=channel, text="новость")
    where = {"chat_id": channel, "message_id": post["message_id"]}
    assert "not enough rights to manage pinned messages" in await refused("pinChatMessage", **where)
    rights = {"can_post_messages": True, "can_edit_messages": True}
    sandbox.person.add_bot(chat_id=channel, by_user_id=reader, rights=rights)
    await api("pinChatMessage", **where)
    assert (await api("getChat", chat_id=channel))["pinned_message"]["message_id"] == post["message_id"]
    assert (await api("getUpdates"))[-1]["channel_post"]["pinned_message"]["text"] == "новость"
    await api("unpinChatMessage", **where)
    assert "pinned_message" not in await api("getChat", chat_id=channel)
