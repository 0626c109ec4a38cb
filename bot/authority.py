"""Who may set up which chat: one's own always, a channel or group while Telegram says that one runs it."""

from __future__ import annotations

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

from bot.callbacks import OWN
from bot.services import Services
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind


class NotAllowedError(Exception):
    """The person may not set up this chat now; ``title`` is None when there is no such chat for them at all."""

    def __init__(self, title: str | None) -> None:
        super().__init__(title)
        self.title = title


async def target(services: Services, bot: Bot, person: Chat, key: int) -> Chat:
    """Return the chat that a tap is about, asking Telegram anew each time whether its presser may set it up.

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
    if not await may_manage(bot, chat, person.telegram_id):
        # Only who has to do with the chat learns its name.
        raise NotAllowedError(chat.title if person.telegram_id in managers else None)
    if person.telegram_id not in managers:
        # Whoever runs the chat shares its settings with whoever linked it, and hears of its troubles.
        await services.chats.add_manager(chat.id, person.telegram_id)
    return chat


async def may_manage(bot: Bot, chat: Chat, user_id: int) -> bool:
    """Ask Telegram: the creator, or an administrator who may post (channel) or change the group's info."""
    try:
        member = await bot.get_chat_member(chat.telegram_id, user_id)
    except TelegramAPIError:
        return False
    if isinstance(member, ChatMemberOwner):
        return True
    if not isinstance(member, ChatMemberAdministrator):
        return False
    return bool(member.can_post_messages if chat.kind is ChatKind.CHANNEL else member.can_change_info)


async def bot_may_post(bot: Bot, chat: Chat) -> bool:
    """Ask Telegram whether we may post: in a channel by right, in a group by being a member."""
    try:
        member = await bot.get_chat_member(chat.telegram_id, bot.id)
    except TelegramAPIError:
        return False
    if chat.kind is ChatKind.CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)
