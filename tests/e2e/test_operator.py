"""The program as an operator meets it: another process that starts, works, is stopped, killed and misconfigured."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.i18n import words_for
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.newsroom import Newsroom, SampleFeed
from storage import open_storage
from tests.e2e.commands import Place, Town, terminate, town
from tests.e2e.minimal import MinimalApi
from tests.e2e.people import Json, until

RU = words_for("ru")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path) as made:
        yield made


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
    async with here.place.running() as process:
        user = await join(here)
        await here.read()
        await until(lambda: said(here, user), "a welcome", seconds=30)
        here.sandbox.person.say(user_id=user, text="/digest")
        await until(lambda: issues(here, user), "an issue")
        second = await here.place.run("run")
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
        await until(lambda: issues(here, users[0]), "the first issue", seconds=30)
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
            await until(lambda: api.sent("sendMessage"), "a welcome", seconds=30)
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


async def test_kills_in_the_middle_of_a_broadcast_send_nothing_twice_and_forget_nobody(here: Town) -> None:
    async with here.place.running() as process:
        users = [await join(here, f"Читатель {number}") for number in range(20)]
        await here.read()
        await until(lambda: all(said(here, user) for user in users), "the welcomes", seconds=30)
        assert (await terminate(process)).code == 0
    await make_due(here.place, users)
    here.sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.SLOW, seconds=0.1, times=10_000))
    for sent in (1, 6, 12):
        async with here.place.running() as process:
            await until(lambda least=sent: arrived(here, users) >= least, f"{sent} issues", seconds=30)  # type: ignore[misc]
            process.kill()
            await process.wait()
    async with here.place.running() as process:
        await until(lambda: here.place.rows(OPEN) == [(0,)], "the end of the broadcast", seconds=30)
        assert (await terminate(process)).code == 0
    counts = [len(issues(here, user)) for user in users]
    assert max(counts) == 1
    held = here.place.rows(
        "SELECT c.telegram_id FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.state = 'unknown'"
    )
    missing = {user for user, count in zip(users, counts, strict=True) if count == 0}
    assert missing <= {user for (user,) in held}
    assert here.place.rows("SELECT count(*) FROM outbox") == [(20,)]


OPEN = "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'unknown')"


def arrived(here: Town, users: list[int]) -> int:
    return sum(bool(issues(here, user)) for user in users)


async def make_due(place: Place, users: list[int]) -> None:
    """Subscribe everybody to an issue that was due a minute ago."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    async with await open_storage(str(place.database)) as store:
        for user in users:
            chat = await store.chats.by_telegram_id(user)
            assert chat is not None
            await store.chats.schedule(chat.id, times=(480,), zone=chat.zone, next_at=due)


WRONG = {
    "no token": ({"token": ""}, "AUTODIGEST_TOKEN"),
    "no such token": ({"token": "43:SECRET-SECRET"}, "AUTODIGEST_TOKEN"),
    "not a token": ({"token": "SECRET-SECRET"}, "AUTODIGEST_TOKEN"),
    "not a number": ({"poll_min": "часто"}, "AUTODIGEST_POLL_MIN"),
    "no such zone": ({"timezone": "Mars/Base"}, "AUTODIGEST_TIMEZONE"),
    "no such language": ({"lang": "de"}, "AUTODIGEST_LANG"),
    "not an address": ({"api_base": "telegram"}, "AUTODIGEST_API_BASE"),
    "no sources file": ({"sources": "nowhere.toml"}, "nowhere.toml"),
    "sources not in TOML": ({"sources": "broken.toml"}, "broken.toml"),
    "a source without an address": ({"sources": "wrong.toml"}, "url"),
    "no such kind of store": ({"database": "mysql://localhost/news"}, "AUTODIGEST_DATABASE"),
    "a folder for a store": ({"database": "."}, ""),
    "a store that is none": ({"database": "broken.toml"}, ""),
}


