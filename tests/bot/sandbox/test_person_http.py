"""The person's side over HTTP, as the chat page uses it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.waiting import PATIENCE

Call = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def move(sandbox: Sandbox, http: aiohttp.ClientSession) -> Call:
    """Do something as a person; return the status and the answer."""

    async def call(name: str, **body: Any) -> Any:
        async with http.post(f"{sandbox.url}/sandbox/{name}", json=body) as answer:
            return answer.status, await answer.json()

    return call


@pytest.fixture
def look(sandbox: Sandbox, http: aiohttp.ClientSession) -> Call:
    async def call(name: str, **query: Any) -> Any:
        async with http.get(f"{sandbox.url}/sandbox/{name}", params=query) as answer:
            return await answer.json()

    return call


async def test_a_person_arrives_talks_and_taps(move: Call, look: Call, api: Call) -> None:
    _, person = await move("people", first_name="Вера", language_code="ru")
    user_id = person["id"]
    assert person == {"id": user_id, "first_name": "Вера", "language_code": "ru", "blocked": False}
    here = {"user_id": user_id, "chat_id": user_id}
    assert (await move("say", text="/start", **here))[1]["entities"][0]["type"] == "bot_command"
    markup = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "d:more"}]]}
    options = {"url": "https://example.com/b", "prefer_small_media": True, "show_above_text": True}
    message = await api("sendMessage", chat_id=user_id, text="x", reply_markup=markup, link_preview_options=options)
    tap = {"message_id": message["message_id"]} | here
    status, answer = await move("tap", data="d:more", **tap)
    assert (status, list(answer)) == (200, ["callback_query_id"])
    assert await move("tap", data="hack", **tap) == (400, {"error": "that message has no such button"})
    assert (await move("forge", data="hack", **tap))[0] == 200
    seen = (await look("messages", chat_id=user_id))["messages"][-1]
    assert seen["reply_markup"] == markup
    assert seen["from"] == {"id": 42, "name": "Sandbox", "is_bot": True}
    assert seen["link_preview"] == {"url": "https://example.com/b", "small": True, "above": True}


@pytest.mark.parametrize(
    ("text", "options", "url"),
    [
        ("см. https://example.com/a и example.com/b", {}, "https://example.com/a"),
        ('<b>👍</b> <a href="https://example.com/c">тут</a>', {}, "https://example.com/c"),
        ("https://example.com/a", {"is_disabled": True}, None),
        ("нет ссылок", {}, None),
    ],
)
async def test_the_first_link_is_previewed(
    look: Call, api: Call, reader: int, *, text: str, options: dict[str, bool], url: str | None
) -> None:
    await api("sendMessage", chat_id=reader, text=text, parse_mode="HTML", link_preview_options=options)
    preview = (await look("messages", chat_id=reader))["messages"][-1]["link_preview"]
    assert (preview and preview["url"]) == url


async def test_only_what_changed_after_a_version_is_sent_again(look: Call, api: Call, reader: int) -> None:
    kept = await api("sendMessage", chat_id=reader, text="раз")
    version = (await look("messages", chat_id=reader))["version"]
    await api("deleteMessage", chat_id=reader, message_id=kept["message_id"])
    later = await look("messages", chat_id=reader, after_version=version)
    assert [(one["message_id"], one["deleted"]) for one in later["messages"]] == [(kept["message_id"], True)]
    assert later["version"] > version


async def test_the_state_names_people_chats_and_the_menu(move: Call, look: Call, api: Call, reader: int) -> None:
    await api("setMyCommands", commands=[{"command": "digest", "description": "Выпуск"}])
    _, channel = await move("chats", type="channel", title="Гараж", creator_id=reader)
    await move("add_bot", chat_id=channel["id"], by_user_id=reader, rights={"can_post_messages": True})
    state = await look("state", user_id=reader)
    assert state["bot"] == {"id": 42, "username": "sandbox_bot", "first_name": "Sandbox"}
    assert [chat["type"] for chat in state["chats"]] == ["private", "channel"]
    assert state["chats"][1]["bot_status"] == "administrator"
    assert {"user_id": reader, "status": "creator"} in state["chats"][1]["members"]
    assert state["commands"] == [{"command": "digest", "description": "Выпуск"}]


async def test_the_bot_is_told_how_many_react_to_its_post_if_it_asks_for_that(
    move: Call, api: Call, reader: int
) -> None:
    _, channel = await move("chats", type="channel", title="Гараж", creator_id=reader)
    await move("add_bot", chat_id=channel["id"], by_user_id=reader, rights={"can_post_messages": True})
    await api("getUpdates", allowed_updates=["message_reaction_count"], offset=-1)
    post = await api("sendMessage", chat_id=channel["id"], text="раз")
    _, other = await move("people", first_name="Борис")
    where = {"chat_id": channel["id"], "message_id": post["message_id"]}
    for person, emoji in ((reader, "👍"), (other["id"], "👍"), (reader, "🔥"), (other["id"], "")):
        _, seen = await move("react", user_id=person, emoji=emoji, **where)
    assert seen["reactions"] == {"🔥": 1}
    told = [one["message_reaction_count"] for one in await api("getUpdates") if "message_reaction_count" in one]
    assert [sum(one["total_count"] for one in update["reactions"]) for update in told] == [1, 2, 2, 1]
    assert told[-1]["message_id"] == post["message_id"]
    assert told[-1]["reactions"] == [{"type": {"type": "emoji", "emoji": "🔥"}, "total_count": 1}]
    status, _ = await move("react", user_id=reader, emoji="👍", chat_id=reader, message_id=1)
    assert status == 400


async def test_the_stream_tells_of_messages_answers_and_the_clock(
    sandbox: Sandbox, http: aiohttp.ClientSession, move: Call, api: Call, reader: int
) -> None:
    message = await api(
        "sendMessage",
        chat_id=reader,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
    )
    query = sandbox.person.tap(user_id=reader, message_id=message["message_id"], data="y")
    async with http.get(f"{sandbox.url}/sandbox/events") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        await api("sendMessage", chat_id=reader, text="x")
        await api("answerCallbackQuery", text="Готово", **query)
        await move("clock", advance=3600)
        told = [(await asyncio.wait_for(stream.content.readuntil(b"\n\n"), PATIENCE)).decode() for _ in range(3)]
    parts = [event.strip().split("\ndata: ") for event in told]
    events = [(kind.removeprefix("event: "), json.loads(data)) for kind, data in parts]
    assert [kind for kind, _ in events] == ["message", "answer", "clock"]
    assert events[0][1]["chat_id"] == reader
    assert events[1][1]["text"] == "Готово"
    assert events[2][1]["now"] == pytest.approx(sandbox.clock.now().timestamp(), abs=2)


async def test_the_clock_is_turned_and_set(sandbox: Sandbox, move: Call) -> None:
    before = sandbox.clock.now().timestamp()
    assert (await move("clock", advance=60))[1]["now"] == pytest.approx(before + 60, abs=2)
    assert (await move("clock", to=1_900_000_000))[1]["now"] == pytest.approx(1_900_000_000, abs=2)
    assert sandbox.clock().timestamp() == pytest.approx(1_900_000_000, abs=2)


async def test_faults_are_ordered_and_cancelled(
    sandbox: Sandbox, http: aiohttp.ClientSession, move: Call, raw: Call
) -> None:
    assert (await move("faults", method="getMe", kind="nonsense"))[0] == 400
    assert (await move("faults", method="getMe", kind="status", times=5, code=500))[0] == 200
    assert (await raw("getMe"))["error_code"] == 500
    async with http.delete(f"{sandbox.url}/sandbox/faults") as answer:
        assert answer.status == 200
    assert (await raw("getMe"))["ok"]


async def test_the_log_keeps_requests_and_answers(look: Call, api: Call, reader: int) -> None:
    await api("sendMessage", chat_id=reader, text="x")
    entry = (await look("log"))[-1]
    assert (entry["method"], entry["parameters"]) == ("sendMessage", {"chat_id": reader, "text": "x"})
    assert entry["answer"]["ok"]


async def test_controls_of_the_demo_are_shown_and_pressed(sandbox: Sandbox, move: Call, look: Call) -> None:
    async def action(lang: str) -> str:
        return "issue sent" if lang == "en" else "выпуск отправлен"

    sandbox.add_control("issue", {"ru": "Выпуск", "en": "Issue"}, {"ru": "Сейчас", "en": "Now"}, action)
    shown = {"id": "issue", "label": {"ru": "Выпуск", "en": "Issue"}, "hint": {"ru": "Сейчас", "en": "Now"}}
    assert await look("panel") == {"controls": [shown]}
    assert await move("panel/issue") == (200, {"ok": True, "message": "выпуск отправлен"})
    assert await move("panel/issue?lang=en") == (200, {"ok": True, "message": "issue sent"})
    assert (await move("panel/other"))[0] == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("say", {"user_id": 1, "text": "x"}),
        ("say", {"nonsense": 1}),
        ("chats", {"type": "party", "title": "x", "creator_id": 1}),
        ("migrate", {"chat_id": 1}),
    ],
)
async def test_what_a_person_cannot_do_is_said_in_plain_words(move: Call, name: str, body: dict[str, Any]) -> None:
    status, answer = await move(name, **body)
    assert status == 400
    assert answer["error"]


async def test_other_peoples_private_chats_stay_closed(sandbox: Sandbox, move: Call, reader: int) -> None:
    other = sandbox.person.add_person(first_name="Олег", language_code="ru")["id"]
    status, answer = await move("say", user_id=reader, chat_id=other, text="x")
    assert (status, answer["error"]) == (400, "that is somebody else's private chat")


async def test_only_json_moves_people(sandbox: Sandbox, http: aiohttp.ClientSession, reader: int) -> None:
    url = f"{sandbox.url}/sandbox/block"
    async with http.post(url, data=f'{{"user_id": {reader}}}', headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 400
    assert not sandbox.world.people[reader].blocked


async def test_a_person_sends_anything_a_message_may_hold(move: Call, api: Call, reader: int) -> None:
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}
    assert (await move("send", user_id=reader, content={"voice": voice}))[0] == 200
    assert (await api("getUpdates"))[0]["message"]["voice"] == voice
    assert (await move("say", user_id=reader, text="x" * 4097))[0] == 400


async def test_the_page_is_served_and_nothing_around_it(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    for path in ("/page/nothing.js", "/page/%2e%2e/server.py", "/server.py"):
        async with http.get(sandbox.url + path) as answer:
            assert answer.status == 404


async def test_a_document_from_a_person_can_be_downloaded(
    sandbox: Sandbox, http: aiohttp.ClientSession, api: Call, reader: int
) -> None:
    sandbox.person.send_document(user_id=reader, name="feeds.opml", content=b"<opml/>")
    document = (await api("getUpdates"))[0]["message"]["document"]
    assert document["file_name"] == "feeds.opml"
    path = (await api("getFile", file_id=document["file_id"]))["file_path"]
    async with http.get(f"{sandbox.url}/file/bot{sandbox.token}/{path}") as answer:
        assert await answer.read() == b"<opml/>"
