"""What the desk's messages look like: a story's card, the queue, the post as readers will see it. Pure.

Whose words a card quotes is always said: a newsroom's, a model's, a colleague's, or those that stand under posts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.base62 import write_number
from bot.callbacks import DeskTap, QueueTap
from bot.desk.taps import CardTap
from bot.i18n import NBSP
from bot.look import Place
from bot.markup import Block, Bold, Button, Italic, Keyboard, Message, Moment, Paragraph, Quote, Span, Spans, say
from bot.render import cut, render_post
from bot.why import age
from feeds.issue import DigestStory
from feeds.judging import Carrier
from feeds.model import Opinion
from feeds.opinions import EditorsOpinion, OpinionOrigin, OpinionState

QUEUED: Final = 8
LEAD: Final = 320
DRAFT: Final = 900
_JUDGED: Final = (OpinionState.APPROVED, OpinionState.WITHDRAWN, OpinionState.DECLINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that a card tells: the story, how important it is, who carries it, and how its opinion stands.

    ``posted`` is in how many channels it stands already. ``writer`` is what whoever has taken it is called, ``mine``
    whether that is the reader of the card. ``others`` says whether there is another draft to look at.
    """

    told: DigestStory
    importance: int
    opinion: EditorsOpinion | None = None
    carriers: tuple[Carrier, ...] = field(default=())
    posted: int = 0
    writer: str = ""
    mine: bool = False
    others: bool = False


def draw_card(sight: Sight, place: Place, *, now: datetime, note: str = "") -> Message:
    """Draw a story's card; ``note`` is a line that says what just happened."""
    blocks = [*_story(sight, place, now=now), *_opinion(sight, place)]
    state = _state(sight, place)
    if state:
        blocks.append(Paragraph((Italic((state,)),)))
    if note:
        blocks.append(Paragraph((note,)))
    return Message(document=tuple(blocks), keyboard=_buttons(sight, place))


def draw_post(story: DigestStory, opinion: Opinion, place: Place) -> Message:
    """Draw the very post that readers will get, with an opinion in it."""
    shown = replace(story, opinion=opinion, opinion_source=None)
    return Message(document=render_post(shown, place), preview_url=None)


def draw_queue(
    sights: Sequence[Sight], place: Place, *, show: str, left: int, coming: datetime | None, now: datetime
) -> Message:
    """Draw what waits, what is due first at its head, with a button for each."""
    words = place.words
    tabs = tuple(
        Button(
            text=words("toggle-on", name=words(f"button-queue-{tab}")) if tab == show else words(f"button-queue-{tab}"),
            data=QueueTap.model_validate({"show": tab}).pack(),
        )
        for tab in ("all", "soon", "mine", "bare")
    )
    keyboard: Keyboard = (tabs[:2], tabs[2:])
    if not sights:
        when = words.when(coming, place.zone, now=now) if coming else ""
        text = words("queue-empty-until", when=when) if when else words("queue-empty")
        return Message(document=say(text), keyboard=keyboard)
    blocks: list[Block] = [Paragraph((Bold((words("queue-title", count=len(sights) + left),)),))]
    for number, sight in enumerate(sights, 1):
        gone = sight.opinion is not None and sight.opinion.due_at <= now
        due = (place.words("carrier-past"),) if gone else _due(sight, place)
        line: list[Span] = [f"{number}. ", cut(sight.told.headline, 90), "\n", *due]
        if mark := _mark(sight, place):
            line += [place.joint, mark]
        blocks.append(Paragraph(tuple(line)))
    numbers = tuple(
        Button(text=str(number), data=DeskTap(story=sight.told.story_id, do="open").pack())
        for number, sight in enumerate(sights, 1)
    )
    return Message(document=tuple(blocks), keyboard=(numbers, *keyboard))


def mark_of(draft: str) -> int:
    """Tell a draft from any other, in as few characters as a button has room for."""
    return zlib.crc32(draft.encode())


def source_of_draft(opinion: EditorsOpinion, place: Place) -> str:
    """Say whose draft it is."""
    match opinion.draft_origin:
        case OpinionOrigin.MODEL:
            return place.words("draft-model")
        case OpinionOrigin.EXTRACTED:
            return place.words("draft-extracted")
        case _:
            return place.words("draft-written")


