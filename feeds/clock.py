"""What time it is. Everything that asks is given a ``Clock``, so that tests and the demo can turn theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the moment, aware and in UTC."""


def utc_now() -> datetime:
    """Tell the real time."""
    return datetime.now(UTC)
