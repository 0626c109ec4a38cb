"""What the next process knows of the numbers of messages, told to a real store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import Chat, Message

from bot.messageids import APART, MessageIds, WatchIds
from storage import Storage
from storage.transitions import Departure
from tests.storage.samples import NOW, active_chat, issue

TOKEN = "42:TEST"
CHANNEL = -1_000_000_000_007


class Talk:
    """A bot that answers people; Telegram gives the numbers that it is told to give."""

    def __init__(self, store: Storage) -> None:
        self.store, self.ids = store, MessageIds()
        self._watch = WatchIds(self.ids, store.outbox)

    async def says(self, chat: int, message_id: int, *, edited: bool = False) -> None:
        kind = "private" if chat > 0 else "channel"
        answer = Message(message_id=message_id, date=NOW, chat=Chat(id=chat, type=kind), text="ответ")

        async def telegram(_bot: Bot, _method: Any) -> Any:
            return answer

        edit = EditMessageText(chat_id=chat, message_id=message_id, text="ответ")
        method: Any = edit if edited else SendMessage(chat_id=chat, text="ответ")
        await self._watch(telegram, Bot(TOKEN), method)

    async def remembered(self) -> dict[int, int]:
        return await self.store.outbox.newest_message_ids()


@pytest.fixture
def talk(store: Storage) -> Talk:
    return Talk(store)


async def test_a_bot_that_never_sent_an_issue_remembers_from_where_to_count(talk: Talk) -> None:
    await talk.says(7, 3)
    assert await talk.remembered() == {7: 3}


async def test_not_every_answer_is_remembered_but_one_not_far_below_the_newest(talk: Talk) -> None:
    for number in range(1, 3 * APART):
        await talk.says(7 + number % 5, number)
    remembered = await talk.remembered()
    assert 2 * APART < max(remembered.values()) <= 3 * APART
    assert len(remembered) <= 3


async def test_a_channel_counts_by_itself(talk: Talk) -> None:
    await talk.says(7, 900)
    await talk.says(CHANNEL, 2)
    assert await talk.remembered() == {7: 900, CHANNEL: 2}


async def test_while_an_issue_is_under_way_every_answer_is_remembered_and_no_edit(talk: Talk) -> None:
    await talk.says(7, 3)
    talk.ids.leave(7)
    await talk.says(7, 5)
    await talk.says(7, 6, edited=True)
    assert await talk.store.outbox.arrived_ids(above=0, shared=True, telegram_id=7) == {3, 5}


async def test_what_no_inquiry_will_ask_about_is_forgotten_and_the_newest_is_nobodys(talk: Talk) -> None:
    for chat, message_id in ((7, 3), (8, 90), (CHANNEL, 2), (CHANNEL, 60)):
        await talk.says(chat, message_id)
    await talk.store.outbox.prune(NOW)
    assert await talk.remembered() == {0: 90, CHANNEL: 60}
    ids = MessageIds(await talk.remembered())
    assert (ids.newest(7), ids.newest(CHANNEL), ids.far_ahead(7, 91)) == (90, 60, False)
    await talk.says(9, 200)
    await talk.store.outbox.prune(NOW)
    assert await talk.remembered() == {0: 200, CHANNEL: 60}


async def test_what_was_said_around_an_issue_in_doubt_is_known_until_the_doubt_ends(talk: Talk) -> None:
    outbox, hour = talk.store.outbox, timedelta(hours=1)
    for number in (7, 8):
        await talk.store.outbox.commit_issues([issue(await active_chat(talk.store, number))], now=NOW)
    for parcel in await outbox.claim(now=NOW, limit=2, lease=hour, owner="me"):
        await outbox.depart([Departure(id=parcel.id, part=0, after_id=10)], owner="me", now=NOW)
        talk.ids.leave(parcel.chat.telegram_id)
        for message_id in (9, 11, 12):
            await talk.says(parcel.chat.telegram_id, message_id)
        await outbox.prune(NOW)
        assert await said(talk, parcel.chat.telegram_id) == {11, 12}, "it is being sent"
    await outbox.take_over(now=NOW)
    one, other = await outbox.doubts()
    assert await outbox.resolve(one.parcel.id, again=False, now=NOW)
    assert await outbox.give_up(other.parcel.id)
    await outbox.note_other(8, 13)
    await outbox.prune(NOW)
    assert [await said(talk, number) for number in (7, 8)] == [set(), set()]


async def said(talk: Talk, chat: int) -> frozenset[int]:
    return await talk.store.outbox.arrived_ids(above=0, shared=True, telegram_id=chat)
