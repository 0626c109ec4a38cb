"""How fast a story is matched with 10,000 own topics, against looking for their words in its text one after another."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.report import Report
from feeds.ownstories import TEXT
from feeds.ownwords import OwnTopic, OwnTopics, Vocabulary, known_own_topic, matches, vocabulary
from feeds.topics import load_catalogue

_TOPICS = 10_000
_STORIES = 60
_ROUNDS = 5
_RARE = 0.02
"""People follow words that few stories have: those in more of the texts than this are left out."""


def measure(report: Report, corpus: Path) -> None:
    """Add the row; the index must agree with asking every topic about every story."""
    texts = _texts(corpus)
    chance = random.Random(4)
    topics = _topics(texts, chance)
    index = OwnTopics(topics)
    words = [vocabulary(text) for text in texts]
    wrong = sum(index.match(one) != _plainly(topics, one) for one in words)
    report.add("own topics: stories matched otherwise than one by one", wrong, floor=0, target=0, better="lower")
    sample = chance.sample(range(len(texts)), _STORIES)
    plain = [
        [[word.strip('"') for word in part.split()] for part in topic.text.lower().split(", ")] for topic in topics
    ]
    ratios, quick = [], []
    for _ in range(_ROUNDS):
        loop = _seconds(lambda: [_substrings(plain, " ".join(texts[at]).lower()) for at in sample])
        found = _seconds(lambda: [index.match(Vocabulary(words[at].stems)) for at in sample])
        ratios.append(loop / found)
        quick.append(found / len(sample))
    note = f"{statistics.median(quick) * 1000:.3f} ms; reading a story's words, once: {_reading(texts):.2f} ms"
    report.add(
        "own topics: times the loop", statistics.median(ratios), floor=50, target=100, better="higher", note=note
    )


def _texts(corpus: Path) -> list[list[str]]:
    pairs = json.loads((corpus / "stories" / "fulltext_pairs.json").read_text(encoding="utf-8"))
    texts = {pair[f"t{side}"]: pair[f"x{side}"][:TEXT] for pair in pairs for side in "12"}
    return [[title, text] for title, text in texts.items()]


def _topics(texts: Sequence[Sequence[str]], chance: random.Random) -> list[OwnTopic]:
    """Make own topics of names of makes and rare words: single, in pairs, quoted and with excludes."""
    seen = Counter(
        word for text in texts for word in {word.strip("«»,.:;!?()").lower() for word in " ".join(text).split()}
    )
    rare = [
        word for word, times in sorted(seen.items()) if times <= _RARE * len(texts) and len(word) > 3 and word.isalpha()
    ]
    makes = sorted({name for make in load_catalogue().makes for name in make.aliases})

    def word() -> str:
        return chance.choice(makes if chance.random() < 0.3 else rare)

    shapes: list[Callable[[], str]] = [
        word, word, word, lambda: f'"{word()} {word()}"', lambda: f"{word()} {word()}", lambda: f"{word()}, {word()}",
        lambda: f"{word()} -{word()}",
    ]  # fmt: skip
    made: list[OwnTopic] = []
    while len(made) < _TOPICS:
        topic = known_own_topic(chance.choice(shapes)())
        made += [topic] if topic else []
    return made


def _plainly(topics: Sequence[OwnTopic], words: Vocabulary) -> frozenset[int]:
    return frozenset(number for number, topic in enumerate(topics) if matches(topic, words))


def _substrings(plain: Sequence[Sequence[Sequence[str]]], text: str) -> list[int]:
    found = []
    for number, parts in enumerate(plain):
        for part in parts:
            if all(word in text for word in part):
                found.append(number)
                break
    return found


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of the processor: both ways only calculate, and a busy machine slows the quick one more by the clock."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _reading(texts: Sequence[Sequence[str]]) -> float:
    """Milliseconds for one story."""
    return 1000 * _seconds(lambda: [vocabulary(text) for text in texts]) / len(texts)
