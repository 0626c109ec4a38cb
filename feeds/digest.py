"""What goes into one issue: choose, rank, cap, group. Pure; knows no chat's Telegram side and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.issue import Digest, DigestKind, DigestStory, ScoreParts, Section
from feeds.model import Related, Story, StoryId
from feeds.telling import best_headline, best_picture, best_telling

HALF_LIFE = timedelta(hours=12)
"""A story's weight halves over this time (docs of the ranking: Σ sources' weights × freshness)."""

SIZE = 7
MAX_SECTIONS = 5
_PER_TOPIC_OF_MAKES = 2
_PER_SOURCE = 3
MOST_RELATED = 2
_OWN_WORDS = 0.5
_FIRST_TOPIC = 0.2
NOBODYS: Mapping[StoryId, Collection[str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader wants: topics or own ones (neither = all), languages (none = all), and what they already have.

    ``first`` is the language they read first.
    """

    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    covered: frozenset[StoryId] = frozenset()
    first: str = ""


def matching(
    stories: Sequence[Story], choice: Choice, *, since: datetime, own: Mapping[StoryId, Collection[str]] = NOBODYS
) -> list[Story]:
    """Stories for this reader that broke at ``since`` or later and did not come in an earlier issue.

    ``own`` says for which own topics (of anybody) a story is.
    """
    recent = [story for story in stories if story.items[0].item.published_at >= since]
    wanted = [story for story in recent if _wanted(story, choice, own.get(story.id, ()))]
    return _told_once(wanted, choice)


def compose(
    stories: Sequence[Story],
    *,
    themes: Sequence[str],
    preferred: Collection[str] = (),
    own: Collection[StoryId] = (),
    kind: DigestKind,
    now: datetime,
    hours: int = 24,
    size: int = SIZE,
) -> Digest | None:
    """Make a digest of the best stories, grouped by theme; None when there is nothing to tell.

    ``themes`` are the ids of themes in the order of their sections; other ids (makes) never head a section. A story
    stands under one of its ``preferred`` themes (the reader's own) when it has any; ``own`` are the stories that match
    the reader's own words. ``hours`` is the window looked at.
    """
    parts = {one.id: score(one, now=now, preferred=preferred, own=one.id in own) for one in stories}
    ranked = sorted(stories, key=lambda story: (-parts[story.id].total, story.id))
    chosen = _cap(ranked, themes=frozenset(themes), size=size)
    if not chosen:
        return None
    return Digest(
        kind=kind,
        made_at=now,
        sections=_scored(_sections(chosen, themes, frozenset(preferred)), parts),
        left_over=len(ranked) - len(chosen),
        hours=hours,
    )


def score(story: Story, *, now: datetime, preferred: Collection[str] = (), own: bool = False) -> ScoreParts:
    """Rank a story by who told it, how fresh it is, and whether it is just what the reader asked for.

    ``preferred`` are the reader's topics, ``own`` says that it matches their own words. What goes on being told loses
    up to half after its first twelve hours.
    """
    freshest: dict[str, float] = {}
    for stored in story.items:
        age = max(now - stored.item.published_at, timedelta(0))
        worth = stored.source_weight * 0.5 ** (age / HALF_LIFE)
        freshest[stored.source_name] = max(worth, freshest.get(stored.source_name, 0.0))
    foremost = bool(story.topics) and story.topics[0] in preferred
    told_for = story.items[-1].item.published_at - story.items[0].item.published_at
    return ScoreParts(
        sources=sum(freshest.values()),
        wanted=1.0 + _OWN_WORDS * own + _FIRST_TOPIC * foremost,
        novelty=1.0 - 0.5 * min(max(told_for / HALF_LIFE - 1.0, 0.0) / 4, 1.0),
    )


