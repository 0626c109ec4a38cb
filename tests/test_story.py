"""Real feeds, as newsrooms served them, go the whole way: poll, store, digest, message, and Telegram's own reading."""

from __future__ import annotations

import asyncio
import html
import os
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import App, open_app
from bot.sandbox.clock import TurnableClock
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from feeds.issue import OutboxState
from feeds.parse import parse_feed
from tests.e2e.people import numbered, until

CORPUS = os.environ.get("AUTODIGEST_CORPUS", "")
FEEDS = sorted(Path(CORPUS, "feeds", "real").glob("*.xml")) if CORPUS else []
TOKEN = "42:TEST"
TAG, OPENING = re.compile(r"<[^>]+>"), re.compile(r"<[a-z]")
DETECTED = {"url", "hashtag", "mention", "email", "bot_command", "cashtag", "phone_number"}
"""What Telegram finds in a text by itself."""

if not FEEDS:
    pytest.skip("AUTODIGEST_CORPUS is not set", allow_module_level=True)


@pytest.fixture
async def address(feed: Path) -> AsyncIterator[str]:
    """Serve a feed on loopback."""
    body = await asyncio.to_thread(feed.read_bytes)

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/feed.xml", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/feed.xml"
    await runner.cleanup()


def newest(feed: Path) -> datetime | None:
    """Find the moment of a feed's newest entry, by which the clock is set."""
    parsed: Any = parse_feed(feed.read_bytes(), now=TurnableClock().now())
    return max((entry.published for entry in getattr(parsed, "entries", ()) if entry.published), default=None)


def seen(html_text: str) -> str:
    """Return what a reader sees of a message in Telegram's HTML."""
    return html.unescape(TAG.sub("", html_text)).strip()


@pytest.mark.parametrize("feed", FEEDS, ids=[feed.stem for feed in FEEDS])
async def test_a_real_feed_arrives_as_a_message_whole(feed: Path, address: str, tmp_path: Path) -> None:
    clock = TurnableClock()
    if moment := newest(feed):
        clock.set(moment + timedelta(minutes=5))
    sources = tmp_path / "sources.toml"
    sources.write_text(
        f'[[sources]]\nname = "Редакция & <Ко>"\nurl = "{address}"\nlang = "ru"\nfull_text = "feed"\n', "utf-8"
    )
    async with Sandbox(clock=clock, token=TOKEN) as sandbox:
        settings = Settings(
            token=SecretStr(TOKEN),
            api_base=sandbox.url,
            database=str(tmp_path / "news.db"),
            sources=sources,
            allow_hosts=frozenset({"127.0.0.1"}),
        )
        person = sandbox.person.add_person(first_name="Анна")["id"]
        sandbox.person.say(user_id=person, text="/start")
        async with open_app(settings, clock=clock) as app:
            stop = asyncio.Event()
            running = asyncio.create_task(app.run(stop))
            await until(lambda: _polled(app), "the poll")
            assert (await app.store.news.counts()).items
            sandbox.person.say(user_id=person, text="/digest")
            await until(lambda: _settled(app), "the issue to be sent")
            stop.set()
            await running
        sent = [one.parameters["text"] for one in sandbox.log if one.method == "sendMessage"]
        refused = [one.answer for one in sandbox.log if one.answer and not one.answer["ok"]]
        arrived = [one for one in sandbox.person.messages(chat_id=person)["messages"] if one["from"]["is_bot"]]
    assert refused == []
    assert len(sent) == len(arrived) >= 2
    assert numbered(arrived[1])
    for text, message in zip(sent, arrived, strict=True):
        assert message["text"] == seen(text)
        assert len([one for one in message["entities"] if one["type"] not in DETECTED]) == len(OPENING.findall(text))


async def _polled(app: App) -> bool:
    sources = await app.store.news.sources()
    assert [source.poll.failure for source in sources] == [None]
    return all(source.poll.polled_at for source in sources)


async def _settled(app: App) -> bool:
    counts = await app.store.outbox.counts()
    assert not counts.get(OutboxState.REFUSED)
    return bool(counts.get(OutboxState.SENT))
