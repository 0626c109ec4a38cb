"""What a digest begins and ends with: of which days it tells and how much, and when the next one comes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from bot.look import Place
from bot.markup import Block, Bold, Moment, Paragraph, Span
from bot.render_blocks import opinion_of, zone_name
from feeds.chatsettings import Density
from feeds.digest import WIDENED
from feeds.issue import Digest, DigestKind, DigestStory
from feeds.schedule import zone_of

_CHARACTERS_A_MINUTE: Final = 1200
_DAY: Final = 24


def heading(digest: Digest, place: Place) -> Iterator[Block]:
    """Name an issue by the time it tells of, and count what is in it."""
    words, stories = place.words, digest.stories
    sources = {source for story in stories for source in story.sources}
    counts = words("digest-counts", stories=len(stories), sources=len(sources))
    lines: list[Span] = [Bold((_calm(_title(digest, place), place),)), "\n", counts]
    if place.look.density is not Density.BRIEF:
        lines += [place.joint, words("digest-minutes", minutes=_minutes(stories, place))]
    if digest.merged:
        lines += ["\n", words("digest-merged", issues=digest.merged)]
    if digest.kind is DigestKind.CATCH_UP and digest.missed_stories > len(stories):
        lines += ["\n", words("digest-missed", total=digest.missed_stories, shown=len(stories))]
    elif digest.hours > _DAY and digest.kind in WIDENED:
        lines += ["\n", words("digest-widened", days=_span(digest))]
    yield Paragraph(tuple(lines))


def footing(digest: Digest, place: Place) -> Iterator[Block]:
    """Say when the next issue comes; the first one promises none."""
    words = place.words
    if digest.next_at is not None and digest.kind is not DigestKind.FIRST:
        when = words.when(digest.next_at, place.zone, now=digest.made_at)
        said = f"{when}\N{NO-BREAK SPACE}{zone_name(digest.next_at, place)}"
        coming = said if place.own_clock else Moment(digest.next_at, said, "wt")
        yield Paragraph((words("digest-next"), " ", coming))


def _title(digest: Digest, place: Place) -> str:
    words, day = place.words, _days(digest, place)
    match digest.kind:
        case DigestKind.WEEKLY:
            return words("digest-title-weekly", day=day)
        case DigestKind.CATCH_UP:
            return words("digest-title-catch-up", day=day)
        case _ if (span := _span(digest)) > 1:
            return words("digest-title-days", days=span, day=day)
        case _:
            return words("digest-title", day=day)


def _span(digest: Digest) -> int:
    """Return how many days an issue looks back on."""
    return round(digest.hours / _DAY)


def _days(digest: Digest, place: Place) -> str:
    """Name the day of an issue, or the days that a weekly one looks back on."""
    last = digest.made_at.astimezone(zone_of(place.zone)).date()
    if digest.kind is not DigestKind.WEEKLY:
        return place.words.day(last)
    return place.words.days(last - timedelta(days=max(_span(digest) - 1, 0)), last)


def _minutes(stories: Sequence[DigestStory], place: Place) -> int:
    letters = 0
    for story in stories:
        opinion = opinion_of(story, place.look)
        letters += len(story.headline) + len(story.summary) + (len(opinion.text) if opinion else 0)
    return max(1, round(letters / _CHARACTERS_A_MINUTE))


def _calm(text: str, place: Place) -> str:
    return text.replace(" · ", place.joint)
