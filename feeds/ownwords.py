"""A chat's own topics: plain words and phrases, with ``-word`` to exclude, matched by stem. No regular expressions.

    Монжаро, Джили Атлас -утильсбор      either name; never a story that speaks of the fee
    "новый завод" Haval                  the phrase side by side and the name, anywhere in the story
    Haval, кроме отзывов и ремонта       as people say it: all after «кроме», "except" and the like is excluded

Commas part alternatives; the words of one alternative must all occur; quoted words, and words joined by a dash, stand
side by side. Knows nothing of chats or stores.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from feeds.words import read, root, roots

MAX_LENGTH = 200
MAX_WORDS = 40
_PIECE = re.compile(r"""([-−–—]?)(?:["«“„](.*?)["»”“]|((?:[^\s,;]|(?<=\d),(?=\d))+))|([,;\n])""", re.DOTALL)
_MINUSES = "-−–—"
_QUOTES = '"«»“”„'
_SINGLE = re.compile(rf"[^{_MINUSES}\s,;][^\s,;]*")
_EXCEPT = re.compile(
    r"[\s,;]+(?:кроме|исключая|за исключением|но не|но без|except(?: for)?|excluding|but not|but no)\s+(?!$)",
    re.IGNORECASE,
)
_LINKS = frozenset(("и", "или", "а", "также", "о", "об", "про", "and", "or", "about", "for"))
"""What joins the words after «кроме» and is itself none of them."""
# Words that stand in almost every story: alone they would choose everything.
_COMMON = frozenset(
    roots(
        """а без бы в во вы где да для до его ее если же за и из или их к как когда ко ли мы на над не нет но о об от
        по под при про с со так также то только у что чтобы это этот я
        a an and are as at be by for from has have in is it its of on or that the this to was were will with"""
    )
)

Term = tuple[str, ...]
"""Stems that stand side by side; mostly one."""


class OwnTopicFault(StrEnum):
    """What is wrong with what a person wrote, as one word that locale files can say in full."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    ONLY_EXCLUDES = "only-excludes"
    TOO_COMMON = "too-common"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTopicProblem:
    """Why a text is no topic; ``words`` are the part at fault."""

    fault: OwnTopicFault
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTopic:
    """What a person wrote, tidied, and what it means: one of ``wanted`` with all its terms, none of ``unwanted``."""

    text: str
    wanted: tuple[tuple[Term, ...], ...]
    unwanted: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The stems of a story in order; an empty one parts what does not stand side by side."""

    stems: tuple[str, ...]

    @cached_property
    def seen(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.stems))

    def has(self, term: Term) -> bool:
        """Say whether the term's stems stand side by side."""
        if len(term) == 1:
            return term[0] in self.seen
        if not self.pairs.issuperset(pairwise(term)):
            return False
        if len(term) == 2:
            return True
        places = (place for place, found in enumerate(self.stems) if found == term[0])
        return any(self.stems[place : place + len(term)] == term for place in places)


