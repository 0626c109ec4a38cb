"""/correct and /retract: an editor says what is right, or that a story is not true, in every message that tells it.

At once, and taken back with one tap: a wrong story does its harm while somebody asks whether you are sure.
"""

from __future__ import annotations

import re

import structlog
from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from bot.callbacks import Number
from bot.desk.queue import find_story, not_found
from bot.desk.roles import AtDesk
from bot.desk.table import Table
from bot.i18n import Words
from bot.markup import Button, Paragraph, say
from bot.markup import Message as Screen
from bot.render_blocks import NOTE, correction, retraction
from bot.visit import Visit, stale
from feeds.digest import tell
from feeds.model import Story, StoryId
from feeds.opinions import StaffMember
from feeds.present import present

log = structlog.get_logger(__name__)

CORRECT, RETRACT = "correct", "retract"
_STORY_AND_NOTE = re.compile(r"(?P<story>(?:[#№]|No\.)\s*\S+|\S+)\s+(?P<note>\S.*)", re.DOTALL)


class RestoreTap(CallbackData, prefix="or"):
    """Let a story stand again that was taken back or corrected; see ``bot.callbacks``."""

    story: Number


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-amending")
    router.message.filter(F.chat.type == "private", AtDesk())
    router.callback_query.filter(AtDesk())
    router.message.register(amend_command, Command(CORRECT, RETRACT, ignore_case=True))
    router.callback_query.register(restore_tap, RestoreTap.filter())
    return router


async def amend_command(message: Message, command: CommandObject, visit: Visit, member: StaffMember) -> None:
    """Mark the story that comes first in the command with the words that follow it, and show what readers see."""
    services, now = visit.services, visit.services.clock()
    do = command.command.lower()
    found = _STORY_AND_NOTE.fullmatch((command.args or "").strip())
    if found is None:
        await visit.say(f"amend-{do}-usage")
        return
    wanted, note = found["story"], " ".join(found["note"].split())
    if len(note) > NOTE:
        await visit.say("note-too-long", most=NOTE, length=len(note))
        return
    story = await find_story(visit, wanted)
    if story is None:
        await visit.show(not_found(visit, wanted))
        return
    mark = services.store.marks.correct if do == CORRECT else services.store.marks.retract
    copies = await mark(story.id, note=note, now=now)
    log.info("story amended", what=do, story=story.id, user=member.user_id, copies=copies)
    marked = await services.store.news.story(story.id)
    if marked is not None:
        await visit.show(_amended(visit, marked, do, copies))


async def restore_tap(query: CallbackQuery, callback_data: RestoreTap, visit: Visit, member: StaffMember) -> object:
    """Let the story stand as its newsrooms tell it."""
    services, story_id = visit.services, StoryId(callback_data.story)
    story = await services.store.news.story(story_id)
    if story is None or (story.marks.retracted_at is None and story.marks.corrected_at is None):
        return stale(visit.words)
    copies = await services.store.marks.restore(story_id, now=services.clock())
    log.info("story amended", what="restore", story=story_id, user=member.user_id, copies=copies)
    gone = visit.words("amend-restored", headline=tell(story).headline)
    await visit.redraw(query, Screen(document=say(f"{gone} {_where(visit.words, copies)}")))
    return None


def _amended(visit: Visit, story: Story, do: str, copies: int) -> Screen:
    words, told = visit.words, present(tell(story), story)
    place = Table(visit.bot, visit.services).place(visit.person)
    line = retraction(told, place) if do == RETRACT else (*correction(told, place), "\n", told.headline)
    again = Button(text=words("button-amend-restore"), data=RestoreTap(story=story.id).pack())
    document = (*say(words(f"amend-{do}-done")), Paragraph(line), *say(_where(words, copies)))
    return Screen(document=document, keyboard=((again,),))


def _where(words: Words, copies: int) -> str:
    return words("amend-copies", count=copies) if copies else words("amend-nowhere")
