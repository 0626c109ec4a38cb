"""``python -m tests.screenshots``: takes the pictures in docs/images anew, from the demo as it is."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.e2e.screen import CHROMIUM, QUIET, Screen, opened

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TOPICS = ("Электромобили", "Законы и сборы", "Тест-драйвы")
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
}


async def main() -> None:
    """Walk once for each theme, and once with a phone."""
    if CHROMIUM is None:
        sys.exit("there is no Chromium on this machine")
    await asyncio.to_thread(IMAGES.mkdir, parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for theme in ("light", "dark"):
            async with opened(browser, color_scheme=theme, viewport={"width": 1200, "height": 740}) as screen:
                await walk(screen, theme)
        async with opened(browser, color_scheme="light", **PHONE) as screen:
            await screen.begin()
            await screen.read()
            await to_top(screen.last)
            await take(screen, "phone")
        await browser.close()


async def walk(screen: Screen, theme: str) -> None:
    """Take the four pictures of one theme."""
    await screen.begin()
    await screen.choose(*TOPICS)
    await take(screen, f"start-{theme}")
    await screen.read()
    await to_top(screen.last)
    await take(screen, f"digest-{theme}")
    await screen.subscribe()
    await take(screen, f"subscribed-{theme}")
    await screen.page.goto(f"{screen.stage.sandbox.url}/?person={screen.people[1]}")
    await screen.press("button-setup")
    await screen.press("button-test")
    await screen.page.locator("#chats strong").get_by_text(screen.words("demo-channel")).click()
    await screen.message("Авто за день").wait_for()
    await to_top(screen.last)
    await take(screen, f"channel-{theme}")


async def to_top(message: Any) -> None:
    """Scroll a message's first line into sight, whatever its length."""
    await message.evaluate("node => { node.style.scrollMarginTop = '4px'; node.scrollIntoView({ block: 'start' }); }")


async def take(screen: Screen, name: str) -> None:
    """Write one picture, after toasts and animations are gone."""
    await screen.page.mouse.move(0, 0)
    # A flat background: the page's own gradient would make up half of the file.
    await screen.page.add_style_tag(content=".stage, .messages { background-image: none } .toast { display: none }")
    await screen.page.wait_for_timeout(300)
    path = IMAGES / f"{name}.png"
    await screen.page.screenshot(path=path, animations="disabled")
    sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    asyncio.run(main())
