"""Who comes to the desk and goes: /editors for operators, the link that invites, and how one signs."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.callbacks import SignTap, StaffTap
from bot.desk.roles import AtDesk, everybody, member_of, name_of, signature_of
from bot.markup import Bold, Button, Paragraph, say
from bot.markup import Message as Screen
from bot.menus import set_menus, set_person_menu
from bot.render import cut
from bot.services import Services
from bot.visit import Toast, Visit, stale
from feeds.opinions import StaffMember
from feeds.prose import tidy
from storage.people import TicketKind

log = structlog.get_logger(__name__)

INVITATION: Final = "inv_"
TERM: Final = timedelta(hours=24)
SIGNATURE: Final = 40


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-staffing")
    router.message.filter(F.chat.type == "private")
    router.message.register(accept, CommandStart(deep_link=True, ignore_case=True, magic=F.args.startswith(INVITATION)))
    router.message.register(editors_command, Command("editors", ignore_case=True), AtDesk(operators=True))
    router.callback_query.register(staff_tap, StaffTap.filter(), AtDesk(operators=True))
    router.message.register(sign_command, Command("sign", ignore_case=True), AtDesk())
    router.callback_query.register(sign_tap, SignTap.filter(), AtDesk())
    return router


async def set_every_menu(bot: Bot, services: Services) -> None:
    """Show all people our commands, and those at the desk theirs: whom the settings name was never shown them."""
    await set_menus(bot)
    for member in await everybody(services):
        person = await services.chats.by_telegram_id(member.user_id)
        if person is not None:
            await set_person_menu(bot, person, member)


async def accept(message: Message, command: CommandObject, visit: Visit) -> None:
    """Make an editor of whoever brings an invitation that is still good; it is good once."""
    services, user, now = visit.services, visit.person.telegram_id, visit.services.clock()
    if await member_of(services, user) is not None:
        await visit.say("staff-already")
        return
    token = (command.args or "").removeprefix(INVITATION)
    ticket = await services.store.tickets.redeem(token, TicketKind.EDITOR, user_id=user, now=now)
    if ticket is None:
        await visit.say("staff-invitation-over")
        return
    await services.store.staff.admit(user, signature="", now=now)
    log.info("editor admitted", user=user)
    await set_person_menu(visit.bot, visit.person, await member_of(services, user))
    first_name = cut(tidy(message.from_user.first_name if message.from_user else ""), SIGNATURE)
    await visit.show(_signing(visit, first_name))


async def editors_command(message: Message, visit: Visit) -> None:
    """List who works at the desk, with the way to invite and to let go."""
    await visit.show(await _list(visit))


async def staff_tap(query: CallbackQuery, callback_data: StaffTap, visit: Visit) -> Toast | None:
    """Invite an editor, or let one go after asking once."""
    services, words = visit.services, visit.words
    match callback_data.do:
        case "invite":
            now = services.clock()
            token = await services.store.tickets.issue(TicketKind.EDITOR, expires_at=now + TERM)
            username = (await visit.bot.me()).username or ""
            link = f"https://t.me/{username}?start={INVITATION}{token}"
            await visit.show(Screen(document=say(words("staff-invitation"), link)))
        case "ask":
            name = await name_of(services, callback_data.user, words)
            tap = StaffTap(do="dismiss", user=callback_data.user)
            sure = Button(text=words("button-staff-dismiss"), data=tap.pack(), style="danger")
            back = Button(text=words("button-cancel"), data=StaffTap(do="list").pack())
            question = say(words("staff-dismiss-question", name=name))
            await visit.redraw(query, Screen(document=question, keyboard=((sure,), (back,))))
        case "dismiss":
            if not await services.store.staff.dismiss(callback_data.user):
                return stale(words)
            log.info("editor dismissed", user=callback_data.user, by=visit.person.telegram_id)
            gone = await services.chats.by_telegram_id(callback_data.user)
            if gone is not None:
                await set_person_menu(visit.bot, gone, await member_of(services, gone.telegram_id))
            await visit.redraw(query, await _list(visit))
            return Toast(words("staff-dismissed"))
        case "list":
            await visit.redraw(query, await _list(visit))
    return None


async def sign_command(message: Message, command: CommandObject, visit: Visit, member: StaffMember) -> None:
    """Set what stands under one's opinions, or say what does."""
    wanted = tidy(command.args or "")
    if not wanted:
        await visit.say("sign-now", signature=signature_of(member, visit.words), most=SIGNATURE)
    elif len(wanted) > SIGNATURE or any(sign in wanted for sign in "@#/"):
        await visit.say("sign-wrong", most=SIGNATURE)
    else:
        await _sign(visit, wanted)
        await visit.say("sign-done", signature=wanted)


async def sign_tap(query: CallbackQuery, callback_data: SignTap, visit: Visit) -> None:
    """Sign by one's first name, or as the desk."""
    signature = cut(tidy(query.from_user.first_name), SIGNATURE) if callback_data.by == "name" else ""
    await _sign(visit, signature)
    shown = signature or visit.words("desk-signature")
    await visit.redraw(query, Screen(document=say(visit.words("sign-done", signature=shown))))


async def _sign(visit: Visit, signature: str) -> None:
    store, user = visit.services.store, visit.person.telegram_id
    # An operator has no row until there is something to remember.
    await store.staff.admit(user, signature=signature, now=visit.services.clock())
    await store.staff.sign(user, signature)


def _signing(visit: Visit, first_name: str) -> Screen:
    words = visit.words
    name = Button(text=words("button-sign-name", name=cut(first_name, 24)), data=SignTap(by="name").pack())
    desk = Button(text=words("button-sign-desk"), data=SignTap(by="desk").pack())
    return Screen(document=say(words("staff-welcome"), words("sign-question")), keyboard=((name,), (desk,)))


async def _list(visit: Visit) -> Screen:
    words, operators = visit.words, visit.services.settings.operators
    lines, rows = [], []
    for number, member in enumerate(await everybody(visit.services), 1):
        who = signature_of(member, words)
        role = "staff-operator" if member.user_id in operators else "staff-editor"
        lines.append(f"{number}. {who} — {words(role, number=str(member.user_id))}")
        if member.user_id not in operators:
            tap = StaffTap(do="ask", user=member.user_id)
            rows.append((Button(text=words("button-staff-ask", number=str(number)), data=tap.pack()),))
    invite = Button(text=words("button-staff-invite"), data=StaffTap(do="invite").pack(), style="primary")
    text = Paragraph((Bold((words("staff-title"),)), "\n", "\n".join(lines) or words("staff-none")))
    return Screen(document=(text,), keyboard=(*rows, (invite,)))
