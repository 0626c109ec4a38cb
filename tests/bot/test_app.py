"""The composition root between a sandbox and a store: how it begins and how it ends."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
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
from feeds.errors import FatalError, SettingsError, StoreBusyError
from feeds.issue import ChatKind, OutboxState
from feeds.model import StoryId
from storage import open_storage
from storage.desk import DeskCard
from tests.e2e.people import until
from tests.storage.conftest import SERVER, address, cut_off, make_schema, run
from tests.storage.samples import POLLED, active_chat, add_source, draft, issue, item
from tests.waiting import PATIENCE


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
        async with asyncio.timeout(PATIENCE):
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
        async with asyncio.timeout(PATIENCE):
            await running


async def test_feeds_are_polled_and_issues_composed_before_telegram_was_ever_reached(settings: Settings) -> None:
    stop = asyncio.Event()
    async with Newsroom(utc_now) as newsroom, asyncio.timeout(PATIENCE):
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


async def test_what_an_older_version_stored_is_found_by_todays_words_soon_after_the_start(settings: Settings) -> None:
    async with await open_storage(settings.database) as store:
        source, now = await add_source(store), utc_now()
        told = item(source.id, "a", title="Скидок больше нет", published_at=now)
        await store.news.commit_poll(source.id, POLLED, drafts=[draft(told)], now=now)
    with closing(sqlite3.connect(settings.database)) as older:
        older.execute("UPDATE item_words SET title = '', words = '', reading = 0")
        older.commit()
    stop = asyncio.Event()
    async with open_app(settings) as app, asyncio.timeout(PATIENCE):
        assert not await app.store.search.find("скидка")
        running = asyncio.create_task(app.run(stop))

        async def found() -> bool:
            return bool(await app.store.search.find("скидка"))

        await until(found, "the archive is read anew")
        stop.set()
        await running


async def test_it_waits_for_telegram_to_come_back(settings: Settings, sandbox: Sandbox) -> None:
    sandbox.add_fault(Fault(method="getMe", kind=FaultKind.STATUS, code=502))
    stop, ready = asyncio.Event(), asyncio.Event()
    async with open_app(settings) as app:
        running = asyncio.create_task(app.run(stop, ready=ready.set))
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
            stop.set()
            await running


async def test_it_ends_within_ten_seconds_though_requests_hang(settings: Settings, sandbox: Sandbox) -> None:
    sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.SLOW, seconds=60, times=9))
    stop = asyncio.Event()
    async with await open_storage(settings.database) as store:
        for number in (1, 2):
            await store.outbox.commit_issues([issue(await active_chat(store, number))], now=utc_now())
    clock = asyncio.get_running_loop().time
    async with open_app(settings) as app:
        running = asyncio.create_task(app.run(stop))
        await until(lambda: app.ready, "Telegram")
        sandbox.person.say(user_id=sandbox.person.add_person(first_name="Анна")["id"], text="/start")
        await until(lambda: sum(entry.method.lower() == "sendmessage" for entry in sandbox.log) == 3, "requests")
        told = clock()
        stop.set()
        await running
    assert clock() - told < 10
    async with await open_storage(settings.database) as store:
        counts = await store.outbox.counts()
    assert counts[OutboxState.SENDING] == counts[OutboxState.CLAIMED] == 0


async def test_a_token_that_telegram_refuses_ends_it(settings: Settings) -> None:
    async with open_app(settings.model_copy(update={"token": SecretStr("7:of-somebody-else")})) as app:
        with pytest.raises(TokenRefusedError):
            await app.run(asyncio.Event())


@pytest.mark.skipif(not SERVER, reason="AUTODIGEST_TEST_POSTGRES is not set")
async def test_a_server_that_lets_go_of_the_store_ends_it(settings: Settings) -> None:
    schema, ready = await make_schema(), asyncio.Event()
    try:
        async with open_app(settings.model_copy(update={"database": address(schema)})) as app:
            running = asyncio.create_task(app.run(asyncio.Event(), ready=ready.set))
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
                await cut_off(app.store)
                app.held_bell.ring()
                with pytest.raises(FatalError, match="store-lost"):
                    await running
    finally:
        await run(f"DROP SCHEMA {schema} CASCADE")


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


async def test_what_the_desk_needs_no_more_is_tidied_away(settings: Settings) -> None:
    stop, ready, now = asyncio.Event(), asyncio.Event(), utc_now()
    async with open_app(settings) as app, asyncio.timeout(PATIENCE):
        desk = app.store.desk
        for story, at in ((1, now - timedelta(days=91)), (2, now - timedelta(days=89))):
            await desk.ask({StoryId(story): at}, now=at)
            await desk.show(DeskCard(story_id=StoryId(story), user_id=7, message_id=story), now=at)
        running = asyncio.create_task(app.run(stop, ready=ready.set))
        await ready.wait()
        app.tidy_bell.ring()

        async def tidied() -> bool:
            return not await desk.cards(StoryId(1))

        await until(tidied, "the old card to go")
        kept = [await app.store.opinions.get(StoryId(story)) for story in (1, 2)]
        assert [one is not None for one in kept] == [False, True]
        assert len(await desk.cards(StoryId(2))) == 1
        stop.set()
        await running
