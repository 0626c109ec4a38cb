"""A story's card: opened by its number under an issue, by /s_4F, or by a link; and what its buttons do.

``show_card`` is what every other room calls that shows somebody one story. What is hidden is ``subscriber.hiding``'s.
"""

from __future__ import annotations

import re
from dataclasses import replace

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.base62 import read_number
from bot.callbacks import StoryTap
from bot.edition import previewed
from bot.keys import Delivery, card_keys, regarded_key
from bot.look import place_of
from bot.markup import Message as Screen
from bot.markup import say
from bot.regards import regard_of
from bot.render import cut, render_card
from bot.telegram import inline_button
from bot.visit import LONGEST_TOAST, Toast, Visit
from bot.why import why, why_opened
from feeds.digest import tell
from feeds.issue import Chat, DigestStory, OutboxId
from feeds.model import StoryId
from feeds.ownstories import OwnStories
from feeds.related import RelatedStories
from feeds.taste import TELLING, Vote, liked, taste_of
from storage.saved import MOST, SavedStory

_COMMAND = re.compile(r"/(s_[0-9A-Za-z]{1,11})(?:@\w+)?\s*$")
_OPENED = 99
"""The part that an opened card bears: no message of an issue has it, so none has the same buttons."""
_NEARLY_FULL = 450
_VOTES = {"+": 1, "-": -1}


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="card")
    router.message.filter(F.chat.type == "private")
    router.message.register(card_command, F.text.regexp(_COMMAND))
    router.callback_query.register(open_tap, StoryTap.filter(F.do == "o"))
    router.callback_query.register(keep_tap, StoryTap.filter(F.do.in_({"k", "u"})))
    router.callback_query.register(vote_tap, StoryTap.filter(F.do.in_(set(_VOTES))))
    router.callback_query.register(why_tap, StoryTap.filter(F.do == "w"))
    return router


async def show_card(visit: Visit, story_id: StoryId, *, reply_to: int | None = None, issue: int = 0) -> Toast | None:
    """Send a story's card to the person, as a reply to ``reply_to``; a toast that says why when there is none.

    A story that the archive has no more is told as the ``issue`` told it.
    """
    told = await find_told(visit, story_id, issue=issue)
    if isinstance(told, Toast):
        return told
    services, person = visit.services, visit.person
    told = await RelatedStories(services.store.search, clock=services.clock).complete_story(told)
    place = place_of(person, services.catalogue)
    regard = await regard_of(services.store, person.id, story_id)
    keyboard = card_keys(told, place, Delivery(issue=issue, part=_OPENED), regard)
    card = Screen(document=render_card(told, place), keyboard=keyboard)
    await visit.show(previewed(card, told, place.look, private=True), reply_to=reply_to)
    return None


def read_story(token: str) -> StoryId | None:
    """Read the story that «s_4F» names, in a link, a command or an inline query; None when it names none.

    What follows another underscore is a delivery's own, and tells two links to one story apart.
    """
    name, separator, rest = token.partition("_")
    number = read_number(rest.partition("_")[0]) if separator and name == "s" else None
    return None if number is None else StoryId(number)


async def find_told(visit: Visit, story_id: StoryId, *, issue: int = 0) -> DigestStory | Toast:
    """Tell a story as it is now, or as an issue of the person's told it; a toast when it is gone or was taken back."""
    store = visit.services.store
    story = await store.news.story(story_id)
    if story is not None:
        told = tell(story)
    else:
        digest = await store.outbox.digest_of(visit.person.id, OutboxId(issue)) if issue else None
        found = [one for one in digest.stories if one.story_id == story_id] if digest else []
        if not found:
            return Toast(visit.words("story-gone"), alert=True)
        [told] = found
    if told.marks.retracted_at is not None:
        note = cut(told.marks.note, 120) or visit.words("mark-retracted-why")
        return Toast(f"{visit.words('story-retracted')} {note}", alert=True)
    return told


async def card_command(message: Message, visit: Visit) -> None:
    """Open the card that the command names: «/s_4F»."""
    found = _COMMAND.match(message.text or "")
    story_id = read_story(found[1]) if found else None
    refused = (
        Toast(visit.words("story-gone"))
        if story_id is None
        else await show_card(visit, story_id, reply_to=message.message_id)
    )
    if refused is not None:
        await visit.show(Screen(document=say(refused.text)))


async def open_tap(query: CallbackQuery, callback_data: StoryTap, visit: Visit) -> Toast | None:
    """Open a story's card as a reply to the issue it stands in."""
    place = query.message
    reply_to = place.message_id if place else None
    return await show_card(visit, StoryId(callback_data.story), reply_to=reply_to, issue=callback_data.issue)


