"""An issue at once, for who asks, and the buttons under issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, Update

from bot.callbacks import DigestTap, IssueTap, MoreTap
from bot.edition import Edition, newcomer, one_each
from bot.keys import Delivery, issue_keys
from bot.markup import Keyboard
from bot.markup import Message as Screen
from bot.regards import dress
from bot.render import render_pages
from bot.standing import stories_now
from bot.visit import Toast, Visit, stale
from feeds.digest import SIZE
from feeds.further import Further
from feeds.issue import Chat, ChatState, Digest, DigestKind, OutboxId, Parcel
from feeds.present import present_digest
from feeds.publish import WIDER

_FURTHEST = 1000


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="issue")
    router.message.filter(F.chat.type == "private")
    router.message.register(digest_command, Command("digest", ignore_case=True))
    router.callback_query.register(digest_tap, DigestTap.filter())
    router.callback_query.register(more_tap, MoreTap.filter())
    router.callback_query.register(settings_tap, IssueTap.filter())
    return router


async def digest_command(message: Message, command: CommandObject, visit: Visit, event_update: Update) -> None:
    """Send an issue of what is new for this person, now."""
    if command.args and command.args.casefold() not in ("now", "сейчас"):
        await visit.say("digest-not-understood", text=command.args[:60])
    await send_issue(visit, visit.person, slot=f"ask:{event_update.update_id}")


async def digest_tap(query: CallbackQuery, callback_data: DigestTap, visit: Visit, event_update: Update) -> None:
    """Send an issue of the person's topics, or of all."""
    person = replace(visit.person, topics=frozenset()) if callback_data.what == "all" else visit.person
    await send_issue(visit, person, slot=f"ask:{event_update.update_id}")


async def more_tap(query: CallbackQuery, callback_data: MoreTap, visit: Visit) -> Toast | None:
    """Turn to another page of an issue, in place: what of it did not fit, then what else there was, and back."""
    digest = await visit.services.store.outbox.digest_of(visit.person.id, OutboxId(callback_data.issue))
    if digest is None:
        return stale(visit.words)
    page = await _page(callback_data, digest, visit)
    if page is None:
        return Toast(visit.words("more-nothing"), alert=True)
    tap, outbox = callback_data, visit.services.store.outbox
    await outbox.turn(visit.person.id, OutboxId(tap.issue), tap.part, page=min(tap.page, _FURTHEST))
    await visit.redraw(query, page)
    return None


async def settings_tap(query: CallbackQuery, visit: Visit) -> None:
    """Open the settings from under a digest, which itself stays."""
    await visit.show(visit.screens.settings(visit.person))


async def send_issue(visit: Visit, person: Chat, *, slot: str) -> None:
    """Send an issue of what is new for this person, or say that nothing is."""
    kind = DigestKind.ASKED if visit.person.state is ChatState.ACTIVE else DigestKind.FIRST
    digest = await visit.services.publish.publish_asked(person, slot=slot, kind=kind)
    if digest is None:
        await show_nothing(visit, person)
    else:
        visit.services.ring_courier()


async def has_had(visit: Visit) -> bool:
    """Whether the person got any story of the last days."""
    person = visit.person.id
    return bool((await visit.services.chats.covered([person], since=visit.services.clock() - WIDER)).get(person))


async def show_nothing(visit: Visit, person: Chat) -> None:
    """Say that nothing is new, since which issue."""
    last = await visit.services.store.outbox.last_issue(person.id)
    await visit.show(visit.screens.nothing_new(person, had=await has_had(visit), last=last))


async def _page(tap: MoreTap, digest: Digest, visit: Visit) -> Screen | None:
    services, person, store = visit.services, visit.person, visit.services.store
    edition = Edition(services.catalogue, username=str)
    now = await _as_now(visit, OutboxId(tap.issue), digest)
    if not tap.page:
        messages = _messages(edition, person, OutboxId(tap.issue), now)
        if tap.part >= len(messages):
            return None
        return await dress(store, person.id, messages[tap.part], edition.place(person))
    delivery, own_pages = Delivery(issue=tap.issue, part=tap.part), len(edition.pages(person, now))
    if one_each(digest, person):
        own_pages = 1
    if tap.page < own_pages:
        page = edition.page(person, now, delivery, tap.page)
        return replace(page, keyboard=_settled(page.keyboard, person))
    further = Further(
        news=store.news,
        stand=services.publish.press.stand,
        chats=store.chats,
        catalogue=services.catalogue,
        archive=store.search,
    )
    number = min(tap.page - own_pages, _FURTHEST)
    more = await further.page(person, digest, number)
    if more is None:
        return None
    # Whoever has seen them here does not want them again in the next issue.
    await services.chats.cover(person.id, [story.story_id for story in more.stories], now=services.clock())
    place, first = edition.place(person), len(digest.stories) + 1 + number * SIZE
    [shown] = render_pages(more, place, first=first)
    keyboard = issue_keys(shown.stories, place, delivery, first=first, page=tap.page, left=more.left_over)
    return Screen(document=shown.document, keyboard=_settled(keyboard, person))


def _settled(keyboard: Keyboard, person: Chat) -> Keyboard:
    """Leave the way to pause and settings off for who gets nothing yet: one page back stands the question."""
    return keyboard[:-1] if newcomer(person) else keyboard


async def as_answered(visit: Visit, issue: OutboxId) -> Screen | None:
    """Write the end of an issue of the person's as it is once nothing is asked there; None if it is gone."""
    store, person = visit.services.store, visit.person
    digest = await store.outbox.digest_of(person.id, issue)
    if digest is None:
        return None
    edition = Edition(visit.services.catalogue, username=str)
    last = _messages(edition, person, issue, await _as_now(visit, issue, digest))[-1]
    return await dress(store, person.id, last, edition.place(person))


async def _as_now(visit: Visit, issue: OutboxId, digest: Digest) -> Digest:
    """Tell the stories like the message that stands there, which was drawn anew or would have been."""
    store = visit.services.store
    if not await store.redraws.follows(issue):
        return digest
    return present_digest(digest, await stories_now(store.news, {one.story_id for one in digest.stories}))


def _messages(edition: Edition, person: Chat, issue: OutboxId, digest: Digest) -> Sequence[Screen]:
    return edition.write(Parcel(id=issue, chat=person, slot="", digest=digest, due_at=digest.made_at))
