"""Lets Telegram bring what people do, instead of asking for it; the handlers and their order are those of long polling.

An update is confirmed (answered 200) when it was handled, or after some seconds: docs/decisions/0002. Whatever comes
without the secret is turned away unread.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramUnauthorizedError
from aiohttp import web

from bot.settings import Settings
from bot.updates import TokenRefusedError, Updates

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
LARGEST = 2**20
"""Bytes of an update; real ones have a few thousand."""
_LONGEST_PAUSE = 60.0

Receive = Callable[[Mapping[str, Any]], Awaitable[None]]


class Webhook:
    """Takes updates while ``run`` runs; before and after, Telegram is told to come again."""

    def __init__(self, bot: Bot, *, url: str, secret: str, receive: Receive, kinds: list[str]) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret.encode()
        self._receive = receive
        self._kinds = kinds
        self._open = False

    @property
    def route(self) -> web.RouteDef:
        """Where the server must hand requests to us: the path of the public address."""
        return web.post(urlsplit(self._url).path or "/", self.take)

    async def run(self) -> None:
        """Tell Telegram the address and take updates until cancelled; raises ``TokenRefusedError``."""
        self._open = True
        try:
            await self._announce()
            await asyncio.Event().wait()
        finally:
            self._open = False

    async def take(self, request: web.Request) -> web.Response:
        """Answer one request of Telegram's."""
        # Bytes that are no text come as lone surrogates.
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        if not self._open:
            return web.Response(status=503, headers={"Retry-After": "1"})
        if request.content_length is None or request.content_length > LARGEST:
            return web.Response(status=413)
        try:
            raw = json.loads(await request.read())
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            return web.Response(status=400)
        await self._receive(raw)
        return web.Response()

    async def _announce(self) -> None:
        pause = 1.0
        while True:
            try:
                secret = self._secret.decode()
                await self._bot.set_webhook(self._url, secret_token=secret, allowed_updates=self._kinds)
            except TelegramUnauthorizedError as error:
                raise TokenRefusedError("token-refused") from error
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("webhook not set", reason=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                log.info("webhook set", host=urlsplit(self._url).hostname)
                return


def make_webhook(settings: Settings, bot: Bot, updates: Updates) -> Webhook | None:
    """Make the webhook that the settings ask for; None for long polling."""
    if settings.webhook is None:
        return None
    chosen = settings.webhook_secret
    secret = chosen.get_secret_value() if chosen else derived_secret(bot.token)
    return Webhook(bot, url=settings.webhook, secret=secret, receive=updates.receive, kinds=updates.kinds)


def derived_secret(token: str) -> str:
    """Make a secret that nobody knows who does not know the token."""
    return sha256(f"webhook {token}".encode()).hexdigest()
