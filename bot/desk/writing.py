"""An editor's own words: a reply to a card is the opinion, an edit of that reply is its next version.

Whoever has taken a story need not reply: a message as long as an opinion is one, for what is sought is said in less.

Nothing is published here: the answer is the exact post, and what would spoil it is named.
"""

from __future__ import annotations

from typing import Any, Final

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import InlineKeyboardMarkup, Message, User

from bot.callbacks import DeskTap
from bot.desk.cards import mark_of
from bot.desk.preview import preview
from bot.desk.roles import AtDesk, name_of
from bot.desk.table import Table, is_taken
from bot.markup import Bold, Button, Paragraph, Quote, say
from bot.markup import Message as Screen
from bot.services import Services
from bot.visit import Visit
from feeds.digest import tell
from feeds.judging import CLAIM
from feeds.model import Story, StoryId
from feeds.opinioncheck import LONGEST, MOST_SENTENCES, SHORTEST, Flaw, FlawKind, flaws, shortened
from feeds.opinions import OpinionOrigin, StaffMember
from feeds.prose import sentences, tidy

_PREFIX: Final = "o:"
_FORMATS: Final = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "text_link", "code"})


def make_router() -> Router:
    """Say which handler takes what, the first that fits."""
    router = Router(name="desk-writing")
    private = F.chat.type == "private"
    router.message.filter(private, OnCard(), AtDesk())
    router.edited_message.filter(private, OnCard(), AtDesk())
    router.message.register(written, F.text, ~F.text.startswith("/"))
    router.message.register(not_words)
    router.edited_message.register(written, F.text)
    return router


class OnCard(Filter):
    """Lets pass words for a story, a reply to one of the desk's messages above all, and gives the ``story_id``."""

    async def __call__(
        self, event: Message, services: Services, event_from_user: User | None = None
    ) -> bool | dict[str, Any]:
        """Read the story from the message's own buttons, or look up which card it was, or which one is taken."""
        place = event.reply_to_message
        if event_from_user is None:
            return False
        if place is None:
            story_id = await _taken(event.text or "", event_from_user.id, services)
        else:
            story_id = story_on(place.reply_markup)
            if story_id is None:
                story_id = await services.store.desk.story_of(event_from_user.id, place.message_id)
        return False if story_id is None else {"story_id": story_id}


async def _taken(text: str, user_id: int, services: Services) -> StoryId | None:
    now = services.clock()
    asked = services.questions.last(user_id, now=now) is not None
    if asked or text.startswith("/") or len(tidy(text)) < SHORTEST:
        return None
    return await services.store.desk.held(user_id, now=now)


def story_on(markup: InlineKeyboardMarkup | None) -> StoryId | None:
    """Read from the desk's buttons which story they are about."""
    rows = markup.inline_keyboard if markup else []
    taps = [button.callback_data for row in rows for button in row if (button.callback_data or "").startswith(_PREFIX)]
    stories = {DeskTap.unpack(tap).story for tap in taps if tap}
    # Buttons of a list lead to several stories: a reply to that is about none.
    return StoryId(stories.pop()) if len(stories) == 1 else None


async def written(message: Message, visit: Visit, member: StaffMember, story_id: StoryId) -> None:
    """Take the words as a draft and show the post they would make; say what must be mended first."""
    services, user, now = visit.services, visit.person.telegram_id, visit.services.clock()
    story = await services.store.news.story(story_id)
    if story is None:
        await visit.say("story-gone")
        return
    won, opinion = await services.store.desk.claim(story_id, user, now=now, until=now + CLAIM)
    if not won and is_taken(opinion, services, by_other_than=user):
        await visit.say("desk-busy", name=await name_of(services, opinion.claimed_by, visit.words))
        return
    text = tidy(message.text or "")
    found = flaws(text, lead=_lead(story), stopwords=services.settings.opinion_stopwords)
    if found:
        await visit.show(await _mend(visit, story, text, found), reply_to=message.message_id)
    else:
        kept = await services.store.desk.draft(story_id, text, origin=OpinionOrigin.WRITTEN, user_id=user, now=now)
        note = visit.words("desk-formatting-lost") if _is_formatted(message) else ""
        await visit.show(await preview(story, kept, visit, member, note=note), reply_to=message.message_id)
    await Table(visit.bot, services).refresh(story_id)


async def not_words(message: Message, visit: Visit) -> None:
    """Say that an opinion is written: voice, pictures and stickers are none."""
    await visit.say("desk-text-only")


async def _mend(visit: Visit, story: Story, text: str, found: tuple[Flaw, ...]) -> Screen:
    """Say what must be mended; what is only too long is kept cut, if its editor likes it so."""
    words = visit.words
    lines = "\n".join(_said(flaw, visit) for flaw in found)
    cut = shortened(text) if {flaw.kind for flaw in found} <= {FlawKind.LONG, FlawKind.SENTENCES} else None
    if cut is None:
        return Screen(document=(Paragraph((Bold((words("desk-mend"),)), "\n", lines)), *say(words("desk-mend-how"))))
    opinion = await visit.services.store.desk.draft(
        story.id, cut, origin=OpinionOrigin.WRITTEN, user_id=visit.person.telegram_id, now=visit.services.clock()
    )
    put = DeskTap(story=story.id, do="put", version=opinion.version, draft=mark_of(opinion.draft))
    return Screen(
        document=(
            Paragraph((Bold((words("desk-mend"),)), "\n", lines)),
            Paragraph((words("desk-mend-cut", length=len(cut)),)),
            Quote((cut,)),
        ),
        keyboard=((Button(text=words("button-desk-put"), data=put.pack(), style="success"),),),
    )


def _said(flaw: Flaw, visit: Visit) -> str:
    words = visit.words
    match flaw.kind:
        case FlawKind.SHORT:
            return words("flaw-short", length=flaw.words, least=str(SHORTEST))
        case FlawKind.LONG:
            return words("flaw-long", length=int(flaw.words), most=str(LONGEST))
        case FlawKind.SENTENCES:
            return words("flaw-sentences", count=flaw.words, most=str(MOST_SENTENCES))
        case FlawKind.COPY:
            return words("flaw-copy")
        case kind:
            return words(f"flaw-{kind}", text=flaw.words)


def _lead(story: Story) -> tuple[str, ...]:
    told = tell(story)
    return (told.headline, *sentences(told.summary))


def _is_formatted(message: Message) -> bool:
    return any(entity.type in _FORMATS for entity in message.entities or ())
