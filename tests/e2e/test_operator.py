"""The program as an operator meets it: another process that starts, works, is stopped, killed and misconfigured."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.i18n import words_for
from bot.sandbox.newsroom import Newsroom, SampleFeed
from tests.e2e.commands import Place, Town, terminate, town
from tests.e2e.minimal import MinimalApi
from tests.e2e.people import Json, until
from tests.stores import lay_store
from tests.waiting import PATIENCE

RU = words_for("ru")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path) as made:
        yield made


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def healthy(address: str) -> Json | None:
    """Ask for the health page; None before it is there."""
    try:
        async with aiohttp.ClientSession() as session, session.get(address) as page:
            body: Json = json.loads(await page.text())
            return body if page.status == 200 else None
    except aiohttp.ClientConnectionError:
        return None


def said(here: Town, user: int) -> list[Json]:
    found = here.sandbox.person.messages(chat_id=user)["messages"]
    return [message for message in found if message["from"]["is_bot"]]


def issues(here: Town, user: int) -> list[Json]:
    return [message for message in said(here, user) if message["text"].startswith("Авто за день")]


async def join(here: Town, name: str = "Анна") -> int:
    user: int = here.sandbox.person.add_person(first_name=name, language_code="ru")["id"]
    here.sandbox.person.say(user_id=user, text="/start")
    return user


async def test_it_runs_on_its_environment_alone_and_ends_in_order_when_told_to(here: Town) -> None:
    address = f"127.0.0.1:{free_port()}"
    async with here.place.with_(http=address).running() as process:
        user = await join(here)
        await here.read()
        page = await until(lambda: healthy(f"http://{address}/healthz"), "the health page")
        assert page["ok"] is True
        assert set(page) >= {"outbox", "chats"}
        await until(lambda: said(here, user), "a welcome")
        here.sandbox.person.say(user_id=user, text="/digest")
        await until(lambda: issues(here, user), "an issue")
        second = await here.place.run("poll")
        assert second.code == 2
        assert second.err.count("\n") == 1
        assert str(process.pid) in second.err
        result = await terminate(process)
    assert result.code == 0
    assert "Traceback" not in result.err
    assert here.place.settings["token"] not in result.out + result.err


async def test_it_ends_at_once_even_while_it_is_being_asked_for_issues(here: Town) -> None:
    async with here.place.running() as process:
        users = [await join(here) for _ in range(12)]
        await here.read()
        for user in users:
            here.sandbox.person.say(user_id=user, text="/digest")
        await until(lambda: issues(here, users[0]), "the first issue")
        result = await terminate(process)
    assert result.code == 0
    assert here.place.rows("SELECT count(*) FROM outbox WHERE state IN ('claimed', 'sending', 'unknown')") == [(0,)]


async def test_five_methods_of_telegram_are_enough_for_it(here: Town) -> None:
    api = MinimalApi()
    app = web.Application()
    app.router.add_route("*", "/bot42:TEST/{method}", api.serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with here.place.with_(api_base=base).running() as process:
            await here.read()
            api.write("/start")
            await until(lambda: api.sent("sendMessage"), "a welcome")
            api.tap("t:0:w:ev:0")
            await until(lambda: api.sent("editMessageText"), "the toggled screen")
            await until(lambda: len(api.sent("answerCallbackQuery")) == 1, "the answer to the tap")
            api.tap("d:mine")
            await until(lambda: len(api.sent("sendMessage")) > 1, "an issue")
            assert "Авто за день" in api.sent("sendMessage")[1]["text"]
            await until(lambda: len(api.sent("answerCallbackQuery")) == 2, "the answer to the tap")
            assert (await terminate(process)).code == 0
    finally:
        await runner.cleanup()
    assert api.unknown


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"token": "43:SECRET-SECRET"}, "AUTODIGEST_TOKEN"), ({"sources": "broken.toml"}, "broken.toml")],
    ids=["no such token", "sources not in TOML"],
)
async def test_what_is_wrong_is_named_in_one_line(here: Town, settings: dict[str, str], named: str) -> None:
    (here.place.folder / "broken.toml").write_text("[[sources\n" * 200, "utf-8")
    result = await here.place.with_(**settings).run("run")
    assert result.code == 2
    assert named in result.err.splitlines()[-1]
    assert result.err.count("\n") == 1
    assert "SECRET" not in result.out + result.err


async def test_polling_again_and_again_stores_nothing_twice(here: Town) -> None:
    place = here.place.with_(poll_min="0.01")
    names = {feed.name for feed in here.newsroom.feeds}
    count = "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM stories)"
    first = await place.run("poll")
    assert first.code == 0
    assert names == {line.partition(":")[0] for line in first.out.splitlines()[:-1]}
    stored = place.rows(count)
    for _ in range(2):
        again = await place.run("poll")
        assert again.code == 0
        assert names == {line.partition(":")[0] for line in again.out.splitlines()[:-1]}
    assert place.rows(count) == stored


PLAIN: Any = {"lang": "ru", "topics": (), "opinion_headings": ()}
REASONS = {
    "down": RU("failure-http", status=503),
    "html": RU("failure-html"),
    "empty": RU("failure-empty"),
    "notxml": RU("failure-not-a-feed"),
    "loop": RU("failure-redirects"),
    "huge": RU("failure-too-large"),
    "hang": RU("failure-timeout"),
    "gone": RU("failure-gone"),
    "challenge": RU("failure-challenge"),
    "flood": RU("failure-http", status=429),
}


async def test_each_broken_source_is_named_with_its_own_reason_and_one_that_moved_is_read(here: Town) -> None:
    clock = here.sandbox.clock
    # Who answers 429 or 503 closes their whole house for a while: these two have houses of their own.
    async with Newsroom(clock) as down, Newsroom(clock) as flood:
        houses = {"down": down.url, "flood": flood.url}
        feeds = [
            SampleFeed(name=name, url=f"{houses.get(name, here.newsroom.url)}/broken/{name}", **PLAIN)
            for name in REASONS
        ]
        here.place.write_sources(*feeds)
        result = await here.place.run("poll", seconds=2 * PATIENCE)
        # The one that hangs does so for half a minute each time.
        moved = SampleFeed(name="moved", url=f"{here.newsroom.url}/broken/moved", **PLAIN)
        here.place.write_sources(moved, *(feed for feed in feeds if feed.name in ("html", "down")))
        again = await here.place.run("poll")
    lines = dict(line.partition(": ")[::2] for line in result.out.splitlines())
    for name, reason in REASONS.items():
        assert reason in lines[name], name
    assert result.code == 1
    # Not asked again so soon, but whoever looks again reads that they failed.
    rested = dict(line.partition(": ")[::2] for line in again.out.splitlines())
    assert RU("failure-html") in rested["html"]
    assert RU("failure-http", status=503) in rested["down"]
    assert "новых" in rested["moved"]
    assert again.code == 0


async def test_the_preview_shows_the_same_news_in_every_form(here: Town) -> None:
    empty = await here.place.run("preview")
    assert empty.code in (1, 2)
    assert "autodigest poll" in empty.err
    assert (await here.place.run("poll")).code == 0
    without_token = here.place.with_(token="")
    for form, out in (("digest", "terminal"), ("card", "html"), ("brief", "telegram")):
        arguments = ("--format", form, "--out", out)
        result = await without_token.run("preview", *arguments)
        assert result.code == 0, result.err
        assert "Leapmotor" in result.out
        assert result.err == ""
        assert ("</" in result.out) == (out != "terminal")


async def test_the_check_says_what_is_in_place_and_what_is_not(here: Town) -> None:
    await lay_store(here.place.database)
    good = await here.place.run("check")
    assert good.code == 0, good.out
    assert "@sandbox_bot" in good.out
    refused = await here.place.with_(token="43:SECRET-SECRET").run("check")
    assert refused.code == 2
    assert "SECRET" not in refused.out + refused.err


@pytest.mark.parametrize(("lang", "off"), [("ru", "Выключить — /stop"), ("en", "To turn off: /stop")])
async def test_the_demo_goes_its_whole_way_by_itself(tmp_path: Path, lang: str, off: str) -> None:
    result = await Place(folder=tmp_path).run("demo", "--once", "--lang", lang, seconds=2 * PATIENCE)
    assert result.code == 0, result.err
    # The issue that asked stays, its question is answered.
    assert words_for(lang)("ask-subscribe") not in result.out
    assert off in result.out
    assert "│ " in result.out
    assert not os.listdir(tmp_path)  # noqa: PTH208  one glance
