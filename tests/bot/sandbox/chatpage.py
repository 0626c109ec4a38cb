"""The chat page in a real browser: a stage for its tests. Nothing here starts a browser."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.waiting import PATIENCE

playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
playwright_api.expect.set_options(timeout=PATIENCE * 1000)


@dataclass(kw_only=True)
class Stage:
    """A sandbox with two people and a channel, a browser's page on it, and the bot's hand."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    page: Any
    anna: int
    oleg: int
    channel: int
    offset: int = 0
    complaints: list[str] = field(default_factory=list)
    provoked: str | None = None
    """What a test made the page complain of, at whatever moment the browser gets to saying so."""

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.http.post(f"{self.sandbox.url}/bot{self.sandbox.token}/{method}", json=parameters) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def send(self, text: str, **parameters: Any) -> Any:
        sent = await self.call("sendMessage", chat_id=self.anna, text=text, **parameters)
        message = self.page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await message.wait_for()
        return message

    async def hear(self, kind: str) -> Any:
        """Wait, as the bot, for the next update of a kind; the others before it are let go."""
        for _ in range(10):
            for update in await self.call("getUpdates", offset=self.offset, timeout=2, limit=1):
                self.offset = update["update_id"] + 1
                if kind in update:
                    return update[kind]
        raise AssertionError(f"the bot never heard of {kind}")

    def part(self, testid: str) -> Any:
        return self.page.get_by_test_id(testid)

    async def open(self) -> None:
        self.sandbox.person.say(user_id=self.anna, text="/start")
        await self.page.goto(f"{self.sandbox.url}/")
        await self.part("composer").wait_for()

    async def render(self, text: str, entities: list[dict[str, Any]]) -> str:
        """Render a text by the page's own module, past what a server would let through."""
        script = """async ([text, entities]) => {
            const { render } = await import("/page/entities.js");
            const box = document.createElement("div");
            box.append(render(text, entities, { key: "k", now: () => 0, opened: new Set(), botUsername: "b" }));
            return box.innerHTML;
        }"""
        return str(await self.page.evaluate(script, [text, entities]))


async def strict(route: Any) -> None:
    """Serve the page under the strictest policy it promises to live with."""
    answer = await route.fetch()
    await route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "default-src 'self'"})


async def expect_text(locator: Any, text: str) -> None:
    await playwright_api.expect(locator).to_contain_text(text)


@contextlib.asynccontextmanager
async def opened(browser: Any, **options: Any) -> AsyncIterator[Stage]:
    """Open the page of a sandbox of its own in a window of its own; nothing may be complained of in the end."""
    usual = {"locale": "ru-RU", "timezone_id": "Europe/Moscow", "viewport": {"width": 1200, "height": 800}}
    context = await browser.new_context(**usual | options)
    context.set_default_timeout(PATIENCE * 1000)
    async with Sandbox(username="digest_bot") as sandbox, aiohttp.ClientSession() as http:
        anna = sandbox.person.add_person(first_name="Анна")["id"]
        oleg = sandbox.person.add_person(first_name="Олег")["id"]
        channel = sandbox.person.add_chat(type="channel", title="Автоновости", creator_id=oleg)["id"]
        page = await context.new_page()
        it = Stage(sandbox=sandbox, http=http, page=page, anna=anna, oleg=oleg, channel=channel)
        await page.route(re.compile(re.escape(sandbox.url) + r"/(\?|$)"), strict)
        page.on("console", lambda line: it.complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: it.complaints.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(sandbox.url) else it.complaints.append(one.url))
        yield it
        await context.close()
    assert [line for line in it.complaints if it.provoked is None or it.provoked not in line] == []
