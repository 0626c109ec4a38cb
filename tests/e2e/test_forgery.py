"""Made-up taps and commands: each is answered, nothing breaks, nobody else's rows change. Thousands: `make often`.

Goes to the dispatcher itself: at the pace that Telegram allows, and over HTTP, this would take minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest
import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, GetMe, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import CallbackQuery, Chat, InaccessibleMessage, Message, Update, User
from sqlalchemy import select

from bot.dispatcher import make_dispatcher
from bot.services import Services
from feeds.issue import ChatKind
from feeds.model import Item, SourceSpec, StoryDraft, StoryId
from feeds.polls import NextPollReason, PollState
from feeds.taste import Vote
from storage import Storage
from storage.people import everything
from storage.saved import SavedStory
from tests.bot.sessions import Session
from tests.e2e.forger import Forger, commands, kinds, spoken
from tests.often import often
from tests.samples import NOW

TAPS, COMMANDS = often(480, 4000), often(120, 1000)
VILLAINS = [User(id=1000 + n, is_bot=False, first_name="Зло", language_code=("ru", "en")[n % 2]) for n in range(20)]
THEIRS = {villain.id for villain in VILLAINS}
VICTIM, CHANNEL = 77_000_111, -100_77_000_222
SHARED = {"digests", "digest_stories"}
"""Tables of which no row is anybody's: a new one is no harm, but what was there must stay."""

Row = Mapping[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]


class Telegram(Session):
    """Takes whatever is sent, knows us, and tells nobody who runs which chat."""

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        if isinstance(method, GetMe):
            return cast("TelegramType", User(id=42, is_bot=True, first_name="Бот", username="sandbox_bot"))
        if method.__api_method__.startswith("get"):
            raise TelegramBadRequest(method=method, message="Bad Request: chat not found")
        return await super().make_request(bot, method, timeout)


