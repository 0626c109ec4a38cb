from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiogram.exceptions import (
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiohttp import web

from bot.markup import Bold, Button, Message, Paragraph, say
from bot.outcomes import Closed, Failing, Moved, Refused, Sent, Unknown, Wait
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from bot.telegram import Sender, inline_keyboard, link_preview, make_bot, outcome_of
from feeds.issue import PauseReason

METHOD: Any = SendMessage(chat_id=1, text="x")
HELLO = Message(document=say("Здравствуйте"))


def error(kind: type[TelegramAPIError], text: str) -> TelegramAPIError:
    return kind(method=METHOD, message=text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Forbidden: bot was blocked by the user", PauseReason.BLOCKED),
        ("Forbidden: bot can't initiate conversation with a user", PauseReason.BLOCKED),
        ("Forbidden: user is deactivated", PauseReason.DEACTIVATED),
        ("Forbidden: bot was kicked from the group chat", PauseReason.REMOVED),
        ("Forbidden: bot was kicked from the supergroup chat", PauseReason.REMOVED),
        ("Forbidden: bot was kicked from the channel chat", PauseReason.REMOVED),
        ("Forbidden: bot is not a member of the channel chat", PauseReason.REMOVED),
        ("Forbidden: the group chat was deleted", PauseReason.DELETED),
    ],
)
def test_a_chat_that_forbids_is_closed(text: str, reason: PauseReason) -> None:
    assert outcome_of(error(TelegramForbiddenError, text)) == Closed(reason, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Bad Request: need administrator rights in the channel chat", PauseReason.NO_RIGHT),
        ("Bad Request: not enough rights to send text messages to the chat", PauseReason.NO_RIGHT),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", PauseReason.NO_RIGHT),
        ("Bad Request: have no rights to send a message", PauseReason.NO_RIGHT),
        ("Bad Request: chat not found", PauseReason.DELETED),
        ("Bad Request: PEER_ID_INVALID", PauseReason.DELETED),
        ("Bad Request: group chat was deactivated", PauseReason.DELETED),
    ],
)
def test_a_chat_that_is_out_of_reach_is_closed_though_it_calls_that_a_bad_request(
    text: str, reason: PauseReason
) -> None:
    assert outcome_of(error(TelegramBadRequest, text)) == Closed(reason, text)


@pytest.mark.parametrize(
    "text",
    [
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        "Bad Request: message text is empty",
        "Bad Request: text must be non-empty",
        "Bad Request: text is too long",
        "Bad Request: message is too long",
        "Bad Request: MESSAGE_TOO_LONG",
        "Bad Request: ENTITIES_TOO_LONG",
        "Bad Request: unsupported parse_mode",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: reply markup is too long",
        "Bad Request: wrong file identifier/HTTP URL specified",
    ],
)
def test_content_that_telegram_does_not_take_is_refused(text: str) -> None:
    assert outcome_of(error(TelegramBadRequest, text)) == Refused(text)


def test_a_flood_is_waited_out_for_as_long_as_it_says() -> None:
    flood = TelegramRetryAfter(method=METHOD, message="Too Many Requests: retry after 17", retry_after=17)
    assert outcome_of(flood) == Wait(timedelta(seconds=17))


def test_a_group_that_moved_is_followed() -> None:
    moved = TelegramMigrateToChat(method=METHOD, message="group chat was upgraded", migrate_to_chat_id=-1001)
    assert outcome_of(moved) == Moved(-1001)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TelegramServerError, "Internal Server Error"),
        (TelegramServerError, "Bad Gateway"),
        (RestartingTelegram, "Internal Server Error: restart"),
        (TelegramUnauthorizedError, "Unauthorized"),
        (TelegramConflictError, "Conflict: terminated by other getUpdates request"),
        (TelegramNotFound, "Not Found"),
    ],
)
def test_what_passes_or_is_mended_is_tried_again(kind: type[TelegramAPIError], text: str) -> None:
    assert isinstance(outcome_of(error(kind, text)), Failing)


def test_what_is_too_large_arrived_nowhere_and_never_will() -> None:
    assert isinstance(outcome_of(error(TelegramEntityTooLarge, "Request Entity Too Large")), Refused)


def test_a_lost_answer_is_not_known_to_be_either() -> None:
    assert isinstance(outcome_of(error(TelegramNetworkError, "ServerDisconnectedError")), Unknown)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def sender(sandbox: Sandbox) -> AsyncIterator[Sender]:
    bot = make_bot(sandbox.token, api_base=sandbox.url)
    yield Sender(bot)
    await bot.session.close()


