"""``autodigest run``: the bot against Telegram until it is told to stop."""

from __future__ import annotations

import asyncio
import signal

from bot.garbage import spare_what_stays
from bot.logs import set_up_logs
from bot.settings import load_settings


async def run_bot() -> int:
    """Run until SIGTERM or SIGINT; 0 when it ended in order."""
    settings = load_settings()
    # Telegram's library takes seconds to load: whoever has a setting to mend need not wait for it.
    from bot.app import open_app  # noqa: PLC0415

    set_up_logs(settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_app(settings) as app:
        spare_what_stays()
        await app.run(stop)
    return 0
