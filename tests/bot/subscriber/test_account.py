from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Chat, Message, Update

from bot.callbacks import SubscribeTap
from bot.dispatcher import make_dispatcher
from bot.services import Services
from feeds.issue import ChatState
from tests.bot.sessions import VERA, Session
from tests.samples import NOW

MORNING = SubscribeTap(times="480", issue=1).pack()


class Room:
    """The whole dispatcher, with a person who taps."""

    def __init__(self, services: Services) -> None:
        self.session = Session()
        self.services = services
        self._bot = Bot("42:TEST", session=self.session)
        self._updates = 0

    async def tap(self, data: str) -> tuple[list[str], str | None]:
        """Tap a button; return what was sent and what the tap was answered with."""
        self.session.calls.clear()
        self._updates += 1
        under = Message(message_id=5, date=NOW, chat=Chat(id=VERA.id, type="private"), text="Выпуск")
        query = CallbackQuery(id=str(self._updates), from_user=VERA, chat_instance="x", data=data, message=under)
        update = Update(update_id=self._updates, callback_query=query)
        await make_dispatcher().feed_update(self._bot, update, services=self.services)
        sent = [call.text for call in self.session.calls if isinstance(call, SendMessage)]
        [answer] = [call for call in self.session.calls if isinstance(call, AnswerCallbackQuery)]
        return sent, answer.text


@pytest.fixture
def room(services: Services) -> Room:
    return Room(services)


async def test_a_subscription_is_confirmed_with_its_first_moment(room: Room) -> None:
    [said], answer = await room.tap(MORNING)
    assert "завтра в 8:00" in said
    assert answer is None
    person = await room.services.chats.by_telegram_id(VERA.id)
    assert person is not None
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))


async def test_a_subscription_under_a_message_too_old_to_change_is_confirmed_too(room: Room) -> None:
    room.session.refused["EditMessageReplyMarkup"] = "Bad Request: message can't be edited"
    [said], _ = await room.tap(MORNING)
    assert "завтра в 8:00" in said


async def test_a_second_tap_is_answered_without_saying_everything_again(room: Room) -> None:
    await room.tap(MORNING)
    room.session.refused["EditMessageReplyMarkup"] = "Bad Request: message is not modified: specified new message …"
    sent, answer = await room.tap(SubscribeTap(times="480-1140", issue=1).pack())
    assert sent == []
    assert answer == "каждый день в 8:00 и 19:00"


@pytest.mark.parametrize("times", ["", "-", "8:00", "1440", "99999", "1-2-3-4-5"])
async def test_forged_times_change_nothing(room: Room, times: str) -> None:
    await room.tap(f"sub:{times}:1")
    person = await room.services.chats.by_telegram_id(VERA.id)
    assert person is not None
    assert (person.state, person.times) == (ChatState.NEW, ())
