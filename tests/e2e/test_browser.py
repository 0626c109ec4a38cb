"""The whole walk in a real browser, with the mouse. Skipped where there is no Chromium."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.browsing import IN_BROWSER
from tests.e2e.screen import Screen, opened
from tests.waiting import PATIENCE, until

playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=PATIENCE * 1000)
pytestmark = IN_BROWSER


@pytest_asyncio.fixture(loop_scope="module")
async def screen(browser: Any) -> AsyncIterator[Screen]:
    async with opened(browser) as shown:
        yield shown
        assert shown.complaints == []


async def test_three_taps_lead_from_start_to_a_daily_issue_that_comes(screen: Screen) -> None:
    await screen.begin()
    await screen.choose("Электромобили", "Китай")
    await expect(screen.part("toast")).to_contain_text("Добавлено: Китай")
    await screen.read()
    opinion = screen.last.locator("blockquote").first
    await opinion.scroll_into_view_if_needed()
    await expect(opinion).to_be_visible()
    await expect(opinion).to_contain_text(re.compile("Мнение|Вердикт|Итог"))
    headline = screen.last.locator("a").first
    await expect(headline).to_have_attribute("href", re.compile(re.escape(screen.stage.newsroom.url)))
    await screen.subscribe()
    await screen.next_issue()
    await expect(screen.last).to_contain_text("Авто за день")


async def test_an_article_dropped_into_a_feed_is_in_the_next_digest_asked_for(screen: Screen) -> None:
    await screen.begin()
    await screen.read()
    news = screen.stage.app.store.news
    count = (await news.counts()).items
    await screen.part("control-drop").click()
    await expect(screen.part("toast")).to_contain_text("вышло в")
    # Not what is seen of it: a notice fades, however long its reader takes.
    said = await screen.part("toast").text_content()
    title = " ".join(said.removeprefix("«").rpartition("» — вышло")[0].split())

    async def read() -> bool:
        return (await news.counts()).items > count

    await until(read, "the article to be read")
    await screen.part("composer").fill("/digest")
    await screen.part("composer").press("Enter")
    await expect(screen.message("Авто за день")).to_contain_text(title)


async def test_a_channel_is_set_up_by_mouse_and_its_post_has_no_buttons(screen: Screen) -> None:
    await screen.page.goto(f"{screen.stage.sandbox.url}/?person={screen.people[1]}")
    await screen.press("button-setup")
    for step in range(1, 5):
        await screen.message(screen.words("wizard-heading", title=screen.words("demo-channel"), step=step)).wait_for()
        await screen.press("button-next")
    await screen.press("button-trial")
    await screen.page.locator("#chats strong").get_by_text("Автоновости").click()
    await expect(screen.message("Авто за день")).to_be_visible()
    assert await screen.last.get_by_role("button").filter(has_not_text="Показать").count() == 0
