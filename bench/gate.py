"""A gate before the sandbox that kills the process behind a request: before the request goes on, or after it did."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import ClientError, ClientSession, web

from bot.sandbox.server import Sandbox


class Gate:
    """Stands before the sandbox and kills the process at an ordered request of one method."""

    def __init__(self, sandbox: Sandbox, *, method: str = "sendMessage") -> None:
        self._sandbox = sandbox
        self._method = method.lower()
        self._process: asyncio.subprocess.Process | None = None
        self._order: tuple[str, int] | None = None
        self.sends = asyncio.Event()
        self.url = ""

    def watch(self, process: asyncio.subprocess.Process, order: tuple[str, int] | None) -> None:
        """Watch a process; ``order`` is where to kill it, and at which of its requests from now on."""
        self._process, self._order = process, order
        self.sends.clear()

    @contextlib.asynccontextmanager
    async def open(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Listen, until the end of the block."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=False, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._client = ClientSession()
        try:
            yield self
        finally:
            await self._client.close()
            await runner.cleanup()

    async def _pass(self, request: web.Request) -> web.Response:
        body = await request.read()
        sends = request.path.lower().endswith(f"/{self._method}")
        if sends:
            self.sends.set()
            self._kill("before request")
        headers = {"Content-Type": request.headers.get("Content-Type", "application/json")}
        url = self._sandbox.url + request.path_qs
        try:
            async with self._client.request(request.method, url, data=body, headers=headers) as answer:
                content = await answer.read()
        except ClientError:
            # The sandbox closes while a long poll is under way.
            return web.Response(status=502)
        if sends:
            self._kill("after request", count=True)
        return web.Response(body=content, status=answer.status, content_type="application/json")

    def _kill(self, moment: str, *, count: bool = False) -> None:
        if self._order is None or self._process is None:
            return
        point, left = self._order
        if point == moment and left <= 1:
            self._order = None
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        elif count or point == "before request":
            self._order = (point, left - 1)
