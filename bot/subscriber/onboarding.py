"""The first three taps: START with topics, the first issue, subscribing to it; links that lead here; coming back."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message, Update

from bot.callbacks import KEPT_TIMES, OTHER_TIME, DigestTap, MixTap, SubscribeTap
from bot.deeplinks import DigestLink, MixLink, StoryLink, TopicsLink, linked_topics, read_payload
from bot.markup import Message as Screen
from bot.markup import say
from bot.subscriber import choosing, clocks
from bot.subscriber.account import resume, resume_command, resumed_screen, stopped
from bot.subscriber.card import show_card
from bot.subscriber.issue import as_answered, has_had, show_nothing
from bot.subscriber.mixes import mix_of, mix_title
from bot.subscriber.timetable import times_screen
from bot.telegram import inline_keyboard
from bot.timereading import MAX_TIMES
from bot.visit import Toast, Visit, redraw, stale
from bot.zones import is_zone
from feeds.issue import ChatState, DigestKind, OutboxId
from feeds.schedule import is_paused, next_issue, rhythm_of
from feeds.topics import Topic


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="onboarding")
    router.message.filter(F.chat.type == "private")
    router.message.register(start, CommandStart(ignore_case=True))
    router.callback_query.register(first_tap, DigestTap.filter(F.what == choosing.FIRST))
    router.callback_query.register(subscribe_tap, SubscribeTap.filter())
    router.callback_query.register(mix_tap, MixTap.filter())
    return router


async def start(message: Message, command: CommandObject, visit: Visit, event_update: Update) -> None:
    """Greet a newcomer with topics to tap, who returns with what they have set; do what a link asks for."""
    link = read_payload(command.args or "")
    if visit.person.state is ChatState.PAUSED:
        visit = visit.as_now(await resume(visit))
    state = visit.person.state
    match link:
        case StoryLink(story):
            if (refused := await show_card(visit, story)) is not None:
                await visit.show(Screen(document=say(refused.text)))
            if state is not ChatState.NEW:
                return
        case DigestLink() if state is ChatState.ACTIVE:
            await send_issue(visit, slot=f"ask:{event_update.update_id}")
            return
        case TopicsLink() as named if topics := linked_topics(named, visit.services.catalogue):
            await _with_topics(visit, topics)
            return
        case MixLink() if await _with_mix(visit, link):
            return
    await greet(visit)


async def begin(message: Message, visit: Visit) -> None:
    """Go on for who stopped or rests and says so in a word; greet whoever else does, as START would."""
    if visit.person.state in {ChatState.STOPPED, ChatState.PAUSED} or is_paused(visit.person, visit.screens.now):
        await resume_command(message, visit)
    else:
        await greet(visit)


async def first_tap(query: CallbackQuery, visit: Visit, event_update: Update) -> None:
    """Send the first issue, of all topics if there is nothing in those chosen."""
    await send_issue(visit, slot=f"ask:{event_update.update_id}")


async def send_issue(visit: Visit, *, slot: str) -> None:
    """Send an issue now. Somebody new gets one in any case: theirs may be quiet topics."""
    person, publish = visit.person, visit.services.publish
    kind = DigestKind.ASKED if person.state is ChatState.ACTIVE else DigestKind.FIRST
    digest = await publish.publish_asked(person, slot=slot, kind=kind)
    if digest is None:
        of_all = replace(person, topics=frozenset(), words=())
        quiet = kind is DigestKind.FIRST and person != of_all and not await has_had(visit)
        if not quiet or await publish.publish_asked(of_all, slot=f"{slot}:all", kind=kind) is None:
            await show_nothing(visit, person)
            return
        await visit.say("quiet-topics")
    visit.services.ring_courier()


async def subscribe_tap(query: CallbackQuery, callback_data: SubscribeTap, visit: Visit) -> Toast | None:
    """Send issues at these times from now on; ask for the clock they are meant by where nothing tells."""
    if callback_data.times == OTHER_TIME:
        # A message of its own: the issue above the question stays to be read.
        await visit.show(times_screen(visit.screens, visit.person))
        return None
    if callback_data.times == KEPT_TIMES:
        return await _go_on(query, OutboxId(callback_data.issue), visit)
    parts = callback_data.times.split("-")
    times = tuple(sorted({int(part) for part in parts if part.isdecimal() and len(part) <= 4}))
    if not times or len(times) > MAX_TIMES or any(minutes >= 24 * 60 for minutes in times):
        return stale(visit.words)
    if callback_data.zone and not is_zone(callback_data.zone):
        return stale(visit.words)
    if callback_data.page and not callback_data.zone:
        await visit.redraw(
            query,
            clocks.question(visit.screens, callback_data.times, zone=visit.person.zone, page=callback_data.page - 1),
        )
        return None
    services, zone = visit.services, callback_data.zone or visit.person.zone
    coming = next_issue(rhythm_of(replace(visit.person, times=times, zone=zone)), after=services.clock())
    # Stored before the clock is asked for: whoever taps no further has subscribed all the same.
    visit = visit.as_now(await services.chats.schedule(visit.person.id, times=times, zone=zone, next_at=coming))
    if callback_data.zone:
        await visit.redraw(query, visit.screens.subscribed(visit.person))
        return None
    if not await _close_question(query, OutboxId(callback_data.issue), visit):
        # Tapped twice: all has been said.
        return Toast(visit.screens.time_list(visit.person))
    if visit.words.lang != "ru" and zone == services.settings.timezone:
        await visit.show(clocks.question(visit.screens, callback_data.times, zone=zone))
    else:
        await visit.show(visit.screens.subscribed(visit.person))
    return None


async def _go_on(query: CallbackQuery, issue: OutboxId, visit: Visit) -> Toast | None:
    """Go on as it was before they stopped, and say so once."""
    person = await resume(visit)
    visit = visit.as_now(person)
    if not await _close_question(query, issue, visit):
        return Toast(visit.screens.time_list(person))
    await visit.show(resumed_screen(visit, person))
    return None


async def mix_tap(query: CallbackQuery, callback_data: MixTap, visit: Visit) -> Toast | None:
    """Choose what a channel has chosen, in place of one's own choice."""
    mix = await mix_of(visit, callback_data.chat)
    if mix is None:
        return stale(visit.words)
    chats = visit.services.chats
    await chats.choose_words(visit.person.id, mix.words)
    visit = visit.as_now(await chats.choose_topics(visit.person.id, mix.topics))
    await visit.redraw(query, visit.screens.settings(visit.person))
    return Toast(visit.words("mix-done"))


