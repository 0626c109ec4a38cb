"""The health page: whether the process lives and how much waits, for a supervisor's eyes. JSON over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from feeds.errors import FatalError, StorageError

log = structlog.get_logger(__name__)

Facts = Callable[[], Awaitable[Mapping[str, object]]]


class HealthPage:
    """Serves ``/healthz`` on one address; 200 while the store answers, 503 when it does not."""

    def __init__(self, address: str, facts: Facts) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._facts = facts
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> None:
        """Begin to serve. Raises ``FatalError`` when the address is not to be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise FatalError("port-taken", address=f"{self._host}:{self._port}") from error
        log.info("health page", url=f"http://{self._host}:{self._port}/healthz")

    async def stop(self) -> None:
        """Serve no more."""
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.Response:
        del request
        try:
            return web.json_response({"ok": True, **await self._facts()})
        except StorageError as error:
            return web.json_response({"ok": False, "error": error.key}, status=503)
