"""The subscriber's commands and taps: start, the digest at once, subscribing, stopping, help and privacy."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from bot.callbacks import AccountTap, DigestTap, IssueTap, SubscribeTap
from bot.markup import Message as Screen
from bot.markup import say
from bot.screens import MAX_TIMES
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatState, DigestKind, PauseReason
from feeds.publish import WIDER
from feeds.schedule import next_issue

_TOPICS_LINK = "t_"


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="subscriber")
    router.message.filter(F.chat.type == "private")
    router.my_chat_member.filter(F.chat.type == "private")
    router.message.register(start, CommandStart(ignore_case=True))
    router.message.register(digest_command, Command("digest", ignore_case=True))
    router.callback_query.register(digest_tap, DigestTap.filter())
    router.callback_query.register(subscribe_tap, SubscribeTap.filter())
    router.callback_query.register(settings_tap, IssueTap.filter())
    router.message.register(stop_command, Command("stop", ignore_case=True))
    router.callback_query.register(account_tap, AccountTap.filter())
    router.message.register(help_command, Command("help", ignore_case=True))
    router.message.register(privacy_command, Command("privacy", ignore_case=True))
    router.my_chat_member.register(blocked_or_back)
    return router


async def start(message: Message, command: CommandObject, visit: Visit) -> None:
    """Greet a newcomer with topics to tap, and somebody who returns with what they have set."""
    person = visit.person
    wanted = [topic for topic in _linked_topics(command.args or "") if visit.services.catalogue.get(topic)]
    if wanted:
        person = await visit.services.chats.choose_topics(person.id, person.topics | frozenset(wanted))
    if person.state is ChatState.PAUSED:
        person = await _resume(visit)
    match person.state:
        case ChatState.ACTIVE:
            await visit.say("welcome-back")
            await visit.show(visit.screens.settings(person))
        case ChatState.STOPPED:
            await visit.show(visit.screens.stopped("stopped-back"))
        case _:
            await visit.show(visit.screens.welcome(person))


async def digest_command(message: Message, command: CommandObject, visit: Visit, event_update: Update) -> None:
    """Send an issue of what is new for this person, now."""
    if command.args and command.args.casefold() not in ("now", "сейчас"):
        await visit.say("digest-not-understood", text=command.args[:60])
    await _send_issue(visit, visit.person, slot=f"ask:{event_update.update_id}")


async def digest_tap(query: CallbackQuery, callback_data: DigestTap, visit: Visit, event_update: Update) -> None:
    """Send an issue of the person's topics, or of all."""
    person = replace(visit.person, topics=frozenset()) if callback_data.what == "all" else visit.person
    await _send_issue(visit, person, slot=f"ask:{event_update.update_id}")


async def subscribe_tap(query: CallbackQuery, callback_data: SubscribeTap, visit: Visit) -> Toast | None:
    """Send issues at these times from now on."""
    parts = callback_data.times.split("-")
    times = tuple(sorted({int(part) for part in parts if part.isdecimal() and len(part) <= 4}))
    if not times or len(times) > MAX_TIMES or any(minutes >= 24 * 60 for minutes in times):
        return stale(visit.words)
    services, person = visit.services, visit.person
    coming = next_issue(times, person.zone, after=services.clock())
    person = await services.chats.schedule(person.id, times=times, zone=person.zone, next_at=coming)
    if (place := query.message) is not None:
        # The question under the digest is answered; its buttons go.
        try:
            await visit.bot.edit_message_reply_markup(chat_id=place.chat.id, message_id=place.message_id)
        except TelegramBadRequest as error:
            if "not modified" in error.message:
                # Tapped twice: all has been said.
                return Toast(visit.screens.time_list(person))
    await visit.show(visit.screens.subscribed(person))
    return None


async def settings_tap(query: CallbackQuery, visit: Visit) -> None:
    """Open the settings from under a digest, which itself stays."""
    await visit.show(visit.screens.settings(visit.person))


async def stop_command(message: Message, visit: Visit) -> None:
    """Send nothing more."""
    await visit.services.chats.stop(visit.person.id)
    await visit.show(visit.screens.stopped())


async def account_tap(query: CallbackQuery, callback_data: AccountTap, visit: Visit) -> Toast | None:
    """Resume, or delete everything about the person."""
    match callback_data.do:
        case "resume":
            person = await _resume(visit)
            await visit.redraw(query, visit.screens.settings(person))
        case "ask":
            await visit.redraw(query, visit.screens.delete_question())
        case "delete":
            await visit.services.chats.forget(visit.person.telegram_id)
            await visit.redraw(query, Screen(document=say(visit.words("deleted"))))
        case _:
            return stale(visit.words)
    return None


async def help_command(message: Message, visit: Visit) -> None:
    """Say in a few lines what can be done."""
    await visit.say("help")


async def privacy_command(message: Message, visit: Visit) -> None:
    """Say what is stored about a person and what is not."""
    await visit.show(visit.screens.privacy())


async def blocked_or_back(event: ChatMemberUpdated, visit: Visit) -> None:
    """Pause for somebody who blocked the bot; go on, with all settings, when they are back."""
    if event.new_chat_member.status == "kicked":
        await visit.services.chats.pause(visit.person.id, PauseReason.BLOCKED)
    elif visit.person.state is ChatState.PAUSED:
        await _resume(visit)


async def _send_issue(visit: Visit, person: Chat, *, slot: str) -> None:
    kind = DigestKind.ASKED if visit.person.state is ChatState.ACTIVE else DigestKind.FIRST
    digest = await visit.services.publish.publish_asked(person, slot=slot, kind=kind)
    if digest is None:
        covered = await visit.services.chats.covered([person.id], since=visit.services.clock() - WIDER)
        await visit.show(visit.screens.nothing_new(person, had=bool(covered.get(person.id))))
    else:
        visit.services.ring_courier()


async def _resume(visit: Visit) -> Chat:
    person = visit.person
    coming = next_issue(person.times, person.zone, after=visit.services.clock())
    return await visit.services.chats.resume(person.id, next_at=coming)


def _linked_topics(payload: str) -> list[str]:
    """Read the topics of a deep link, «t_ev_china»."""
    return payload.removeprefix(_TOPICS_LINK).split("_") if payload.startswith(_TOPICS_LINK) else []
