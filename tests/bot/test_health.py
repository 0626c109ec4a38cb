from __future__ import annotations

import socket
from collections.abc import Mapping

import aiohttp
import pytest

from bot.health import HealthPage
from feeds.errors import FatalError, StorageError


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Facts:
    def __init__(self) -> None:
        self.trouble: StorageError | None = None

    async def __call__(self) -> Mapping[str, object]:
        if self.trouble:
            raise self.trouble
        return {"outbox": {"pending": 2}}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_the_page_says_that_all_is_well_or_what_is_not(host: str) -> None:
    facts, port = Facts(), free_port()
    page = HealthPage(f"{host}:{port}", facts)
    await page.start()
    try:
        async with aiohttp.ClientSession() as client:
            async with client.get(f"http://{host}:{port}/healthz") as answer:
                assert (answer.status, await answer.json()) == (200, {"ok": True, "outbox": {"pending": 2}})
            facts.trouble = StorageError("store-failed", detail="disk full of secrets")
            async with client.get(f"http://{host}:{port}/healthz") as answer:
                assert (answer.status, await answer.json()) == (503, {"ok": False, "error": "store-failed"})
            async with client.get(f"http://{host}:{port}/") as answer:
                assert answer.status == 404
    finally:
        await page.stop()


async def test_an_address_that_is_taken_is_one_line_for_the_operator() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(FatalError) as caught:
            await HealthPage(address, Facts()).start()
    assert (caught.value.key, caught.value.facts["address"]) == ("port-taken", address)
