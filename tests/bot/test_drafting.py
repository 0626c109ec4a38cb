"""A language model over HTTP: what servers answer, and what they do instead."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.drafting import Endpoint, make_drafter
from bot.settings import Settings
from feeds.drafts import Draft, Drafter, NoDraft, Reason

OPINION = "For a family that is a lot of money: the Kestrel now costs 31,500 pounds, and rivals offer more range."


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    title: str = "Kestrel prices announced"
    text: str = (
        "The Kestrel, a family crossover with a battery of 60 kWh, will cost 31,500 pounds when sales start in March."
        " Its range is 380 kilometres; rivals offer more range for the money, says its own study of family cars."
        " It is the second rise of a year."
    )
    lang: str = "en"


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Serve chat completions on a free port of this machine."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


def completion(content: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}


async def drafted(handler: Handler, *, timeout: float = 5.0, key: str | None = None) -> Draft | NoDraft:
    async with serving(handler) as url:
        return await Drafter(Endpoint(url=url, model="small", key=key, timeout=timeout)).draft_opinion(Article())


def saying(content: object, *, status: int = 200) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(completion(content), status=status)

    return handler


async def test_a_right_answer_is_a_draft() -> None:
    assert await drafted(saying(OPINION)) == Draft(text=OPINION, label="model")


async def test_a_server_is_asked_once_with_the_model_the_key_and_the_article_as_data() -> None:
    asked: list[tuple[str | None, dict[str, Any]]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append((request.headers.get("Authorization"), await request.json()))
        return web.json_response(completion("Wrong: 99 horses."))

    assert isinstance(await drafted(handler, key="sk-nothing"), NoDraft)
    ((key, body),) = asked
    assert key == "Bearer sk-nothing"
    assert (body["model"], body["stream"]) == ("small", False)
    assert [turn["role"] for turn in body["messages"]] == ["system", "user"]
    assert "Kestrel" not in body["messages"][0]["content"]


async def test_wrong_numbers_are_refused() -> None:
    assert await drafted(saying(OPINION.replace("31,500", "29,900"))) == NoDraft(
        reason=Reason.MADE_UP, facts=("29900",)
    )


async def test_a_servers_failure_is_told_with_its_words() -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "out of\nmemory"}}, status=500)

    assert await drafted(handler) == NoDraft(reason=Reason.REFUSED, facts=("500", "out of memory"))


async def test_a_slow_server_is_not_waited_for() -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    started = asyncio.get_running_loop().time()
    assert await drafted(handler, timeout=0.2) == NoDraft(reason=Reason.LATE)
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_server_that_trickles_is_not_waited_for_either() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(300):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    assert await drafted(handler, timeout=0.4) == NoDraft(reason=Reason.LATE)


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"[]", b"{}", b'{"choices": []}', b"\xff\xfe", b"[" * 60_000])
async def test_garbage_is_garbage(body: bytes) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    assert await drafted(handler) == NoDraft(reason=Reason.GARBLED)


async def test_no_text_is_no_draft() -> None:
    assert await drafted(saying(None)) == NoDraft(reason=Reason.EMPTY)
    assert await drafted(saying([{"type": "text"}])) == NoDraft(reason=Reason.GARBLED)


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    written = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(2000):
            await response.write(b"x" * 65536)
            written += 1
        return response

    assert await drafted(handler) == NoDraft(reason=Reason.GARBLED)
    assert written < 500


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("https://elsewhere.example/v1/chat/completions")

    found = await drafted(handler, key="sk-nothing")
    assert found == NoDraft(reason=Reason.REFUSED, facts=("307", ""))


async def test_nobody_there_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = await Drafter(Endpoint(url=f"http://127.0.0.1:{port}/v1", model="small")).draft_summary(Article())
    assert isinstance(found, NoDraft)
    assert found.reason is Reason.UNREACHABLE


async def test_a_short_article_is_not_sent_anywhere() -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        raise AssertionError

    async with serving(handler) as url:
        found = await Drafter(Endpoint(url=url, model="small")).draft_opinion(Article(text="Soon."))
    assert found == NoDraft(reason=Reason.TOO_SHORT)


async def test_it_is_off_unless_set_up() -> None:
    assert make_drafter(Settings()).model is None
    settings = Settings(llm_url="http://127.0.0.1:1/v1/", llm_model=" small ", llm_key=SecretStr("sk-nothing"))
    drafter = make_drafter(settings)
    assert drafter.model == Endpoint(url="http://127.0.0.1:1/v1", model="small", key="sk-nothing")
    assert "sk-nothing" not in f"{drafter!r} {settings!r}"
