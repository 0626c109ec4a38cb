from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, Chat, Message, Update, User

from bot.authority import NotAllowedError
from bot.i18n import words_for
from bot.middleware import AnswerTaps, Apologise, Introduce
from bot.services import Services
from bot.visit import LONGEST_TOAST, Toast, Visit
from feeds.issue import ChatKind
from tests.bot.sessions import VERA, Session
from tests.samples import NOW, StillClock, chat


class House:
    """A dispatcher with one handler of the test's choice behind our middlewares."""

    def __init__(self, services: Services, *, refuses: bool = False) -> None:
        self.session = Session(**{"*": "Bad Request: query is too old"} if refuses else {})
        self.bot = Bot("42:TEST", session=self.session)
        self.services = services
        self.visits: list[Visit] = []
        self.says: Any = None

    async def tap(self, user: User = VERA) -> list[AnswerCallbackQuery]:
        """Tap a button; return the answers to it."""
        query = CallbackQuery(id="1", from_user=user, chat_instance="x", data="d:mine")
        await self._feed(Update(update_id=1, callback_query=query))
        return [call for call in self.session.calls if isinstance(call, AnswerCallbackQuery)]

    async def write(self, user: User = VERA) -> list[str | None]:
        """Write to the bot; return what it said."""
        chat = Chat(id=user.id, type="private")
        message = Message(message_id=1, date=NOW, chat=chat, from_user=user, text="/digest")
        await self._feed(Update(update_id=1, message=message))
        return [call.text for call in self.session.calls if isinstance(call, SendMessage)]

    async def _feed(self, update: Update) -> None:
        dispatcher = Dispatcher(services=self.services)
        for observer in (dispatcher.message, dispatcher.callback_query):
            observer.middleware(AnswerTaps())
            observer.middleware(Introduce())
            observer.middleware(Apologise())
            observer.register(self._handle)
        await dispatcher.feed_update(self.bot, update)

    async def _handle(self, _event: Any, visit: Visit) -> Any:
        self.visits.append(visit)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def house(services: Services) -> House:
    return House(services)


async def test_every_tap_is_answered_once(house: House) -> None:
    [answer] = await house.tap()
    assert (answer.text, answer.show_alert) == (None, None)


async def test_a_tap_is_answered_with_the_handlers_words(house: House) -> None:
    house.says = Toast("Готово", alert=True)
    [answer] = await house.tap()
    assert (answer.text, answer.show_alert) == ("Готово", True)


async def test_no_answer_is_longer_than_telegram_takes(house: House) -> None:
    house.says = Toast("слово " * 100)
    [answer] = await house.tap()
    assert answer.text is not None
    assert len(answer.text) <= LONGEST_TOAST


async def test_a_handler_that_fails_apologises_under_a_tap(house: House) -> None:
    house.says = RuntimeError("nobody expected this")
    [answer] = await house.tap()
    assert (answer.text, answer.show_alert) == (words_for("ru")("error-unexpected"), True)


async def test_a_handler_that_fails_apologises_in_the_chat(house: House) -> None:
    house.says = RuntimeError("nobody expected this")
    assert await house.write() == [words_for("ru")("error-unexpected")]


async def test_a_chat_that_is_not_theirs_is_named_to_who_ran_it(house: House) -> None:
    house.says = NotAllowedError(chat(kind=ChatKind.CHANNEL, title="Гараж " + "и" * 120))
    [answer] = await house.tap()
    assert answer.text is not None
    assert "Гараж" in answer.text
    assert answer.text.endswith(".")
    assert answer.show_alert


async def test_a_forged_chat_is_a_stale_button(house: House) -> None:
    house.says = NotAllowedError(None)
    [answer] = await house.tap()
    assert answer.text == words_for("ru")("stale")


async def test_a_tap_too_old_to_be_answered_is_no_trouble(services: Services) -> None:
    assert len(await House(services, refuses=True).tap()) == 1


async def test_a_refused_message_is_no_trouble(services: Services) -> None:
    house = House(services, refuses=True)
    house.says = RuntimeError("nobody expected this")
    assert len(await house.write()) == 1


async def test_a_newcomer_is_met_in_their_language_and_without_their_name(house: House) -> None:
    await house.write(User(id=8, is_bot=False, first_name="Ann", username="ann", language_code="en-GB"))
    [visit] = house.visits
    assert (visit.person.lang, visit.person.reads, visit.person.title) == ("en", ("en",), None)
    assert visit.person.kind is ChatKind.PRIVATE


async def test_who_is_known_keeps_the_language_they_chose(house: House) -> None:
    await house.write()
    await house.services.chats.speak(house.visits[0].person.id, lang="en", reads=["ru"])
    await house.write()
    assert (house.visits[1].words.lang, house.visits[1].person.reads) == ("en", ("ru",))


async def test_two_updates_of_a_newcomer_at_once_make_one_chat(house: House) -> None:
    await asyncio.gather(house.write(), house.tap())
    assert len({visit.person.id for visit in house.visits}) == 1


async def test_other_bots_are_not_served(house: House) -> None:
    assert await house.write(User(id=9, is_bot=True, first_name="Robot")) == []
    assert house.visits == []


async def test_screens_are_drawn_by_the_clock_there_is(house: House, clock: StillClock) -> None:
    clock.advance(timedelta(hours=1))
    await house.write()
    assert house.visits[0].screens.now == clock()
