"""Edits through the real client, answered by the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile

from bot.edits import Edited, Edits, Missing
from bot.markup import Button, Message, plain, say
from bot.outcomes import Closed, Failing, Refused, Sent, Unknown, Wait
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from bot.telegram import Sender, make_bot
from feeds.issue import PauseReason
from tests.e2e.people import Json

KEYS = ((Button(text="Настроить", data="i:1:0"),),)
BEFORE = Message(document=say("Было"), keyboard=KEYS)
AFTER = Message(document=say("Стало"), keyboard=KEYS)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060000000050001"
    "a5f645400000000049454e44ae426082"
)


class Chat:
    """A private chat with one message of ours."""

    def __init__(self, sandbox: Sandbox, bot: Bot) -> None:
        self.sandbox, self.bot, self.edits = sandbox, bot, Edits(bot)
        self.id: int = sandbox.person.add_person(first_name="Анна")["id"]
        sandbox.world.people[self.id].started = True

    async def send(self) -> int:
        sent = await Sender(self.bot).send(self.id, BEFORE)
        assert isinstance(sent, Sent)
        return sent.message_id

    @property
    def last(self) -> Json:
        found: list[Json] = self.sandbox.person.messages(chat_id=self.id)["messages"]
        return found[-1]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    async with Sandbox() as sandbox:
        bot = make_bot(sandbox.token, api_base=sandbox.url)
        yield Chat(sandbox, bot)
        await bot.session.close()


async def test_a_text_is_edited_and_keeps_its_buttons(chat: Chat) -> None:
    number = await chat.send()
    before = chat.last["reply_markup"]
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=True)
    assert (chat.last["text"], chat.last["reply_markup"]) == (plain(AFTER.document), before)
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=False)


async def test_of_a_photo_the_caption_is_edited(chat: Chat) -> None:
    photo = BufferedInputFile(PIXEL, "pixel.png")
    number = (await chat.bot.send_photo(chat.id, photo, caption="Было")).message_id
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=True)
    edited = chat.sandbox.world.find(chat.id, number)
    assert edited is not None
    assert edited.content["caption"] == "Стало"
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=False)


async def test_a_caption_that_would_be_too_long_is_refused(chat: Chat) -> None:
    number = (await chat.bot.send_photo(chat.id, BufferedInputFile(PIXEL, "pixel.png"))).message_id
    assert isinstance(await chat.edits.edit(chat.id, number, Message(document=say("щ" * 1025))), Refused)


async def test_what_a_person_deleted_is_missing(chat: Chat) -> None:
    number = await chat.send()
    chat.sandbox.person.delete(user_id=chat.id, message_id=number)
    assert isinstance(await chat.edits.edit(chat.id, number, AFTER), Missing)


async def test_who_blocked_us_is_closed(chat: Chat) -> None:
    number = await chat.send()
    chat.sandbox.person.block(user_id=chat.id)
    outcome = await chat.edits.edit(chat.id, number, AFTER)
    assert isinstance(outcome, Closed)
    assert outcome.pause is PauseReason.BLOCKED


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(method="editMessageText", kind=FaultKind.RETRY_AFTER, retry_after=7), Wait(timedelta(seconds=7))),
        (Fault(method="editMessageText", kind=FaultKind.PAGE, code=502), Failing("HTTP 502")),
    ],
    ids=["429", "502"],
)
async def test_what_passes_may_be_tried_again(chat: Chat, fault: Fault, outcome: Wait | Failing) -> None:
    number = await chat.send()
    chat.sandbox.add_fault(fault)
    assert await chat.edits.edit(chat.id, number, AFTER) == outcome
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=True)


async def test_an_answer_that_was_lost_leaves_it_open_until_the_next_try(chat: Chat) -> None:
    number = await chat.send()
    chat.sandbox.add_fault(Fault(method="editMessageText", kind=FaultKind.DROP_AFTER))
    assert isinstance(await chat.edits.edit(chat.id, number, AFTER), Unknown)
    assert await chat.edits.edit(chat.id, number, AFTER) == Edited(changed=False)
