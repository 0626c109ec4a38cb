"""What a story that was told already would say now. Pure: the told words and the story as it stands go in.

A message sent is alive: sources join, figures are put right, our editors judge or take back. What newsrooms merely
word anew changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from rapidfuzz import fuzz

from feeds.digest import MOST_NAMED, tell
from feeds.issue import Digest, DigestStory
from feeds.model import Item, Related, Story, StoryId

_FIGURE = re.compile(r"\d+(?:[\s\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]\d{3})*(?:[.,]\d+)?")
_BLANK = re.compile(r"\s+")
_ANOTHER = 40
"""Titles with a token-set likeness below this are not the same title in other words: the article is another one."""


class Change(StrEnum):
    """How a story differs from what was told of it."""

    NONE = "none"
    GREW = "grew"
    CORRECTED = "corrected"


def change(told: DigestStory, story: Story, linked: Sequence[Story] = ()) -> Change:
    """Say whether the newsrooms corrected what was told, or others joined them, be it in another language.

    A correction is a figure we told that stands in no telling any more, or a title that is about something else now.
    """
    if _corrected(told, story):
        return Change.CORRECTED
    return Change.GREW if _added(told, (story, *linked)) else Change.NONE


def gravest(tellings: Iterable[DigestStory], story: Story, linked: Sequence[Story] = ()) -> Change:
    """Say the gravest that happened to a story since any of these tellings of it."""
    changes = {change(told, story, linked) for told in tellings}
    return next((one for one in (Change.CORRECTED, Change.GREW) if one in changes), Change.NONE)


def present(told: DigestStory, story: Story | None, linked: Sequence[Story] = ()) -> DigestStory:
    """Say a story as it is now; as it was told, where it is not in the archive any more.

    ``linked`` are the stories in other languages that tell the same.
    """
    if story is None:
        return told
    joined = _added(told, (story, *linked))
    added = tuple(joined)
    named = (*told.tellings, *(Related(title=name, url=item.url) for name, item in joined.items()))
    now = tell(story)
    shown = replace(
        told,
        sources=(*told.sources, *added),
        tellings=named[:MOST_NAMED],
        opinion=now.opinion,
        opinion_source=now.opinion_source,
        marks=replace(
            story.marks, added=added, added_at=max((item.published_at for item in joined.values()), default=None)
        ),
    )
    if story.marks.corrected_at is None:
        return shown
    return replace(shown, headline=now.headline, summary=now.summary, url=now.url, lang=now.lang)


def present_digest(digest: Digest, stories: Mapping[StoryId, Story]) -> Digest:
    """Say all stories of a digest as they are now; the very same digest when nothing changed."""

    def now(told: DigestStory) -> DigestStory:
        story = stories.get(told.story_id)
        links = sorted(story.linked) if story else ()
        return present(told, story, [stories[one] for one in links if one in stories])

    sections = tuple(
        replace(section, stories=tuple(now(one) for one in section.stories)) for section in digest.sections
    )
    return digest if sections == digest.sections else replace(digest, sections=sections)


def _added(told: DigestStory, stories: Sequence[Story]) -> dict[str, Item]:
    """Name the sources that joined since, in the order they came, each with its first article."""
    tellings = sorted((stored for story in stories for stored in story.items), key=lambda one: one.item.published_at)
    came: dict[str, Item] = {}
    for stored in tellings:
        came.setdefault(stored.source_name, stored.item)
    return {name: item for name, item in came.items() if name not in told.sources}


def _corrected(told: DigestStory, story: Story) -> bool:
    texts = [text for stored in story.items for text in (stored.item.title, stored.item.summary, stored.item.text)]
    if _figures([told.headline, told.summary]) - _figures(texts):
        return True
    titles = [stored.item.title for stored in story.items]
    return all(_likeness(told.headline, title) < _ANOTHER for title in titles)


def _figures(texts: Iterable[str]) -> frozenset[str]:
    """Read the figures of texts, however their thousands and decimals are set apart."""
    found = (figure for text in texts for figure in _FIGURE.findall(text))
    return frozenset(_BLANK.sub("", figure).replace(",", ".") for figure in found)


def _likeness(one: str, other: str) -> float:
    return fuzz.token_set_ratio(one.casefold(), other.casefold())