def _story(sight: Sight, place: Place, *, now: datetime) -> Iterator[Block]:
    told, words = sight.told, place.words
    yield Paragraph((Bold((cut(told.headline, 140),)),))
    if told.summary:
        yield Paragraph((cut(told.summary, LEAD),))
    facts = words(
        "why-importance",
        importance=str(sight.importance),
        sources=words("why-sources", count=len(told.sources)),
        age=age(now - told.published_at, place),
    )
    lines: list[Span] = [facts]
    if sight.carriers:
        lines += ["\n", *_due(sight, place)]
    if sight.posted:
        stands = sight.opinion is not None and sight.opinion.state is OpinionState.APPROVED
        lines += ["\n", words("carrier-stands" if stands else "carrier-posted", count=sight.posted)]
    lines += ["\n", words("card-number", number=write_number(told.story_id))]
    yield Paragraph(tuple(lines))


def _due(sight: Sight, place: Place) -> Spans:
    words = place.words
    if sight.carriers:
        first, *others = sight.carriers
        at = Moment(first.at, f"{place.words.moment(first.at, place.zone)}", "r")
        title = cut(first.title, 40) or words("carrier-unnamed")
        more: Spans = (f"{NBSP}", words("carriers-more", count=len(others))) if others else ()
        return (words("carrier-first", title=title), " ", at, *more)
    if sight.opinion is not None:
        due = sight.opinion.due_at
        return (words("carrier-people"), " ", Moment(due, words.moment(due, place.zone), "r"))
    return (words("carrier-none"),)


def _opinion(sight: Sight, place: Place) -> Iterator[Block]:
    opinion = sight.opinion
    if opinion is None:
        return
    if opinion.state is OpinionState.APPROVED:
        signed: Spans = ("\n", Italic((opinion.signature,))) if opinion.signature else ()
        yield Quote((Bold((f"{opinion.label}.",)), " ", cut(opinion.text, DRAFT), *signed))
    if opinion.draft:
        head = Bold((source_of_draft(opinion, place),))
        yield Quote((head, "\n", cut(opinion.draft, DRAFT)), expandable=len(opinion.draft) > LEAD)


def _state(sight: Sight, place: Place) -> str:
    opinion, words = sight.opinion, place.words
    if sight.told.marks.retracted_at is not None:
        return words("story-retracted")
    if opinion is None:
        return words("card-free")
    if sight.writer and opinion.claimed_until is not None:
        until = words.clock(opinion.claimed_until, place.zone)
        if sight.mine:
            return words("card-mine", clock=until)
        return words("card-taken", name=sight.writer, clock=until)
    match opinion.state:
        case OpinionState.APPROVED:
            return words("card-published")
        case OpinionState.WITHDRAWN:
            return words("card-withdrawn")
        case OpinionState.DECLINED:
            return words("card-declined")
        case _:
            return words("card-free")


def _mark(sight: Sight, place: Place) -> str:
    opinion, words = sight.opinion, place.words
    if sight.writer:
        return words("queue-mine") if sight.mine else words("queue-taken", name=sight.writer)
    return words("queue-draft") if opinion is not None and opinion.draft else ""


def _buttons(sight: Sight, place: Place) -> Keyboard:
    opinion, words = sight.opinion, place.words
    story, version = sight.told.story_id, opinion.version if opinion else 0
    draft = mark_of(opinion.draft) if opinion else 0

    def button(do: str, style: str | None = None, *, name: str = "") -> Button:
        tap = DeskTap.model_validate({"story": story, "do": do, "version": version, "draft": draft})
        return Button(text=words(f"button-desk-{name or do}"), data=tap.pack(), style=style)

    if sight.writer and not sight.mine:
        return ((button("later"),),)
    stands = opinion is not None and opinion.state is OpinionState.APPROVED
    changes = Button(text=words("button-desk-history"), data=CardTap(story=story, do="history").pack())
    past = (changes,) if version else ()
    if stands and not sight.mine:
        return ((button("take", name="change"), button("off")), past)
    first = [button("give")] if sight.mine else [button("take", "primary")]
    if stands:
        first.append(button("off"))
    second = []
    if opinion is not None and opinion.draft:
        second.append(button("ok", "success"))
    if sight.others:
        second.append(button("other"))
    # Only what is still to be judged can go without an opinion.
    judged = opinion is not None and opinion.state in _JUDGED
    last = () if stands else (button("later"),) if judged else (button("none"), button("later"))
    return tuple(row for row in (tuple(first), tuple(second), last, past) if row)
