"""The Bot API's door: token, method, rates and faults, then the method itself; everything is written down.

Knows HTTP and the shape of an answer; what a method does is in the rooms that own it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox import chats, editing, files, inline, queries, sending
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.limits import RateMeter
from bot.sandbox.parameters import Parameters, read_parameters
from bot.sandbox.profile import Profile
from bot.sandbox.refusals import METHOD_NOT_FOUND, NOT_FOUND, UNAUTHORIZED, Refusal, too_many_requests
from bot.sandbox.state import World
from bot.sandbox.webhook import Webhook

LOG_LENGTH = 10_000
METERED = ("send", "edit", "copy", "forward")
GATEWAY_PAGE = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
UNMETERED = frozenset({"sendchataction"})


@dataclass(slots=True, kw_only=True)
class LogEntry:
    """One request of the bot; `answer` is the whole body, None while it is under way or when it was cut off."""

    time: float  # Unix seconds by the sandbox's clock
    method: str
    parameters: dict[str, Any]
    ms: float = 0.0  # how long it took, in real milliseconds
    answer: dict[str, Any] | None = None


@dataclass(kw_only=True, eq=False)
class BotApi:
    """Answers the requests of one bot."""

    world: World
    token: str
    profile: Profile
    webhook: Webhook
    faults: Faults = field(default_factory=Faults)
    meter: RateMeter | None = None
    log: deque[LogEntry] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))

    def __post_init__(self) -> None:
        own = {"logOut": say_true, "close": say_true}
        rooms = (chats.METHODS, editing.METHODS, files.METHODS, inline.METHODS, queries.METHODS, sending.METHODS)
        groups = (*rooms, self.profile.methods(), self.webhook.methods(), own)
        self._methods = {name.lower(): (name, method) for group in groups for name, method in group.items()}
        self.webhook.perform = self.perform

    async def perform(self, method: str, call: Parameters) -> Any:
        """Run a method and return its result.

        Raises Refusal: what the Bot API would answer, 404 for an unknown method.
        """
        known = self._methods.get(method.lower())
        if known is None:
            raise METHOD_NOT_FOUND
        self._check_rate(method.lower(), call)
        result = known[1](self.world, call)
        return await result if inspect.isawaitable(result) else result

    def _check_rate(self, method: str, call: Parameters) -> None:
        if self.meter is None or not method.startswith(METERED) or method in UNMETERED:
            return
        chat_id = call.integer("chat_id")
        if chat_id and (wait := self.meter.admit(chat_id)) is not None:
            raise too_many_requests(wait)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request for /bot<token>/<method>."""
        if request.match_info["token"] != self.token:
            return reply(UNAUTHORIZED.body())
        method = request.match_info["method"]
        known = self._methods.get(method.lower())
        try:
            call = await read_parameters(request)
        except Refusal as refusal:
            return reply(refusal.body())
        name = known[0] if known else method
        entry = LogEntry(time=self.world.clock.now().timestamp(), method=name, parameters=call.logged())
        self.log.append(entry)
        fault = self.faults.take(name, call.text("chat_id"))
        if fault is not None and fault.kind is FaultKind.DROP_BEFORE:
            return hung_up(request)
        if fault is not None and fault.kind is FaultKind.PAGE:
            return web.Response(text=GATEWAY_PAGE, status=fault.code, content_type="text/html")
        began = time.perf_counter()
        body = await self._body(name, call, fault)
        entry.ms = round((time.perf_counter() - began) * 1000, 2)
        if fault is not None and fault.kind is FaultKind.DROP_AFTER:
            return hung_up(request)
        if fault is not None and fault.kind is FaultKind.HALF_ANSWER:
            return await half_answered(request, body)
        entry.answer = body
        return reply(body)

    async def _body(self, method: str, call: Parameters, fault: Fault | None) -> dict[str, Any]:
        try:
            if fault is not None and fault.kind in {FaultKind.STATUS, FaultKind.RETRY_AFTER}:
                raise fault.refusal()
            body = {"ok": True, "result": await self.perform(method, call)}
        except Refusal as refusal:
            body = refusal.body()
        # The work came first: what a client gave up waiting for is done all the same.
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        return body

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        """Answer a download of /file/bot<token>/files/<file id>."""
        stored = self.world.files.get(request.match_info["file_id"])
        if request.match_info["token"] != self.token or stored is None:
            return reply(NOT_FOUND.body())
        return web.Response(body=stored.content, content_type=stored.content_type)


def say_true(_world: World, _call: Parameters) -> bool:
    return True


def reply(body: dict[str, Any]) -> web.Response:
    """Wrap a body as the server does: the status repeats the code, a flood its Retry-After."""
    headers = {}
    if retry_after := body.get("parameters", {}).get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    return web.json_response(body, status=body.get("error_code", 200), headers=headers)


def hung_up(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def half_answered(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Send half of an answer, then close the connection."""
    raw = json.dumps(body).encode()
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(raw))})
    await answer.prepare(request)
    await answer.write(raw[: len(raw) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer
