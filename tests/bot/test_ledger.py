from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.ledger import MUCH, Ledger
from feeds.errors import StorageError
from feeds.issue import ChatKind, Issue, OutboxState, Parcel
from storage import Storage, open_storage
from storage.transitions import Arrival, Departure
from tests.samples import NOW, digest, told

ME = "this courier"
LEASE = timedelta(minutes=1)


class Office:
    """A ledger over a real outbox, whose commits are counted."""

    def __init__(self, store: Storage) -> None:
        self.store, self.commits = store, 0
        self.ledger = Ledger(store.outbox, owner=ME, clock=lambda: NOW)
        event.listen(store._database.engine.sync_engine, "commit", self._count)

    def _count(self, _connection: Any) -> None:
        self.commits += 1

    async def fill(self, count: int) -> None:
        issues = []
        for number in range(count):
            chat = await self.store.chats.ensure(
                100 + number, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=NOW
            )
            issues.append(Issue(chat_id=chat.id, slot="a", digest=digest(told(1)), due_at=NOW, moves_schedule=False))
        await self.store.outbox.commit_issues(issues, now=NOW)
        self.commits = 0

    async def state(self, state: OutboxState) -> int:
        return (await self.store.outbox.counts())[state]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with await open_storage(":memory:") as store:
        yield Office(store)


def departure(parcel: Parcel) -> Departure:
    return Departure(id=parcel.id, part=0)


def arrival(parcel: Parcel) -> Arrival:
    return Arrival(id=parcel.id, part=0, message_id=7, last=True)


async def test_what_comes_together_is_one_commit(office: Office) -> None:
    await office.fill(30)
    first = await office.ledger.claim(10, lease=LEASE)
    assert await asyncio.gather(*(office.ledger.depart(departure(one)) for one in first)) == [True] * 10
    office.commits = 0
    *arrived, second = await asyncio.gather(
        *(office.ledger.arrive(arrival(one)) for one in first), office.ledger.claim(20, lease=LEASE)
    )
    assert arrived == [True] * 10
    assert isinstance(second, list)
    assert len(second) == 20
    assert office.commits == 1
    assert await office.state(OutboxState.SENT) == 10


async def test_after_a_rest_nothing_is_delayed_and_then_commits_keep_apart(office: Office) -> None:
    await office.fill(1)
    ledger = Ledger(office.store.outbox, owner=ME, clock=lambda: NOW, apart=3600)
    [parcel] = await asyncio.wait_for(ledger.claim(1, lease=LEASE), 30)
    waiting = asyncio.create_task(_depart(ledger, parcel))
    assert await asyncio.wait([waiting], timeout=0.1) == (set(), {waiting})
    await ledger.close()
    assert await waiting


async def _depart(ledger: Ledger, parcel: Parcel) -> bool:
    return await ledger.depart(departure(parcel))


async def test_when_everybody_waits_nobody_waits_for_more(office: Office) -> None:
    await office.fill(3)
    ledger = Ledger(office.store.outbox, owner=ME, clock=lambda: NOW, hands=lambda: 3, apart=3600)
    parcels = await ledger.claim(3, lease=LEASE)
    waiting = [asyncio.create_task(_depart(ledger, parcel)) for parcel in parcels[:2]]
    assert (await asyncio.wait(waiting, timeout=0.1))[0] == set()
    waiting.append(asyncio.create_task(_depart(ledger, parcels[2])))
    assert await asyncio.wait_for(asyncio.gather(*waiting), 30) == [True] * 3


async def test_much_does_not_wait(office: Office) -> None:
    await office.fill(MUCH)
    parcels = await office.ledger.claim(MUCH, lease=LEASE)
    began = asyncio.get_running_loop().time()
    office.ledger._began = began + 60
    await asyncio.gather(*(office.ledger.depart(departure(one)) for one in parcels))
    assert asyncio.get_running_loop().time() - began < 30
    assert await office.state(OutboxState.SENDING) == MUCH


async def test_an_answer_is_each_ones_own(office: Office) -> None:
    await office.fill(2)
    mine, lost = await office.ledger.claim(2, lease=LEASE)
    await office.store.outbox.retry(lost.id, owner=ME, at=NOW, reason="taken")
    answers = await asyncio.gather(office.ledger.depart(departure(lost)), office.ledger.depart(departure(mine)))
    assert list(answers) == [False, True]


async def test_nothing_is_claimed_for_who_is_gone(office: Office) -> None:
    await office.fill(1)
    parcels = await office.ledger.claim(0, lease=LEASE)
    assert list(parcels) == []
    claiming = asyncio.create_task(_claim(office))
    await asyncio.sleep(0)
    claiming.cancel()
    await asyncio.gather(claiming, return_exceptions=True)
    await office.ledger.close()
    assert await office.state(OutboxState.PENDING) == 1


async def _claim(office: Office) -> None:
    await office.ledger.claim(1, lease=LEASE)


async def test_what_is_written_by_who_is_gone_is_written_all_the_same(office: Office) -> None:
    await office.fill(1)
    [parcel] = await office.ledger.claim(1, lease=LEASE)
    await office.ledger.depart(departure(parcel))

    async def arrive() -> None:
        await office.ledger.arrive(arrival(parcel))

    arriving = asyncio.create_task(arrive())
    await asyncio.sleep(0)
    arriving.cancel()
    await office.ledger.close()
    assert await office.state(OutboxState.SENT) == 1


async def test_an_error_of_the_store_goes_to_all_whose_commit_failed_and_to_nobody_else(office: Office) -> None:
    await office.fill(2)
    one, two = await office.ledger.claim(2, lease=LEASE)
    async with office.store._database.transaction() as connection:
        await connection.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    answers = await asyncio.gather(
        office.ledger.depart(departure(one)), office.ledger.depart(departure(two)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [StorageError, StorageError]
    async with office.store._database.transaction() as connection:
        await connection.exec_driver_sql("ALTER TABLE away RENAME TO outbox")
    assert await office.ledger.depart(departure(one))
