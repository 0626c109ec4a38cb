"""A stock aiogram bot against the sandbox: what every bot of that library will see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CallbackQuery,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)

from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from tests.waiting import PATIENCE

MARKUP = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Ещё", callback_data="d:more")]])


@pytest.fixture
async def stock(sandbox: Sandbox) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot(sandbox.token, session=session) as client:
        yield client


async def test_it_sends_edits_and_reads_updates(sandbox: Sandbox, stock: Bot, reader: int) -> None:
    assert (await stock.me()).username == "sandbox_bot"
    sent = await stock.send_message(
        reader,
        "<b>Да</b> https://example.com",
        parse_mode="HTML",
        reply_markup=MARKUP,
        link_preview_options=LinkPreviewOptions(prefer_small_media=True),
        reply_parameters=ReplyParameters(message_id=1),
    )
    assert sent.html_text == "<b>Да</b> https://example.com"
    assert sent.reply_to_message is not None
    sandbox.person.tap(user_id=reader, message_id=sent.message_id, data="d:more")
    updates = await stock.get_updates(timeout=1)
    query = updates[-1].callback_query
    assert query is not None
    assert query.data == "d:more"
    assert await stock.answer_callback_query(query.id, text="Готово")
    edited = await stock.edit_message_text("стало", chat_id=reader, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None


async def test_it_uploads_sets_commands_and_asks_about_members(stock: Bot, reader: int, channel: int) -> None:
    sent = await stock.send_photo(reader, BufferedInputFile(b"\x89PNG", "car.png"), caption="Седан")
    assert sent.photo
    content = await stock.download(sent.photo[-1])
    assert content is not None
    assert content.read() == b"\x89PNG"
    commands = [BotCommand(command="digest", description="Выпуск")]
    await stock.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code="ru")
    kept = await stock.get_my_commands(BotCommandScopeAllPrivateChats(), "ru")
    assert [(one.command, one.description) for one in kept] == [("digest", "Выпуск")]
    member = await stock.get_chat_member(channel, stock.id)
    assert isinstance(member, ChatMemberAdministrator)
    assert member.can_post_messages


async def test_its_exceptions_are_the_real_ones(sandbox: Sandbox, stock: Bot, reader: int, group: int) -> None:
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await stock.send_message(reader, "<b>", parse_mode="HTML")
    sent = await stock.send_message(reader, "x")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await stock.edit_message_text("x", chat_id=reader, message_id=sent.message_id)
    new = sandbox.person.migrate(chat_id=group)["new_chat_id"]
    with pytest.raises(TelegramMigrateToChat) as moved:
        await stock.send_message(group, "x")
    assert moved.value.migrate_to_chat_id == new
    sandbox.person.block(user_id=reader)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await stock.send_message(reader, "x")


async def test_faults_become_its_exceptions(sandbox: Sandbox, stock: Bot, reader: int) -> None:
    for fault, expected in (
        (Fault(method="sendMessage", kind=FaultKind.RETRY_AFTER, retry_after=3), TelegramRetryAfter),
        (Fault(method="sendMessage", kind=FaultKind.STATUS, code=502), TelegramServerError),
        (Fault(method="sendMessage", kind=FaultKind.DROP_BEFORE), TelegramNetworkError),
        (Fault(method="sendMessage", kind=FaultKind.DROP_AFTER), TelegramNetworkError),
        (Fault(method="sendMessage", kind=FaultKind.HALF_ANSWER), TelegramNetworkError),
    ):
        sandbox.add_fault(fault)
        with pytest.raises(expected):
            await stock.send_message(reader, "x")


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot("43:WRONG", session=session) as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_a_whole_bot_polls_answers_and_stops(sandbox: Sandbox, stock: Bot, reader: int) -> None:
    async def echo(message: Message) -> None:
        await message.answer(f"эхо: {message.text}", reply_markup=MARKUP)

    async def tapped(query: CallbackQuery) -> None:
        await query.answer("Готово")

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.callback_query.register(tapped)
    with sandbox.world.events.listen() as events:
        polling = asyncio.create_task(dispatcher.start_polling(stock, handle_signals=False, close_bot_session=False))
        sandbox.person.say(user_id=reader, text="раз")
        while (answer := sandbox.person.messages(chat_id=reader)["messages"][-1])["text"] != "эхо: раз":
            await asyncio.wait_for(events.get(), PATIENCE)
        sandbox.person.tap(user_id=reader, message_id=answer["message_id"], data="d:more")
        while (await asyncio.wait_for(events.get(), PATIENCE))[0] != "answer":
            pass
    await dispatcher.stop_polling()
    await polling
    assert sandbox.world.updates.wanted == {"message", "callback_query"}