async def keep_tap(query: CallbackQuery, callback_data: StoryTap, visit: Visit) -> Toast:
    """Save a story, or forget it; near the end of the room there is, say so."""
    story_id, saved, person = StoryId(callback_data.story), visit.services.store.saved, visit.person
    if callback_data.do == "u":
        await saved.drop(person.id, story_id)
        await _refresh(query, callback_data, visit)
        return Toast(visit.words("unkept"))
    told = await find_told(visit, story_id, issue=callback_data.issue)
    if isinstance(told, Toast):
        return told
    kept = SavedStory(story_id=story_id, headline=told.headline, url=told.url, saved_at=visit.services.clock())
    count = await saved.keep(person.id, kept)
    await _refresh(query, callback_data, visit)
    if count >= _NEARLY_FULL:
        return Toast(visit.words("kept-nearly-full", count=count, most=MOST), alert=True)
    return Toast(visit.words("kept"))


async def vote_tap(query: CallbackQuery, callback_data: StoryTap, visit: Visit) -> Toast:
    """Vote, or take the vote back; the taste that follows goes into the person's settings."""
    services, person, story_id = visit.services, visit.person, StoryId(callback_data.story)
    told = await find_told(visit, story_id, issue=callback_data.issue)
    if isinstance(told, Toast):
        return told
    vote = Vote(story_id=story_id, value=_VOTES[callback_data.do], topics=told.topics, voted_at=services.clock())
    stands = await services.store.votes.cast(person.id, vote)
    votes = await services.store.votes.all_of(person.id)
    taste = taste_of(votes)
    await services.chats.configure(person.id, lambda settings: replace(settings, taste=taste))
    await _refresh(query, callback_data, visit)
    if not stands:
        return Toast(visit.words("vote-back"))
    more = liked(taste)
    if stands > 0 and len(votes) >= TELLING and more:
        place = place_of(person, services.catalogue)
        return Toast(visit.words("vote-now-more", topics=", ".join(place.topic_name(topic) for topic in more)))
    return Toast(visit.words("vote-for" if stands > 0 else "vote-against"))


async def why_tap(query: CallbackQuery, callback_data: StoryTap, visit: Visit) -> Toast | None:
    """Say why a story is here; in a message where that takes more than an alert holds."""
    services, person = visit.services, visit.person
    story = await services.store.news.story(StoryId(callback_data.story))
    if story is None:
        return Toast(visit.words("story-gone"), alert=True)
    place, now = place_of(person, services.catalogue), services.clock()
    if not callback_data.issue:
        text = why_opened(story, place, now=now)
    else:
        own = (await OwnStories().choose([story], [person])).get(story.id, frozenset())
        then = await _as_judged(visit, OutboxId(callback_data.issue))
        text = why(story, then, place, catalogue=services.catalogue, own=own, now=now)
    if len(text) <= LONGEST_TOAST:
        return Toast(text, alert=True)
    await visit.show(Screen(document=say(text)), reply_to=query.message.message_id if query.message else None)
    return None


async def _as_judged(visit: Visit, issue: OutboxId) -> Chat:
    """Return the person with the taste of when an issue was made: what they voted since had no part in it."""
    person, store = visit.person, visit.services.store
    digest = await store.outbox.digest_of(person.id, issue)
    if digest is None:
        return person
    votes = [vote for vote in await store.votes.all_of(person.id) if vote.voted_at < digest.made_at]
    return replace(person, settings=replace(person.settings, taste=taste_of(votes)))


async def _refresh(query: CallbackQuery, tap: StoryTap, visit: Visit) -> None:
    """Draw anew the buttons about this story under the tapped message; all others stay as they are."""
    shown = query.message
    markup = shown.reply_markup if isinstance(shown, Message) else None
    if shown is None or markup is None:
        return
    story = StoryId(tap.story)
    regards = {story: await regard_of(visit.services.store, visit.person.id, story)}
    place = place_of(visit.person, visit.services.catalogue)

    def redrawn(button: InlineKeyboardButton) -> InlineKeyboardButton:
        key = regarded_key(button.callback_data, place, regards)
        return button if key is None else inline_button(key)

    changed = InlineKeyboardMarkup(inline_keyboard=[list(map(redrawn, row)) for row in markup.inline_keyboard])
    try:
        await visit.bot.edit_message_reply_markup(
            chat_id=shown.chat.id, message_id=shown.message_id, reply_markup=changed
        )
    except TelegramBadRequest:
        # Not modified, or gone: what the tap changed is stored, and its toast says so.
        return
