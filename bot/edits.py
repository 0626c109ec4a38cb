"""The door for changing a message that stands in a chat already: one edit, and what became of it.

Texts of errors change between versions of the server: the class of the exception and a fragment decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest

from bot.markup import Message, telegram_html
from bot.outcomes import Outcome, Unknown
from bot.session import plain_call
from bot.telegram import fields, outcome_of

_MISSING = ("message to edit not found", "message_id_invalid", "message not found")
_HAS_CAPTION = ("no text in the message",)
_NOT_FOR_EDITS = ("disable_notification", "text", "link_preview_options")


@dataclass(frozen=True, slots=True)
class Edited:
    """It says what it should; ``changed`` is whether it said something else before."""

    changed: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such message any more."""

    reason: str


EditOutcome: TypeAlias = Edited | Missing | Outcome


class Edits:
    """Edits one message and says what became of it; never raises but ``CancelledError``."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def edit(self, telegram_id: int, message_id: int, message: Message) -> EditOutcome:
        """Put a message in place of one, its buttons too; as a caption where that is what the one has."""
        html = telegram_html(message.document)
        written = fields(telegram_id, message, html=html) | {"message_id": message_id, "disable_notification": None}
        outcome = await self._try("editMessageText", written)
        if outcome is None:
            caption = {name: value for name, value in written.items() if name not in _NOT_FOR_EDITS}
            outcome = await self._try("editMessageCaption", caption | {"caption": html})
        return outcome or Missing("neither text nor caption")

    async def _try(self, method: str, written: dict[str, Any]) -> EditOutcome | None:
        """Make one request; None when the message has a caption and no text."""
        try:
            await self._bot(plain_call(method, written))
        except TelegramBadRequest as error:
            reason = error.message.lower()
            if "not modified" in reason:
                return Edited(changed=False)
            if any(part in reason for part in _MISSING):
                return Missing(error.message)
            if any(part in reason for part in _HAS_CAPTION):
                return None
            return outcome_of(error)
        except TelegramAPIError as error:
            return outcome_of(error)
        except ClientDecodeError as error:
            # Made once more, it does no harm.
            return Unknown(f"unreadable answer: {error.message}")
        return Edited(changed=True)
