"""``autodigest run`` that can be told at which of its commits to die: the real process with one wire to its heart.

``AUTODIGEST_DIE=before:17`` kills it with SIGKILL just before its 17th commit, ``after:17`` just after it.
"""

from __future__ import annotations

import os
import signal
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
    _wire(os.environ["AUTODIGEST_DIE"])
    main()
