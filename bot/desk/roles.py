"""Who works at the desk: those whom an operator invited, and the operators themselves. Everybody else is a reader."""

from __future__ import annotations

from typing import Any

from aiogram.filters import Filter
from aiogram.types import TelegramObject, User

from bot.i18n import Words
from bot.services import Services
from feeds.clock import utc_now
from feeds.opinions import StaffMember


class AtDesk(Filter):
    """Lets pass who works at the desk, and gives their handler a ``member``; for all others the room does not exist."""

    def __init__(self, *, operators: bool = False) -> None:
        self._operators = operators

    async def __call__(
        self, _event: TelegramObject, services: Services, event_from_user: User | None = None
    ) -> bool | dict[str, Any]:
        """Ask the store anew each time: who was dismissed a moment ago is a reader."""
        if event_from_user is None:
            return False
        member = await member_of(services, event_from_user.id)
        if member is None or (self._operators and not member.operator):
            return False
        return {"member": member}


async def member_of(services: Services, user_id: int) -> StaffMember | None:
    """Read who somebody is at the desk; None for a reader."""
    known = await services.store.staff.get(user_id)
    if user_id not in services.settings.operators:
        return known
    if known is None:
        return StaffMember(user_id=user_id, signature="", operator=True, since=utc_now())
    return StaffMember(user_id=user_id, signature=known.signature, operator=True, since=known.since)


async def everybody(services: Services) -> list[StaffMember]:
    """Read everybody who works at the desk, operators first."""
    invited = [one.user_id for one in await services.store.staff.everybody()]
    ids = dict.fromkeys((*services.settings.operators, *invited))
    found = [await member_of(services, user_id) for user_id in ids]
    return [member for member in found if member is not None]


def signature_of(member: StaffMember | None, words: Words) -> str:
    """Say what stands under somebody's opinions; who chose nothing signs as the desk."""
    return (member.signature if member else "") or words("desk-signature")


async def name_of(services: Services, user_id: int | None, words: Words) -> str:
    """Call an editor as colleagues do: by their signature, if it is their own."""
    member = None if user_id is None else await services.store.staff.get(user_id)
    return (member.signature if member else "") or words("desk-colleague")
