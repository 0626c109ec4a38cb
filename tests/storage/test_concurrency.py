from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from storage import Storage, open_storage
from tests.storage.samples import (
    HOUR,
    MINUTE,
    NOW,
    POLLED,
    active_chat,
    add_source,
    asked,
    draft,
    issue,
    item,
    new_chat,
)


async def test_of_two_hundred_toggles_at_once_none_is_lost(store: Storage) -> None:
    chat = await new_chat(store)
    await asyncio.gather(*(store.chats.toggle_topic(chat.id, f"topic {number}") for number in range(200)))
    assert len((await store.chats.get(chat.id)).topics) == 200


async def test_two_hundred_first_contacts_at_once_make_one_chat(store: Storage) -> None:
    chats = await asyncio.gather(*(new_chat(store) for _ in range(200)))
    assert len({chat.id for chat in chats}) == 1


async def test_claimers_at_once_never_get_the_same_source(store: Storage) -> None:
    for number in range(40):
        await add_source(store, f"source{number}")
    claims = [store.news.claim_due_sources(now=NOW, limit=7, lease=MINUTE) for _ in range(10)]
    claimed = [source.id for batch in await asyncio.gather(*claims) for source in batch]
    claimed += [source.id for source in await store.news.claim_due_sources(now=NOW, limit=40, lease=MINUTE)]
    assert sorted(claimed) == list(range(1, 41))


async def test_claimers_at_once_never_get_the_same_row_or_chat(store: Storage) -> None:
    chats = [await active_chat(store, number) for number in range(1, 31)]
    await store.outbox.commit_issues([issue(chat, f"{slot}") for chat in chats for slot in range(3)], now=NOW)
    claims = [store.outbox.claim(now=NOW, limit=4, lease=MINUTE, owner=f"{number}") for number in range(12)]
    parcels = [parcel for batch in await asyncio.gather(*claims) for parcel in batch]
    parcels += await store.outbox.claim(now=NOW, limit=90, lease=MINUTE, owner="last")
    assert sorted(parcel.chat.id for parcel in parcels) == [chat.id for chat in chats]
    assert {parcel.slot for parcel in parcels} == {"0"}


async def test_the_same_poll_committed_at_once_is_stored_once(store: Storage) -> None:
    source = await add_source(store)
    drafts = [draft(item(source.id, f"{number}")) for number in range(20)]
    commits = [store.news.commit_poll(source.id, POLLED, drafts=drafts, now=NOW) for _ in range(10)]
    assert sum(await asyncio.gather(*commits)) == 20
    assert (await store.news.counts()).stories == 20


async def test_the_same_issues_committed_at_once_are_enqueued_once(store: Storage) -> None:
    chats = [await active_chat(store, number) for number in range(1, 21)]
    issues = [issue(chat) for chat in chats]
    commits = [store.outbox.commit_issues(issues[::step], now=NOW) for step in (1, -1) * 5]
    assert sum(await asyncio.gather(*commits)) == 20


async def test_settings_change_while_issues_are_committed_and_claimed(store: Storage) -> None:
    chats = [await active_chat(store, number) for number in range(1, 11)]

    async def publish() -> None:
        for number in range(10):
            await store.outbox.commit_issues([asked(chat, f"{number}") for chat in chats], now=NOW)

    async def choose() -> None:
        for chat in reversed(chats):
            await store.chats.toggle_topic(chat.id, "ev")
            await store.chats.schedule(chat.id, times=[600], zone="UTC", next_at=NOW + HOUR)

    async def deliver(owner: str) -> int:
        claims = [await store.outbox.claim(now=NOW, limit=5, lease=MINUTE, owner=owner) for _ in range(10)]
        return sum(map(len, claims))

    _, _, one, two = await asyncio.gather(publish(), choose(), deliver("one"), deliver("two"))
    assert one + two <= 10
    assert all(chat.topics == {"ev"} for chat in await store.chats.due_chats(now=NOW + HOUR, limit=20))


async def test_a_person_at_the_databases_own_shell_costs_a_wait_and_no_update(tmp_path: Path) -> None:
    def scribble() -> None:
        with closing(sqlite3.connect(tmp_path / "a.db", timeout=10)) as connection:
            for _ in range(200):
                connection.execute("UPDATE chats SET zone = zone || '!'")
                connection.commit()

    async with await open_storage(str(tmp_path / "a.db")) as store:
        chat = await new_chat(store)
        other = asyncio.create_task(asyncio.to_thread(scribble))
        for number in range(200):
            await store.chats.toggle_topic(chat.id, f"topic {number}")
        await other
        changed = await store.chats.get(chat.id)
    assert (len(changed.topics), changed.zone.count("!")) == (200, 200)


async def test_a_cancelled_caller_leaves_a_whole_transaction_or_none(store: Storage) -> None:
    chat = await new_chat(store)
    tasks = [asyncio.create_task(store.chats.toggle_topic(chat.id, f"topic {number}")) for number in range(60)]
    for task in tasks[::2]:
        await asyncio.sleep(0.001)
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    done = {f"topic {number}" for number, end in enumerate(ended) if not isinstance(end, BaseException)}
    topics = (await store.chats.get(chat.id)).topics
    assert done <= topics <= {f"topic {number}" for number in range(60)}
    assert {f"topic {number}" for number in range(1, 60, 2)} <= done