@pytest.fixture
def reader(sandbox: Sandbox) -> int:
    user_id: int = sandbox.person.add_person(first_name="Вера", language_code="ru")["id"]
    sandbox.person.say(user_id=user_id, text="/start")
    return user_id


def received(sandbox: Sandbox, reader: int) -> list[str]:
    messages = sandbox.person.messages(chat_id=reader)["messages"]
    return [message["text"] for message in messages if message["from"]["id"] != reader]


async def test_a_message_arrives_as_it_was_meant(sandbox: Sandbox, sender: Sender, reader: int) -> None:
    button = Button(text="Дальше", data="z:0:settings")
    message = Message(document=(Paragraph(("Цена ", Bold(("< 5 & > 3",)))),), keyboard=((button,),))
    outcome = await sender.send(reader, message)
    [sent] = [one for one in sandbox.person.messages(chat_id=reader)["messages"] if one["from"]["id"] != reader]
    assert outcome == Sent(sent["message_id"])
    assert sent["text"] == "Цена < 5 & > 3"
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in sent["entities"]] == [("bold", 5, 9)]
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "z:0:settings"


async def test_what_goes_on_answers_its_beginning_and_is_sent_all_the_same_when_that_is_gone(
    sandbox: Sandbox, sender: Sender, reader: int
) -> None:
    first = await sender.send(reader, Message(document=say("1/2")))
    assert isinstance(first, Sent)
    goes_on = Message(document=say("2/2"), reply_to=first.message_id)
    await sender.send(reader, goes_on)
    sandbox.person.delete(user_id=reader, message_id=first.message_id)
    await sender.send(reader, goes_on)
    shown = sandbox.person.messages(chat_id=reader)["messages"][-2:]
    assert [one["reply_to_message_id"] for one in shown] == [first.message_id, None]


async def test_bare_text_is_sent_without_marks(sandbox: Sandbox, sender: Sender, reader: int) -> None:
    message = Message(document=(Paragraph((Bold(("<b> & такое",)),)),))
    assert isinstance(await sender.send(reader, message, formatted=False), Sent)
    assert received(sandbox, reader) == ["<b> & такое"]


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (Fault(method="sendMessage", kind=FaultKind.DROP_BEFORE), Unknown, 0),
        (Fault(method="sendMessage", kind=FaultKind.DROP_AFTER), Unknown, 1),
        (Fault(method="sendMessage", kind=FaultKind.HALF_ANSWER), Unknown, 1),
        (Fault(method="sendMessage", kind=FaultKind.STATUS, code=502), Failing, 0),
        (Fault(method="sendMessage", kind=FaultKind.RETRY_AFTER, retry_after=3), Wait, 0),
        (
            Fault(method="sendMessage", kind=FaultKind.STATUS, code=403, description="Forbidden: bot was blocked"),
            Closed,
            0,
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else None,
)
async def test_troubles_of_the_network_become_outcomes(
    sandbox: Sandbox, sender: Sender, reader: int, *, fault: Fault, outcome: type, arrived: int
) -> None:
    sandbox.add_fault(fault)
    assert isinstance(await sender.send(reader, HELLO), outcome)
    assert len(received(sandbox, reader)) == arrived


async def test_a_server_that_is_not_there_got_nothing() -> None:
    bot = make_bot("42:TEST", api_base="http://127.0.0.1:9")
    try:
        assert isinstance(await Sender(bot).send(1, HELLO), Failing)
    finally:
        await bot.session.close()


@pytest.mark.parametrize(("status", "outcome"), [(502, Failing), (200, Unknown), (403, Unknown)])
async def test_a_page_instead_of_an_answer_is_judged_by_its_status(status: int, outcome: type) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot = make_bot("42:TEST", api_base=f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        assert isinstance(await Sender(bot).send(1, HELLO), outcome)
    finally:
        await bot.session.close()
        await runner.cleanup()


def test_a_timeout_before_the_connection_stood_is_no_doubt() -> None:
    lost = error(TelegramNetworkError, "Request timeout error")
    lost.__cause__ = aiohttp.ConnectionTimeoutError()
    assert isinstance(outcome_of(lost), Failing)
    lost.__cause__ = TimeoutError()
    assert isinstance(outcome_of(lost), Unknown)


def test_a_message_without_buttons_has_no_keyboard() -> None:
    assert inline_keyboard(()) is None


def test_links_in_a_text_unfold_no_preview_of_their_own() -> None:
    assert link_preview(HELLO).is_disabled
    preview = link_preview(Message(document=HELLO.document, preview_url="https://koleso.example/1"))
    assert (preview.url, preview.prefer_small_media) == ("https://koleso.example/1", True)
    assert preview.is_disabled is not True
