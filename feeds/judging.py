"""Which stories are worth an editor's opinion, by when it is wanted, and who will carry it.

Pure. An opinion delays nothing: what is decided here is only what the desk is shown, and in which order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from feeds.chatsettings import Opinions
from feeds.digest import NOBODYS, choice_of, matching, score
from feeds.importance import importance
from feeds.instant import is_breaking, leaves_at
from feeds.issue import Chat, ChatId
from feeds.model import Story, StoryId

FRESH: Final = timedelta(hours=12)
"""Nobody waits for an opinion on what is older."""
AT_LEAST: Final = 55
"""More than one usual source tells it (``feeds.importance``): 15 to 40 stories of a full day."""
CLAIM: Final = timedelta(minutes=10)
"""For so long a story is one editor's to write about."""
SOON: Final = timedelta(minutes=10)
"""What goes out at once is due in so long: later its copies are changed."""
NOBODY: Final[Mapping[ChatId, Collection[StoryId]]] = {}
SOMETIME: Final = timedelta(hours=1)
"""When nobody's issue is due, an opinion is for whoever asks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A channel or group that will tell a story, and when."""

    title: str
    at: datetime
    id: ChatId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A story that the desk is asked to judge; ``carriers`` are those it will be in, what comes first at its head."""

    story: Story
    importance: int
    due_at: datetime
    carriers: tuple[Carrier, ...] = ()


def assignments(
    stories: Sequence[Story],
    chats: Sequence[Chat],
    *,
    own: Mapping[StoryId, Collection[str]] = NOBODYS,
    told: Mapping[ChatId, Collection[StoryId]] = NOBODY,
    languages: frozenset[str],
    people_due: datetime | None = None,
    at_least: int = AT_LEAST,
    now: datetime,
) -> list[Assignment]:
    """Choose what the desk is asked to judge, the most important first.

    ``chats`` are the channels and groups, ``told`` is what each of them has got already, ``people_due`` is when the
    next issue to anybody leaves: a story that no channel takes is due then.
    """
    fresh = [one for one in stories if one.items[0].item.published_at >= now - FRESH and one.marks.retracted_at is None]
    weights = {story.id: importance(score(story, now=now)) for story in fresh}
    worth = [story for story in fresh if weights[story.id] >= at_least]
    carried = _carriers(worth, chats, own=own, told=told, languages=languages, now=now)
    made = []
    for story in worth:
        carriers = carried.get(story.id, ())
        due_at = carriers[0].at if carriers else people_due or now + SOMETIME
        made.append(
            Assignment(story=story, importance=weights[story.id], due_at=max(due_at, now + SOON), carriers=carriers)
        )
    return sorted(made, key=lambda one: (-one.importance, one.due_at, one.story.id))


def candidates(story: Story) -> list[tuple[str, str, str]]:
    """List the opinions that a story's newsrooms gave, each as label, source and text, no text twice."""
    found: dict[str, tuple[str, str, str]] = {}
    for stored in story.items:
        if (opinion := stored.item.opinion) is not None:
            found.setdefault(opinion.text, (opinion.label, stored.source_name, opinion.text))
    return list(found.values())


def posted_in(story: Story, chats: Sequence[Chat], told: Mapping[ChatId, Collection[StoryId]]) -> int:
    """Count the channels and groups that have got a story and show opinions: theirs are the posts that change."""
    same = {story.id, *story.linked}
    showing = (chat for chat in chats if chat.settings.opinions is not Opinions.NONE)
    return sum(not same.isdisjoint(told.get(chat.id, ())) for chat in showing)


def _carriers(
    stories: Sequence[Story],
    chats: Sequence[Chat],
    *,
    own: Mapping[StoryId, Collection[str]],
    told: Mapping[ChatId, Collection[StoryId]],
    languages: frozenset[str],
    now: datetime,
) -> dict[StoryId, tuple[Carrier, ...]]:
    carried: dict[StoryId, list[Carrier]] = {}
    breaking = frozenset(story.id for story in stories if is_breaking(story, now=now))
    for chat in chats:
        if chat.settings.opinions is Opinions.NONE:
            continue
        choice = choice_of(chat, covered=frozenset(told.get(chat.id, ())), languages=languages, now=now)
        for story in matching(stories, choice, since=now - FRESH, own=own):
            if (at := _comes_at(chat, story, breaking=story.id in breaking, now=now)) is not None:
                carried.setdefault(story.id, []).append(Carrier(title=chat.title or "", at=at, id=chat.id))
    return {story: tuple(sorted(found, key=lambda one: (one.at, one.title))) for story, found in carried.items()}


def _comes_at(chat: Chat, story: Story, *, breaking: bool, now: datetime) -> datetime | None:
    """Say when a chat will tell a story: at once if it goes by itself, else in the next issue; None for never."""
    by_itself = leaves_at(chat, story, breaking=breaking, sent=(), now=now)
    return max(by_itself, now + SOON) if by_itself is not None else chat.next_at
