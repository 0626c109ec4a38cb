"""``autodigest run`` that can be told at which of its commits to die: the real process with one wire to its heart.

It reads its code, then waits for one line: ``before:17`` kills it with SIGKILL just before its 17th commit,
``after:17`` just after it, an empty line not at all.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from bot.cli import main


def _wire(order: str) -> None:
    moment, _, number = order.partition(":")
    left = int(number)
    commit: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0 and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(self, connection)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


if __name__ == "__main__":
    importlib.import_module("bot.running")
    given = sys.stdin.readline()
    if given.strip():
        _wire(given.strip())
    if given:
        main()
