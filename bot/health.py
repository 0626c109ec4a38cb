"""The operator's pages: ``/healthz`` (it lives), ``/readyz`` (it serves), ``/metrics``; the webhook stands beside them.

For a supervisor's eyes, on an address of their own choice; nothing here names a person or a token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from aiohttp import web

from feeds.errors import FatalError, StorageError

log = structlog.get_logger(__name__)

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Facts = Callable[[], Awaitable[Mapping[str, object]]]


class HealthPage:
    """Serves on one address; ``/healthz`` is 200 while the store answers, 503 when it does not.

    ``/readyz`` is 503 until ``ready``; ``metrics`` writes the figures; ``routes`` are others' business.
    """

    def __init__(
        self,
        address: str,
        facts: Facts,
        *,
        ready: Callable[[], bool] = lambda: True,
        metrics: Callable[[], Awaitable[bytes]] | None = None,
        routes: Sequence[web.RouteDef] = (),
    ) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._facts = facts
        self._ready = ready
        self._metrics = metrics
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/readyz", self._readyz), *routes])
        if metrics is not None:
            app.router.add_get("/metrics", self._figures)
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

    async def _readyz(self, request: web.Request) -> web.Response:
        del request
        ready = self._ready()
        return web.json_response({"ready": ready}, status=200 if ready else 503)

    async def _figures(self, request: web.Request) -> web.Response:
        del request
        if self._metrics is None:
            return web.Response(status=404)
        try:
            return web.Response(body=await self._metrics(), headers={"Content-Type": METRICS_TYPE})
        except StorageError:
            return web.Response(status=503)
