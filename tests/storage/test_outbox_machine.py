"""A machine that does anything a courier may do, in any order, beside a model of what must come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from feeds.issue import ChatId, OutboxId, OutboxState
from storage import open_storage
from tests.storage.samples import MINUTE, NOW, SECOND, issue, new_chat

T = TypeVar("T")
PENDING, CLAIMED, SENDING, SENT, REFUSED, UNKNOWN = OutboxState
IN_FLIGHT = {CLAIMED, SENDING}
OWNERS = st.sampled_from(["one", "two"])
CHATS = st.integers(0, 2)


@dataclass(slots=True)
class Row:
    chat: ChatId
    not_before: datetime
    state: OutboxState = PENDING
    owner: str | None = None
    lease_until: datetime = NOW
    part: int | None = None


class OutboxMachine(RuleBasedStateMachine):
    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now = NOW
        self.model: dict[OutboxId, Row] = {}
        self.enqueued = 0

    def do(self, call: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(call)

    @initialize()
    def open(self) -> None:
        self.store = self.do(open_storage(":memory:"))
        self.outbox = self.store.outbox
        self.chats = [self.do(new_chat(self.store, number)).id for number in (1, 2, 3)]

    def teardown(self) -> None:
        self.do(self.store.aclose())
        self.runner.close()

    @rule(target=rows, chat=CHATS, wait=st.integers(-5, 90))
    def enqueue(self, chat: int, wait: int) -> OutboxId:
        self.enqueued += 1
        due_at = self.now + wait * SECOND
        made = issue(self.chats[chat], f"slot {self.enqueued}", due_at=due_at)
        assert self.do(self.outbox.commit_issues([made, made], now=self.now)) == 1
        row = OutboxId(self.enqueued)
        self.model[row] = Row(chat=self.chats[chat], not_before=due_at)
        return row

    @rule(seconds=st.integers(0, 70))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(owner=OWNERS, limit=st.integers(1, 4))
    def claim(self, owner: str, limit: int) -> None:
        busy = {row.chat for row in self.model.values() if row.state in IN_FLIGHT}
        open_rows = [
            key
            for key, row in self.model.items()
            if row.state is PENDING and row.not_before <= self.now and row.chat not in busy
        ]
        open_chats = {self.model[key].chat for key in open_rows}
        claimed = self.do(self.outbox.claim(now=self.now, limit=limit, lease=MINUTE, owner=owner))
        assert {parcel.id for parcel in claimed} <= set(open_rows)
        assert len({parcel.chat.id for parcel in claimed}) == len(claimed) == min(limit, len(open_chats))
        for parcel in claimed:
            row = self.model[parcel.id]
            row.state, row.owner, row.lease_until = CLAIMED, owner, self.now + MINUTE

    def may_write(self, key: OutboxId, owner: str) -> bool:
        row = self.model[key]
        return row.state in IN_FLIGHT and row.owner == owner

    def moved(self, key: OutboxId, state: OutboxState) -> None:
        row = self.model[key]
        row.state, row.part = state, None
        if state not in IN_FLIGHT:
            row.owner = None

    @rule(key=rows, owner=OWNERS, part=st.integers(0, 1))
    def mark(self, key: OutboxId, owner: str, part: int) -> None:
        row = self.model[key]
        expected = self.may_write(key, owner) and row.part in {None, part}
        assert self.do(self.outbox.mark_sending(key, part=part, owner=owner, now=self.now)) == expected
        if expected:
            row.state, row.part = SENDING, part

    @rule(key=rows, owner=OWNERS, part=st.integers(0, 1))
    def record(self, key: OutboxId, owner: str, part: int) -> None:
        expected = self.may_write(key, owner)
        done = self.do(self.outbox.record_part(key, part=part, message_id=1, owner=owner, now=self.now))
        assert done == expected
        if expected:
            self.moved(key, CLAIMED)

    @rule(key=rows, owner=OWNERS, sent=st.booleans())
    def settle(self, key: OutboxId, owner: str, *, sent: bool) -> None:
        expected = self.may_write(key, owner)
        call = (
            self.outbox.settle(key, owner=owner, state=OutboxState.SENT, now=self.now)
            if sent
            else self.outbox.settle(key, owner=owner, state=OutboxState.REFUSED, reason="no", now=self.now)
        )
        assert self.do(call) == expected
        if expected:
            self.moved(key, SENT if sent else REFUSED)

    @rule(key=rows, owner=OWNERS)
    def hold(self, key: OutboxId, owner: str) -> None:
        expected = self.may_write(key, owner)
        assert self.do(self.outbox.hold(key, owner=owner, reason="?", now=self.now)) == expected
        if expected:
            self.moved(key, UNKNOWN)

    @rule(key=rows, owner=OWNERS, wait=st.integers(0, 90))
    def retry(self, key: OutboxId, owner: str, wait: int) -> None:
        row = self.model[key]
        expected = row.state in IN_FLIGHT and row.owner == owner
        at = self.now + wait * SECOND
        assert self.do(self.outbox.retry(key, owner=owner, at=at, reason="busy")) == expected
        if expected:
            self.moved(key, PENDING)
            row.not_before = at

    @rule(key=rows, again=st.booleans())
    def resolve(self, key: OutboxId, *, again: bool) -> None:
        expected = self.model[key].state is UNKNOWN
        assert self.do(self.outbox.resolve(key, again=again, now=self.now)) == expected
        if expected:
            self.moved(key, PENDING if again else REFUSED)
            self.model[key].not_before = self.now

    @rule(owner=OWNERS)
    def release(self, owner: str) -> None:
        mine = [key for key, row in self.model.items() if row.owner == owner and row.state is CLAIMED]
        assert self.do(self.outbox.release(owner)) == len(mine)
        for key in mine:
            self.moved(key, PENDING)

    @rule(owner=OWNERS)
    def extend(self, owner: str) -> None:
        mine = [key for key in self.model if self.may_write(key, owner)]
        assert self.do(self.outbox.extend(owner, now=self.now, lease=MINUTE)) == len(mine)
        for key in mine:
            self.model[key].lease_until = self.now + MINUTE

    @rule()
    def reclaim(self) -> None:
        lost = {key: row.state for key, row in self.model.items() if row.owner and row.lease_until <= self.now}
        done = self.do(self.outbox.reclaim(now=self.now))
        states = list(lost.values())
        assert (done.pending, done.unknown) == (states.count(CLAIMED), states.count(SENDING))
        for key, state in lost.items():
            self.moved(key, PENDING if state is CLAIMED else UNKNOWN)

    @invariant()
    def no_row_is_ever_lost(self) -> None:
        states = [row.state for row in self.model.values()]
        assert self.do(self.outbox.counts()) == {state: states.count(state) for state in OutboxState}

    @invariant()
    def the_next_time_to_look_is_right(self) -> None:
        busy = {row.chat for row in self.model.values() if row.state in IN_FLIGHT}
        waits = [row.not_before for row in self.model.values() if row.state is PENDING and row.chat not in busy]
        expected = max(min(waits), self.now) if waits else None
        assert self.do(self.outbox.next_due(self.now)) == expected


OutboxMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=40, deadline=None)
TestOutbox = OutboxMachine.TestCase