def parse_own_topic(text: str) -> OwnTopic | OwnTopicProblem:
    """Read what a person wrote; a problem rather than a topic that would choose nothing or everything."""
    if len(written := " ".join(text.split())) > MAX_LENGTH:
        return OwnTopicProblem(fault=OwnTopicFault.TOO_LONG, words=written[: MAX_LENGTH // 4])
    shown = tidied(text)
    wanted: list[list[Term]] = [[]]
    unwanted: list[Term] = []
    for minus, quoted, plain, separator in _PIECE.findall(_with_minuses(shown)):
        term = tuple(roots(quoted or plain))
        if separator:
            wanted.append([])
        elif term:
            (unwanted if minus else wanted[-1]).append(term)
    parts = [tuple(dict.fromkeys(part)) for part in wanted if part]
    if sum(len(term) for part in (*wanted, unwanted) for term in part) > MAX_WORDS:
        return OwnTopicProblem(fault=OwnTopicFault.TOO_LONG, words=shown[: MAX_LENGTH // 4])
    if not parts:
        fault = OwnTopicFault.ONLY_EXCLUDES if unwanted else OwnTopicFault.EMPTY
        return OwnTopicProblem(fault=fault, words=written)
    common = next((part for part in parts if all(map(_is_common, part))), None)
    if common is not None:
        return OwnTopicProblem(fault=OwnTopicFault.TOO_COMMON, words=" ".join(word for term in common for word in term))
    return OwnTopic(text=shown, wanted=tuple(dict.fromkeys(parts)), unwanted=tuple(dict.fromkeys(unwanted)))


def tidied(text: str) -> str:
    """Write a text as it is read, in one line: quotes only around phrases, no quote or minus that stands alone."""
    pieces: list[str] = []
    for minus, quoted, plain, separator in _PIECE.findall(text):
        if separator:
            pieces += [separator] if pieces and pieces[-1] not in ",;\n" else []
        elif kept := _kept(minus, " ".join(quoted.split()), plain):
            if pieces[-1:] == ["\n"] and kept[0] in _MINUSES:
                pieces.pop()
            pieces.append(kept)
    line = " ".join(piece.replace("\n", ",") for piece in pieces)
    return line.replace(" ,", ",").replace(" ;", ";").rstrip(" ,;")


def _kept(minus: str, quoted: str, plain: str) -> str:
    """Return a piece without quotes that mean nothing; none of one that has no words."""
    whole = minus + (quoted or plain)
    if not any(map(str.isalnum, whole)):
        return ""
    if quoted and not _SINGLE.fullmatch(quoted):
        return f'{minus}"{quoted}"'
    bare = whole.strip(_QUOTES + _MINUSES)
    return next((sign for sign in whole[: whole.index(bare)] if sign in _MINUSES), "") + bare


def alternatives(text: str) -> tuple[str, ...]:
    """Return what a text wants, each alternative as it was written, without what is excluded."""
    parts: list[list[str]] = [[]]
    for minus, quoted, plain, separator in _PIECE.findall(_with_minuses(text)):
        if separator:
            parts.append([])
        elif not minus:
            parts[-1].append(quoted or plain)
    return tuple(" ".join(part) for part in parts if part)


def _with_minuses(text: str) -> str:
    """Write what people exclude in words with minuses: «Haval, кроме отзывов» is «Haval -отзывов»."""
    wanted, *unwanted = _EXCEPT.split(text)
    words = [word for part in unwanted for word in re.split(r"[\s,;]+", part) if word and word.casefold() not in _LINKS]
    return " ".join((wanted, *(word if word[0] in _MINUSES else f"-{word}" for word in words)))


@lru_cache(maxsize=65_536)
def known_own_topic(text: str) -> OwnTopic | None:
    """Read a stored text again; None when today's rules refuse it."""
    topic = parse_own_topic(text)
    return topic if isinstance(topic, OwnTopic) else None


def vocabulary(fields: Iterable[str]) -> Vocabulary:
    """Stem a story's titles, summaries and texts; a phrase never reaches from one into the next."""
    stems: list[str] = []
    for text in fields:
        stems += roots(text)
        stems.append("")
    return Vocabulary(tuple(stems))


def matches(topic: OwnTopic, words: Vocabulary) -> bool:
    """Say whether one story is for one topic; many topics are asked by ``OwnTopics``."""
    if any(words.has(term) for term in topic.unwanted):
        return False
    return any(all(words.has(term) for term in part) for part in topic.wanted)


def why(topic: OwnTopic, fields: Sequence[str]) -> tuple[str, ...]:
    """Quote the words for which a story matches, as its text has them; nothing when it does not match."""
    words = vocabulary(fields)
    if not matches(topic, words):
        return ()
    part = next(part for part in topic.wanted if all(words.has(term) for term in part))
    return tuple(next(quote for text in fields if (quote := _quote(text, term))) for term in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One alternative of the topics at ``numbers``: all ``needed`` roots, then what of it takes longer to see."""

    needed: frozenset[str]
    phrases: tuple[Term, ...]
    unwanted: tuple[Term, ...]
    numbers: list[int]


class OwnTopics:
    """Many topics, asked at once: an index from the rarest word of each alternative, so that few are looked at."""

    def __init__(self, topics: Sequence[OwnTopic]) -> None:
        self._sure: dict[str, list[int]] = {}
        self._open: dict[str, list[_Case]] = {}
        rarity = Counter(word for topic in topics for part in topic.wanted for term in part for word in term)
        asked: dict[tuple[tuple[Term, ...], tuple[Term, ...]], list[int]] = {}
        for number, topic in enumerate(topics):
            for part in topic.wanted:
                asked.setdefault((part, topic.unwanted), []).append(number)
        for (part, unwanted), numbers in asked.items():
            words = frozenset(word for term in part for word in term)
            rarest = min(words, key=lambda word: (rarity[word], -len(word), word))
            if part == ((rarest,),) and not unwanted:
                self._sure[rarest] = numbers
            else:
                phrases = tuple(term for term in part if len(term) > 1)
                case = _Case(needed=words, phrases=phrases, unwanted=unwanted, numbers=numbers)
                self._open.setdefault(rarest, []).append(case)

    def match(self, words: Vocabulary) -> frozenset[int]:
        """Give the places, in the sequence of topics, of those that a story is for; as ``matches`` for each would."""
        seen = words.seen
        found: list[int] = []
        for word in self._sure.keys() & seen:
            found += self._sure[word]
        for word in self._open.keys() & seen:
            for case in self._open[word]:
                if case.needed <= seen and all(map(words.has, case.phrases)) and not any(map(words.has, case.unwanted)):
                    found += case.numbers
        return frozenset(found)


def _is_common(term: Term) -> bool:
    return all(word in _COMMON or len(word) < 2 for word in term)


def _quote(field: str, term: Term) -> str:
    text = read(field)
    found = tuple(root(word) for word in text.folded)
    places = (place for place in range(len(found) - len(term) + 1) if found[place : place + len(term)] == term)
    place = next(places, None)
    return "" if place is None else text.quote(place, place + len(term) - 1)
