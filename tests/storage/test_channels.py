"""What those who run channels ask of the store: tickets, the trail, the queue, words on posts; on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feeds.chatsettings import ChatSettings
from feeds.issue import Chat, ChatKind, ChatState, DigestKind, OutboxId, OutboxState, PauseReason
from storage import Storage
from storage.approvals import NEVER, Word
from storage.audit import Entry
from storage.people import TicketKind
from tests.storage.samples import DAY, HOUR, MINUTE, NOW, SECOND, asked, digest, issue, new_chat

LEASE = timedelta(seconds=60)


async def channel(store: Storage, telegram_id: int = -1_000_000_000_100) -> Chat:
    chat = await new_chat(store, telegram_id, ChatKind.CHANNEL)
    return await store.chats.schedule(chat.id, times=[540], zone="Europe/Moscow", next_at=NOW)


async def fill(store: Storage, chat: Chat, *minutes: int, approval: int | None = None) -> list[OutboxId]:
    issues = [
        issue(
            chat,
            f"slot {number}",
            digest=digest([number + 1]),
            due_at=NOW + number * SECOND,
            moves_schedule=False,
            approval_minutes=approval,
        )
        for number in minutes
    ]
    await store.outbox.commit_issues(issues, now=NOW)
    return [one.id for one in await store.queue.planned(chat.id, limit=100)]


async def test_a_ticket_works_once_in_time_and_for_whom_it_is(store: Storage) -> None:
    chat = await channel(store)
    tickets, soon = store.tickets, NOW + HOUR
    mine = await tickets.issue(TicketKind.SETUP, expires_at=soon, user_id=7, chat_id=chat.id)
    anybodys = await tickets.issue(TicketKind.SETUP, expires_at=soon, chat_id=chat.id)
    # Who only looks uses nothing up.
    found = [await tickets.find(mine, TicketKind.SETUP, user_id=user, now=NOW) for user in (7, 8)]
    assert [one and one.chat_id for one in found] == [chat.id, None]
    assert await tickets.redeem(mine, TicketKind.SETUP, user_id=8, now=NOW) is None
    assert await tickets.redeem(mine, TicketKind.EDITOR, user_id=7, now=NOW) is None
    assert await tickets.redeem(mine, TicketKind.SETUP, user_id=7, now=soon) is None
    used = await asyncio.gather(*(tickets.redeem(anybodys, TicketKind.SETUP, user_id=n, now=NOW) for n in range(5)))
    assert [ticket.chat_id for ticket in used if ticket is not None] == [chat.id]
    assert await tickets.prune(soon + SECOND) == 2


async def test_no_token_stands_in_the_store(store: Storage) -> None:
    token = await store.tickets.issue(TicketKind.OPERATOR, expires_at=NOW + HOUR)
    async with store.tickets._database.transaction() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM tickets")).all()
    assert len(rows) == 1
    assert token not in str(rows)


async def test_the_trail_is_read_newest_first_and_what_matters_outlasts_the_rest(store: Storage) -> None:
    chat = await channel(store)
    made = [Entry(user_id=7, name="Олег", key=key, facts={"to": key}, done_at=NOW) for key in ("linked", "cap", "lost")]
    await store.audit.note(chat.id, made)
    assert [one.key for one in await store.audit.latest(chat.id, limit=2)] == ["lost", "cap"]
    assert [one.key for one in await store.audit.latest(chat.id, limit=2, skip=2)] == ["linked"]
    last = await store.audit.last(chat.id, "lost", "returned")
    assert last == made[2]
    assert await store.audit.first(chat.id, "linked", since="unlinked") == made[0]
    gone = Entry(user_id=7, name="Олег", key="unlinked", done_at=NOW)
    await store.audit.note(chat.id, [gone])
    assert await store.audit.first(chat.id, "linked", since="unlinked") is None
    assert await store.audit.prune(NOW + DAY, sparing=("linked", "lost")) == 2


async def test_rows_change_places_leave_and_hurry_only_while_they_wait(store: Storage) -> None:
    chat, other = await channel(store), await channel(store, -1_000_000_000_200)
    first, second, third = await fill(store, chat, 0, 1, 2)
    queue = store.queue
    assert await queue.lift(chat.id, third)
    assert [one.id for one in await queue.planned(chat.id, limit=9)] == [first, third, second]
    assert not await queue.lift(chat.id, first)
    assert await queue.hurry(chat.id, second, now=NOW)
    assert not await queue.hurry(other.id, first, now=NOW)
    assert await queue.drop(chat.id, third, now=NOW)
    [claimed] = await store.outbox.claim(now=NOW + MINUTE, limit=9, lease=LEASE, owner="me")
    assert claimed.id == second
    for move in (
        queue.drop(chat.id, second, now=NOW),
        queue.hurry(chat.id, third, now=NOW),
        queue.lift(chat.id, second),
    ):
        assert not await move


async def test_a_row_that_waits_for_a_word_is_claimed_by_nobody_and_melts_into_no_other(store: Storage) -> None:
    chat = await channel(store)
    rows = await fill(store, chat, 0, 1, approval=0)
    assert await store.outbox.claim(now=NOW + 30 * DAY, limit=9, lease=LEASE, owner="me") == []
    assert await store.outbox.next_due(NOW) == NEVER
    assert await store.outbox.merge_stale(lambda found: found[0], due_before=NOW + DAY, now=NOW) == 0
    await store.outbox.hasten(now=NOW + DAY)
    await store.outbox.take_over(now=NOW + DAY)
    assert await store.outbox.claim(now=NOW + 30 * DAY, limit=9, lease=LEASE, owner="me") == []
    planned = await store.queue.planned(chat.id, limit=9)
    assert [(one.id, one.waits_for_approval, one.publish_at) for one in planned] == [(row, True, None) for row in rows]


async def test_of_many_words_one_counts(store: Storage) -> None:
    chat = await channel(store)
    [row] = await fill(store, chat, 0, approval=30)
    words = [Word(publish=number % 2 == 0, by=number, name=f"A{number}") for number in range(8)]
    said = await asyncio.gather(*(store.approvals.decide(row, word, now=NOW) for word in words))
    assert sum(said) == 1
    approval = await store.approvals.get(row)
    assert approval is not None
    assert approval.decided_by == said.index(True)
    claimed = await store.outbox.claim(now=NOW + MINUTE, limit=9, lease=LEASE, owner="me")
    assert len(claimed) == int(approval.published or 0)
    assert await store.approvals.overdue(now=NOW + DAY) == []


async def test_time_that_ran_out_is_seen_and_cards_are_remembered(store: Storage) -> None:
    chat = await channel(store)
    [row] = await fill(store, chat, 0, approval=30)
    assert [one.outbox_id for one in await store.approvals.unasked()] == [row]
    await store.approvals.note_card(row, 7, 70)
    await store.approvals.note_card(row, 7, 71)
    await store.approvals.mark_asked(row, now=NOW)
    assert await store.approvals.unasked() == []
    assert await store.approvals.cards(row) == {7: 71}
    assert await store.approvals.overdue(now=NOW + 29 * MINUTE) == []
    assert [one.outbox_id for one in await store.approvals.overdue(now=NOW + 30 * MINUTE)] == [row]


async def test_a_draft_is_rewritten_only_as_it_was_read(store: Storage) -> None:
    chat = await channel(store)
    [row] = await fill(store, chat, 0, approval=0)
    old, new, other = digest([1]), digest([2]), digest([3])
    assert not await store.approvals.rewrite(row, old=other, new=new, now=NOW)
    assert await store.approvals.rewrite(row, old=old, new=new, now=NOW)
    assert not await store.approvals.rewrite(row, old=old, new=other, now=NOW)
    parcel = await store.queue.parcel(row)
    assert parcel is not None
    assert parcel.digest == new


async def test_a_trial_covers_nothing_waits_for_nobody_and_is_no_post(store: Storage) -> None:
    chat = await channel(store)
    trial = asked(chat, "trial:7", digest=digest([1], kind=DigestKind.TRIAL))
    await store.outbox.commit_issues([trial, trial], now=NOW)
    assert (await store.chats.covered([chat.id], since=NOW - DAY))[chat.id] == frozenset()
    [parcel] = await store.outbox.claim(now=NOW, limit=9, lease=LEASE, owner="me")
    assert not await store.queue.cancel(chat.id, "trial:7", now=NOW)
    await store.outbox.mark_sending(parcel.id, part=0, owner="me", now=NOW)
    await store.outbox.record_part(parcel.id, part=0, message_id=50, owner="me", now=NOW)
    await store.outbox.settle(parcel.id, owner="me", state=OutboxState.SENT, now=NOW)
    assert await store.queue.posted(chat.id, "trial:7") == [50]
    assert await store.queue.posts_since(chat.id, NOW - DAY) == 0


@pytest.mark.parametrize("step", [1, 5])
async def test_nothing_is_due_while_a_channel_is_being_set_up(store: Storage, step: int) -> None:
    chat = await channel(store)
    await store.chats.configure(chat.id, lambda _: ChatSettings(wizard_step=step))
    assert await store.chats.due_chats(now=NOW + DAY, limit=9) == []
    assert await store.chats.next_due() is None
    await store.chats.configure(chat.id, lambda _: ChatSettings())
    assert [one.id for one in await store.chats.due_chats(now=NOW + DAY, limit=9)] == [chat.id]


async def test_a_channel_that_is_let_go_keeps_its_settings_and_nothing_that_waits(store: Storage) -> None:
    chat, person = await channel(store), await new_chat(store)
    await store.chats.add_manager(chat.id, 7)
    await fill(store, chat, 0, 1)
    stopped = await store.channels.unlink(chat.id, now=NOW)
    assert (stopped.state, stopped.times, stopped.next_at) == (ChatState.STOPPED, (540,), None)
    assert await store.chats.managers(chat.id) == ()
    assert await store.queue.planned(chat.id, limit=9) == []
    other = await channel(store, -1_000_000_000_300)
    await store.chats.pause(other.id, PauseReason.NO_RIGHT)
    await store.chats.pause(person.id, PauseReason.BLOCKED)
    assert [one.id for one in await store.channels.paused(PauseReason.NO_RIGHT, PauseReason.BLOCKED)] == [other.id]
    assert await store.channels.active(ChatKind.CHANNEL) == []
