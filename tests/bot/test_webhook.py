"""The real bot with a webhook and its pages, over HTTP, between a sandbox and nothing to read."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App, open_app
from bot.sandbox.server import Sandbox
from bot.settings import Settings, load_settings
from bot.webhook import LARGEST, SECRET_HEADER, derived_secret
from feeds.clock import utc_now
from feeds.errors import SettingsError
from tests.waiting import PATIENCE

TOKEN = "42:TEST"
SOURCE = '[[sources]]\nname = "Колесо"\nurl = "http://127.0.0.1:9/rss"\nlang = "ru"\n'


@dataclass
class House:
    sandbox: Sandbox
    app: App
    client: aiohttp.ClientSession
    address: str

    async def say(self, text: str) -> str:
        """Let somebody write to the bot; what it answers first."""
        person = self.sandbox.person.add_person(first_name="Анна", language_code="ru")["id"]
        self.sandbox.person.say(user_id=person, text=text)
        async with asyncio.timeout(PATIENCE):
            while True:
                said = self.sandbox.person.messages(chat_id=person)["messages"]
                if answers := [one["text"] for one in said if one["from"] and one["from"]["is_bot"]]:
                    return str(answers[0])
                await asyncio.sleep(0.02)

    async def post(self, body: bytes, secret: str | None) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with self.client.post(f"{self.address}/hook", data=io.BytesIO(body), headers=headers) as answer:
            return answer.status

    async def get(self, path: str) -> tuple[int, str]:
        async with self.client.get(f"{self.address}{path}") as answer:
            return answer.status, await answer.text()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def housed(folder: Path, *, webhook: bool = True) -> AsyncIterator[House]:
    address = f"127.0.0.1:{free_port()}"
    (folder / "sources.toml").write_text(SOURCE, "utf-8")
    async with Sandbox(token=TOKEN, webhook_pause=0.05) as sandbox, aiohttp.ClientSession() as client:
        settings = Settings(
            token=SecretStr(TOKEN),
            api_base=sandbox.url,
            database=str(folder / "bot.db"),
            sources=folder / "sources.toml",
            http=address,
            webhook=f"http://{address}/hook" if webhook else None,
        )
        async with open_app(settings, clock=utc_now) as app:
            yield House(sandbox, app, client, f"http://{address}")


@contextlib.asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    stop, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(app.run(stop, ready=ready.set))
    try:
        await asyncio.wait_for(ready.wait(), PATIENCE)
        yield
    finally:
        stop.set()
        await task


async def test_what_telegram_brings_is_handled_and_the_figures_show_it(tmp_path: Path) -> None:
    async with housed(tmp_path) as house:
        assert (await house.get("/readyz"))[0] == 503
        async with running(house.app):
            assert await house.say("/start")
            methods = {entry.method for entry in house.sandbox.log}
            assert "setWebhook" in methods
            assert not methods & {"getUpdates", "deleteWebhook"}
            assert await house.get("/readyz") == (200, '{"ready": true}')
            assert (await house.get("/healthz"))[0] == 200
            status, figures = await house.get("/metrics")
    assert status == 200
    assert re.search(r'^tg_requests_total\{method="sendMessage",result="ok"\} [1-9]', figures, re.MULTILINE)
    assert 'chats{state="new"} 1.0' in figures
    assert 'send_queue_depth{state="pending"} 0.0' in figures
    assert re.search(r"^process_resident_memory_bytes \d", figures, re.MULTILINE)
    assert TOKEN not in figures


async def test_only_who_knows_the_secret_is_heard(tmp_path: Path) -> None:
    secret = derived_secret(TOKEN)
    async with housed(tmp_path) as house:
        assert await house.post(b"{}", secret) == 503, "before anybody listens Telegram must come again"
        async with running(house.app):
            assert await house.post(b"{}", None) == 403
            assert await house.post(b"{}", "guessed") == 403
            assert await house.post("«".encode(), secret) == 400
            assert await house.post(b"[]", secret) == 400
            assert await house.post(b" " * (LARGEST + 1), secret) == 413
            assert await house.post(b'{"update_id": 1, "message": {"chat": 7}}', secret) == 200
        assert await house.post(b"{}", secret) == 503


async def test_a_secret_that_is_no_text_is_as_wrong_as_any(tmp_path: Path) -> None:
    async with housed(tmp_path) as house:
        host, port = house.address.removeprefix("http://").split(":")
        for secret in (b"\xff\xfe", b"\xed\xb3\xbf", derived_secret(TOKEN).encode() + b"\xff"):
            reader, writer = await asyncio.open_connection(host, int(port))
            head = (b"POST /hook HTTP/1.1", b"Host: bot", b"Content-Length: 2", b"Connection: close")
            writer.write(b"\r\n".join((*head, SECRET_HEADER.encode() + b": " + secret, b"", b"{}")))
            async with asyncio.timeout(PATIENCE):
                answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            assert answer.split(b"\r\n")[0] == b"HTTP/1.1 403 Forbidden"


async def test_long_polling_takes_back_a_webhook_of_before(tmp_path: Path) -> None:
    async with housed(tmp_path, webhook=False) as house:
        async with running(house.app):
            await house.say("/start")
        methods = [entry.method for entry in house.sandbox.log]
        assert methods.index("deleteWebhook") < methods.index("getUpdates")
        assert await house.post(b"{}", derived_secret(TOKEN)) == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK", "http://example.ru/hook"),
        ("WEBHOOK", "https://"),
        ("WEBHOOK_SECRET", "белый кролик"),
    ],
)
def test_a_webhook_that_cannot_work_is_named_before_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTODIGEST_HTTP", "127.0.0.1:8080")
    monkeypatch.setenv(f"AUTODIGEST_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.facts["name"] == f"AUTODIGEST_{name}"


def test_a_webhook_needs_an_address_to_listen_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTODIGEST_HTTP", raising=False)
    monkeypatch.setenv("AUTODIGEST_WEBHOOK", "https://bot.example.ru/hook")
    with pytest.raises(SettingsError, match="settings-rule-http"):
        load_settings()