@pytest.mark.timeout(300)
async def test_no_made_up_tap_or_command_breaks_anything_or_touches_what_is_somebody_elses(services: Services) -> None:
    ids = await _furnish(services)
    before = _others(await _rows(services.store))
    forger, session = Forger(7, ids=ids), Telegram()
    bot, dispatcher = Bot("42:TEST", session=session), make_dispatcher()
    with structlog.testing.capture_logs() as logs:
        for number in range(TAPS + COMMANDS):
            villain, session.calls = forger.random.choice(VILLAINS), []
            if number % ((TAPS + COMMANDS) // COMMANDS):
                query = _query(forger, villain, number)
                await dispatcher.feed_update(bot, Update(update_id=number, callback_query=query), services=services)
                answers = [call for call in session.calls if isinstance(call, AnswerCallbackQuery)]
                assert [answer.callback_query_id for answer in answers] == [query.id], query.data
                what = query.data
            else:
                message = _message(villain, number, forger.message())
                await dispatcher.feed_update(bot, Update(update_id=number, message=message), services=services)
                what = message.text
            assert {call.chat_id for call in session.calls if isinstance(call, SendMessage)} <= {villain.id}, what
            assert [line for line in logs if line["log_level"] in ("error", "critical")] == [], what
            logs.clear()
    after = _others(await _rows(services.store))
    for table, rows in before.items():
        assert rows == {key: after[table].get(key) for key in rows}, table
        assert table in SHARED or after[table].keys() == rows.keys(), table


def test_the_forger_knows_every_room() -> None:
    prefixes = [kind.__prefix__ for kind in kinds()]
    assert len(set(prefixes)) == len(prefixes) >= 30
    assert {"start", "stop", "time", "breaking"} <= set(commands())
    assert {"ask", "delete", "resume"} <= set(spoken("AccountTap"))


def _query(forger: Forger, villain: User, number: int) -> CallbackQuery:
    """Tap under a message of one's own chat or of somebody else's, or under none that there is."""
    chat = Chat(id=villain.id, type="private")
    place: Message | InaccessibleMessage | None = _message(villain, number, forger.message())
    match forger.random.randrange(20):
        case 0:
            place = InaccessibleMessage(chat=chat, message_id=number, date=0)
        case 1:
            place = None
        case 2:
            place = Message(message_id=3, date=NOW, chat=Chat(id=CHANNEL, type="channel"), text="Выпуск")
    data = forger.callback()
    return CallbackQuery(id=f"q{number}", from_user=villain, chat_instance="x", data=data, message=place)


def _message(villain: User, number: int, text: str) -> Message:
    chat = Chat(id=villain.id, type="private")
    return Message(message_id=number + 1, date=NOW, chat=chat, text=text, from_user=villain)


async def _furnish(services: Services) -> list[int]:
    """Let somebody have everything that anybody can have; the keys and numbers of it."""
    store, now = services.store, services.clock()
    stories = await _tell(store)
    person = await store.chats.ensure(
        VICTIM, kind=ChatKind.PRIVATE, lang="ru", reads=["ru"], zone="Europe/Moscow", now=now
    )
    await store.chats.choose_topics(person.id, frozenset({"china"}))
    await store.chats.choose_words(person.id, ["утильсбор"])
    person = await store.chats.schedule(person.id, times=[480], zone="Europe/Moscow", next_at=None)
    await services.publish.publish_asked(person, slot="ask:1")
    kept = SavedStory(story_id=stories[0], headline="Сохранено", url="https://garage.example/1", saved_at=now)
    await store.saved.keep(person.id, kept)
    await store.votes.cast(person.id, Vote(story_id=stories[1], value=1, topics=("china",), voted_at=now))
    await store.staff.admit(VICTIM, signature="Анна", now=now)
    channel = await store.chats.ensure(
        CHANNEL, kind=ChatKind.CHANNEL, title="Авто", lang="ru", reads=["ru"], zone="Europe/Moscow", now=now
    )
    await store.chats.add_manager(channel.id, VICTIM)
    channel = await store.chats.schedule(channel.id, times=[540], zone="Europe/Moscow", next_at=None)
    await services.publish.publish_asked(channel, slot="ask:2")
    return [channel.id, person.id, VICTIM, CHANNEL, *stories[:6]]


async def _tell(store: Storage) -> list[StoryId]:
    await store.news.seed([SourceSpec(name="Гараж", url="http://127.0.0.1:9/rss", lang="ru")], now=NOW)
    [source] = await store.news.sources()
    items = [
        Item(
            source_id=source.id,
            key=str(number),
            url=f"https://garage.example/{number}",
            title=f"Новость номер {number}",
            summary="Две фразы. О машинах.",
            published_at=NOW,
            title_key=str(number),
        )
        for number in range(12)
    ]
    drafts = [StoryDraft(story_id=None, items=(item,), topics=("china",)) for item in items]
    poll = PollState(next_at=NOW, reason=NextPollReason.INTERVAL)
    await store.news.commit_poll(source.id, poll, drafts=drafts, now=NOW)
    return [story.id for story in await store.news.recent_stories(since=NOW.replace(year=2000))]


async def _rows(store: Storage) -> Rows:
    """Read the whole store: each row by its primary key."""
    found: Rows = {}
    async with store._database.transaction() as connection:
        for table in everything.sorted_tables:
            keys = [key.name for key in table.primary_key.columns]
            rows = [row._mapping for row in await connection.execute(select(table))]
            found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def _others(rows: Rows) -> Rows:
    """Leave out what belongs to the villains: their chats, and whatever names or follows from one of them."""
    gone: dict[str, set[Any]] = {}
    left: Rows = {}
    for table in everything.sorted_tables:
        theirs = {key for key, row in rows[table.name].items() if _is_theirs(row, gone)}
        gone[table.name] = {rows[table.name][key].get("id") for key in theirs}
        left[table.name] = {key: row for key, row in rows[table.name].items() if key not in theirs}
    return left


def _is_theirs(row: Row, gone: Mapping[str, set[Any]]) -> bool:
    follows = {"chat_id": "chats", "outbox_id": "outbox"}
    named = any(row.get(column) in THEIRS for column in ("telegram_id", "user_id"))
    return named or any(row.get(column) in gone.get(parent, ()) for column, parent in follows.items())
