"""A subscriber at the chat page in a real browser: what they see and press. For the browser's test and the pictures."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bot.demo import Stage, _furnish
from bot.i18n import Words, words_for
from tests.e2e.people import playing
from tests.waiting import PATIENCE


@dataclass(frozen=True, kw_only=True)
class Screen:
    """The demo's page, furnished as for a visitor; ``complaints`` are errors of its console."""

    stage: Stage
    page: Any
    words: Words
    complaints: list[str] = field(default_factory=list)

    def part(self, testid: str) -> Any:
        return self.page.get_by_test_id(testid)

    @property
    def last(self) -> Any:
        """Return the newest message in the open chat."""
        return self.part("message").last

    def message(self, text: str) -> Any:
        """Return the newest message with this text in it."""
        return self.part("message").filter(has_text=text).last

    async def press(self, key: str) -> None:
        """Press the newest button that the bot's words call so."""
        await self.page.get_by_role("button", name=self.words(key), exact=True).last.click()

    async def begin(self) -> None:
        """Open the page and press START."""
        await self.page.goto(f"{self.stage.sandbox.url}/?person={self.people[0]}")
        await self.part("start").click()
        await self.message(self.words("welcome")).wait_for()

    async def choose(self, *topics: str) -> None:
        """Tap topics under the welcome."""
        for topic in topics:
            await self.page.get_by_role("button", name=topic, exact=True).click()
            await self.page.get_by_role("button", name=f"✓ {topic}", exact=True).wait_for()

    async def read(self) -> None:
        """Ask for the first issue."""
        await self.press("button-show")
        await self.message(self.words("ask-subscribe")).wait_for()

    async def subscribe(self) -> None:
        """Take an issue every morning."""
        await self.press("button-morning")
        await self.message("8:00").filter(has_text="/stop").wait_for()

    async def next_issue(self) -> None:
        """Turn the clock to the next issue by the page's own control."""
        await self.part("control-next-issue").click()
        await self.message(self.words("digest-next")).wait_for()

    @property
    def people(self) -> list[int]:
        """Return the ids of the subscriber, the admin and the editor."""
        return [one["id"] for one in self.stage.sandbox.person.state()["people"]]


@contextlib.asynccontextmanager
async def opened(browser: Any, *, lang: str = "ru", **options: Any) -> AsyncIterator[Screen]:
    """Run the demo and open its page in a browser window of its own."""
    locale = {"ru": "ru-RU", "en": "en-GB"}[lang]
    window = {"viewport": {"width": 1200, "height": 800}, "locale": locale, "timezone_id": "Europe/Moscow"}
    async with playing(lang) as stage:
        await _furnish(stage, lang)
        context = await browser.new_context(**window | options)
        context.set_default_timeout(PATIENCE * 1000)
        page = await context.new_page()
        screen = Screen(stage=stage, page=page, words=words_for(lang))
        page.on("console", lambda line: screen.complaints.append(line.text) if line.type in {"error", "warning"} else 0)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        outside = re.compile(rf"^(?!{re.escape(stage.sandbox.url)}|data:)")
        page.on("request", lambda one: screen.complaints.append(one.url) if outside.match(one.url) else None)
        try:
            yield screen
        finally:
            await context.close()
