"""What goes into one issue: choose, rank, cap, group. Pure; knows no chat's Telegram side and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.hiding import NO_VEIL, Veil, unveiled, veil_of
from feeds.issue import Chat, Digest, DigestKind, DigestStory, ScoreParts, Section
from feeds.model import Related, Story, StoryId
from feeds.series import series_of
from feeds.taste import NO_TASTE, Taste, liking
from feeds.telling import best_headline, best_picture, best_telling

HALF_LIFE = timedelta(hours=12)
"""A story's weight halves over this time (docs of the ranking: Σ sources' weights × freshness)."""

SIZE = 7
MAX_SECTIONS = 5
_PER_TOPIC_OF_MAKES = 2
_PER_SOURCE = 3
MOST_RELATED = 2
MOST_NAMED = 3
"""Sources of a story whose articles can be opened one by one."""
MOST = 12
"""Stories in one issue, whoever asks for more: beyond, mark-up gets lost and nobody reads on."""
_OWN_WORDS = 0.5
_FIRST_TOPIC = 0.2
WIDENED = frozenset({DigestKind.ASKED, DigestKind.FIRST})
"""Kinds that look further back only where the last day brought nothing."""
NOBODYS: Mapping[StoryId, Collection[str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader wants: topics or own ones (neither = all), languages (none = all), and what they already have.

    ``first`` is the language they read first, ``hidden`` what they want to see nothing of, ``taste`` what their votes
    say: who never hid nor voted shares an issue with all who chose the same.
    """

    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    covered: frozenset[StoryId] = frozenset()
    first: str = ""
    hidden: Veil = NO_VEIL
    taste: Taste = NO_TASTE


def choice_of(chat: Chat, *, covered: frozenset[StoryId], languages: frozenset[str], now: datetime) -> Choice:
    """Read from a chat what it wants; ``languages`` are those that any source speaks."""
    return Choice(
        topics=chat.topics,
        words=frozenset(chat.words),
        # A language that no source speaks would silence the chat: then it does not filter.
        reads=languages & frozenset(chat.reads),
        covered=covered,
        first=chat.lang,
        hidden=veil_of(chat.settings.hidden, now),
        taste=chat.settings.taste,
    )


def matching(
    stories: Sequence[Story], choice: Choice, *, since: datetime, own: Mapping[StoryId, Collection[str]] = NOBODYS
) -> list[Story]:
    """Stories for this reader that broke at ``since`` or later and did not come in an earlier issue.

    ``own`` says for which own topics (of anybody) a story is.
    """
    standing = [story for story in stories if story.marks.retracted_at is None]
    recent = [story for story in standing if story.items[0].item.published_at >= since]
    wanted = [story for story in recent if _wanted(story, choice, own.get(story.id, ()))]
    seen = [unveiled(story, choice.hidden, own.get(story.id, ())) for story in wanted]
    return _told_once([story for story in seen if story is not None], choice)


def compose(
    stories: Sequence[Story],
    *,
    themes: Sequence[str],
    preferred: Collection[str] = (),
    own: Collection[StoryId] = (),
    taste: Taste = NO_TASTE,
    kind: DigestKind,
    now: datetime,
    hours: int = 24,
    size: int = SIZE,
) -> Digest | None:
    """Make a digest of the best stories, grouped by theme; None when there is nothing to tell.

    ``themes`` are the ids of themes in the order of their sections; other ids (makes) never head a section. A story
    stands under one of its ``preferred`` themes (the reader's own) when it has any; ``own`` are the stories that match
    the reader's own words, ``taste`` is what their votes say. ``hours`` is the window looked at.
    """
    fading = half_life_over(kind, hours)
    parts = _parts(stories, now=now, preferred=preferred, own=own, taste=taste, half_life=fading)
    ranked = _ranked(stories, parts)
    chosen = _cap(ranked, themes=frozenset(themes), size=min(size, MOST))
    if not chosen:
        return None
    return Digest(
        kind=kind,
        made_at=now,
        sections=_scored(_sections(chosen, themes, frozenset(preferred)), parts),
        left_over=len(ranked) - len(chosen),
        hours=hours,
        missed_stories=len(ranked) if kind is DigestKind.CATCH_UP else 0,
    )


def half_life_over(kind: DigestKind, hours: int) -> timedelta:
    """Say how fast news fades in an issue: what led the week on Monday still leads it on Sunday."""
    if kind in WIDENED:
        return HALF_LIFE
    return HALF_LIFE * max(hours / 24, 1)


def ranking(
    stories: Sequence[Story],
    *,
    now: datetime,
    preferred: Collection[str] = (),
    own: Collection[StoryId] = (),
    taste: Taste = NO_TASTE,
    half_life: timedelta = HALF_LIFE,
) -> list[Story]:
    """Sort stories as ``compose`` ranks them, the best first."""
    return _ranked(stories, _parts(stories, now=now, preferred=preferred, own=own, taste=taste, half_life=half_life))


