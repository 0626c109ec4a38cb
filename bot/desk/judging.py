"""The taps on a story's card: taking it, approving a draft, publishing what was written, withdrawing it again.

Every tap compares before it changes: of two editors who reach for one story one gets it, and the other reads who.
"""

from __future__ import annotations

import structlog
from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.callbacks import DeskTap
from bot.desk.cards import mark_of
from bot.desk.drafts import next_draft
from bot.desk.preview import conflict, label_of, preview
from bot.desk.roles import AtDesk, name_of
from bot.desk.table import Table, is_taken
from bot.desk.taps import CardTap
from bot.markup import Message as Screen
from bot.markup import say
from bot.visit import Toast, Visit, stale
from feeds.judging import CLAIM
from feeds.model import Story, StoryId
from feeds.opinions import EditorsOpinion, OpinionOrigin, OpinionState, StaffMember
from storage.desk import DeskCard

log = structlog.get_logger(__name__)


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-judging")
    router.callback_query.filter(AtDesk())
    router.callback_query.register(open_tap, DeskTap.filter(F.do == "open"))
    router.callback_query.register(back_tap, CardTap.filter(F.do == "back"))
    router.callback_query.register(take_tap, DeskTap.filter(F.do == "take"))
    router.callback_query.register(leave_tap, DeskTap.filter(F.do.in_({"give", "later", "none"})))
    router.callback_query.register(other_tap, DeskTap.filter(F.do == "other"))
    router.callback_query.register(approve_tap, DeskTap.filter(F.do.in_({"ok", "facts", "put"})))
    router.callback_query.register(draft_tap, DeskTap.filter(F.do.in_({"edit", "drop"})))
    router.callback_query.register(withdraw_tap, DeskTap.filter(F.do.in_({"off", "sure"})))
    return router


async def open_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Send a story's card, from the queue or a list of what was found."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    await Table(visit.bot, visit.services).send(story, visit.person)
    return None


async def back_tap(query: CallbackQuery, callback_data: CardTap, visit: Visit) -> Toast | None:
    """Draw the card again where a question about it stood, or its history."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    await _redraw(query, visit, story)
    return None


async def take_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Take a story for ten minutes; all other editors see who writes."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    now = visit.services.clock()
    desk, user = visit.services.store.desk, visit.person.telegram_id
    won, opinion = await desk.claim(story.id, user, now=now, until=now + CLAIM)
    await _redraw(query, visit, story)
    if not won:
        return await _busy(visit, opinion)
    await Table(visit.bot, visit.services).refresh(story.id, besides=_place(query))
    return Toast(visit.words("desk-yours"))


async def leave_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Give a story back, put it off, or say that it goes without an opinion."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    desk, user = visit.services.store.desk, visit.person.telegram_id
    if callback_data.do == "none":
        opinion = await visit.services.store.opinions.get(story.id)
        if is_taken(opinion, visit.services, by_other_than=user) and opinion is not None:
            return await _busy(visit, opinion)
        if await desk.decline(story.id, now=visit.services.clock()) is None:
            return Toast(visit.words("desk-published-already"), alert=True)
    else:
        await desk.release(story.id, user)
    await Table(visit.bot, visit.services).refresh(story.id, besides=_place(query))
    if callback_data.do == "later":
        await visit.redraw(query, Screen(document=say(visit.words("desk-later"))))
        return None
    await _redraw(query, visit, story)
    return Toast(visit.words("desk-declined" if callback_data.do == "none" else "desk-given"))


async def other_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Put the next draft there is in place of the one on the card."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    user = visit.person.telegram_id
    opinion = await visit.services.store.opinions.get(story.id)
    if opinion is not None and is_taken(opinion, visit.services, by_other_than=user):
        return await _busy(visit, opinion)
    found = await next_draft(visit.services, story, opinion)
    if found is None:
        return Toast(visit.words("desk-no-other"))
    text, origin = found
    now = visit.services.clock()
    await visit.services.store.desk.draft(story.id, text, origin=origin, user_id=None, now=now)
    await _redraw(query, visit, story)
    return None


async def approve_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit, member: StaffMember) -> Toast | None:
    """Let a draft stand under the story, in every copy that was posted and every one to come.

    What a model drafted takes one more tap: that its facts were checked.
    """
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    user, opinion = visit.person.telegram_id, await visit.services.store.opinions.get(story.id)
    if opinion is None or not opinion.draft:
        return Toast(visit.words("desk-no-draft"), alert=True)
    if is_taken(opinion, visit.services, by_other_than=user):
        return await _busy(visit, opinion)
    if callback_data.draft != mark_of(opinion.draft):
        # It was written anew since: what is published is what was shown.
        await visit.redraw(query, await preview(story, opinion, visit, member, checked=_is_vouched(opinion)))
        return Toast(visit.words("desk-draft-newer"), alert=True)
    if opinion.draft_origin is OpinionOrigin.MODEL and callback_data.do == "ok":
        await visit.redraw(query, await preview(story, opinion, visit, member, checked=False))
        return None
    if callback_data.version != opinion.version:
        history = await visit.services.store.opinions.history(story.id)
        own = bool(history) and history[-1].user_id == user
        await visit.redraw(query, conflict(opinion, visit, question="desk-conflict-own" if own else "desk-conflict"))
        return None
    return await _publish(query, visit, story, opinion, member)


async def draft_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Say how to write it otherwise, or throw it away."""
    if callback_data.do == "edit":
        return Toast(visit.words("desk-how-to-edit"), alert=True)
    story_id = StoryId(callback_data.story)
    await visit.services.store.desk.drop_draft(story_id, visit.person.telegram_id)
    await visit.redraw(query, Screen(document=say(visit.words("desk-dropped"))))
    await Table(visit.bot, visit.services).refresh(story_id)
    return None


