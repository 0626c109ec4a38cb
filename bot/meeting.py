"""The first word with Telegram: who we are, however long it is out of reach."""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.updates import TokenRefusedError

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two tries."""


async def meet(bot: Bot, *, webhook: bool) -> str:
    """Learn our own user name, "" where there is none; an older webhook goes unless updates are to come by one.

    Raises ``TokenRefusedError``.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            me = await bot.me()
            break
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            # A token of the wrong shape makes an address that there is not.
            raise TokenRefusedError("token-refused") from error
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("Telegram not reached", reason=str(error), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
    log.info("connected", username=me.username)
    if not webhook:
        with contextlib.suppress(TelegramAPIError, ClientDecodeError):
            await bot.delete_webhook()
    return me.username or ""
