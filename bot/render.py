"""A digest as messages: which blocks, in which order, and what gives way when there is too much.

Pure; knows neither aiogram nor the store. One story as a message of its own is ``bot.render_story``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.look import Place, topic_namer
from bot.markup import Block, Bold, Document, Paragraph, Span, Spans
from bot.render_blocks import (
    HEADLINE,
    correction,
    headline,
    names,
    opinion_block,
    opinion_of,
    retraction,
    source_line,
)
from bot.render_cut import cut, cut_sentence, held
from bot.render_ends import footing, heading
from bot.render_fit import fits, unlinked
from bot.render_story import render_breaking, render_card, render_post, signed
from feeds.chatsettings import Density
from feeds.issue import Digest, DigestStory, Section
from feeds.schedule import zone_of

__all__ = [
    "HEADLINE",
    "Page",
    "Place",
    "cut",
    "cut_sentence",
    "fits",
    "render_breaking",
    "render_card",
    "render_digest",
    "render_pages",
    "render_post",
    "topic_namer",
]

COMFORT: Final = 3500
"""Code points of a digest that is still read to its end; the rest up to Telegram's limit is for what is added below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One rung of the ladder: how many characters each block may take, which opinions stand, and who is headline only.

    ``opinions`` and ``bare`` are the ids of stories.
    """

    summary: int
    opinion: int
    opinions: frozenset[int] = frozenset()
    bare: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A message of a digest, with the stories it tells; ``first`` is the number of the first of them."""

    document: Document
    stories: tuple[DigestStory, ...]
    first: int = 1


def render_digest(digest: Digest, place: Place) -> tuple[Document, ...]:
    """Write a digest as ``render_pages`` does, for who needs the text alone."""
    return tuple(page.document for page in render_pages(digest, place))


def render_pages(digest: Digest, place: Place, *, first: int = 1) -> tuple[Page, ...]:
    """Write a digest as one message, or as more when even the least of it does not fit into one.

    As cards it is one message for each story. ``first`` is the number of its first story: with another than 1 it goes
    on from a page before it and has no heading.
    """
    if place.look.density is Density.CARDS and first == 1:
        return tuple(_cards(digest, place))
    writer = _Writer(digest, place, first)
    rungs = [Detail(summary=0, opinion=0)] if place.look.density is Density.BRIEF else list(_ladder(digest, place))
    for detail in rungs:
        document = writer.whole(detail)
        if fits(document, limit=COMFORT):
            return (Page(document=document, stories=digest.stories, first=first),)
    if first > 1:
        # A page that is turned to is one message, whatever is in it.
        return (Page(document=unlinked(writer.whole(rungs[-1])), stories=digest.stories, first=first),)
    return tuple(writer.split(rungs[-1]))


def importance_order(stories: Sequence[DigestStory]) -> list[DigestStory]:
    """Sort stories by what they are worth, the least first; what stands lower on the page is worth less."""
    order = {story.story_id: place for place, story in enumerate(stories)}
    return sorted(stories, key=lambda story: (story.score.total if story.score else 0.0, -order[story.story_id]))


def _ladder(digest: Digest, place: Place) -> Iterator[Detail]:
    """Shorten summaries, then opinions; then opinions go to their cards and summaries go, from the least story up."""
    least_first = importance_order(digest.stories)
    told = [story.story_id for story in least_first if opinion_of(story, place.look)]
    shown = frozenset(told)
    for summary, opinion in ((320, 350), (200, 350), (140, 350), (90, 350), (90, 220)):
        yield Detail(summary=summary, opinion=opinion, opinions=shown)
    for gone in range(1, len(told)):
        yield Detail(summary=90, opinion=220, opinions=frozenset(told[gone:]))
    best = frozenset(told[-1:])
    ids = [story.story_id for story in least_first]
    for bare in range(1, len(ids) + 1):
        yield Detail(summary=90, opinion=160, opinions=best, bare=frozenset(ids[:bare]))
    yield Detail(summary=0, opinion=0, bare=frozenset(ids))


def _cards(digest: Digest, place: Place) -> Iterator[Page]:
    """Write each story as a card; the first stands under the heading, the last above the next issue's time."""
    stories = digest.stories
    for number, story in enumerate(stories, 1):
        above = tuple(heading(digest, place)) if number == 1 else ()
        below = tuple(footing(digest, place)) if number == len(stories) else ()
        document = (*above, *render_card(story, place), *below)
        yield Page(document=document, stories=(story,), first=number)