def tell(story: Story) -> DigestStory:
    """Freeze a story as an issue tells it: the best of its tellings, and whoever has an opinion lends it."""
    lead = best_telling(story.items)
    judged = lead if lead.item.opinion else next((one for one in story.items if one.item.opinion), None)
    names = dict.fromkeys([lead.source_name, *(one.source_name for one in story.items)])
    return DigestStory(
        story_id=story.id,
        headline=best_headline(lead.item, story.items),
        summary=lead.item.summary,
        url=lead.item.url,
        sources=tuple(names),
        published_at=story.items[0].item.published_at,
        topics=story.topics,
        opinion=judged.item.opinion if judged else None,
        opinion_source=judged.source_name if judged else None,
        lang=lead.item.lang,
        picture=best_picture(lead.item, story.items),
        related=related_links(story),
    )


def related_links(story: Story) -> tuple[Related, ...]:
    """Give what the tellings themselves name under «Читайте также», none of them the story itself."""
    own = {stored.item.url for stored in story.items}
    links = dict.fromkeys(link for stored in story.items for link in stored.item.related if link.url not in own)
    return tuple(links)[:MOST_RELATED]


def _told_once(stories: Sequence[Story], choice: Choice) -> list[Story]:
    """Of a story told in two languages keep one: in the reader's first language, else what came first."""
    known = {story.id: story for story in stories}

    def order(story: Story) -> tuple[bool, StoryId]:
        return all(stored.item.lang != choice.first for stored in story.items), story.id

    return [
        story
        for story in stories
        if story.linked.isdisjoint(choice.covered)
        and all(order(story) < order(known[twin]) for twin in story.linked if twin in known)
    ]


def _wanted(story: Story, choice: Choice, own: Collection[str]) -> bool:
    if story.id in choice.covered:
        return False
    chooses = choice.topics or choice.words
    if chooses and choice.topics.isdisjoint(story.topics) and choice.words.isdisjoint(own):
        return False
    return not choice.reads or any(stored.item.lang in choice.reads for stored in story.items)


def _cap(ranked: Sequence[Story], *, themes: Collection[str], size: int) -> list[Story]:
    """Take the best, at most so many of one make and one source, unless too few others are left."""
    makes: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    taken: list[Story] = []
    passed: list[Story] = []
    for story in ranked:
        own_makes = [topic for topic in story.topics if topic not in themes]
        source = story.items[0].source_name
        crowded = sources[source] >= _PER_SOURCE or any(makes[make] >= _PER_TOPIC_OF_MAKES for make in own_makes)
        if crowded or len(taken) >= size:
            passed.append(story)
            continue
        taken.append(story)
        makes.update(own_makes)
        sources[source] += 1
    if len(taken) < size:
        taken = sorted(taken + passed[: size - len(taken)], key=ranked.index)
    return taken


def _sections(stories: Sequence[Story], themes: Sequence[str], preferred: Collection[str]) -> tuple[Section, ...]:
    """Put each story under its best theme; when that makes too many sections, the smallest give theirs to others."""
    # Topics are sorted best first; the reader's own go before the rest.
    own = {
        story.id: sorted((topic for topic in story.topics if topic in themes), key=lambda topic: topic not in preferred)
        for story in stories
    }
    homes: dict[str | None, list[Story]] = {}
    for story in stories:
        homes.setdefault(next(iter(own[story.id]), None), []).append(story)
    while len(homes) > MAX_SECTIONS:
        smallest = min((home for home in homes if home is not None), key=lambda home: len(homes[home]))
        for story in homes.pop(smallest):
            other = next((topic for topic in own[story.id] if topic in homes), None)
            homes.setdefault(other, []).append(story)
    first = next(home for home in homes if stories[0] in homes[home])
    order = sorted(homes, key=lambda home: (home is None, home != first, themes.index(home) if home else 0))
    position = {story.id: place for place, story in enumerate(stories)}
    return tuple(
        Section(topic=home, stories=tuple(tell(s) for s in sorted(homes[home], key=lambda s: position[s.id])))
        for home in order
    )


def _scored(sections: Sequence[Section], parts: Mapping[StoryId, ScoreParts]) -> tuple[Section, ...]:
    """Keep with each story why it is there."""
    return tuple(
        replace(section, stories=tuple(replace(one, score=parts[one.story_id]) for one in section.stories))
        for section in sections
    )
