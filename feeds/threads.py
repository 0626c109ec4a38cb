"""An issue for a group whose forum topics have news topics of their own: one message for each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from feeds.chatsettings import Thread
from feeds.instant import thread_of
from feeds.issue import Digest, Issue, Section
from feeds.model import StoryId


def by_thread(issue: Issue, threads: Sequence[Thread]) -> list[Issue]:
    """Split an issue by where its stories go; the first of them moves the schedule, with a digest or without.

    Each has a slot of its own, so that one that arrived is not sent again with one that did not. What was missed is
    offered again by the first that has a digest.
    """
    if not threads or issue.digest is None:
        return [issue]
    homes = {story.story_id: thread_of(threads, story.topics) for story in issue.digest.stories}
    made = [
        replace(
            issue,
            slot=f"{issue.slot}#{thread}",
            thread=thread,
            digest=_part(issue.digest, homes, thread),
            moves_schedule=False,
            next_at=None,
            missed=None,
        )
        for thread in sorted({home for home in homes.values() if home is not None})
    ]
    whole = replace(issue, digest=_part(issue.digest, homes, None))
    if whole.digest is None:
        # Nothing is sent of it: what it offers again would be lost with it.
        whole, made[0] = replace(whole, missed=None), replace(made[0], missed=issue.missed)
    return [whole, *made]


def _part(digest: Digest, homes: dict[StoryId, int | None], thread: int | None) -> Digest | None:
    sections = (
        Section(topic=section.topic, stories=tuple(one for one in section.stories if homes[one.story_id] == thread))
        for section in digest.sections
    )
    kept = tuple(section for section in sections if section.stories)
    left_over = digest.left_over if thread is None else 0
    return replace(digest, sections=kept, left_over=left_over) if kept else None
