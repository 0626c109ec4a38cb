"""Which stories a query finds: read as own words are, makes by all their names, fewer words where all find nothing.

Knows the store and the catalogue; what is found is drawn in ``bot.subscriber.results``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.visit import Visit
from feeds.model import Story
from feeds.ownstories import story_fields
from feeds.ownwords import OwnTopic, OwnTopicFault, OwnTopicProblem, alternatives, parse_own_topic, vocabulary
from feeds.words import fold_all, roots

ARCHIVE: Final = timedelta(days=90)
_COMMON: Final = timedelta(days=14)
"""How far back it is counted how common a word is."""
_GENERAL: Final = frozenset(roots("новость новости авто автомобиль машина news story car auto vehicle"))
"""What is in every story of ours, whether it says so or not."""
_TOLD: Final = 12
"""Stories without which no share says anything."""
_SILENT: Final = frozenset(
    roots(
        """больше меньше еще очень самый весь все всё какой который где куда почему зачем сколько сейчас уже было была
        были есть быть будет буду мне меня мой моя твой ваш ему ей им нам вам они она оно этой того тебя вас
        показать покажи покажите дай дайте хочу хотел можно нужно надо найди найти поищи ищу расскажи скажи пришли
        присылай присылать пожалуйста давай читать почитать
        один одна два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать раз
        утро утра вечер вечера ночь ночи день дня час часа часов минут сегодня завтра вчера
        show give tell find get send want need like please me my you your our us them they he she i we what which who
        where when why how more less most much many some any all every everything anything nothing about into than then
        there here do does did can could would should just only also not no one two three four five six seven eight nine
        ten am pm morning evening night day today tomorrow yesterday delete remove read see look"""
    )
)
"""What says nothing of what a story is about: left alone it would find stories that nobody asked for."""
_NAMES: Final = 4
_ALTERNATIVES: Final = 6
_SPARE: Final = 4
"""How many times what is asked for is looked at where something is left out again."""
_LONGEST: Final = 8
"""Words of a query that are looked at one by one."""
_MARKS: Final = " ,;.!?…"


async def find_stories(visit: Visit, query: str, *, limit: int) -> tuple[list[Story], str | None]:
    """Look for the query, then for ever fewer of its words; first in the languages that the person reads.

    The second is what was looked for instead, where the whole query found nothing.
    """
    parsed = parse_own_topic(query)
    if isinstance(parsed, OwnTopicProblem) and parsed.fault is OwnTopicFault.ONLY_EXCLUDES:
        return [], None
    fewer: list[str] | None = None
    for langs in (visit.person.reads, ()):
        if found := await _find(visit, query, langs, limit=limit):
            return found, None
        fewer = await _shorter(visit, query) if fewer is None else fewer
        for shorter in fewer:
            if found := await _find(visit, shorter, langs, limit=limit):
                return found, shorter
    return [], None


async def _find(visit: Visit, query: str, langs: Sequence[str], *, limit: int) -> list[Story]:
    search, since = visit.services.store.search, visit.services.clock() - ARCHIVE
    topic = parse_own_topic(query)
    asked = _alternatives(visit, query, topic)
    wanted = topic if isinstance(topic, OwnTopic) and topic.unwanted else None
    most = limit * _SPARE if wanted else limit
    found = [await search.find(one, limit=most, since=since, langs=langs, whole=True) for one in asked[:_ALTERNATIVES]]
    once = list({story.id: story for stories in found for story in stories}.values())
    if wanted:
        once = [one for one in once if not _is_unwanted(wanted, one)]
    if len(asked) > 1:
        once.sort(key=lambda story: story.items[-1].item.published_at, reverse=True)
    return once[:limit]


def _alternatives(visit: Visit, query: str, topic: OwnTopic | OwnTopicProblem) -> list[str]:
    """Say what to look for: each of what commas part, without what is excluded; a make by the names it has."""
    parts = [query]
    if isinstance(topic, OwnTopic) and (len(topic.wanted) > 1 or topic.unwanted):
        parts = list(alternatives(query))
    asked: list[str] = []
    for part in parts:
        asked.append(part)
        asked += _names(visit, part)
    return list(dict.fromkeys(one.casefold() for one in asked))


def _names(visit: Visit, text: str) -> list[str]:
    """Return the names of the make or theme that has just this one; nothing is guessed."""
    for topic in visit.services.catalogue.find(text, limit=1):
        names = [*topic.name.values(), *topic.aliases]
        if fold_all(text) in map(fold_all, names):
            return names[:_NAMES]
    return []


def _is_unwanted(topic: OwnTopic, story: Story) -> bool:
    words = vocabulary(story_fields(story))
    return any(words.has(term) for term in topic.unwanted)


async def _shorter(visit: Visit, query: str) -> list[str]:
    """Leave out what says nothing and what no story has; then, one by one, the word that most stories have."""
    pieces = query.split()
    search, since = visit.services.store.search, visit.services.clock() - ARCHIVE
    common: dict[int, int] = {}
    for place, piece in enumerate(pieces[:_LONGEST]):
        told = [root for root in roots(piece) if root not in _SILENT]
        if (
            told
            and not _is_minus(piece)
            and not _says_nothing(piece)
            and (count := await search.count(told, since=since))
        ):
            common[place] = count
    shorter = []
    while any(re.search(r"[^\W\d]{2}", pieces[place]) for place in common):
        kept = [piece for place, piece in enumerate(pieces) if place in common or _is_minus(piece)]
        text = " ".join(kept).strip(_MARKS)
        if text != query and not _says_nothing(text):
            shorter.append(text)
        del common[max(common, key=lambda place: common[place])]
    return shorter


def telling_words(query: str) -> str:
    """Return a query without the words that say nothing of what it is about: «больше китайцев» is «китайцев»."""
    return " ".join(piece for piece in query.split() if not _SILENT.issuperset(roots(piece))).strip(_MARKS)


def _is_minus(piece: str) -> bool:
    return len(piece) > 1 and piece[0] in "-−–"


async def common_share(visit: Visit, words: str) -> float:
    """Say in which share (0 to 1) of the stories of late all these words are; 0 where there are too few to say."""
    asked = roots(words)
    if asked and _GENERAL.issuperset(asked):
        return 1.0
    search, since = visit.services.store.search, visit.services.clock() - _COMMON
    told = await search.count(since=since)
    return await search.count(asked, since=since) / told if asked and told >= _TOLD else 0.0


def _says_nothing(text: str) -> bool:
    match parse_own_topic(text):
        case OwnTopicProblem(fault=OwnTopicFault.TOO_LONG):
            return False
        case OwnTopicProblem():
            return True
        case OwnTopic():
            return False
