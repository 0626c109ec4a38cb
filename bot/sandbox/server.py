"""The sandbox as one object: start it, talk to it over HTTP, act as a person, turn its clock, stop it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.api import BotApi, LogEntry
from bot.sandbox.clock import TurnableClock
from bot.sandbox.faults import Fault
from bot.sandbox.limits import UPLOAD_BYTES, RateMeter
from bot.sandbox.person import People
from bot.sandbox.profile import Profile
from bot.sandbox.refusals import NOT_FOUND
from bot.sandbox.routes import PAGE_ROUTES, Control, PersonRoutes, plain_errors
from bot.sandbox.state import World
from bot.sandbox.webhook import Webhook

HOST = "127.0.0.1"


class Sandbox:
    """A local Telegram with one bot. `person` is the person's side; `log` every request the bot has made."""

    def __init__(
        self,
        clock: TurnableClock | None = None,
        token: str = "42:TEST",  # noqa: S107 - opens nothing outside this process
        *,
        enforce_limits: bool = False,
        username: str = "sandbox_bot",
        first_name: str = "Sandbox",
        webhook_pause: float = 1.0,
        zone: str | None = None,
    ) -> None:
        self.clock = clock or TurnableClock()
        self.token = token
        bot_id = int(token.partition(":")[0])
        self.world = World(clock=self.clock, bot_id=bot_id, username=username, first_name=first_name, zone=zone)
        self._profile = Profile()
        self._webhook = Webhook(self.world, first_pause=webhook_pause)
        self._api = BotApi(
            world=self.world,
            token=token,
            profile=self._profile,
            webhook=self._webhook,
            meter=RateMeter() if enforce_limits else None,
        )
        self.person = People(self.world, self._profile)
        self._controls: dict[str, Control] = {}
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def log(self) -> list[LogEntry]:
        """Return every request of the bot, oldest first (the last 10,000)."""
        return list(self._api.log)

    def add_fault(self, fault: Fault) -> None:
        """Order a trouble for coming requests."""
        self._api.faults.add(fault)

    def clear_faults(self) -> None:
        """Cancel the troubles that are left."""
        self._api.faults.clear()

    def add_control(
        self, control_id: str, label: dict[str, str], hint: dict[str, str], action: Callable[[str], Awaitable[str]]
    ) -> None:
        """Put a button beside the chat; texts are by language, the action returns what to tell the person."""
        self._controls[control_id] = Control(id=control_id, label=label, hint=hint, action=action)

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one. `url` is known afterwards."""
        application = web.Application(client_max_size=2 * UPLOAD_BYTES, middlewares=[plain_errors])
        application.add_routes(PersonRoutes(self._api, self.person, self._controls).table())
        application.router.add_route("*", "/bot{token}/{method}", self._api.serve)
        application.router.add_get("/file/bot{token}/files/{file_id}", self._api.serve_file)
        application.router.add_route("*", "/bot{rest:.*}", nothing_here)
        application.add_routes(PAGE_ROUTES)
        # A long poll must not outlive the server that holds it.
        self._runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self._webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def nothing_here(_request: web.Request) -> web.Response:
    """Answer a path that is not a method."""
    return web.json_response(NOT_FOUND.body(), status=404)
