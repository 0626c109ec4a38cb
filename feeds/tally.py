"""What speaks for topics: points and words, of one field of an article and of all. Knows no rules and no thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ANY_MAKE = ("*",)  # a key that no phrase has
LEAD_WORDS = 40  # stand for the lead where a feed gives none
_BEGINNING = re.compile(rf"\s*(?:\S+\s*){{1,{LEAD_WORDS}}}")


@dataclass(slots=True)
class Tally:
    """The points of one topic and the words that gave them, as the text has them."""

    score: float = 0.0
    words: dict[str, None] = field(default_factory=dict)  # in order, each once

    def add(self, score: float, words: Iterable[str] = ()) -> None:
        self.score += score
        self.words.update(dict.fromkeys(words))

    def as_evidence(self, topic: str, shown: int) -> Evidence:
        """Freeze it, with the first words."""
        return Evidence(topic=topic, score=self.score, words=tuple(self.words)[:shown])


@dataclass(slots=True)
class Field:
    """What one field of the article says: per theme the weight of its phrases, per make how often it is named."""

    weights: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    mentions: dict[str, int] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def said(self, theme: str) -> int:
        """Sum the weights of a theme's phrases."""
        return sum(self.weights.get(theme, {}).values())

    def spoken(self, theme: str) -> Iterator[int]:
        """Give the weights of the phrases that stand there; that any make is named is none."""
        return (weight for parts, weight in self.weights.get(theme, {}).items() if parts != ANY_MAKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a story has a topic: the score and the words, as the text has them."""

    topic: str
    score: float
    words: tuple[str, ...]


def lead_and_rest(lead: str, body: str) -> tuple[str, str]:
    """Split so that no sentence counts as both; without a lead the beginning of the body stands for it."""
    if lead.strip():
        return lead, body.removeprefix(lead)
    beginning = _BEGINNING.match(body)
    end = beginning.end() if beginning else 0
    return body[:end], body[end:]
