"""Run the sandbox alone: `python -m bot.sandbox --port 8081`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.sandbox.server import Sandbox


async def run(port: int, token: str, *, enforce_limits: bool) -> None:
    """Serve until interrupted."""
    sandbox = Sandbox(token=token, enforce_limits=enforce_limits)
    await sandbox.start(port)
    sys.stdout.write(f"Chat page: {sandbox.url}/\nBot API:   {sandbox.url}/bot{token}/\n")
    sys.stdout.flush()  # whoever started us reads the address from a pipe
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A small local Telegram")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default="42:TEST")
    parser.add_argument("--enforce-limits", action="store_true", help="answer 429 to a bot that sends too fast")
    options = parser.parse_args()
    try:
        asyncio.run(run(options.port, options.token, enforce_limits=options.enforce_limits))
    except KeyboardInterrupt:
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
