"""The parts a story is shown by, in a digest as on a card: headline, source and time, opinion, marks, related.

Pure; whoever calls decides which of them, in which order, and how long each may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from bot.i18n import NBSP
from bot.look import Look, Place
from bot.markup import Block, Bold, Italic, Link, Moment, Paragraph, Quote, Span, Spans
from bot.render_cut import cut, cut_quote, held
from feeds.chatsettings import Opinions
from feeds.issue import DigestStory
from feeds.model import Opinion
from feeds.schedule import zone_of

HEADLINE: Final = 140
RELATED_TITLE: Final = 60
FOLDED: Final = 220
"""An opinion longer than this shows three lines until it is tapped."""
NOTE: Final = 200
_CASE_ENDINGS: Final = "аеёиймоуыюя"


def opinion_of(story: DigestStory, look: Look) -> Opinion | None:
    """Return the opinion that a chat wants to see, if the story has one."""
    opinion = story.opinion
    if opinion is None or look.opinions is Opinions.NONE:
        return None
    return opinion if opinion.ours or look.opinions is Opinions.ALL else None


def headline(story: DigestStory, *, linked: bool = True, bold: bool = True) -> Span:
    """Write the headline; a link where it may be one."""
    text = held(cut(story.headline, HEADLINE))
    inner: Span = Bold((text,)) if bold else text
    return Link(story.url, (inner,)) if linked else inner


def names(story: DigestStory, place: Place) -> str:
    """Name who told it: the first, and how many others."""
    first, *others = story.sources
    if not others:
        return first
    key = "sources-more-plain" if place.look.accessible else "sources-more"
    return place.words(key, source=first, count=len(others))


def source_line(story: DigestStory, place: Place, *, today: date, more: bool) -> Spans:
    """Say under a story of a digest who told it and when, and, with ``more``, that there is an opinion on its card."""
    time = short_time(story, place, today=today)
    tail = (place.joint, place.words("opinion-more-plain" if place.look.accessible else "opinion-more")) if more else ()
    if place.look.accessible:
        return (place.words("card-source", source=names(story, place)), ", ", time, *tail)
    return (Italic((f"{names(story, place)} · ", time, *tail)),)


def short_time(story: DigestStory, place: Place, *, today: date) -> Moment:
    """Write when a story broke: the clock where it was today."""
    at = story.published_at
    if at.astimezone(zone_of(place.zone)).date() == today:
        return Moment(at, place.words.clock(at, place.zone), "t")
    return Moment(at, place.words.moment(at, place.zone), "dt")


def full_time(at: datetime, place: Place, style: str = "dt") -> Moment:
    """Write a moment with its date and zone, for clients that cannot show the reader's own."""
    return Moment(at, f"{place.words.moment(at, place.zone)}{NBSP}{zone_name(at, place)}", style)


def zone_name(moment: datetime, place: Place) -> str:
    """Name the zone by which a place writes times."""
    return place.words.zone_name(place.zone, now=moment)


def opinion_block(story: DigestStory, place: Place, *, limit: int, separate: bool = False) -> Iterator[Block]:
    """Quote the opinion under its label and with whose it is; ``separate``: label and signature on their own lines."""
    opinion = opinion_of(story, place.look)
    if opinion is None or not limit:
        return
    text = cut_quote(opinion.text, limit)
    label = opinion_label(story, opinion)
    head: Spans = (Bold((label,)), "\n") if separate else (Bold((f"{label}.",)), " ")
    signed: Spans = ("\n", Italic((opinion.signature,))) if separate and opinion.signature else ()
    yield Quote((*head, text, *signed), expandable=len(text) > FOLDED and not place.look.accessible)


def opinion_label(story: DigestStory, opinion: Opinion) -> str:
    """Say whose opinion it is: a newsroom's names its newsroom, in its own words or beside them."""
    source = story.opinion_source
    if opinion.ours or not source or _names_source(opinion.label, source):
        return opinion.label
    return f"{opinion.label} ({source})"


def related_block(story: DigestStory, place: Place, *, most: int) -> Iterator[Block]:
    """List what else to read; nothing where there is nothing."""
    if not story.related or not most:
        return
    spans: list[Span] = [Bold((place.words("card-related"),))]
    for number, link in enumerate(story.related[:most], 1):
        spans += [
            f"\n{number}. " if place.look.accessible else "\n• ",
            Link(link.url, (cut(link.title, RELATED_TITLE),)),
        ]
    yield Paragraph(tuple(spans))


def correction(story: DigestStory, place: Place) -> Spans:
    """Say what was corrected; nothing where nothing was."""
    marks = story.marks
    if marks.corrected_at is None:
        return ()
    clock = place.words.clock(marks.corrected_at, place.zone)
    note = cut(marks.note, NOTE) or place.words("mark-corrected-at", clock=clock)
    return (Bold((place.words("mark-corrected"),)), " ", note)


def retraction(story: DigestStory, place: Place) -> Spans:
    """Say instead of a story that it was taken back, and why; the headline stays, so that it is known which."""
    note = cut(story.marks.note, NOTE) or place.words("mark-retracted-why")
    quoted = place.words("mark-retracted-which", headline=_nested(cut(story.headline, HEADLINE), place.words.lang))
    return (Bold((place.words("mark-retracted"),)), " ", quoted, "\n", note)


def additions(story: DigestStory, place: Place) -> Spans:
    """Say who else told it since it was posted; nothing where nobody did."""
    marks = story.marks
    if not marks.added or marks.added_at is None:
        return ()
    clock = place.words.clock(marks.added_at, place.zone)
    sources = place.words.listing(list(marks.added[:3]))
    return (place.words("mark-added", clock=clock, sources=cut(sources, NOTE)),)


def hashtags(story: DigestStory, place: Place, *, most: int = 2) -> str:
    """Write the names of its first topics as hashtags."""
    tags = (re.sub(r"[^\w]+", "_", place.topic_name(topic)).strip("_") for topic in story.topics)
    # A hashtag of digits alone is none to Telegram.
    return " ".join(f"#{tag}" for tag in [tag for tag in tags if re.search(r"[^\W\d_]", tag)][:most])


def _nested(text: str, lang: str) -> str:
    """Write the quotation marks of a text that itself is quoted."""
    return text.translate(str.maketrans("«»", "„“") if lang == "ru" else str.maketrans("“”", "‘’"))


def _names_source(label: str, source: str) -> bool:
    """Say whether a label names its source already, in whatever case: «Мнение «Автополки»» of «Автополка»."""
    said, known = re.findall(r"\w+", label.casefold()), re.findall(r"\w{3,}", source.casefold())
    quoted = re.search(r"[«“\"]([^»”\"]+)[»”\"]", label.casefold())
    if quoted and [word[:3] for word in re.findall(r"\w{3,}", quoted[1])] == [name[:3] for name in known]:
        # In quotes a beginning is enough: «Мнение «Рынка колёс»» of «Рынок колёс» has lost a vowel besides.
        return True
    return bool(known) and all(any(_is_form(word, name) for word in said) for name in known)


def _is_form(word: str, name: str) -> bool:
    """Say whether a word is a name but for its case ending; «автор» is none of «Авто»."""
    if word == name:
        return True
    declined = word.startswith(name[: max(4, len(name) - 2)]) and word[-1] in _CASE_ENDINGS
    return declined and len(word) <= len(name) + 1
