"""Stores as earlier versions left them, with what was in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from feeds.issue import OutboxState, Priority
from feeds.model import StoryId
from storage import open_storage, rows, schema
from storage.engine import connect, locate
from storage.rows import write_digest
from storage.tables import Origin, sources
from tests.storage.samples import MINUTE, NOW, POLLED, active_chat, digest, issue, spec

SCRIPTS = Path(__file__).parents[2] / "storage" / "migrations"
MICROSECONDS = int(NOW.timestamp()) * 1_000_000
CHAT: dict[str, Any] = {
    "kind": "private",
    "lang": "ru",
    "reads": '["ru"]',
    "zone": "Europe/Moscow",
    "state": "active",
    "topics": "[]",
    "words": "[]",
    "times": "[540]",
    "created_at": MICROSECONDS,
}
ROW: dict[str, Any] = {
    "state": "pending",
    "rank": 1,
    "due_at": MICROSECONDS,
    "not_before": MICROSECONDS,
    "attempts": 0,
    "created_at": MICROSECONDS,
}


async def begin(url: str, scripts: Path, head: str) -> None:
    """Make a store of an earlier version."""
    shutil.copytree(SCRIPTS, scripts)
    for later in sorted((scripts / "versions").glob("0*.py")):
        if later.name[:4] > head:
            later.unlink()
    await schema.upgrade(locate(url), scripts=str(scripts), head=head)


async def insert(url: str, table: str, *rows: dict[str, Any]) -> None:
    database = connect(locate(url))
    async with database.transaction() as connection:
        for row in rows:
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            await connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
    await database.engine.dispose()


def body(*stories: int, missed: int | None = None) -> str:
    return json.dumps(json.loads(write_digest(digest(stories))) | {"missed": missed})


async def test_issues_of_before_share_their_digests_and_lose_nothing(url: str, tmp_path: Path) -> None:
    await begin(url, tmp_path / "scripts", "0001")
    await insert(url, "chats", *(CHAT | {"telegram_id": 100 + n} for n in range(1, 5)))
    said = (body(1, 2), body(1, 2, missed=40), body(3), "{")
    rows = [ROW | {"chat_id": n, "slot": "a", "digest": text} for n, text in enumerate(said, start=1)]
    await insert(url, "outbox", *rows, ROW | {"chat_id": 4, "slot": "gone", "digest": "{"})
    await insert(url, "outbox_parts", {"outbox_id": 3, "part": 0, "message_id": 7, "sent_at": MICROSECONDS})
    await pruned(url, 5)
    async with await open_storage(url) as store:
        parcels = await store.outbox.claim(now=NOW, limit=9, lease=MINUTE, owner="me")
        assert [(one.id, one.digest, one.missed, one.thread) for one in parcels] == [
            (1, digest((1, 2)), None, None),
            (2, digest((1, 2)), 40, None),
            (3, digest((3,)), None, None),
        ]
        assert parcels[0].digest is parcels[1].digest
        assert {one.priority for one in parcels} == {Priority.SCHEDULED}
        assert (await store.outbox.counts())[OutboxState.REFUSED] == 1
        [posted] = await store.outbox.posts_of(StoryId(3))
        assert (posted.id, posted.parts) == (3, {0: 7})
        chat = await active_chat(store, 109)
        await store.outbox.commit_issues([issue(chat)], now=NOW)
        [new] = await store.outbox.claim(now=NOW, limit=9, lease=MINUTE, owner="me")
        assert new.id > 5  # which was another's


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    database = connect(locate(url))
    async with database.transaction() as connection:
        yield connection
    await database.engine.dispose()


async def pruned(url: str, row: int) -> None:
    database = connect(locate(url))
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM outbox WHERE id = :row"), {"row": row})
    await database.engine.dispose()


async def test_what_was_found_by_its_words_before_is_found_still(url: str, tmp_path: Path) -> None:
    await begin(url, tmp_path / "scripts", "0001")
    texts = dict.fromkeys(("title", "text", "summary", "lang", "title_key", "text_hash"), "т")
    told = texts | {"source_id": 1, "story_id": 1, "key": "к", "url": "u", "url_key": "u", "categories": "[]"}
    source = rows.spec_values(spec()) | rows.poll_values(POLLED)
    async with connected(url) as connection:
        values = source | {"given_url": source["url"], "origin": Origin.FILE, "paused": False, "created_at": NOW}
        await connection.execute(sources.insert().values(values))
    moments = {"created_at": MICROSECONDS, "updated_at": MICROSECONDS}
    await insert(url, "stories", {"topics": "[]", "rules": "", **moments})
    await insert(url, "items", told | {"related": "[]", "published_at": MICROSECONDS, "created_at": MICROSECONDS})
    await insert(url, "item_words", {"item_id": 1, "title": "мотор", "words": "мотор нов"})
    async with await open_storage(url) as store:
        assert [story.id for story in await store.search.find("новый мотор")] == [1]
