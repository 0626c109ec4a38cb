"""Stopping and resuming, why people leave, help, and what a block in Telegram means."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.callbacks import AccountTap, DigestTap, Go, SavedTap, TopicTap
from bot.channels.taps import ChannelsTap
from bot.desk.roles import member_of
from bot.i18n import Words
from bot.markup import Button, Keyboard, rows, say
from bot.markup import Message as Screen
from bot.subscriber.pause import rest
from bot.subscriber.privacy import forget_button
from bot.subscriber.timetable import times_screen
from bot.timewords import kept_text
from bot.visit import Toast, Visit, stale
from feeds.issue import Chat, ChatState, Instant, PauseReason
from feeds.schedule import is_paused, resumed
from storage.people import Departure


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="account")
    router.message.filter(F.chat.type == "private")
    router.my_chat_member.filter(F.chat.type == "private")
    router.message.register(stop_command, Command("stop", ignore_case=True))
    router.message.register(resume_command, Command("resume", ignore_case=True))
    router.message.register(help_command, Command("help", ignore_case=True))
    router.callback_query.register(resume_tap, AccountTap.filter(F.do == "resume"))
    router.callback_query.register(reason_tap, AccountTap.filter(F.do.in_(set(Departure))))
    router.my_chat_member.register(blocked_or_back)
    return router


async def stop_command(message: Message, visit: Visit) -> None:
    """Send nothing more, and ask why if they care to say."""
    await visit.services.chats.stop(visit.person.id)
    await visit.show(stopped(visit.words, "stopped", asks=True))


async def resume_command(message: Message, visit: Visit) -> None:
    """End a pause or a stop; whoever has neither sees when issues come."""
    person, now = visit.person, visit.screens.now
    if person.state in {ChatState.STOPPED, ChatState.PAUSED}:
        await visit.show(resumed_screen(visit, await resume(visit)))
    elif is_paused(person, now):
        person = await rest(visit, person, now)
        await visit.show(times_screen(visit.screens, person, note=visit.words("pause-ended")))
    else:
        await visit.show(times_screen(visit.screens, person))


async def resume_tap(query: CallbackQuery, visit: Visit) -> None:
    """Go on, and show what is set."""
    await visit.redraw(query, resumed_screen(visit, await resume(visit)))


async def reason_tap(query: CallbackQuery, callback_data: AccountTap, visit: Visit) -> Toast:
    """Count why somebody stopped, without them, and ask no more."""
    if visit.person.state is not ChatState.STOPPED:
        return stale(visit.words)
    await visit.services.store.accounts.depart(Departure(callback_data.do))
    await visit.redraw(query, stopped(visit.words, "stopped-thanks"))
    return Toast(visit.words("departure-thanks"))


async def help_command(message: Message, visit: Visit) -> None:
    """Say in a few lines what can be done, with the way to each of it."""
    shown = help_screen(visit.words)
    if await member_of(visit.services, visit.person.telegram_id) is not None:
        shown = replace(shown, document=(*shown.document, *say(visit.words("help-desk"))))
    await visit.show(shown)


async def blocked_or_back(event: ChatMemberUpdated, visit: Visit) -> None:
    """Pause for somebody who blocked the bot; go on, with all settings, when they are back."""
    if event.new_chat_member.status == "kicked":
        await visit.services.chats.pause(visit.person.id, PauseReason.BLOCKED)
    elif visit.person.state is ChatState.PAUSED:
        await resume(visit)


async def resume(visit: Visit) -> Chat:
    """Go on with the issues as they were set."""
    now = visit.services.clock()
    return await visit.services.chats.replan(visit.person.id, lambda person: resumed(person, now=now))


def resumed_screen(visit: Visit, person: Chat) -> Screen:
    """Confirm that issues come again and when, above all that is set; offer times to who has none."""
    words, screens = visit.words, visit.screens
    if person.next_at is None:
        key = "resumed-no-times" if person.instant is Instant.OFF else "resumed-urgent"
        return times_screen(screens, person, note=words(key))
    when = words.when(person.next_at, person.zone, now=screens.now)
    times = kept_text(words, person, now=screens.now)
    return screens.settings(person, note=words("resumed", times=times, when=when))


def stopped(words: Words, text: str, *, asks: bool = False) -> Screen:
    """Confirm that nothing more will come, with the two ways on from here; ``asks`` for the reason."""
    again = Button(text=words("button-resume"), data=AccountTap(do="resume").pack(), style="primary")
    reasons = tuple(
        Button(text=words(f"button-departure-{reason}"), data=AccountTap(do=reason).pack()) for reason in Departure
    )
    asked: Keyboard = (reasons,) if asks else ()
    return Screen(document=say(words(text)), keyboard=((again,), *asked, (forget_button(words),)))


def help_screen(words: Words) -> Screen:
    """Seven lines, and a button for each screen."""
    ways = (
        ("command-digest", DigestTap()),
        ("button-topics", TopicTap(on="t")),
        ("button-times", Go(to="times")),
        ("help-saved", SavedTap()),
        ("help-channels", ChannelsTap(do="list")),
        ("help-settings", Go(to="settings")),
        ("button-language", Go(to="languages")),
        ("command-privacy", AccountTap(do="privacy")),
    )
    buttons = [Button(text=words(key), data=tap.pack()) for key, tap in ways]
    return Screen(document=say(words("help")), keyboard=rows(buttons, width=2))
