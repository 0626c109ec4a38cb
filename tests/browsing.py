"""A real browser for the tests that need one: where it is found, how it is started, and their marks."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.waiting import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OFF = ("gpu", "quic", "background-networking", "component-update", "sync")
QUIET = ["--no-sandbox", "--no-first-run", *(f"--disable-{it}" for it in OFF)]
IN_BROWSER = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("browser"),
]
"""A module has one browser, in a loop of its own, and it ends with the module: other tests count our processes."""


@contextlib.asynccontextmanager
async def launched() -> AsyncIterator[Any]:
    """Start a browser."""
    playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    playwright_api.expect.set_options(timeout=PATIENCE * 1000)
    async with playwright_api.async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        await chromium.close()
