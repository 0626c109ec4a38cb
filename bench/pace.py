"""One issue for many at Telegram's pace: ``python -m bench.pace`` (``--count 10000`` for the whole of it).

The sandbox stands for Telegram in a process of its own and answers 429 to the thirty-first message in a second, the
fourth in a row to one chat, the twenty-first in a minute to one channel. The courier must not meet a single one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.delivery import TOKEN, client_of, deliver_all, enqueue
from bench.report import Report
from bot.limits import OVERALL, Limits
from bot.logs import set_up_logs
from bot.sandbox.server import Sandbox
from storage import open_storage


async def serve(count: int) -> None:
    """Be Telegram, with so many people who have started the bot; at the end of the input tell what was asked of it."""
    async with Sandbox(token=TOKEN, enforce_limits=True) as sandbox:
        people = [sandbox.person.add_person(first_name="Анна")["id"] for _ in range(count)]
        for person in people:
            sandbox.person.say(user_id=person, text="/start")
        moments, refused = [], 0
        inner = sandbox._api._check_rate  # noqa: SLF001  where the sandbox meters

        def check(method: str, call: Any) -> None:
            nonlocal refused
            try:
                inner(method, call)
            except Exception:
                refused += 1
                raise
            moments.append(time.monotonic())

        sandbox._api._check_rate = check  # type: ignore[method-assign]  # noqa: SLF001
        _say({"url": sandbox.url, "people": people})
        await asyncio.to_thread(sys.stdin.readline)
        first, fullest = 0, 0
        for last, moment in enumerate(moments):
            while moments[first] <= moment - 1.0:
                first += 1
            fullest = max(fullest, last - first + 1)
        _say({"came": len(moments), "refused": refused, "fullest": fullest, "seconds": moments[-1] - moments[0]})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def telegram(count: int) -> Iterator[subprocess.Popen[str]]:
    """Start the sandbox in another process."""
    command = [sys.executable, "-m", "bench.pace", "--serve", "--count", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.terminate()


def _ask(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


async def main(count: int) -> bool:
    """Deliver one issue to all of them."""
    report = Report("pace")
    with telegram(count) as process, tempfile.TemporaryDirectory() as folder:
        place = _ask(process)
        async with await open_storage(f"sqlite:///{Path(folder) / 'pace.db'}") as store:
            limits = Limits(overall=OVERALL, keeper=store.pace)
            await enqueue(store, place["people"], slot="pace")
            async with client_of(place["url"], limits, store) as (bot, ids):
                await deliver_all(store, bot, limits, ids)
            await limits.settle()
        assert process.stdin is not None  # noqa: S101
        process.stdin.write("\n")
        process.stdin.flush()
        came = _ask(process)
    least = count / OVERALL
    note = f"{came['seconds']:.1f} s; {least:.1f} s is the least for {count:,} at 30 a second"
    report.add(
        "time to the least possible", came["seconds"] / least, floor=1.05, target=1.03, better="lower", note=note
    )
    report.add("messages that arrived", came["came"], floor=count, target=count, better="higher")
    report.add("most in any second", came["fullest"], floor=30, target=30, better="lower")
    report.add("answers 429", came["refused"], floor=0, target=0, better="lower")
    report.write()
    return report.holds


if __name__ == "__main__":
    set_up_logs("json")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500, help="subscribers")
    parser.add_argument("--serve", action="store_true", help="be Telegram")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.count))
    else:
        raise SystemExit(0 if asyncio.run(main(options.count)) else 1)
