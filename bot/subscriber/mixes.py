"""What a channel or group has chosen, for a reader who would like the same.

A public one is for everybody; what a private one has chosen is for those who are in it, and its name is not said.
"""

from __future__ import annotations

from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramAPIError

from bot.visit import Visit
from feeds.errors import StorageError
from feeds.issue import Chat, ChatId, ChatKind

_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


async def mix_of(visit: Visit, key: int) -> Chat | None:
    """Return the channel whose choice this person may see; None when there is none."""
    try:
        chat = await visit.services.chats.get(ChatId(key))
    except StorageError:
        return None
    if chat.kind is ChatKind.PRIVATE:
        return None
    if await mix_title(visit, chat):
        return chat
    try:
        member = await visit.bot.get_chat_member(chat.telegram_id, visit.person.telegram_id)
    except TelegramAPIError:
        return None
    return None if member.status in _OUTSIDE else chat


async def mix_title(visit: Visit, chat: Chat) -> str:
    """Name a public channel; nothing for one that is not."""
    try:
        told = await visit.bot.get_chat(chat.telegram_id)
    except TelegramAPIError:
        return ""
    return (told.title or chat.title or "") if told.username else ""
