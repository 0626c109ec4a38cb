"""``autodigest run``: the bot against Telegram until it is told to stop."""

from __future__ import annotations

import asyncio
import signal

from bot.app import open_app
from bot.logs import set_up_logs
from bot.settings import load_settings


async def run_bot() -> int:
    """Run until SIGTERM or SIGINT; 0 when it ended in order."""
    settings = load_settings()
    set_up_logs(settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_app(settings) as app:
        await app.run(stop)
    return 0
