"""Rows written many at once are the rows that SQLAlchemy writes one by one, and their ids are theirs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from feeds.errors import StorageError
from feeds.model import FullText, Related
from feeds.polls import FailureKind, PollState
from storage import Storage, rows
from storage.bulk import add_rows, insert_rows
from storage.tables import Origin, item_words, items, sources, stories
from tests.storage.samples import HOUR, NOW, add_source, spec

ODD = "половина \ud83d пары и \0 посреди"


def told(number: int, **changes: Any) -> dict[str, Any]:
    return {"topics": ("ev", ODD), "rules": f"{number}", "created_at": NOW, "updated_at": NOW + HOUR} | changes


async def test_ids_come_in_the_order_of_the_rows_and_are_never_given_twice(store: Storage) -> None:
    async with store.news._database.transaction() as connection:
        first = await insert_rows(connection, stories, [told(n) for n in range(5)])
        await connection.execute(delete(stories))
        again = await insert_rows(connection, stories, [told(n) for n in range(700)])
        [one] = await connection.scalars(insert(stories).values(told(7)).returning(stories.c.id))
        found = {row.id: row.rules for row in await connection.execute(select(stories))}
        assert await insert_rows(connection, stories, []) == []
    assert found == {key: f"{n}" for n, key in enumerate(again)} | {one: "7"}
    assert max(first) < min(again)
    assert max(again) < one


async def test_every_kind_of_value_is_stored_as_sqlalchemy_stores_it(store: Storage) -> None:
    async with store.news._database.transaction() as connection:
        values = rows.spec_values(spec(topics=("ev", ODD), full_text=FullText.PAGE, weight=1.5)) | rows.poll_values(
            PollState(next_at=NOW, max_age=HOUR, polled_at=NOW)
        )
        values |= {"skip_hours": frozenset({3, 1}), "failure": FailureKind.GONE, "failure_retry_after": HOUR}
        values |= {"origin": Origin.OPERATOR, "paused": True, "created_at": NOW, "name": ODD}
        names = [{"url": f"https://{n}.example/", "given_url": f"https://{n}.example/"} for n in "ab"]
        [ours] = await insert_rows(connection, sources, [values | names[0]])
        [theirs] = await connection.scalars(insert(sources).values(values | names[1]).returning(sources.c.id))
        names_of = ", ".join(column.name for column in sources.c if column.name not in {"id", "url", "given_url"})
        bare = text(f"SELECT {names_of} FROM sources WHERE id = :one")  # noqa: S608 - our own names
        mine, other = [(await connection.execute(bare, {"one": key})).one() for key in (ours, theirs)]
        assert tuple(mine) == tuple(other)


async def test_an_items_links_and_keys_are_written_as_they_are_read(store: Storage) -> None:
    source = await add_source(store)
    async with store.news._database.transaction() as connection:
        [story] = await insert_rows(connection, stories, [told(1)])
        related = (Related(title=ODD, url="https://koleso.example/1"),)
        texts = dict.fromkeys(("title", "text", "summary", "lang", "title_key", "text_hash"), "т")
        one = texts | {"source_id": source.id, "story_id": story, "key": "к" * 3_000, "url": "u", "url_key": "u"}
        one |= {"categories": (), "related": related, "published_at": NOW, "created_at": NOW}
        [key] = await insert_rows(connection, items, [one])
        await add_rows(connection, item_words, [{"item_id": key, "title": "т", "words": "т"}])
        await add_rows(connection, item_words, [])
        row = (await connection.execute(select(items).where(items.c.id == key))).one()
        assert (row.categories, row.related[0].url, row.published_at) == ((), "https://koleso.example/1", NOW)
        assert row.key.startswith("ккк")
        assert len(row.key.encode()) < 2_000


async def test_rows_that_break_a_rule_are_a_failure_of_the_store_and_leave_nothing(store: Storage) -> None:
    async def break_rules() -> None:
        async with store.news._database.transaction() as connection:
            await insert_rows(connection, stories, [told(1), told(2)])
            await add_rows(connection, item_words, [{"item_id": 99, "title": "т", "words": "т"}] * 2)

    with pytest.raises(StorageError):
        await break_rules()
    async with store.news._database.transaction() as connection:
        assert (await connection.execute(select(stories))).all() == []
