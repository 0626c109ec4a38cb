"""What somebody names who wants something hidden: «теслу и бмв», «источник Автополка», «слово рейтинг»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.visit import Visit
from feeds.chatsettings import Hidden, HiddenKind
from feeds.ownwords import OwnTopic, OwnTopicProblem, parse_own_topic
from feeds.topickinds import Topic, TopicKind
from feeds.words import fold_all, roots

_KIND = re.compile(r"^(?:темы?у?|марк[иу]|источники?|topics?|makes?|sources?)\s+")
_WORD = re.compile(r"^(?:слов[ао]|words?)\s+")
_AND = re.compile(r"\s*[,;]\s*|\s+(?:и|and)\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What is to be hidden; not ``exact`` where that may be less, or something else, than what was written.

    A topic by a word that only speaks of it is no exact one: who hides «утильсбор» may want all other laws.
    """

    things: Sequence[Hidden]
    exact: bool


async def meant_by(visit: Visit, about: str) -> Meant | OwnTopicProblem:
    """Find what is named: a theme, a make or a source by its name in whatever case, several of them, or words."""
    if _WORD.match(about):
        return word_of(_WORD.sub("", about))
    plain = _KIND.sub("", about)
    sources = {fold_all(source.spec.name): source.spec.name for source in await visit.services.store.news.sources()}
    whole = _one(visit, plain, sources)
    if isinstance(whole, Meant) and whole.exact and whole.things[0].kind is not HiddenKind.WORD:
        return whole
    each = [_one(visit, part, sources) for part in _AND.split(plain) if part]
    known = [one for one in each if isinstance(one, Meant) and one.exact]
    if len(known) == len(each) > 1:
        return Meant(things=[thing for one in known for thing in one.things], exact=True)
    return whole


def word_of(about: str) -> Meant | OwnTopicProblem:
    """Take what is named for words that stories have."""
    read = parse_own_topic(_KIND.sub("", _WORD.sub("", about)))
    if isinstance(read, OwnTopic):
        return Meant(things=(Hidden(kind=HiddenKind.WORD, what=read.text),), exact=True)
    return read


def _one(visit: Visit, name: str, sources: dict[tuple[str, ...], str]) -> Meant | OwnTopicProblem:
    if (source := sources.get(fold_all(name))) is not None:
        return Meant(things=(Hidden(kind=HiddenKind.SOURCE, what=source),), exact=True)
    found = visit.services.catalogue.find(name, limit=4)
    for topic in found:
        if any(roots(known) == roots(name) for known in _names(topic)):
            return Meant(things=(Hidden(kind=HiddenKind.TOPIC, what=topic.id),), exact=True)
    spoken = [topic for topic in found if any(roots(known) == roots(name) for known in topic.aliases)]
    if found := (*spoken, *found):
        return Meant(things=(Hidden(kind=HiddenKind.TOPIC, what=found[0].id),), exact=False)
    return word_of(name)


def _names(topic: Topic) -> tuple[str, ...]:
    """Return what a topic itself is called: a theme's other words and a make's models are only part of it."""
    models = {model.casefold() for model in topic.models}
    others = topic.aliases if topic.kind is TopicKind.MAKE else ()
    return (*topic.name.values(), *(alias for alias in others if alias.casefold() not in models))
