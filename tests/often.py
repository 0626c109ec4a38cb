"""How often a test repeats what must hold every time: a few times among all others, many times by ``make often``."""

from __future__ import annotations

import os

MANY = bool(os.environ.get("AUTODIGEST_TEST_OFTEN"))


def often(few: int, many: int) -> int:
    """Choose one of two numbers."""
    return many if MANY else few