async def withdraw_tap(query: CallbackQuery, callback_data: DeskTap, visit: Visit) -> Toast | None:
    """Take an opinion out of every copy, after asking once."""
    story = await _story(visit, callback_data)
    if isinstance(story, Toast):
        return story
    opinion = await visit.services.store.opinions.get(story.id)
    if opinion is None or opinion.state is not OpinionState.APPROVED:
        return Toast(visit.words("desk-nothing-stands"), alert=True)
    if callback_data.do == "off":
        await visit.redraw(query, conflict(opinion, visit, question="desk-withdraw-question", sure="sure"))
        return None
    now, user = visit.services.clock(), visit.person.telegram_id
    done = await visit.services.store.opinions.withdraw(story.id, user_id=user, version=callback_data.version, now=now)
    if done is None:
        await visit.redraw(query, conflict(opinion, visit, question="desk-withdraw-question", sure="sure"))
        return Toast(visit.words("desk-changed-meanwhile"), alert=True)
    log.info("opinion withdrawn", story=story.id, user=user, copies=done.copies)
    await _redraw(query, visit, story)
    await Table(visit.bot, visit.services).refresh(story.id, besides=_place(query))
    if done.copies:
        return Toast(visit.words("desk-withdrawn", count=done.copies))
    return Toast(visit.words("desk-withdrawn-unseen"))


async def _publish(
    query: CallbackQuery, visit: Visit, story: Story, opinion: EditorsOpinion, member: StaffMember
) -> Toast | None:
    store, now = visit.services.store, visit.services.clock()
    label, signature = label_of(story, opinion, visit, member)
    approved = await store.opinions.approve(
        story.id,
        text=opinion.draft,
        label=label,
        signature=signature,
        origin=opinion.draft_origin or OpinionOrigin.WRITTEN,
        author_id=visit.person.telegram_id,
        version=opinion.version,
        now=now,
    )
    if approved is None:
        return Toast(visit.words("desk-changed-meanwhile"), alert=True)
    log.info("opinion approved", story=story.id, user=visit.person.telegram_id, copies=approved.copies)
    await _redraw(query, visit, story)
    await Table(visit.bot, visit.services).refresh(story.id, besides=_place(query))
    if approved.copies:
        return Toast(visit.words("desk-approved", count=approved.copies))
    ahead = (await Table(visit.bot, visit.services).sight(story, visit.person)).carriers
    return Toast(visit.words("desk-approved-ahead" if ahead else "desk-approved-unseen"))


def _is_vouched(opinion: EditorsOpinion) -> bool:
    """Whether a draft may be published as it is: a model's facts must be checked first."""
    return opinion.draft_origin is not OpinionOrigin.MODEL


async def _story(visit: Visit, tap: DeskTap | CardTap) -> Story | Toast:
    story = await visit.services.store.news.story(StoryId(tap.story))
    return story if story is not None else stale(visit.words)


async def _redraw(query: CallbackQuery, visit: Visit, story: Story) -> None:
    await visit.redraw(query, await Table(visit.bot, visit.services).card(story, visit.person))
    # What was a preview or a question is a card from now on, and is kept as the story stands.
    shown = DeskCard(story_id=story.id, user_id=visit.person.telegram_id, message_id=_place(query))
    await visit.services.store.desk.show(shown, now=visit.services.clock())


async def _busy(visit: Visit, opinion: EditorsOpinion) -> Toast:
    name = await name_of(visit.services, opinion.claimed_by, visit.words)
    return Toast(visit.words("desk-busy", name=name), alert=True)


def _place(query: CallbackQuery) -> int:
    return query.message.message_id if query.message else 0
