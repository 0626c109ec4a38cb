"""How updates leave: getUpdates, or a webhook that is really called over HTTP on this machine.

Source of the rules: `WebhookActor` of the official Bot API server. Two differences: plain http is accepted, and only
addresses of this machine are.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox import shapes
from bot.sandbox.files import LOOPBACK
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import Refusal, bad_request, refusal
from bot.sandbox.state import Json, World
from bot.sandbox.updates import SET_WEBHOOK, Pending

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
NOT_IN_A_REPLY = frozenset({"setwebhook", "deletewebhook", "close", "logout"})
ACTIVE = refusal(
    409, "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

Perform = Callable[[str, Parameters], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where updates are to be posted."""

    url: str
    secret: str
    max_connections: int


class Webhook:
    """Hands updates over; `first_pause` (seconds) is doubled after every failed delivery."""

    def __init__(self, world: World, *, first_pause: float = 1.0) -> None:
        self._world = world
        self._first_pause = first_pause
        self._target: Target | None = None
        self._courier: asyncio.Task[None] | None = None
        self._last_error: Json = {}
        self.perform: Perform | None = None  # runs a method given in the reply to an update

    def methods(self) -> dict[str, Any]:
        """Return the methods by name."""
        return {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    async def get_updates(self, world: World, call: Parameters) -> list[Json]:
        if self._target is not None:
            raise ACTIVE
        if "allowed_updates" in call.values:
            with contextlib.suppress(Refusal):  # malformed: the set stays
                world.updates.want(call.object("allowed_updates", what="allowed updates"))
        limit = call.integer("limit", 100)
        return await world.updates.get(
            offset=call.integer("offset"),
            limit=limit if 1 <= limit <= 100 else 100,
            timeout=max(0, call.integer("timeout")),
        )

    async def set_webhook(self, world: World, call: Parameters) -> bool:
        url = call.text("url")
        if not url:
            return await self.delete_webhook(world, call)
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or address.hostname not in LOOPBACK:
            raise bad_request("bad webhook: the sandbox only calls addresses of this machine")
        secret = call.text("secret_token")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.stop()
        world.updates.end_poll(SET_WEBHOOK)
        world.updates.want(call.object("allowed_updates", what="allowed updates"))
        if call.flag("drop_pending_updates"):
            world.updates.clear()
        connections = min(100, max(1, call.integer("max_connections", 40)))
        self._target = Target(url=url, secret=secret, max_connections=connections)
        self._last_error = {}
        self._courier = asyncio.create_task(self._deliver(self._target))
        return True

    async def delete_webhook(self, world: World, call: Parameters) -> bool:
        await self.stop()
        if call.flag("drop_pending_updates"):
            world.updates.clear()
        return True

    def get_webhook_info(self, world: World, _call: Parameters) -> Json:
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}
        if self._target is not None:
            info |= {"url": self._target.url, "max_connections": self._target.max_connections} | self._last_error
        if world.updates.allowed is not None:
            info["allowed_updates"] = world.updates.allowed
        return info

    async def stop(self) -> None:
        """End the deliveries and forget the address."""
        self._target = None
        if self._courier is not None:
            self._courier.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._courier
            self._courier = None

    async def _deliver(self, target: Target) -> None:
        updates = self._world.updates
        pause = self._first_pause
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                updates.added.clear()
                update = updates.first()
                if update is None:
                    await updates.added.wait()
                    continue
                asked_pause = await self._post(session, target, update)
                if asked_pause is None:
                    updates.confirm(update.id)
                    pause = self._first_pause
                else:
                    await asyncio.sleep(asked_pause or pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, session: aiohttp.ClientSession, target: Target, update: Pending) -> float | None:
        """Post one update: None when it was taken, else the pause the receiver asked for (0: it named none)."""
        headers = {SECRET_HEADER: target.secret} if target.secret else {}
        try:
            async with session.post(target.url, json=update.body, headers=headers) as answer:
                reply = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return 0.0
        if 200 <= answer.status < 300:
            await self._obey(reply)
            return None
        self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        after = answer.headers.get("Retry-After", "")
        return min(float(after), LONGEST_RETRY_AFTER) if after.isdigit() else 0.0

    def _failed(self, text: str) -> None:
        self._last_error = {"last_error_date": shapes.unix(self._world.clock.now()), "last_error_message": text}

    async def _obey(self, reply: bytes) -> None:
        try:
            values = json.loads(reply)
        except ValueError:
            return
        if self.perform is None or not isinstance(values, dict) or not isinstance(values.get("method"), str):
            return
        method = values.pop("method").lower()
        if not method.startswith("get") and method not in NOT_IN_A_REPLY:
            with contextlib.suppress(Refusal):  # the receiver never sees the result
                await self.perform(method, Parameters(values=values))
