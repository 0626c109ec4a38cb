"""``python -m tests.screenshots``: takes the pictures in docs/images anew, from the demo as it is."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tests.browsing import CHROMIUM, launched
from tests.e2e.screen import Screen, opened

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TOPICS = ("Электромобили", "Законы и сборы", "Тест-драйвы")
OPINION = "Обещаний было много, а здесь есть дата и завод: это уже разговор по делу, и цену назовут скоро."
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
    async with launched() as browser:
        for theme in ("light", "dark"):
            async with opened(browser, color_scheme=theme, viewport={"width": 1200, "height": 740}) as screen:
                await walk(screen, theme)
            # On a day of its own: what is to be judged must be fresh.
            async with opened(browser, color_scheme=theme, viewport={"width": 1200, "height": 740}) as screen:
                await walk_as_editor(screen, theme)
        async with opened(browser, color_scheme="light", **PHONE) as screen:
            await screen.begin()
            await screen.read()
            await to_top(screen.last)
            await take(screen, "phone")
            await ask(screen, "/settings", screen.words("settings-title", where=""))
            await take(screen, "phone-settings")


async def walk(screen: Screen, theme: str) -> None:
    """Take the pictures of one theme."""
    await screen.begin()
    await screen.choose(*TOPICS)
    await take(screen, f"start-{theme}")
    await screen.read()
    await to_top(screen.last)
    await take(screen, f"digest-{theme}")
    await screen.subscribe()
    await take(screen, f"subscribed-{theme}")
    await walk_on(screen, theme)
    await walk_as_admin(screen, theme)


async def walk_on(screen: Screen, theme: str) -> None:
    """Take the pictures of a subscriber who looks round: a card, topics, times, all that is set, what is stored."""
    await screen.page.get_by_role("button", name="1", exact=True).last.click()
    await screen.press("button-keep")
    await screen.page.get_by_role("button", name=screen.words("button-kept"), exact=True).last.wait_for()
    await to_top(screen.last)
    await take(screen, f"card-{theme}")
    await ask(screen, "/topics", screen.words("topics-title", where=""))
    await take(screen, f"topics-{theme}")
    await ask(screen, "/time", screen.words("times-title", where=""))
    await take(screen, f"times-{theme}")
    await ask(screen, "/settings", screen.words("settings-title", where=""))
    await take(screen, f"settings-{theme}")
    await ask(screen, "/privacy", "GDPR")
    await take(screen, f"privacy-{theme}")
    await ask(screen, "меньше чери", screen.words("wish-question"))
    await ask(screen, "тихие часы с 22 до 7", screen.words("quiet-now", window="22–7"))
    await screen.page.get_by_test_id("message").last.scroll_into_view_if_needed()
    await take(screen, f"words-{theme}")


async def ask(screen: Screen, command: str, answer: str) -> None:
    """Write a command and wait for what has this in it."""
    await screen.part("composer").fill(command)
    await screen.part("send").click()
    await screen.message(answer).wait_for()
    await to_top(screen.last)


async def walk_as_admin(screen: Screen, theme: str) -> None:
    """Take the pictures of an admin's way: a step of setting a channel up, all its settings, the post on trial."""
    name = screen.words("demo-channel")
    await screen.page.goto(f"{screen.stage.sandbox.url}/?person={screen.people[1]}")
    await screen.press("button-setup")
    await screen.message(screen.words("wizard-heading", title=name, step=1)).wait_for()
    await screen.press("button-next")
    await screen.message(screen.words("wizard-heading", title=name, step=2)).wait_for()
    await take(screen, f"channel-steps-{theme}")
    for step in (3, 4, 5):
        await screen.press("button-next")
        await screen.message(screen.words("wizard-heading", title=name, step=step)).wait_for()
    await screen.press("button-trial")
    await screen.message(screen.words("trial-posted", title=name)).wait_for()
    await screen.press("button-launch")
    await screen.message(screen.words("wizard-works", title=name)).wait_for()
    await to_top(screen.last)
    await take(screen, f"channel-settings-{theme}")
    await screen.page.locator("#chats strong").get_by_text(name).click()
    await screen.message(screen.words("trial-heading")).wait_for()
    await to_top(screen.last)
    await take(screen, f"channel-{theme}")


async def walk_as_editor(screen: Screen, theme: str) -> None:
    """Take the pictures of an editor's way: a card, the post with their words in it, the card once it is out."""
    await screen.page.goto(f"{screen.stage.sandbox.url}/?person={screen.people[2]}")
    card = screen.message(screen.words("card-free"))
    await card.wait_for()
    await to_top(card)
    await take(screen, f"desk-card-{theme}")
    await card.hover()
    await card.locator(".reply-button").click()
    await screen.part("composer").fill(OPINION)
    await screen.part("send").click()
    await screen.message(screen.words("desk-preview")).wait_for()
    await to_top(screen.last)
    await take(screen, f"desk-preview-{theme}")
    await screen.press("button-desk-put")
    await screen.message(screen.words("card-published")).first.wait_for()
    await take(screen, f"desk-published-{theme}")


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
