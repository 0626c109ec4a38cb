"""The courier over a real outbox; only the carrier is scripted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import LEASE, MAX_BACKOFF, Courier, backoff
from bot.limits import Limits
from bot.markup import Message, plain, say
from bot.messageids import MessageIds
from bot.outcomes import Closed, Failing, Moved, Outcome, Refused, Sent, Unknown, Wait
from feeds.issue import Chat, ChatKind, ChatState, Issue, OutboxId, OutboxState, Parcel, PauseReason, Priority
from storage import Storage
from tests.samples import NOW, StillClock, digest, told

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

    async def send(self, telegram_id: int, message: Message, *, formatted: bool = True) -> Outcome:
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
        self.troubles: list[Exception] = []
        self.courier = self.hire(ME)
        self._slots = 0

    def hire(self, owner: str) -> Courier:
        return Courier(
            outbox=self.store.outbox,
            chats=self.store.chats,
            carrier=self.carrier,
            write=self._write,
            on_closed=self._closed,
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
        for _ in range(600):
            if await self.states() == expected:
                return
            await asyncio.sleep(0.005)
        assert await self.states() == expected

    async def requests(self, number: int) -> None:
        """Wait until so many requests were made."""
        await soon(lambda: len(self.carrier.sent) >= number)

    async def until_closed(self) -> None:
        """Wait until somebody was told that a chat is closed."""
        await soon(lambda: bool(self.closed))

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            # Cancelled in the middle of a statement, a connection goes, and with it a store in memory.
            self.courier.stop()
            await task

    def later(self, delta: timedelta) -> None:
        self.clock.advance(delta)
        self.courier.ring()

    def _write(self, parcel: Parcel) -> Sequence[Message]:
        if self.troubles:
            raise self.troubles.pop(0)
        return [Message(document=say(story.headline)) for story in parcel.digest.stories]

    async def _closed(self, chat: Chat, reason: PauseReason) -> None:
        self.closed.append((chat.telegram_id, reason))


async def soon(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        await asyncio.sleep(0.005)
    assert happened()


async def quiet() -> None:
    """Give the courier time to do what it should not do."""
    await asyncio.sleep(0.08)


@pytest.fixture
def post(store: Storage, clock: StillClock) -> Post:
    return Post(store, clock)


async def test_an_issue_is_sent_and_settled(post: Post) -> None:
    await post.put(await post.chat(7), "один")
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.sent == [(7, "один")]


async def test_a_bell_wakes_the_courier(post: Post) -> None:
    chat = await post.chat()
    async with post.open():
        await quiet()
        await post.put(chat, "один")
        post.courier.ring()
        await post.until(sent=1)


async def test_all_parts_go_in_order(post: Post) -> None:
    await post.put(await post.chat(), "один", "два", "три")
    async with post.open():
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два", "три"]


async def test_issues_of_one_chat_go_one_after_another_and_those_asked_for_first(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "утро")
    await post.put(chat, "вечер", due_at=NOW + SECOND)
    await post.put(chat, "сейчас", priority=Priority.URGENT, due_at=NOW + 2 * SECOND)
    post.clock.advance(3 * SECOND)
    async with post.open():
        await post.until(sent=3)
    assert [text for _, text in post.carrier.sent] == ["сейчас", "утро", "вечер"]


async def test_many_chats_are_served_side_by_side(post: Post) -> None:
    for number in range(1, 31):
        await post.put(await post.chat(number), "один")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(30)
        post.carrier.gate.set()
        await post.until(sent=30)


async def test_a_flood_waits_as_long_as_it_was_told_and_delays_no_other_chat(post: Post) -> None:
    slow, quick = await post.chat(1), await post.chat(2)
    await post.put(slow, "медленно")
    await post.put(quick, "быстро")
    post.carrier.script[1] = [Wait(timedelta(seconds=30))]
    async with post.open():
        await post.until(sent=1, pending=1)
        assert (2, "быстро") in post.carrier.sent
        post.later(timedelta(seconds=29))
        await quiet()
        assert await post.states() == {OutboxState.SENT: 1, OutboxState.PENDING: 1}
    [parcel] = await post.store.outbox.claim(now=NOW + timedelta(seconds=30), limit=9, lease=LEASE, owner="other")
    assert parcel.attempts == 0


async def test_a_failure_is_tried_again_after_a_growing_pause(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Failing("no connection")] * 3
    async with post.open():
        for tries, pause in enumerate((2, 4, 8), 1):
            await post.requests(tries)
            await post.until(pending=1)
            post.later(timedelta(seconds=pause - 1))
            await quiet()
            assert len(post.carrier.sent) == tries
            post.later(SECOND)
        await post.until(sent=1)


async def test_a_message_that_may_have_arrived_is_held_and_not_sent_twice(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.carrier.script[1] = [Unknown("no answer in time")]
    post.clock.advance(SECOND)
    async with post.open():
        await post.until(unknown=1, sent=1)
        post.later(timedelta(hours=5))
        await quiet()
    assert [text for _, text in post.carrier.sent] == ["один", "два"]
    [held] = await post.store.outbox.held()
    assert held.slot == "slot 1"


async def test_content_that_is_refused_goes_once_more_as_bare_text(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Refused("can't parse entities")]
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.bare == [(1, "один")]


async def test_content_that_is_refused_even_bare_ends_there_and_the_next_follows(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.clock.advance(SECOND)
    post.carrier.script[1] = [Refused("no"), Refused("never")]
    async with post.open():
        await post.until(refused=1, sent=1)


async def test_a_closed_chat_is_paused_told_about_and_gets_its_issue_when_it_opens_again(post: Post) -> None:
    chat = await post.chat()
    await post.store.chats.schedule(chat.id, times=[480], zone=chat.zone, next_at=NOW)
    await post.put(chat, "один")
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")]
    async with post.open():
        await post.until_closed()
        paused = await post.store.chats.get(chat.id)
        assert (paused.state, paused.pause_reason) == (ChatState.PAUSED, PauseReason.BLOCKED)
        assert paused.times == (480,)
        post.later(timedelta(minutes=10))
        await quiet()
        assert len(post.carrier.sent) == 1
        await post.store.chats.resume(chat.id, next_at=NOW)
        post.courier.ring()
        await post.until(sent=1)
    assert post.closed == [(1, PauseReason.BLOCKED)]


async def test_who_stopped_and_then_blocked_is_not_knocked_at_for_ever(post: Post) -> None:
    chat = await post.chat()
    await post.store.chats.stop(chat.id)
    await post.put(chat, "один", priority=Priority.URGENT)
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")] * 50
    async with post.open():
        await post.until(refused=1)
        await quiet()
    assert len(post.carrier.sent) == 1
    assert (await post.store.chats.get(chat.id)).state is ChatState.STOPPED


async def test_a_group_that_moved_gets_its_issue_at_the_new_address(post: Post) -> None:
    chat = await post.chat(-5, kind=ChatKind.GROUP)
    await post.put(chat, "один")
    post.carrier.script[-5] = [Moved(-1005)]
    async with post.open():
        await post.until(sent=1)
    assert post.carrier.sent == [(-5, "один"), (-1005, "один")]
    assert (await post.store.chats.get(chat.id)).telegram_id == -1005


async def test_a_failure_in_the_middle_repeats_no_part_that_arrived(post: Post) -> None:
    await post.put(await post.chat(), "один", "два", "три")
    post.carrier.script[1] = [Sent(1), Failing("no connection")]
    async with post.open():
        await post.requests(2)
        await post.until(pending=1)
        post.later(timedelta(seconds=2))
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два", "два", "три"]


async def test_who_lost_the_lease_sends_nothing_more(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один", "два")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
        # Somebody held the row while the first request was under way.
        assert await post.store.outbox.hold(OutboxId(1), owner=ME, reason="test", now=post.clock())
        post.carrier.gate.set()
        await quiet()
        assert [text for _, text in post.carrier.sent] == ["один"]
        assert await post.states() == {OutboxState.UNKNOWN: 1}


async def test_an_expired_lease_of_a_dead_courier_is_taken_over(post: Post) -> None:
    await post.put(await post.chat(), "один")
    await post.store.outbox.claim(now=NOW, limit=9, lease=LEASE, owner="dead")
    async with post.open():
        await quiet()
        assert post.carrier.sent == []
        post.later(LEASE)
        await post.until(sent=1)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)], ids=["forward", "back"])
async def test_a_jump_of_the_clock_during_a_request_repeats_nothing(post: Post, jump: timedelta) -> None:
    await post.put(await post.chat(), "один", "два")
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(1)
        post.later(jump)
        await quiet()
        post.carrier.gate.set()
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два"]


async def test_a_clock_that_was_turned_back_stalls_no_second_try(post: Post) -> None:
    await post.put(await post.chat(), "один")
    post.carrier.script[1] = [Failing("502")]
    async with post.open():
        await post.until(pending=1)
        await post.requests(1)
        post.later(timedelta(hours=-1))
        await post.until(sent=1)


async def test_what_a_dead_courier_was_sending_is_held(post: Post) -> None:
    await post.put(await post.chat(), "один")
    [parcel] = await post.store.outbox.claim(now=NOW, limit=9, lease=LEASE, owner="dead")
    await post.store.outbox.mark_sending(parcel.id, part=0, owner="dead", now=NOW)
    async with post.open():
        post.later(LEASE)
        await post.until(unknown=1)
    assert post.carrier.sent == []


async def test_an_issue_that_cannot_be_written_waits_and_blocks_its_chat_no_longer_than_that(post: Post) -> None:
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    post.troubles = [ValueError("no such zone")]
    async with post.open():
        await post.until(sent=1, pending=1)
        post.later(timedelta(seconds=2))
        await post.until(sent=2)


async def test_a_surprise_during_a_request_holds_the_issue(post: Post) -> None:
    chat = await post.chat()
    await post.put(chat, "один")
    await post.put(chat, "два", due_at=NOW + SECOND)
    post.clock.advance(SECOND)
    post.carrier.script[1] = [RuntimeError("nobody expected this")]
    async with post.open():
        await post.until(unknown=1, sent=1)


async def test_a_chat_forgotten_meanwhile_troubles_nobody(post: Post) -> None:
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    post.carrier.script[1] = [Closed(PauseReason.BLOCKED, "Forbidden: bot was blocked by the user")]
    post.carrier.gate.clear()
    async with post.open():
        await post.requests(2)
        await post.store.chats.forget(1)
        post.carrier.gate.set()
        await post.until(sent=1)


@pytest.mark.parametrize("gently", [True, False], ids=["stopped", "cancelled"])
async def test_the_end_lets_requests_finish_and_gives_the_rest_back(post: Post, *, gently: bool) -> None:
    await post.put(await post.chat(), "один", "два")
    post.carrier.gate.clear()
    task = asyncio.create_task(post.courier.run())
    await post.requests(1)
    if gently:
        post.courier.stop()
    else:
        task.cancel()
    await quiet()
    assert not task.done()
    post.carrier.gate.set()
    await asyncio.wait([task], timeout=3)
    assert task.done()
    assert await post.states() == {OutboxState.PENDING: 1}
    # Whoever comes next goes on where this one ended.
    post.courier = post.hire("the next one")
    async with post.open():
        await post.until(sent=1)
    assert [text for _, text in post.carrier.sent] == ["один", "два"]


async def test_the_end_gives_back_what_only_waits_for_its_turn(store: Storage, clock: StillClock) -> None:
    post = Post(store, clock)
    limits = Limits(overall=100_000, each=100_000)
    limits.pause(1, 9)
    post.courier._limits = limits
    await post.put(await post.chat(1), "один")
    async with post.open():
        await post.until(claimed=1)
    assert await post.states() == {OutboxState.PENDING: 1}
    assert post.carrier.sent == []


async def test_a_parcel_whose_chat_must_wait_long_waits_in_the_outbox(store: Storage, clock: StillClock) -> None:
    post = Post(store, clock)
    limits = Limits(overall=100_000, each=100_000)
    limits.pause(1, 600)
    post.courier._limits = limits
    await post.put(await post.chat(1), "один")
    await post.put(await post.chat(2), "два")
    async with post.open():
        await post.until(pending=1, sent=1)
        assert post.carrier.sent == [(2, "два")]
        due = await store.outbox.next_due(clock())
        assert due is not None
        assert 595 * SECOND < due - clock() <= 600 * SECOND


async def test_a_courier_whose_store_fails_goes_on_when_it_is_back(post: Post) -> None:
    await post.put(await post.chat(), "один")
    with pytest.raises(RuntimeError):
        await stumbling(post)
    async with post.open():
        await post.until(sent=1)


async def stumbling(post: Post) -> None:
    """Run the courier once with a clock that is broken."""
    real = post.courier._clock

    def broken() -> Any:
        raise RuntimeError("no clock")

    post.courier._clock = broken
    try:
        await post.courier.run()
    finally:
        post.courier._clock = real


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [backoff(attempts).total_seconds() for attempts in range(4)] == [2, 4, 8, 16]
    assert backoff(9) == backoff(1_000_000) == MAX_BACKOFF
