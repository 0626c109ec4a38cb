"""Who may set up which chat: one's own always, a channel or group while Telegram says that one runs it."""

from __future__ import annotations

from enum import StrEnum

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

from bot.callbacks import OWN
from bot.services import Services
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind

ANONYMOUS_ADMIN = 1087968824
"""Telegram's GroupAnonymousBot: an admin who writes as the group, and so is nobody in it."""

_STRANGER = ("user not found", "member not found", "participant_id_invalid", "invalid user_id")


class Standing(StrEnum):
    """What Telegram says of somebody in a chat. GONE: it does not tell us, for we are not there. SILENT: no answer.

    UNLINKED is our own word: they may run it, but it was let go, and nobody has linked it since.
    """

    OWNER = "owner"
    MANAGER = "manager"
    NOBODY = "nobody"
    GONE = "gone"
    SILENT = "silent"
    UNLINKED = "unlinked"


class NotAllowedError(Exception):
    """The person may not set up this chat now; ``chat`` is None when there is no such chat for them at all.

    ``standing`` says whether that is so, or whether we could not find out.
    """

    def __init__(self, chat: Chat | None, standing: Standing = Standing.NOBODY) -> None:
        super().__init__(chat.title if chat else None, standing)
        self.chat = chat
        self.standing = standing

    @property
    def title(self) -> str | None:
        """What the chat is called, for those who may know."""
        return None if self.chat is None else self.chat.title or ""


async def target(services: Services, bot: Bot, person: Chat, key: int, *, unlinked: bool = False) -> Chat:
    """Return the chat that a tap is about, asking Telegram anew each time whether its presser may set it up.

    ``unlinked``: it may be one that was let go, of which an old screen is not to bring anything back.
    Raises ``NotAllowedError``.
    """
    if key == OWN:
        return person
    try:
        chat = await services.chats.get(ChatId(key))
    except StorageError as error:
        # A forged key, or a chat that was forgotten since the button was drawn.
        raise NotAllowedError(None) from error
    if chat.kind is ChatKind.PRIVATE:
        raise NotAllowedError(None)
    managers = await services.chats.managers(chat.id)
    try:
        found = await standing(bot, chat, person.telegram_id)
    except TelegramMigrateToChat as moved:
        chat = await services.chats.migrate(chat.telegram_id, moved.migrate_to_chat_id) or chat
        found = await standing(bot, chat, person.telegram_id)
    if found not in (Standing.OWNER, Standing.MANAGER):
        # Only who has to do with the chat learns its name.
        raise NotAllowedError(chat if person.telegram_id in managers else None, found)
    if not managers and not unlinked:
        raise NotAllowedError(chat, Standing.UNLINKED)
    if managers and person.telegram_id not in managers:
        # Whoever runs the chat shares its settings with whoever linked it, and hears of its troubles.
        await services.chats.add_manager(chat.id, person.telegram_id)
    return chat


async def standing(bot: Bot, chat: Chat, user_id: int) -> Standing:
    """Ask Telegram: the creator, or an administrator who may post (channel) or change the group's info.

    Raises ``TelegramMigrateToChat`` for a group that became a supergroup.
    """
    try:
        member = await bot.get_chat_member(chat.telegram_id, user_id)
    except TelegramMigrateToChat:
        raise
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        stranger = any(part in error.message.lower() for part in _STRANGER)
        return Standing.NOBODY if stranger else Standing.GONE
    except TelegramAPIError:
        return Standing.SILENT
    if isinstance(member, ChatMemberOwner):
        return Standing.OWNER
    if not isinstance(member, ChatMemberAdministrator):
        return Standing.NOBODY
    may = member.can_post_messages if chat.kind is ChatKind.CHANNEL else member.can_change_info
    return Standing.MANAGER if may else Standing.NOBODY


async def may_manage(bot: Bot, chat: Chat, user_id: int) -> bool:
    """Say whether Telegram lets somebody run a chat at this moment."""
    try:
        return await standing(bot, chat, user_id) in (Standing.OWNER, Standing.MANAGER)
    except TelegramMigrateToChat:
        return False


async def bot_may_post(bot: Bot, chat: Chat) -> bool:
    """Ask Telegram whether we may post: in a channel by right, in a group by being a member."""
    try:
        member = await bot.get_chat_member(chat.telegram_id, bot.id)
    except TelegramAPIError:
        return False
    if chat.kind is ChatKind.CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)
