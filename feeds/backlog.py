"""Issues that waited out an outage become one, rather than come five in a row. Pure; knows no store and no Telegram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest

from feeds.digest import MAX_SECTIONS
from feeds.issue import Digest, DigestStory, Section
from feeds.model import StoryId

STALE = timedelta(hours=6)
"""When an issue has waited this long and others of its chat wait too, they become one."""

MERGED_SIZE = 12


def merge(digests: Sequence[Digest]) -> Digest:
    """Make one digest of one or more: the best of each, no story twice, the rest counted as left over.

    It is the newest one with more in it. Sections keep their order, the newest digest's first; in each the newest
    story leads.
    """
    newest_first = sorted(digests, key=lambda digest: digest.made_at, reverse=True)
    newest = newest_first[0]
    distinct = {story.story_id: story for digest in reversed(newest_first) for story in digest.stories}
    chosen = tuple(_best_of_each(newest_first))[:MERGED_SIZE]
    return replace(
        newest,
        sections=_regroup(newest_first, {story_id: distinct[story_id] for story_id in chosen}),
        left_over=sum(digest.left_over for digest in digests) + len(distinct) - len(chosen),
        merged=sum(max(digest.merged, 1) for digest in digests) if len(digests) > 1 else newest.merged,
    )


def _best_of_each(newest_first: Sequence[Digest]) -> Iterator[StoryId]:
    """Go through the digests side by side, each best story first: every outage day has news worth its place."""
    ranks = zip_longest(*([story.story_id for story in digest.stories] for digest in newest_first))
    return iter(dict.fromkeys(story_id for rank in ranks for story_id in rank if story_id is not None))


def _regroup(newest_first: Sequence[Digest], chosen: Mapping[StoryId, DigestStory]) -> tuple[Section, ...]:
    homes: dict[StoryId, str | None] = {}
    order: dict[str | None, None] = {}
    for digest in newest_first:
        for section in digest.sections:
            order[section.topic] = None
            for story in section.stories:
                homes.setdefault(story.story_id, section.topic)
    # A best story without a theme leads here too.
    lead = next(iter(chosen.values()))
    alone = homes[lead.story_id] is None and any(homes[story_id] for story_id in chosen)
    grouped: dict[str | None, list[DigestStory]] = {topic: [] for topic in order}
    for story_id, story in list(chosen.items())[alone:]:
        grouped[homes[story_id]].append(story)
    grouped = {topic: stories for topic, stories in grouped.items() if stories}
    while len(grouped) + alone > MAX_SECTIONS:
        smallest = min((topic for topic in grouped if topic is not None), key=lambda topic: len(grouped[topic]))
        grouped.setdefault(None, []).extend(grouped.pop(smallest))
    rest = tuple(
        Section(topic=topic, stories=tuple(sorted(grouped[topic], key=lambda one: one.published_at, reverse=True)))
        for topic in sorted(grouped, key=lambda topic: topic is None)
    )
    return (Section(topic=None, stories=(lead,)), *rest) if alone else rest