def score(
    story: Story,
    *,
    now: datetime,
    preferred: Collection[str] = (),
    own: bool = False,
    taste: Taste = NO_TASTE,
    half_life: timedelta = HALF_LIFE,
) -> ScoreParts:
    """Rank a story by who told it, how fresh it is, and whether it is just what the reader asked for.

    ``preferred`` are the reader's topics, ``own`` says that it matches their own words, ``taste`` is what they voted
    for. What goes on being told loses up to half after its first ``half_life``.
    """
    freshest: dict[str, float] = {}
    for stored in story.items:
        age = max(now - stored.item.published_at, timedelta(0))
        worth = stored.source_weight * 0.5 ** (age / half_life)
        freshest[stored.source_name] = max(worth, freshest.get(stored.source_name, 0.0))
    foremost = bool(story.topics) and story.topics[0] in preferred
    told_for = story.items[-1].item.published_at - story.items[0].item.published_at
    return ScoreParts(
        sources=sum(freshest.values()),
        wanted=(1.0 + _OWN_WORDS * own + _FIRST_TOPIC * foremost) * liking(story.topics, taste),
        novelty=1.0 - 0.5 * min(max(told_for / half_life - 1.0, 0.0) / 4, 1.0),
    )


def tell(story: Story) -> DigestStory:
    """Freeze a story as an issue tells it: the best of its tellings, and whoever has an opinion lends it.

    Our own editors' opinion goes before a newsroom's.
    """
    lead = best_telling(story.items)
    judged = lead if lead.item.opinion else next((one for one in story.items if one.item.opinion), None)
    tellers = {one.source_name: one.item.url for one in reversed((lead, *story.items))}
    names = dict.fromkeys([lead.source_name, *(one.source_name for one in story.items)])
    return DigestStory(
        story_id=story.id,
        headline=best_headline(lead.item, story.items),
        summary=lead.item.summary,
        url=lead.item.url,
        sources=tuple(names),
        published_at=story.items[0].item.published_at,
        topics=story.topics,
        opinion=story.opinion or (judged.item.opinion if judged else None),
        opinion_source=judged.source_name if judged and not story.opinion else None,
        lang=lead.item.lang,
        picture=best_picture(lead.item, story.items),
        related=related_links(story),
        tellings=tuple(Related(title=name, url=tellers[name]) for name in tuple(names)[:MOST_NAMED]),
    )


def related_links(story: Story) -> tuple[Related, ...]:
    """Give what the tellings themselves name under «Читайте также», none of them the story itself."""
    own = {stored.item.url for stored in story.items}
    links = dict.fromkeys(link for stored in story.items for link in stored.item.related if link.url not in own)
    return tuple(links)[:MOST_RELATED]


def _parts(
    stories: Sequence[Story],
    *,
    now: datetime,
    preferred: Collection[str],
    own: Collection[StoryId],
    taste: Taste,
    half_life: timedelta,
) -> dict[StoryId, ScoreParts]:
    return {
        one.id: score(one, now=now, preferred=preferred, own=one.id in own, taste=taste, half_life=half_life)
        for one in stories
    }


def _ranked(stories: Sequence[Story], parts: Mapping[StoryId, ScoreParts]) -> list[Story]:
    return sorted(stories, key=lambda story: (-parts[story.id].total, story.id))


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
    """Take the best, at most so many of one make and one source, unless too few others are left; one of a series."""
    makes: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    taken: list[Story] = []
    passed: list[Story] = []
    seen: set[tuple[str, str]] = set()
    for story in ranked:
        if len(taken) < size and (series := series_of(story)) is not None:
            if series in seen:
                continue
            seen.add(series)
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
    """Put each story under its best theme; when that makes too many sections, the smallest give theirs to others.

    The best story leads, though it has no theme: what else has none comes last.
    """
    # Topics are sorted best first; the reader's own go before the rest.
    own = {
        story.id: sorted((topic for topic in story.topics if topic in themes), key=lambda topic: topic not in preferred)
        for story in stories
    }
    alone = not own[stories[0].id] and any(own.values())
    homes: dict[str | None, list[Story]] = {}
    for story in stories[alone:]:
        homes.setdefault(next(iter(own[story.id]), None), []).append(story)
    first = None if alone else next(iter(own[stories[0].id]), None)
    while len(homes) + alone > MAX_SECTIONS:
        smallest = min((home for home in homes if home not in {None, first}), key=lambda home: len(homes[home]))
        for story in homes.pop(smallest):
            other = next((topic for topic in own[story.id] if topic in homes), None)
            homes.setdefault(other, []).append(story)
    order = sorted(homes, key=lambda home: (home is None, home != first, themes.index(home) if home else 0))
    position = {story.id: place for place, story in enumerate(stories)}
    ranked = [(home, sorted(homes[home], key=lambda story: position[story.id])) for home in order]
    led = [(None, [stories[0]]), *ranked] if alone else ranked
    return tuple(Section(topic=home, stories=tuple(map(tell, told))) for home, told in led)


def _scored(sections: Sequence[Section], parts: Mapping[StoryId, ScoreParts]) -> tuple[Section, ...]:
    """Keep with each story why it is there."""
    return tuple(
        replace(section, stories=tuple(replace(one, score=parts[one.story_id]) for one in section.stories))
        for section in sections
    )
