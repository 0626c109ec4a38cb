"""A digest or a story as messages: which blocks, in which order, and what gives way when there is too much.

Pure; knows neither aiogram nor the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.i18n import NBSP, Words
from bot.markup import (
    Block,
    Bold,
    Document,
    Italic,
    Link,
    Moment,
    Paragraph,
    Quote,
    Span,
    Spans,
    entities,
    plain,
    telegram_html,
)
from feeds.issue import Digest, DigestKind, DigestStory, Section

MAX_TEXT = 4000
"""Code points of visible text in one message; Telegram takes 4,096."""
MAX_ENTITIES = 90
"""Telegram drops what goes beyond 100 without a word (tdlib/telegram-bot-api issue 165)."""
MAX_ENTITY_BYTES = 9000
"""Telegram refuses about 9,500 (ENTITIES_TOO_LONG)."""
MAX_RAW_BYTES = 32000
"""Telegram refuses 32,768 bytes of text with its mark-up."""

HEADLINE = 140
_CHARACTERS_A_MINUTE = 1200
_CUT = "…"
_CASE_ENDINGS = "аеёиймоуыюя"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """For whom a message is worded: the language, the clock on the wall, and how topics are called."""

    words: Words
    zone: str
    topic_name: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One rung of the fitting ladder: how many characters each block may take."""

    summary: int
    opinion: int


LADDER = (
    Detail(summary=320, opinion=600),
    Detail(summary=320, opinion=350),
    Detail(summary=200, opinion=350),
    Detail(summary=140, opinion=220),
    Detail(summary=90, opinion=120),
    Detail(summary=0, opinion=120),
)


def render_digest(digest: Digest, place: Place) -> tuple[Document, ...]:
    """Write a digest as one message, or as more when even headlines with short opinions do not fit into one."""
    for detail in LADDER:
        document = _digest(digest, digest.sections, place, detail)
        if fits(document):
            return (document,)
    return tuple(_split(digest, place, LADDER[-1]))


def render_card(story: DigestStory, place: Place) -> Document:
    """Write one story as a message of its own."""
    story_time = Moment(
        story.published_at,
        f"{place.words.moment(story.published_at, place.zone)}{NBSP}{_zone(story.published_at, place)}",
        "dt",
    )
    source: Span = Link(story.url, (place.words("card-source", source=_names(story, place.words)),))
    for detail in LADDER:
        blocks: list[Block] = [Paragraph((Bold((cut(story.headline, HEADLINE),)),))]
        if story.summary and detail.summary:
            blocks.append(Paragraph((cut_sentence(story.summary, detail.summary),)))
        blocks.extend(_opinion(story, detail, separate=True))
        if story.related and detail.summary:
            blocks.append(Paragraph(tuple(_related(story, place))))
        blocks.append(Paragraph((source, " · ", story_time)))
        if fits(tuple(blocks)):
            return tuple(blocks)
    return _unlinked(tuple(blocks))


def fits(document: Document) -> bool:
    """Say whether Telegram takes a document as one message, whole."""
    count, size = entities(document)
    return (
        len(plain(document)) <= MAX_TEXT
        and count <= MAX_ENTITIES
        and size <= MAX_ENTITY_BYTES
        and len(telegram_html(document).encode()) <= MAX_RAW_BYTES
    )


