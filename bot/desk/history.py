"""Who changed an opinion, when and to what: nothing that once stood under posts is lost, and the desk can read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.desk.roles import AtDesk, name_of
from bot.desk.table import Table
from bot.desk.taps import CardTap
from bot.look import Place
from bot.markup import Block, Bold, Button, Message, Moment, Paragraph, Quote
from bot.render import cut
from bot.visit import Toast, Visit, stale
from feeds.digest import tell
from feeds.model import Story, StoryId
from feeds.opinions import OpinionState
from storage.opinions import Change

SHOWN: Final = 8
"""Changes that one message holds."""


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="desk-history")
    router.callback_query.register(history_tap, CardTap.filter(F.do == "history"), AtDesk())
    return router


async def history_tap(query: CallbackQuery, callback_data: CardTap, visit: Visit) -> Toast | None:
    """Show the latest changes in place of the card, which one tap brings back."""
    services, story_id = visit.services, StoryId(callback_data.story)
    story = await services.store.news.story(story_id)
    changes = (await services.store.opinions.history(story_id))[-SHOWN:]
    if story is None or not changes:
        return stale(visit.words)
    names = [await name_of(services, one.user_id, visit.words) for one in changes]
    place = Table(visit.bot, services).place(visit.person)
    await visit.redraw(query, draw_history(story, changes, names, place))
    return None


def draw_history(story: Story, changes: Sequence[Change], names: Sequence[str], place: Place) -> Message:
    """List changes, the newest first, each with the words that it brought."""
    words = place.words
    headline = cut(tell(story).headline, 90)
    blocks: list[Block] = [Paragraph((Bold((words("desk-history", headline=headline),)),))]
    for change, name in reversed(list(zip(changes, names, strict=True))):
        did = "published" if change.state is OpinionState.APPROVED else "withdrawn"
        at = Moment(change.changed_at, words.moment(change.changed_at, place.zone), "dt")
        blocks.append(Paragraph((at, " — ", words(f"desk-history-{did}", name=name))))
        if change.state is OpinionState.APPROVED:
            blocks.append(Quote((change.text,)))
    back = CardTap(story=story.id)
    return Message(document=tuple(blocks), keyboard=((Button(text=words("button-back"), data=back.pack()),),))