class _Writer:
    """A digest on its way to messages."""

    def __init__(self, digest: Digest, place: Place, first: int) -> None:
        self._digest = digest
        self._place = place
        self._first = first
        self._today = digest.made_at.astimezone(zone_of(place.zone)).date()

    def whole(self, detail: Detail) -> Document:
        return self._write(self._digest.sections, detail, start=0)

    def split(self, detail: Detail) -> Iterator[Page]:
        """Put as many stories as fit into each message, whole groups where that is possible; cuts no story in two."""
        flat = [(section.topic, story) for section in self._digest.sections for story in section.stories]
        start = 0
        while start < len(flat):
            end = len(flat)
            while end - start > 1 and not fits(self._write(_regroup(flat[start:end]), detail, start=start)):
                end -= 1
            if end < len(flat):
                edges = [at for at in range(start + 1, end + 1) if flat[at - 1][0] != flat[at][0]]
                end = edges[-1] if edges else end
            document = self._write(_regroup(flat[start:end]), detail, start=start)
            yield Page(
                document=document if fits(document) else unlinked(document),
                stories=tuple(story for _, story in flat[start:end]),
                first=self._first + start,
            )
            start = end

    def _write(self, sections: Sequence[Section], detail: Detail, *, start: int) -> Document:
        blocks: list[Block] = []
        if start == 0 and self._first == 1:
            blocks += heading(self._digest, self._place)
        elif start == 0:
            blocks.append(Paragraph((Bold((self._place.words("digest-further"),)),)))
        number = self._first + start
        for section in sections:
            named = self._section_name(section, leads=number == 1)
            lines = [self._brief(story, number + place) for place, story in enumerate(section.stories)]
            if self._place.look.density is Density.BRIEF:
                blocks.append(Paragraph(_joined([*named, *lines])))
                number += len(lines)
                continue
            blocks += [Paragraph(name) for name in named]
            for story in section.stories:
                blocks += self._story(story, number, detail)
                number += 1
        if number >= self._first + len(self._digest.stories):
            blocks += footing(self._digest, self._place)
            blocks += signed(self._place)
        return tuple(blocks)

    def _section_name(self, section: Section, *, leads: bool) -> list[Spans]:
        if section.topic is not None:
            return [(Bold((self._place.topic_name(section.topic),)),)]
        if len(self._digest.sections) == 1:
            return []
        return [(Bold((self._place.words("section-lead" if leads else "section-rest"),)),)]

    def _number(self, number: int) -> str:
        if self._place.look.accessible:
            return self._place.words("story-number", number=str(number)) + " "
        return f"{number}. "

    def _story(self, story: DigestStory, number: int, detail: Detail) -> Iterator[Block]:
        place = self._place
        if story.marks.retracted_at:
            yield Paragraph((self._number(number), *retraction(story, place)))
            return
        bare = story.story_id in detail.bare
        quoted = story.story_id in detail.opinions
        inner: list[Span] = [self._number(number), headline(story)]
        if corrected := correction(story, place):
            inner += ["\n", *corrected]
        if story.summary and detail.summary and not bare:
            inner += ["\n", held(cut_sentence(story.summary, detail.summary))]
        more = opinion_of(story, place.look) is not None and not quoted
        inner += ["\n", *source_line(story, place, today=self._today, more=more)]
        yield Paragraph(tuple(inner))
        if quoted:
            yield from opinion_block(story, place, limit=detail.opinion)

    def _brief(self, story: DigestStory, number: int) -> Spans:
        place = self._place
        if story.marks.retracted_at:
            return (self._number(number), *retraction(story, place))
        told = names(story, place)
        source = place.words("card-source", source=told) if place.look.accessible else f"— {told}"
        tail: list[str] = []
        if opinion_of(story, place.look):
            tail = [
                place.joint,
                place.words("opinion-more-plain" if place.look.accessible else "opinion-more"),
            ]
        corrected = correction(story, place)
        end = ". " if place.look.accessible else " "
        above: Spans = (*corrected, "\n") if corrected else ()
        return (self._number(number), *above, headline(story, bold=False), f"{end}{source}", *tail)


def _regroup(pairs: Sequence[tuple[str | None, DigestStory]]) -> tuple[Section, ...]:
    groups = groupby(pairs, key=itemgetter(0))
    return tuple(Section(topic=topic, stories=tuple(story for _, story in group)) for topic, group in groups)


def _joined(lines: Sequence[Spans]) -> Spans:
    spans: list[Span] = []
    for line in lines:
        spans += ["\n", *line] if spans else list(line)
    return tuple(spans)