def cut(text: str, limit: int) -> str:
    """Shorten to at most ``limit`` characters at the end of a word, marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in head:
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" ,.;:—–-") + _CUT


def cut_sentence(text: str, limit: int) -> str:
    """Shorten to whole sentences within ``limit``; to whole words when the first sentence alone is longer."""
    if len(text) <= limit:
        return text
    ends = [
        at + 1
        for at, sign in enumerate(text[:limit])
        if sign in ".!?…" and text[at + 1 : at + 2].isspace() and text[at + 2 : at + 3].isupper()
    ]
    return text[: ends[-1]] if ends and ends[-1] >= limit // 3 else cut(text, limit)


def _digest(digest: Digest, sections: Sequence[Section], place: Place, detail: Detail, *, first: int = 1) -> Document:
    blocks: list[Block] = list(_heading(digest, place)) if first == 1 else []
    number = first
    today = digest.made_at.astimezone(ZoneInfo(place.zone)).date()
    for section in sections:
        if section.topic is not None or len(digest.sections) > 1:
            name = place.topic_name(section.topic) if section.topic else place.words("section-rest")
            blocks.append(Paragraph((Bold((name,)),)))
        for story in section.stories:
            blocks.extend(_story(story, number, place, detail, today=today))
            number += 1
    if number > len(digest.stories):
        blocks.extend(_footing(digest, place))
    return tuple(blocks)


def _heading(digest: Digest, place: Place) -> Iterator[Block]:
    words = place.words
    day = words.day(digest.made_at.astimezone(ZoneInfo(place.zone)).date())
    stories = digest.stories
    sources = {source for story in stories for source in story.sources}
    letters = sum(
        len(story.headline) + len(story.summary) + (len(story.opinion.text) if story.opinion else 0)
        for story in stories
    )
    minutes = max(1, round(letters / _CHARACTERS_A_MINUTE))
    counts = words("digest-counts", stories=len(stories), sources=len(sources), minutes=minutes)
    lines: Spans = (Bold((words("digest-title", day=day),)), "\n", counts)
    if digest.hours > 24:
        lines = (*lines, "\n", words("digest-widened", days=round(digest.hours / 24)))
    yield Paragraph(lines)


def _story(story: DigestStory, number: int, place: Place, detail: Detail, *, today: date) -> Iterator[Block]:
    headline = Bold((cut(story.headline, HEADLINE),))
    inner: list[Span] = [f"{number}. ", Link(story.url, (headline,))]
    if story.summary and detail.summary:
        inner += ["\n", cut_sentence(story.summary, detail.summary)]
    source = Italic((f"{_names(story, place.words)} · ", _story_time(story, place, today=today)))
    yield Paragraph((*inner, "\n", source))
    yield from _opinion(story, detail)


def _story_time(story: DigestStory, place: Place, *, today: date) -> Moment:
    at = story.published_at
    if at.astimezone(ZoneInfo(place.zone)).date() == today:
        return Moment(at, place.words.clock(at, place.zone), "t")
    return Moment(at, place.words.moment(at, place.zone), "dt")


def _related(story: DigestStory, place: Place) -> Iterator[Span]:
    yield Bold((place.words("card-related"),))
    for link in story.related:
        yield "\n• "
        yield Link(link.url, (cut(link.title, HEADLINE),))


def _opinion(story: DigestStory, detail: Detail, *, separate: bool = False) -> Iterator[Block]:
    if story.opinion is None:
        return
    label = story.opinion.label
    source = story.opinion_source
    if source and not _names_source(label, source):
        label = f"{label} ({source})"
    text = cut_sentence(story.opinion.text, detail.opinion)
    head: Spans = (Bold((label,)), "\n") if separate else (Bold((f"{label}.",)), " ")
    yield Quote((*head, text), expandable=len(text) > 220)


def _names_source(label: str, source: str) -> bool:
    """Say whether a label names its source already, in whatever case: «Мнение «Автополки»» of «Автополка»."""
    said, names = re.findall(r"\w+", label.casefold()), re.findall(r"\w{3,}", source.casefold())
    quoted = re.search(r"[«“\"]([^»”\"]+)[»”\"]", label.casefold())
    if quoted and [word[:3] for word in re.findall(r"\w{3,}", quoted[1])] == [name[:3] for name in names]:
        # In quotes a beginning is enough: «Мнение «Рынка колёс»» of «Рынок колёс» has lost a vowel besides.
        return True
    return bool(names) and all(any(_is_form(word, name) for word in said) for name in names)


def _is_form(word: str, name: str) -> bool:
    """Say whether a word is a name but for its case ending; «автор» is none of «Авто»."""
    if word == name:
        return True
    declined = word.startswith(name[: max(4, len(name) - 2)]) and word[-1] in _CASE_ENDINGS
    return declined and len(word) <= len(name) + 1


def _footing(digest: Digest, place: Place) -> Iterator[Block]:
    words = place.words
    if digest.next_at is not None and digest.kind is not DigestKind.FIRST:
        when = words.when(digest.next_at, place.zone, now=digest.made_at)
        coming = Moment(digest.next_at, f"{when}{NBSP}{_zone(digest.next_at, place)}", "wt")
        yield Paragraph((words("digest-next"), " ", coming))


def _split(digest: Digest, place: Place, detail: Detail) -> Iterator[Document]:
    """Put as many stories as fit into each message; never cuts one in two."""
    flat = [(section.topic, story) for section in digest.sections for story in section.stories]
    start = 0
    while start < len(flat):
        end = len(flat)
        document = _digest(digest, _regroup(flat[start:end]), place, detail, first=start + 1)
        while end - start > 1 and not fits(document):
            end -= 1
            document = _digest(digest, _regroup(flat[start:end]), place, detail, first=start + 1)
        yield document if fits(document) else _unlinked(document)
        start = end


def _regroup(pairs: Sequence[tuple[str | None, DigestStory]]) -> tuple[Section, ...]:
    groups: dict[str | None, list[DigestStory]] = {}
    for topic, story in pairs:
        groups.setdefault(topic, []).append(story)
    return tuple(Section(topic=topic, stories=tuple(stories)) for topic, stories in groups.items())


def _unlinked(document: Document) -> Document:
    """Drop links: an address of thousands of characters is no reason to lose the story."""
    return tuple(
        Paragraph(tuple(part for span in block.inner for part in (span.inner if isinstance(span, Link) else (span,))))
        if isinstance(block, Paragraph)
        else block
        for block in document
    )


def _names(story: DigestStory, words: Words) -> str:
    first, *others = story.sources
    return words("sources-more", source=first, count=len(others)) if others else first


def _zone(moment: datetime, place: Place) -> str:
    return place.words.zone_name(place.zone, now=moment)


def topic_namer(names: Mapping[str, Mapping[str, str]], lang: str) -> Callable[[str], str]:
    """Return how topics are called in a language; an id that no longer exists keeps its own name."""
    return lambda topic: names.get(topic, {}).get(lang, topic)
