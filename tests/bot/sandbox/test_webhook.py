from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.server import Sandbox
from bot.sandbox.webhook import SECRET_HEADER
from tests.waiting import PATIENCE, until

Call = Callable[..., Coroutine[Any, Any, Any]]


@dataclass
class Receiver:
    """A bot's own web server: answers as told, 200 when told nothing."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    updates: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get(SECRET_HEADER))
        await self.updates.put(await request.json())
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.updates.get(), PATIENCE)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taken = Receiver()
    application = web.Application()
    application.router.add_post("/hook", taken.take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taken
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(sandbox: Sandbox, api: Call, reader: int, receiver: Receiver) -> None:
    await api("setWebhook", url=receiver.url, secret_token="s-1")
    sandbox.person.say(user_id=reader, text="привет")
    assert (await receiver.next())["message"]["text"] == "привет"
    assert receiver.secrets == ["s-1"]
    info = await api("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (receiver.url, 40)


async def test_a_failed_delivery_is_repeated_until_it_is_taken(
    sandbox: Sandbox, api: Call, reader: int, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=502)]
    await api("setWebhook", url=receiver.url)
    sandbox.person.say(user_id=reader, text="один")
    sandbox.person.say(user_id=reader, text="два")
    assert [(await receiver.next())["message"]["text"] for _ in range(4)] == ["один", "один", "один", "два"]
    assert "502" in (await api("getWebhookInfo"))["last_error_message"]


async def test_a_method_in_the_reply_is_performed(sandbox: Sandbox, api: Call, reader: int, receiver: Receiver) -> None:
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": reader, "text": "ответ"})]
    await api("setWebhook", url=receiver.url)
    with sandbox.world.events.listen() as events:
        sandbox.person.say(user_id=reader, text="вопрос")
        await asyncio.wait_for(events.get(), PATIENCE)
        await asyncio.wait_for(events.get(), PATIENCE)
    assert sandbox.person.messages(chat_id=reader)["messages"][-1]["text"] == "ответ"


async def test_polling_and_a_webhook_exclude_each_other(
    sandbox: Sandbox, api: Call, refused: Call, raw: Call, receiver: Receiver
) -> None:
    polling = asyncio.create_task(raw("getUpdates", timeout=20))
    await until(lambda: sandbox.world.updates.awaited, "the poll")
    await api("setWebhook", url=receiver.url)
    assert (await polling)["description"] == "Conflict: terminated by setWebhook request"
    assert "can't use getUpdates method while webhook is active" in await refused("getUpdates")
    await api("deleteWebhook")
    assert await api("getUpdates", offset=1) == []


async def test_deleting_the_webhook_may_drop_what_waits(sandbox: Sandbox, api: Call, reader: int) -> None:
    sandbox.person.say(user_id=reader, text="привет")
    assert (await api("getWebhookInfo"))["pending_update_count"] == 1
    await api("deleteWebhook", drop_pending_updates=True)
    assert (await api("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"url": "https://example.com/hook"}, "bad webhook"),
        ({"url": "http://127.0.0.1/hook", "secret_token": "with space"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(refused: Call, parameters: dict[str, str], complaint: str) -> None:
    assert complaint in await refused("setWebhook", **parameters)
