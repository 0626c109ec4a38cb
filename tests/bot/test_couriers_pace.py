"""A courier at a door to Telegram that keeps the pace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.limits import Limits
from bot.pacing import KeepPace
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from bot.telegram import Sender, make_bot
from storage import Storage
from storage.pace import Pace
from tests.bot.post import SECOND, Post
from tests.samples import StillClock
from tests.waiting import until


class Notebook(Pace):
    """The real one, which tells what it was asked to keep."""

    def __init__(self, store: Storage) -> None:
        super().__init__(store._database)
        self.noted: list[Mapping[str, timedelta]] = []

    async def pause(self, pauses: Mapping[str, timedelta], *, now: datetime) -> None:
        self.noted.append(pauses)
        await super().pause(pauses, now=now)


async def test_a_429_that_the_courier_meets_is_noted_once(store: Storage, clock: StillClock) -> None:
    post, notebook = Post(store, clock), Notebook(store)
    limits = Limits(overall=100_000, each=100_000, keeper=notebook, clock=clock)
    async with Sandbox() as sandbox, make_bot(sandbox.token, api_base=sandbox.url) as bot:
        bot.session.middleware(KeepPace(limits))
        post.courier._limits, post.courier._carrier = limits, Sender(bot)
        sandbox.add_fault(Fault(method="sendMessage", kind=FaultKind.RETRY_AFTER, retry_after=30))
        await post.put(await post.chat(), "один")
        async with post.open():
            await until(lambda: sandbox.log, "a request")
            await post.until(pending=1)
        assert await store.outbox.next_due(clock()) == clock() + 30 * SECOND
        await limits.settle()
    assert notebook.noted == [{"pause:1": 30 * SECOND}]
