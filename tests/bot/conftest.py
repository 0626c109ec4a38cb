"""What tests of the bot share."""

from __future__ import annotations

import pytest

from bot.logs import set_up_logs


@pytest.fixture(autouse=True)
def logs() -> None:
    """Log as the process does: the library's own defaults draw every local variable, for seconds."""
    set_up_logs("json")
