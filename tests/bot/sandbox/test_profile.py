from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.sandbox.server import Sandbox

Call = Callable[..., Coroutine[Any, Any, Any]]


def command(name: str) -> list[dict[str, str]]:
    return [{"command": name, "description": "Что-то делает"}]


async def test_a_menu_is_kept_per_scope_and_language(api: Call) -> None:
    private = {"type": "all_private_chats"}
    await api("setMyCommands", commands=command("digest"), scope=private, language_code="ru")
    assert await api("getMyCommands", scope=private, language_code="ru") == command("digest")
    assert await api("getMyCommands", scope=private) == []
    await api("deleteMyCommands", scope=private, language_code="ru")
    assert await api("getMyCommands", scope=private, language_code="ru") == []


async def test_the_narrowest_menu_in_her_language_is_shown(
    sandbox: Sandbox, api: Call, reader: int, group: int
) -> None:
    menus: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"scope": {"type": "all_private_chats"}}, ""),
        ({"scope": {"type": "all_private_chats"}}, "ru"),
        ({"scope": {"type": "chat", "chat_id": reader}}, ""),
        ({"scope": {"type": "all_group_chats"}}, ""),
        ({"scope": {"type": "all_chat_administrators"}}, ""),
    ]
    seen = []
    for number, (scope, language) in enumerate(menus):
        await api("setMyCommands", commands=command(f"c{number}"), language_code=language, **scope)
        chat_id = group if number > 3 else reader
        state = sandbox.person.state(user_id=reader, chat_id=chat_id)
        seen.append(state["commands"][0]["command"])
    assert seen == ["c0", "c1", "c2", "c3", "c4", "c5"]


@pytest.mark.parametrize(
    ("commands", "complaint"),
    [
        (command("Digest"), "BOT_COMMAND_INVALID"),
        (command("d" * 33), "BOT_COMMAND_INVALID"),
        ([{"command": "digest", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "digest", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (command("digest") * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_a_wrong_menu_is_refused(refused: Call, commands: list[dict[str, str]], complaint: str) -> None:
    assert await refused("setMyCommands", commands=commands) == f"Bad Request: {complaint}"


async def test_names_and_descriptions_fall_back_to_all_languages(api: Call, refused: Call) -> None:
    await api("setMyDescription", description="News")
    await api("setMyDescription", description="Новости", language_code="ru")
    assert await api("getMyDescription", language_code="ru") == {"description": "Новости"}
    assert await api("getMyDescription", language_code="de") == {"description": "News"}
    assert await api("getMyShortDescription") == {"short_description": ""}
    await api("setMyName", name="Автодайджест")
    assert (await api("getMe"))["first_name"] == "Автодайджест"
    assert "too long" in await refused("setMyShortDescription", short_description="x" * 121)


async def test_the_menu_button_is_kept_per_chat(api: Call, refused: Call, reader: int) -> None:
    assert await api("getChatMenuButton", chat_id=reader) == {"type": "commands"}
    await api("setChatMenuButton", chat_id=reader, menu_button={"type": "default"})
    assert await api("getChatMenuButton", chat_id=reader) == {"type": "default"}
    assert "unsupported" in await refused("setChatMenuButton", menu_button={"type": "x"})