@pytest.mark.parametrize(("settings", "named"), WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_named_in_one_line(here: Town, settings: dict[str, str], named: str) -> None:
    (here.place.folder / "broken.toml").write_text("[[sources\n" * 200, "utf-8")
    (here.place.folder / "wrong.toml").write_text('[[sources]]\nname = "А"\nlang = "ru"\n', "utf-8")
    result = await here.place.with_(**settings).run("run")
    assert result.code == 2
    assert named in result.err.splitlines()[-1]
    assert result.err.count("\n") == 1
    assert "SECRET" not in result.out + result.err


async def test_polling_ten_times_stores_nothing_twice(here: Town) -> None:
    place = here.place.with_(poll_min="0.01")
    names = {feed.name for feed in here.newsroom.feeds}
    count = "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM stories)"
    first = await place.run("poll")
    assert first.code == 0
    assert names == {line.partition(":")[0] for line in first.out.splitlines()[:-1]}
    stored = place.rows(count)
    for _ in range(9):
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


async def test_each_broken_source_is_named_with_its_own_reason(here: Town) -> None:
    clock = here.sandbox.clock
    # Who answers 429 or 503 closes their whole house for a while: these two have houses of their own.
    async with Newsroom(clock) as down, Newsroom(clock) as flood:
        houses = {"down": down.url, "flood": flood.url}
        feeds = [
            SampleFeed(name=name, url=f"{houses.get(name, here.newsroom.url)}/broken/{name}", **PLAIN)
            for name in REASONS
        ]
        here.place.write_sources(*feeds)
        result = await here.place.run("poll", seconds=90)
    lines = dict(line.partition(": ")[::2] for line in result.out.splitlines())
    for name, reason in REASONS.items():
        assert reason in lines[name], name
    assert result.code == 1


async def test_a_source_that_moved_is_read_all_the_same(here: Town) -> None:
    here.place.write_sources(SampleFeed(name="Переехал", url=f"{here.newsroom.url}/broken/moved", **PLAIN))
    result = await here.place.run("poll")
    assert "новых" in result.out.splitlines()[0]
    assert result.code == 0


async def test_the_preview_shows_the_same_news_in_every_form(here: Town) -> None:
    empty = await here.place.run("preview")
    assert empty.code in (1, 2)
    assert "autodigest poll" in empty.err
    assert (await here.place.run("poll")).code == 0
    without_token = here.place.with_(token="")
    commands = [
        ("--format", form, "--out", out) for form in ("digest", "card") for out in ("terminal", "html", "telegram")
    ]
    for arguments in commands:
        result = await without_token.run("preview", *arguments)
        assert result.code == 0, result.err
        assert "Leapmotor" in result.out
        assert result.err == ""
        assert ("<blockquote" in result.out) == ("terminal" not in arguments)
    chosen = await without_token.run("preview", "--topics", "чери,законы", "--lang", "ru")
    assert chosen.code in (0, 1, 2)
    assert "Traceback" not in chosen.err
    unknown = await without_token.run("preview", "--topics", "щзщзщз")
    assert unknown.code == 2
    assert "щзщзщз" in unknown.err


async def test_the_check_says_what_is_in_place_and_what_is_not(here: Town) -> None:
    assert (await here.place.run("poll")).code == 0
    good = await here.place.run("check")
    assert good.code == 0, good.out
    assert "@sandbox_bot" in good.out
    assert (await here.place.with_(token="").run("check", "--offline")).code == 1
    refused = await here.place.with_(token="43:SECRET-SECRET").run("check")
    assert refused.code == 2
    assert "SECRET" not in refused.out + refused.err
    assert (await here.place.with_(sources="nowhere.toml").run("check", "--offline")).code == 2


async def test_the_demo_goes_its_whole_way_by_itself(tmp_path: Path) -> None:
    result = await Place(folder=tmp_path).run("demo", "--once", seconds=60)
    assert result.code == 0, result.err
    assert RU("ask-subscribe") in result.out
    assert "│ " in result.out
    assert not os.listdir(tmp_path)  # noqa: PTH208  one glance


async def test_the_health_page_counts_what_waits(here: Town) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with here.place.with_(http=f"127.0.0.1:{port}").running(), aiohttp.ClientSession() as session:

        async def healthy() -> Json | None:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as page:
                    body: Json = json.loads(await page.text())
                    return body if page.status == 200 else None
            except aiohttp.ClientConnectionError:
                return None

        page = await until(healthy, "the health page", seconds=30)
        assert page["ok"] is True
        assert set(page) >= {"outbox", "chats"}
