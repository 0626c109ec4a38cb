"""One story as a message of its own: a reader's card, a channel's post, breaking news. What gives way when it is long.

Pure; knows neither aiogram nor the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.look import Place
from bot.markup import Block, Bold, Document, Link, Paragraph, Span, Spans
from bot.render_blocks import (
    additions,
    correction,
    full_time,
    hashtags,
    headline,
    names,
    opinion_block,
    related_block,
    retraction,
)
from bot.render_cut import cut, cut_sentence, held
from bot.render_fit import fits, unlinked
from feeds.issue import DigestStory

CARD: Final = 1000
"""Code points of a card: as much as a photo's caption takes, so that the same text goes with either."""
BREAKING: Final = 300
SIGNATURE: Final = 120
CONFIRMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """How much of each part a card has; the rungs of its ladder take away one thing after another."""

    tags: bool = True
    signature: bool = True
    summary: int = 320
    opinion: int = 600
    related: int = 2


def _ladder() -> Iterator[Portion]:
    portion = Portion()
    yield portion
    for less in (
        {"tags": False},
        {"signature": False},
        {"summary": 140},
        {"summary": 90},
        {"opinion": 350},
        {"opinion": 160},
        {"related": 1},
        {"related": 0},
        {"summary": 0},
    ):
        portion = replace(portion, **less)
        yield portion


LADDER: Final = tuple(_ladder())


def render_card(story: DigestStory, place: Place) -> Document:
    """Write a story as a reader's card."""
    return _fitted(story, place, tags="", signature="")


def render_post(story: DigestStory, place: Place) -> Document:
    """Write a story as a post of a channel, with the channel's hashtags and signature."""
    tags = hashtags(story, place) if place.look.hashtags else ""
    return _fitted(story, place, tags=tags, signature=_signature(place))


def render_breaking(story: DigestStory, place: Place) -> Document:
    """Write a story as breaking news: what happened, who confirms it, how long ago."""
    if story.marks.retracted_at:
        return (Paragraph(retraction(story, place)),)
    sign = "" if place.look.accessible else "🔴 "
    title = Paragraph((sign, Bold((place.words("breaking-title", headline=cut(story.headline, 140)),))))
    time = full_time(story.published_at, place, "r")
    more = additions(story, place)
    corrected = correction(story, place)
    document: Document = ()
    for limit in (200, 140, 90, 0):
        blocks: list[Block] = [Paragraph(corrected)] if corrected else []
        blocks.append(title)
        if story.summary and limit:
            blocks.append(Paragraph((held(cut_sentence(story.summary, limit)),)))
        blocks.append(Paragraph((*_confirmed(story, place), "\n", time, *(("\n", *more) if more else ()))))
        document = tuple(blocks)
        if fits(document, limit=BREAKING):
            return document
    return document if fits(document) else unlinked(document)


def signed(place: Place) -> Document:
    """Write what a channel puts under each of its posts, if anything."""
    signature = _signature(place)
    return (Paragraph((signature,)),) if signature else ()


def _signature(place: Place) -> str:
    return cut(place.look.signature.strip(), SIGNATURE)


def _fitted(story: DigestStory, place: Place, *, tags: str, signature: str) -> Document:
    if story.marks.retracted_at:
        return (Paragraph(retraction(story, place)),)
    document: Document = ()
    for portion in LADDER:
        document = tuple(_card(story, place, portion, tags=tags, signature=signature))
        if fits(document, limit=CARD):
            return document
    return document if fits(document) else unlinked(document)


def _card(story: DigestStory, place: Place, portion: Portion, *, tags: str, signature: str) -> Iterator[Block]:
    if corrected := correction(story, place):
        yield Paragraph(corrected)
    yield Paragraph((headline(story, linked=False),))
    if story.summary and portion.summary:
        yield Paragraph((held(cut_sentence(story.summary, portion.summary)),))
    yield from opinion_block(story, place, limit=portion.opinion, separate=True)
    yield from related_block(story, place, most=portion.related)
    last: list[Span] = [Link(story.url, (_source(story, place),)), place.joint, full_time(story.published_at, place)]
    if more := additions(story, place):
        last += ["\n", *more]
    if tags and portion.tags:
        last += ["\n", tags]
    yield Paragraph(tuple(last))
    if signature and portion.signature:
        yield Paragraph((signature,))


def _source(story: DigestStory, place: Place) -> str:
    """Name the source, and its language where that is not the reader's."""
    words = place.words
    said = words("card-source", source=cut(names(story, place), 60))
    foreign = f"source-in-{story.lang}"
    return said if story.lang == words.lang or not words.has(foreign) else f"{said} ({words(foreign)})"


def _confirmed(story: DigestStory, place: Place) -> Spans:
    """Link to those who confirm it, each to its own article; a lone source is no confirmation."""
    links = [Link(one.url, (cut(one.title, 40),)) for one in story.tellings[:CONFIRMED]]
    if len(links) < 2:
        return (Link(story.url, (place.words("card-source", source=cut(story.sources[0], 60)),)),)
    spans: list[Span] = [place.words("breaking-confirmed", count=len(story.sources)), " "]
    for number, link in enumerate(links):
        spans += [", ", link] if number else [link]
    if left := len(story.sources) - len(links):
        spans.append(" " + place.words("breaking-others", count=left))
    return tuple(spans)
