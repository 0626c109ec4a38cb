"""What was found about feeds, as lines for an operator. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.i18n import Words
from bot.sourcelines import why
from feeds.appraisal import Appraisal
from feeds.discover import Candidate, Hopeless
from feeds.polls import Failed, FailureKind


def candidate_lines(candidate: Candidate, words: Words, *, number: int, now: datetime, zone: str) -> list[str]:
    """Write a feed that was found: its name, its pace, what it has, its newest headlines, and what it repeats."""
    told = candidate.appraisal
    lines = [
        f"{number}. {told.name}",
        f"   {candidate.url}",
        f"   {', '.join(_facts(told, words, now=now, zone=zone))}",
    ]
    lines += [f"   • {headline}" for headline in told.headlines]
    if candidate.same_as is not None:
        lines.append("   " + words("sources-same", name=candidate.same_as.spec.name, url=candidate.same_as.spec.url))
    return lines


def _facts(told: Appraisal, words: Words, *, now: datetime, zone: str) -> Iterator[str]:
    yield words("sources-language", lang=told.lang)
    yield words("sources-items", count=len(told.items))
    if told.per_day is not None:
        yield words("sources-per-day", pace=_pace(told.per_day))
    if told.newest_at is not None:
        yield words("sources-newest", age=age(told.newest_at, words, now=now, zone=zone))
    yield from traits(told, words)


def traits(told: Appraisal, words: Words) -> Iterator[str]:
    """Say what most items of a feed have, and an opinion if any has one."""
    half = len(told.items) / 2
    for name, count in (("full-text", told.full_texts), ("summary", told.summaries), ("pictures", told.pictures)):
        if count and count >= half:
            yield words(f"sources-has-{name}")
    if told.opinions:
        yield words("sources-has-opinion")


def _pace(per_day: float) -> str:
    return f"{per_day:.0f}" if per_day >= 3 else f"{per_day:.1f}"


def age(moment: datetime, words: Words, *, now: datetime, zone: str) -> str:
    """Write how long ago something was; of what is older than a month, the date."""
    passed = max(now - moment, timedelta(0))
    if passed < timedelta(hours=1):
        return words("sources-minutes-ago", count=int(passed / timedelta(minutes=1)))
    if passed < timedelta(days=2):
        return words("sources-hours-ago", count=int(passed / timedelta(hours=1)))
    if passed < timedelta(days=60):
        return words("sources-days-ago", count=passed.days)
    return f"{words.moment(moment, zone)} {moment.year}"


def discovery_failure(failure: Failed | Hopeless, words: Words) -> str:
    """Say why nothing was found."""
    match failure:
        case Hopeless():
            return words(f"sources-{failure}")
        case Failed(kind=FailureKind.HTML):
            return words("sources-no-feed", title=failure.detail or "—")
        case _:
            return words("poll-failed", why=why(failure, words))
