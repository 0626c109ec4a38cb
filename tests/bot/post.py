"""A courier over a real outbox with a carrier that answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import Courier
from bot.limits import Limits
from bot.markup import Message, plain, say
from bot.messageids import MessageIds
from bot.outcomes import Outcome, Sent
from bot.standing import Standing
from feeds.errors import StorageError
from feeds.issue import Chat, ChatKind, Issue, OutboxState, Parcel, PauseReason
from storage import Storage
from tests.samples import StillClock, digest, told
from tests.waiting import until

ME = "this courier"
SECOND = timedelta(seconds=1)


class Carrier:
    """Answers with the outcomes put down for a chat, then with ``Sent``; ``gate`` holds requests back."""

    def __init__(self) -> None:
        self.script: dict[int, list[Outcome | Exception]] = {}
        self.sent: list[tuple[int, str]] = []
        self.bare: list[tuple[int, str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy: dict[int, int] = {}
        self.threads: list[int | None] = []
        self.replies: list[int | None] = []

    async def send(
        self, telegram_id: int, message: Message, *, formatted: bool = True, thread: int | None = None
    ) -> Outcome:
        self.threads.append(thread)
        self.replies.append(message.reply_to)
        self.busy[telegram_id] = self.busy.get(telegram_id, 0) + 1
        assert self.busy[telegram_id] == 1, "two requests to one chat at the same time"
        try:
            (self.sent if formatted else self.bare).append((telegram_id, plain(message.document)))
            await self.gate.wait()
            answer = self.script[telegram_id].pop(0) if self.script.get(telegram_id) else Sent(len(self.sent))
            if isinstance(answer, Exception):
                raise answer
            return answer
        finally:
            self.busy[telegram_id] -= 1


class Post:
    """A courier with everything around it."""

    def __init__(self, store: Storage, clock: StillClock) -> None:
        self.store, self.clock, self.carrier = store, clock, Carrier()
        self.closed: list[tuple[int, PauseReason]] = []
        self.threadless: list[tuple[int, int]] = []
        self.troubles: list[Exception] = []
        self.courier = self.hire(ME)
        self._slots = 0

    def hire(self, owner: str) -> Courier:
        return Courier(
            outbox=self.store.outbox,
            chats=self.store.chats,
            carrier=self.carrier,
            standing=Standing(self.store.news, write=self._write),
            on_closed=self._closed,
            on_threadless=self._threadless,
            limits=Limits(overall=100_000, each=100_000),
            ids=MessageIds(),
            clock=self.clock,
            owner=owner,
        )

    async def chat(self, telegram_id: int = 1, **changes: Any) -> Chat:
        values: dict[str, Any] = {"kind": ChatKind.PRIVATE, "lang": "ru", "reads": ["ru"], "zone": "Europe/Moscow"}
        return await self.store.chats.ensure(telegram_id, now=self.clock(), **values | changes)

    async def put(self, chat: Chat, *headlines: str, **changes: Any) -> None:
        """Enqueue an issue of as many messages as there are headlines."""
        self._slots += 1
        stories = [told(self._slots * 100 + n, headline=headline) for n, headline in enumerate(headlines)]
        values: dict[str, Any] = {"moves_schedule": False, "due_at": self.clock()}
        issue = Issue(chat_id=chat.id, slot=f"slot {self._slots}", digest=digest(*stories), **values | changes)
        assert await self.store.outbox.commit_issues([issue], now=self.clock()) == 1

    async def states(self) -> dict[OutboxState, int]:
        return {state: number for state, number in (await self.store.outbox.counts()).items() if number}

    async def until(self, **wanted: int) -> None:
        """Wait until the outbox holds exactly so many rows in each state."""
        expected = {OutboxState(state): number for state, number in wanted.items()}
        states: dict[OutboxState, int] = {}

        async def reached() -> bool:
            nonlocal states
            states = await self.states()
            return states == expected

        await until(reached, lambda: (expected, states))

    async def requests(self, number: int) -> None:
        """Wait until so many requests were made."""
        await until(lambda: len(self.carrier.sent) >= number, lambda: (number, self.carrier.sent))

    async def until_closed(self) -> None:
        """Wait until somebody was told that a chat is closed."""
        await until(lambda: self.closed, "somebody to be told")

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            # Cancelled in the middle of a statement, a connection goes, and with it a store in memory.
            self.courier.stop()
            await task

    async def end_spoilt(self) -> None:
        """End with an issue claimed for a chat that has to wait, which the store does not let be given back."""
        self.courier._limits.pause(1, 9)
        await self.put(await self.chat(1), "один")
        task = asyncio.create_task(self.courier.run())
        await self.until(claimed=1)
        async with refusing(self.store, OutboxState.PENDING):
            task.cancel()
            with pytest.raises(StorageError):
                await task

    def later(self, delta: timedelta) -> None:
        self.clock.advance(delta)
        self.courier.ring()

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        if self.troubles:
            raise self.troubles.pop(0)
        follows = parcel.chat.kind is ChatKind.CHANNEL
        return [
            Message(document=say(story.headline), follows=follows and part > 0)
            for part, story in enumerate(parcel.digest.stories)
        ]

    async def _threadless(self, chat: Chat, thread: int) -> None:
        self.threadless.append((chat.telegram_id, thread))

    async def _closed(self, chat: Chat, reason: PauseReason) -> None:
        self.closed.append((chat.telegram_id, reason))


async def quiet() -> None:
    """Give the courier time to do what it should not do."""
    await asyncio.sleep(0.08)


@contextlib.asynccontextmanager
async def refusing(store: Storage, state: OutboxState, *, change: str = "UPDATE") -> AsyncIterator[None]:
    """Let every commit fail that would bring a row into a state, or change so what is in that state."""
    rule = f"BEFORE {change} ON outbox WHEN NEW.state = '{state}' BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    await execute(store, f"CREATE TRIGGER refusing {rule}")
    yield
    await execute(store, "DROP TRIGGER refusing")


async def execute(store: Storage, words: str) -> None:
    async with store._database.transaction() as connection:
        await connection.exec_driver_sql(words)
