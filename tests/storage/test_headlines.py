from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update

from feeds.model import StoryId
from storage import Storage
from storage.headlines import Headlines
from storage.tables import item_words, items
from tests.storage.samples import DAY, NOW, POLLED, add_source, draft, item

ASKED = "Завод «Искра» начнёт собирать кроссоверы весной"
SAME = "Завод «Искра» весной начнёт собирать кроссоверы"
ALIKE = "Весной заводу «Искра» понадобятся новые люди, станки и деньги"
FORTNIGHT = timedelta(days=14)


async def tell(store: Storage, key: str, title: str, **changes: Any) -> None:
    [source] = await store.news.sources() or [await add_source(store)]
    told = item(source.id, key, title=title, **changes)
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(told)], now=NOW)


async def near(store: Storage, *, limit: int = 5) -> Sequence[str]:
    found = await store.search.nearest(ASKED, lang="ru", since=NOW - FORTNIGHT, besides=StoryId(99), limit=limit)
    return [one.title for one in found.values()]


async def test_the_nearest_headline_comes_before_one_that_shares_rare_words(store: Storage) -> None:
    await tell(store, "a", SAME)
    await tell(store, "b", ALIKE)
    await tell(store, "c", "Штраф за парковку на газоне вырастет втрое")
    assert await near(store) == [SAME, ALIKE]
    assert await near(store, limit=1) == [SAME]


async def test_a_headline_stored_later_is_found_and_one_changed_or_gone_is_as_it_is_now(store: Storage) -> None:
    assert await near(store) == []
    await tell(store, "a", SAME)
    assert await near(store) == [SAME]
    async with store.news._database.transaction() as connection:
        await connection.execute(update(items).values(title="Уточнено: " + SAME))
    assert await near(store) == ["Уточнено: " + SAME]
    async with store.news._database.transaction() as connection:
        await connection.execute(delete(item_words))
        await connection.execute(delete(items))
    assert await near(store) == []


async def test_other_languages_and_older_articles_are_not_near(store: Storage) -> None:
    await tell(store, "a", SAME, lang="en")
    await tell(store, "b", SAME, published_at=NOW - FORTNIGHT - DAY)
    assert await near(store) == []


async def test_what_has_grown_old_is_forgotten_and_what_is_asked_for_again_read_again(store: Storage) -> None:
    headlines = Headlines(store.news._database)
    await tell(store, "a", SAME, published_at=NOW - DAY)
    for since, count in ((NOW - FORTNIGHT, 1), (NOW - FORTNIGHT + 6 * DAY, 1), (NOW + DAY, 0), (NOW - FORTNIGHT, 1)):
        assert len(await headlines.nearest(ASKED, lang="ru", since=since, limit=3)) == count, since
