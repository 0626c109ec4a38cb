"""The bot's own face: getMe, names, descriptions, the menu of commands per scope and language."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.limits import COMMANDS
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request
from bot.sandbox.rights import meant_chat
from bot.sandbox.state import Json, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
TEXTS = {"name": 64, "description": 512, "short_description": 120}  # characters
CAPABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_guest_queries": False,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_join_request_queries": False,
}
SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})

Scope = tuple[str, int, int]  # kind, chat, user


class Profile:
    """What the bot has set about itself."""

    def __init__(self) -> None:
        self._commands: dict[tuple[Scope, str], list[Json]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._buttons: dict[int, Json] = {}

    def methods(self) -> dict[str, Any]:
        """Return the methods by name."""
        methods: dict[str, Any] = {
            "getMe": get_me,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "setChatMenuButton": self.set_chat_menu_button,
            "getChatMenuButton": self.get_chat_menu_button,
        }
        for field in TEXTS:
            camel = "".join(part.title() for part in field.split("_"))
            methods[f"setMy{camel}"] = self._text_setter(field)
            methods[f"getMy{camel}"] = self._text_getter(field)
        return methods

    def commands_for(self, world: World, *, user_id: int, chat_id: int) -> list[Json]:
        """Return the menu a person sees in a chat: the narrowest scope that has one, her language before none."""
        chat, person = world.chats[chat_id], world.people[user_id]
        scopes: list[Scope] = [("chat", chat_id, 0), ("all_private_chats", 0, 0)]
        if chat.type != "private":
            scopes = [("chat_member", chat_id, user_id), ("chat", chat_id, 0), ("all_group_chats", 0, 0)]
            if chat.member(user_id).status in {"creator", "administrator"}:
                scopes.insert(1, ("chat_administrators", chat_id, 0))
                scopes.insert(3, ("all_chat_administrators", 0, 0))
        for scope in [*scopes, ("default", 0, 0)]:
            for language in (person.language_code[:2], ""):
                if commands := self._commands.get((scope, language)):
                    return commands
        return []

    def set_my_commands(self, world: World, call: Parameters) -> bool:
        commands = call.object("commands", what="commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands JSON object")
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        kept = [checked_command(command) for command in commands]
        self._commands[scope(world, call), language(call)] = kept
        world.events.change(None)
        return True

    def get_my_commands(self, world: World, call: Parameters) -> list[Json]:
        return self._commands.get((scope(world, call), language(call)), [])

    def delete_my_commands(self, world: World, call: Parameters) -> bool:
        self._commands.pop((scope(world, call), language(call)), None)
        world.events.change(None)
        return True

    def set_chat_menu_button(self, world: World, call: Parameters) -> bool:
        button = call.object("menu_button", what="menu button") or {"type": "default"}
        if button.get("type") not in {"default", "commands", "web_app"}:
            raise bad_request("MenuButton has unsupported type")
        self._buttons[button_owner(world, call)] = button
        return True

    def get_chat_menu_button(self, world: World, call: Parameters) -> Json:
        return self._buttons.get(button_owner(world, call)) or self._buttons.get(0) or {"type": "commands"}

    def _text_setter(self, field: str) -> Any:
        def set_text(world: World, call: Parameters) -> bool:
            text = call.text(field)
            if len(text) > TEXTS[field]:
                raise bad_request(f"bot {field.replace('_', ' ')} is too long")
            self._texts[field, language(call)] = text
            if field == "name" and text and not language(call):
                world.bot_first_name = text
            return True

        return set_text

    def _text_getter(self, field: str) -> Any:
        def get_text(world: World, call: Parameters) -> Json:
            default = world.bot_first_name if field == "name" else ""
            text = self._texts.get((field, language(call))) or self._texts.get((field, ""))
            return {field: text or default}

        return get_text


def get_me(world: World, _call: Parameters) -> Json:
    return shapes.bot_user(world) | CAPABILITIES


def language(call: Parameters) -> str:
    """Return the two-letter language of a request, empty for all languages."""
    code = call.text("language_code")
    if code and not LANGUAGE.fullmatch(code):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return code


def scope(world: World, call: Parameters) -> Scope:
    """Read the scope of commands."""
    given = call.object("scope", what="BotCommandScope") or {"type": "default"}
    kind = given.get("type")
    if kind in SCOPES:
        return (kind, 0, 0)
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = meant_chat(world, Parameters(values=given))
    if chat.type == "channel":
        raise bad_request("can't change commands in channel chats")
    if kind != "chat" and chat.type == "private":
        raise bad_request("can't use specified scope in private chats")
    return (kind, chat.id, int(given.get("user_id") or 0) if kind == "chat_member" else 0)


def checked_command(command: Any) -> Json:
    """Check one BotCommand; the server forgives a leading slash."""
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept: Json = {"command": name, "description": description}
    return kept | ({"is_ephemeral": True} if command.get("is_ephemeral") else {})


def button_owner(world: World, call: Parameters) -> int:
    """Return the private chat a menu button belongs to, 0 for all."""
    if not call.text("chat_id"):
        return 0
    chat = meant_chat(world, call)
    if chat.type != "private":
        raise bad_request("chat_id must be a private chat")
    return chat.id
