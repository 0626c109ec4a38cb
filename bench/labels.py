"""Pairs and days that people labelled, read from the corpus as the product's own nouns; and what F1 is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from feeds.model import SourceId, StoryId, Telling

DAY = datetime(2020, 5, 27, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles by address, and whether people called them one story."""

    one: str
    other: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How predictions agree with labels."""

    f1: float
    precision: float
    recall: float


def read_pairs(path: Path) -> list[Pair]:
    read = json.loads(path.read_text(encoding="utf-8"))
    return [Pair(one=pair["u1"], other=pair["u2"], same=bool(pair["y"])) for pair in read]


def read_day(path: Path) -> list[Telling]:
    """All headlines of a day, each a story of its own, by address."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return tellings((one["u"], one["s"], "", "ru") for one in read)


def read_texts(path: Path) -> tuple[list[Pair], list[Telling]]:
    """Pairs of whole articles, and the articles."""
    read = json.loads(path.read_text(encoding="utf-8"))
    pairs = [
        Pair(one=f"{number}a {pair['u1']}", other=f"{number}b {pair['u2']}", same=bool(pair["y"]))
        for number, pair in enumerate(read)
    ]
    told = (
        (f"{number}{side} {pair['u' + key]}", pair["t" + key], pair["x" + key], pair["lang"])
        for number, pair in enumerate(read)
        for side, key in (("a", "1"), ("b", "2"))
    )
    return pairs, tellings(told)


def tellings(articles: Iterable[tuple[str, str, str, str]]) -> list[Telling]:
    """Make tellings of (address, title, text, language); a host is a source."""
    hosts: dict[str, int] = {}
    found = []
    for number, (address, title, text, lang) in enumerate(articles, start=1):
        host = urlsplit(address.split(" ")[-1]).hostname or address
        found.append(
            Telling(
                story_id=StoryId(number),
                source_id=SourceId(hosts.setdefault(host, len(hosts) + 1)),
                key=address,
                url=address,
                title=title,
                title_key="",
                text=text,
                lang=lang,
                published_at=DAY,
            )
        )
    return found


def score(said: Sequence[bool], true: Sequence[bool]) -> Score:
    both = sum(one and other for one, other in zip(said, true, strict=True))
    precision, recall = both / max(1, sum(said)), both / max(1, sum(true))
    return Score(f1=2 * both / max(1, sum(said) + sum(true)), precision=precision, recall=recall)


def best_threshold(values: Sequence[float], true: Sequence[bool]) -> float:
    """Return the value from which on calling a pair the same gives the best F1."""
    ranked = sorted(zip(values, true, strict=True), reverse=True)
    wanted, both = sum(true), 0
    best = (0.0, 1.0)
    for count, (value, same) in enumerate(ranked, start=1):
        both += same
        best = max(best, (2 * both / (count + wanted), value))
    return best[1]
