"""From the newsroom's feeds and pages to the store, as ``run`` and ``poll`` do it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.demo import sources_toml
from bot.sandbox.clock import TurnableClock
from bot.sandbox.newsroom import Newsroom
from bot.settings import Settings
from bot.workshop import Workshop, open_workshop
from feeds.model import Item

TEASER = "Рынок колёс"


class Desk:
    """A workshop beside a newsroom, with the clock of both."""

    def __init__(self, workshop: Workshop, newsroom: Newsroom, clock: TurnableClock) -> None:
        self.workshop = workshop
        self.newsroom = newsroom
        self.clock = clock

    async def poll(self) -> None:
        await self.workshop.ingest.poll_due()

    async def items(self) -> dict[str, Item]:
        since: datetime = self.clock() - timedelta(days=9)
        stories = await self.workshop.store.news.recent_stories(since=since)
        told = [one for story in stories for one in story.items if one.source_name == TEASER]
        return {one.item.url.rpartition("/")[2]: one.item for one in told}

    def pages_asked(self) -> list[str]:
        paths = [seen.path for seen in self.newsroom.requests if seen.path.startswith("/rynok-kolyos/")]
        return [path for path in paths if not path.endswith("rss.xml")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = TurnableClock()
    async with Newsroom(clock) as newsroom:
        sources = tmp_path / "sources.toml"
        sources.write_text(sources_toml([feed for feed in newsroom.feeds if feed.name == TEASER]), "utf-8")
        settings = Settings(
            database=str(tmp_path / "store.db"),
            sources=sources,
            allow_hosts=frozenset({"127.0.0.1"}),
            poll_min=1,
            poll_max=2,
        )
        async with open_workshop(settings, clock=clock) as workshop:
            yield Desk(workshop, newsroom, clock)


async def test_the_articles_of_a_teaser_are_read_on_their_pages(desk: Desk) -> None:
    await desk.poll()
    items = await desk.items()
    assert len(items) == 8
    assert all(item.text.count("\n\n") >= 2 for item in items.values())
    opinions = {slug: item.opinion.label for slug, item in items.items() if item.opinion}
    assert opinions == {
        "prodazhi-za-nedelyu-rost": "Мнение «Рынка колёс»",
        "dilery-rasprodazha": "Комментарий редакции",
    }


async def test_each_page_is_asked_for_once(desk: Desk) -> None:
    await desk.poll()
    before = desk.pages_asked()
    stored = await desk.items()
    desk.newsroom.publish("rynok-kolyos", title="Ещё одна новость рынка", paragraphs=["Подробности."], slug="new")
    desk.clock.advance(timedelta(hours=1))
    await desk.poll()
    assert desk.pages_asked()[len(before) :] == ["/rynok-kolyos/new"]
    items = await desk.items()
    assert {slug: items[slug] for slug in stored} == stored
    assert len(set(before)) == len(before) == 8
