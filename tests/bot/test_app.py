"""The composition root between a sandbox and a store: how it begins and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import open_app
from bot.demo import sources_toml
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.newsroom import Newsroom
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.updates import TokenRefusedError
from feeds.clock import utc_now
from feeds.errors import SettingsError, StoreBusyError
from feeds.issue import ChatKind
from tests.e2e.people import until


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, sandbox: Sandbox) -> Settings:
    sources = tmp_path / "sources.toml"
    sources.write_text("sources = []\n", "utf-8")
    values: dict[str, Any] = {
        "token": SecretStr(sandbox.token),
        "api_base": sandbox.url,
        "database": str(tmp_path / "store.db"),
        "sources": sources,
    }
    return Settings(**values)


async def test_it_runs_until_it_is_told_to_stop_and_leaves_nothing_behind(settings: Settings, sandbox: Sandbox) -> None:
    before = asyncio.all_tasks()
    stop, ready = asyncio.Event(), asyncio.Event()
    async with open_app(settings) as app:
        running = asyncio.create_task(app.run(stop, ready=ready.set))
        async with asyncio.timeout(5):
            await ready.wait()
            stop.set()
            await running
    assert any(entry.method.lower() == "getme" for entry in sandbox.log)
    left = asyncio.all_tasks() - before - {running}
    assert {task.get_name() for task in left if not task.done()} == set()


async def test_it_can_be_stopped_while_telegram_is_out_of_reach(settings: Settings) -> None:
    stop = asyncio.Event()
    async with open_app(settings.model_copy(update={"api_base": "http://127.0.0.1:9"})) as app:
        running = asyncio.create_task(app.run(stop))
        await asyncio.sleep(0.3)
        assert not running.done()
        stop.set()
        async with asyncio.timeout(2):
            await running


async def test_feeds_are_polled_and_issues_composed_before_telegram_was_ever_reached(settings: Settings) -> None:
    stop = asyncio.Event()
    async with Newsroom(utc_now) as newsroom, asyncio.timeout(30):
        assert settings.sources is not None
        settings.sources.write_text(sources_toml(newsroom.feeds), "utf-8")
        out_of_reach = {"api_base": "http://127.0.0.1:9", "allow_hosts": frozenset({"127.0.0.1"}), "poll_min": 1.0}
        async with open_app(settings.model_copy(update=out_of_reach)) as app:
            running = asyncio.create_task(app.run(stop))

            async def told() -> bool:
                return bool(await app.store.news.recent_stories(since=utc_now() - timedelta(days=1)))

            async def composed() -> bool:
                return await app.store.outbox.next_due(utc_now()) is not None

            await until(told, "news")
            chat = await app.store.chats.ensure(
                7, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=utc_now()
            )
            await app.store.chats.schedule(chat.id, times=[480], zone="Europe/Moscow", next_at=utc_now())
            app.publish_bell.ring()
            await until(composed, "an issue")
            stop.set()
            await running


async def test_it_waits_for_telegram_to_come_back(settings: Settings, sandbox: Sandbox) -> None:
    sandbox.add_fault(Fault(method="getMe", kind=FaultKind.STATUS, code=502))
    stop, ready = asyncio.Event(), asyncio.Event()
    async with open_app(settings) as app:
        running = asyncio.create_task(app.run(stop, ready=ready.set))
        async with asyncio.timeout(5):
            await ready.wait()
            stop.set()
            await running


async def test_a_token_that_telegram_refuses_ends_it(settings: Settings) -> None:
    async with open_app(settings.model_copy(update={"token": SecretStr("7:of-somebody-else")})) as app:
        with pytest.raises(TokenRefusedError):
            await app.run(asyncio.Event())


async def test_an_address_that_is_not_there_is_a_refused_token_too(settings: Settings) -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    public = web.Application()
    public.router.add_route("*", "/{path:.*}", nothing)
    runner = web.AppRunner(public)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with open_app(settings.model_copy(update={"api_base": address})) as app:
            with pytest.raises(TokenRefusedError):
                await app.run(asyncio.Event())
    finally:
        await runner.cleanup()


async def test_without_a_token_nothing_begins(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        async with open_app(settings.model_copy(update={"token": None})):
            pass
    assert caught.value.key == "token-missing"
    assert not (tmp_path / "store.db").exists()


async def test_two_cannot_have_one_store(settings: Settings) -> None:
    async with open_app(settings):
        with pytest.raises(StoreBusyError):
            async with open_app(settings):
                pass


async def test_what_is_counted_can_be_written_as_json(settings: Settings) -> None:
    async with open_app(settings) as app:
        facts = await app.health()
    assert set(facts) >= {"outbox", "chats"}
    assert web.json_response(facts).status == 200