async def _with_topics(visit: Visit, topics: tuple[Topic, ...]) -> None:
    """Choose the topics of a link for somebody new; only offer them to others, who may read everything so far."""
    person = visit.person
    if person.state is ChatState.NEW:
        wanted = person.topics | {topic.id for topic in topics}
        person = await visit.services.chats.choose_topics(person.id, wanted)
        await visit.show(choosing.welcome(visit.screens, person, offered=topics))
    else:
        await visit.show(choosing.found(visit.screens, person, topics[: choosing.MOST_OWN]))


async def _with_mix(visit: Visit, link: MixLink) -> bool:
    """Do so with what a channel has chosen; False when there is no such channel for this person."""
    mix = await mix_of(visit, link.chat)
    if mix is None or not (mix.topics or mix.words):
        return False
    person, title, chats = visit.person, await mix_title(visit, mix), visit.services.chats
    if person.state is not ChatState.NEW:
        await visit.show(choosing.mix(visit.screens, mix, title=title, tap=MixTap(chat=mix.id).pack()))
        return True
    await chats.choose_words(person.id, dict.fromkeys((*person.words, *mix.words)))
    person = await chats.choose_topics(person.id, person.topics | mix.topics)
    note = visit.words("mix-taken", title=title) if title else visit.words("mix-taken-some")
    offered = [topic for topic in visit.services.catalogue.themes if topic.id in person.topics]
    await visit.show(choosing.welcome(visit.screens, person, offered=offered, note=note))
    return True


async def greet(visit: Visit) -> None:
    """Greet a newcomer with topics to tap, and show who returns how things stand."""
    match visit.person.state:
        case ChatState.ACTIVE:
            await visit.say("welcome-back")
            await visit.show(visit.screens.settings(visit.person))
        case ChatState.STOPPED:
            await visit.show(stopped(visit.words, "stopped-back"))
        case _:
            await visit.show(choosing.welcome(visit.screens, visit.person))


async def _close_question(query: CallbackQuery, issue: OutboxId, visit: Visit) -> bool:
    """Take the question away from under an issue, for it is answered; False when that was done already."""
    if (place := query.message) is not None:
        usual = await as_answered(visit, issue)
        try:
            if usual is not None:
                await redraw(visit.bot, place.chat.id, place.message_id, usual)
            else:
                await visit.bot.edit_message_reply_markup(
                    chat_id=place.chat.id, message_id=place.message_id, reply_markup=inline_keyboard(())
                )
        except TelegramBadRequest as error:
            return "not modified" not in error.message
    return True
