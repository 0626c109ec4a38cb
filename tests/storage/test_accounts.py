"""All that is tied to a person is found, and all of it goes; what is others' stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from feeds.issue import ChatKind
from storage import Storage
from storage.accounts import GOING, NAMELESS
from storage.people import Departure, everything
from storage.tables import chats
from tests.samples import NOW

ME, OTHER = 7_654_321_987, 1_234_567_891
PERSONAL = ("user_id", "telegram_id", "_by", "author_id")


async def test_every_column_that_may_name_a_person_is_known() -> None:
    named = {*GOING, *NAMELESS, chats.c.telegram_id}
    found = {column for table in everything.sorted_tables for column in table.columns if column.name.endswith(PERSONAL)}
    assert found == named


async def test_what_is_tied_to_somebody_is_handed_out_and_erased_to_the_last_trace(store: Storage) -> None:
    for person in (ME, OTHER):
        await _fill(store, person)
    before = await _dump(store)
    mine = await store.accounts.collect(ME)
    assert {column.table.name for column in (*GOING, *NAMELESS)} | {"chats", "saved", "votes"} <= set(mine)
    assert str(OTHER) not in str(mine)
    assert await store.accounts.forget(ME, now=NOW)
    after = await _dump(store)
    assert str(ME) in str(before)
    assert str(ME) not in str(after)
    assert "Имя" + str(ME)[-3:] not in str(after)
    assert await store.accounts.collect(ME) == {}
    assert (await store.accounts.collect(OTHER)).keys() == mine.keys()
    assert not await store.accounts.forget(ME, now=NOW)


async def test_the_reasons_of_leaving_are_counted_without_anybody(store: Storage) -> None:
    for reason in (Departure.OFTEN, Departure.OFTEN, Departure.REPEATS):
        await store.accounts.depart(reason)
    assert await store.accounts.departed() == {Departure.OFTEN: 2, Departure.OTHER: 0, Departure.REPEATS: 1}


async def _fill(store: Storage, person: int) -> None:
    """Put the person into every column that may name one, and something of theirs into the tables behind."""
    chat = await store.chats.ensure(
        person, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
    )
    channel = await store.chats.ensure(
        -person, kind=ChatKind.CHANNEL, title="Канал", lang="ru", reads=["ru"], zone="UTC", now=NOW
    )
    number, name = person % 1000, f"Имя{person % 1000}"
    facts: dict[str, dict[str, Any]] = {
        "saved": {"chat_id": chat.id, "story_id": 1, "headline": "Новость", "url": "https://a.ru", "saved_at": NOW},
        "votes": {"chat_id": chat.id, "story_id": 1, "value": 1, "topics": ("ev",), "voted_at": NOW},
        "chat_managers": {"chat_id": channel.id, "user_id": person},
        "audit": {
            "chat_id": channel.id, "user_id": person, "name": name, "key": "paused", "facts": "{}", "done_at": NOW
        },
        "staff": {"user_id": person, "signature": name, "operator": False, "since": NOW},
        "desk_cards": {"story_id": 1, "user_id": person, "message_id": 5, "sent_at": NOW},
        "tickets": {"digest": name, "kind": "setup", "user_id": person, "expires_at": NOW},
        "other_messages": {"telegram_id": person, "message_id": 8},
        "opinion_history": {
            "story_id": number, "version": 1, "state": "approved", "text": "Да.", "user_id": person, "changed_at": NOW
        },
        "opinions": {
            "story_id": number, "state": "approved", "version": 1, "label": "", "text": "Да.", "signature": name,
            "author_id": person, "claimed_by": person, "claimed_until": NOW, "draft": "", "draft_by": person,
            "due_at": NOW, "asked_at": NOW, "told_version": 0,
        },
        "digests": {"id": number, "body": "{}", "body_hash": str(number), "made_at": NOW},
        "outbox": {
            "id": number, "chat_id": channel.id, "slot": "1", "digest_id": number, "state": "pending", "rank": 1,
            "due_at": NOW, "not_before": NOW, "attempts": 0, "created_at": NOW,
        },
        "story_marks": {"story_id": number, "breaking_at": NOW, "breaking_by": person, "note": ""},
        "approvals": {"outbox_id": number, "decided_by": person, "decided_name": name},
        "approval_cards": {"outbox_id": number, "user_id": person, "message_id": 4},
        "pace": {"key": f"pause:{person}", "made_at": NOW, "next_at": NOW},
    }  # fmt: skip
    async with store._database.transaction() as connection:
        for table, values in facts.items():
            await connection.execute(insert(everything.tables[table]).values(values))


async def _dump(store: Storage) -> list[str]:
    """Write out every row of every table, channels' own numbers left out: they are not a person's."""
    async with store._database.transaction() as connection:
        tables = [await connection.execute(select(table)) for table in everything.sorted_tables]
        return [str(row._mapping).replace(f"-{ME}", "channel") for rows in tables for row in rows]


async def test_data_is_handed_out_once_in_a_while_also_after_a_restart(store: Storage) -> None:
    hour = timedelta(hours=1)
    await store.chats.ensure(ME, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW)

    async def left(now: datetime) -> timedelta:
        return await store.accounts.take_export(ME, span=hour, now=now)

    assert await left(NOW) == timedelta(0)
    assert await left(NOW + timedelta(minutes=20)) == timedelta(minutes=40)
    assert await left(NOW - timedelta(days=1)) == timedelta(0)
    assert await left(NOW + hour) == timedelta(0)
    assert await store.accounts.take_export(OTHER, span=hour, now=NOW) == timedelta(0)
