"""Addresses under /broken/ that misbehave, one way each, as feeds in the wild do.

For tests of whoever reads feeds. `moved` is the exception that should work: it leads to a good feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

HUGE_BYTES = 50_000_000
_RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
_OPENING = b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Sample</title>\n'
_ITEM = b"<item><title>Sample</title><description>" + b"words " * 10_000 + b"</description></item>\n"
_LOGIN = (
    '<!doctype html>\n<html lang="en"><head><title>Sign in</title></head><body><h1>Please sign in</h1>'
    '<form method="post"><input name="login"><input name="password" type="password"></form></body></html>\n'
)
_CHALLENGE = (
    '<!doctype html>\n<html lang="en"><head><title>Just a moment…</title></head>'
    "<body><p>Checking that you are not a robot.</p></body></html>\n"
)


def broken_routes(good_feed: Callable[[], str]) -> list[web.RouteDef]:
    """Return the routes; `good_feed` gives the address that `/broken/moved` has moved to."""

    async def moved(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": good_feed()})

    handlers = _HANDLERS | {"moved": moved}
    return [web.get(f"/broken/{name}", handler) for name, handler in handlers.items()]


async def _down(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=503, text="Service unavailable\n")


async def _html(_request: web.Request) -> web.StreamResponse:
    return web.Response(text=_LOGIN, content_type="text/html")


async def _empty(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"", headers=_RSS)


async def _notxml(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="Fatal error: database is not available on line 12\n", headers=_RSS)


async def _loop(request: web.Request) -> web.StreamResponse:
    turn = request.query.get("turn", "")
    following = int(turn) + 1 if turn.isdecimal() else 1
    return web.Response(status=302, headers={"Location": f"/broken/loop?turn={following}"})


async def _huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers=_RSS)
    await response.prepare(request)
    sent = len(_OPENING)
    await response.write(_OPENING)
    while sent < HUGE_BYTES:
        await response.write(_ITEM)
        sent += len(_ITEM)
    await response.write_eof()
    return response


async def _hang(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers=_RSS)
    await response.prepare(request)
    for byte in _OPENING + _ITEM:
        await response.write(bytes([byte]))
        await asyncio.sleep(1)
    return response


async def _gone(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=410, text="This feed is no more.\n")


async def _challenge(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=403, text=_CHALLENGE, content_type="text/html", headers={"cf-mitigated": "challenge"})


async def _flood(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=429, text="Too many requests\n", headers={"Retry-After": "30"})


_HANDLERS: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "down": _down,
    "html": _html,
    "empty": _empty,
    "notxml": _notxml,
    "loop": _loop,
    "huge": _huge,
    "hang": _hang,
    "gone": _gone,
    "challenge": _challenge,
    "flood": _flood,
}
