"""Whether an editor's words may stand under a story: long enough, short enough, their own, and nothing but words.

Pure. What an editor means is theirs; this only keeps out what would spoil the post.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feeds.prose import sentences
from feeds.words import roots

SHORTEST: Final = 40
LONGEST: Final = 350
"""Code points of an opinion: less says nothing, more is an article."""
MOST_SENTENCES: Final = 3
COPIED: Final = 0.8
"""So much of the roots of an opinion, or of its sentence, in the lead says the news again instead of judging it."""
_FEWEST_ROOTS: Final = 4

_LINK = re.compile(r"https?://\S+|\b(?:www\.|t\.me/)\S+|\b[\w-]+\.(?:ru|рф|com|org|net|me)(?:/\S*)?\b", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@[A-Za-z]\w{2,}")
_HASHTAG = re.compile(r"(?<!\w)#\w+")


class FlawKind(StrEnum):
    """What keeps a text from being an opinion; each has a sentence in the locale files."""

    SHORT = "short"
    LONG = "long"
    SENTENCES = "sentences"
    LINK = "link"
    MENTION = "mention"
    HASHTAG = "hashtag"
    COPY = "copy"
    STOPWORD = "stopword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing to mend; ``words`` are those it is about, or how many there are."""

    kind: FlawKind
    words: str


def flaws(text: str, *, lead: Sequence[str] = (), stopwords: Collection[str] = ()) -> tuple[Flaw, ...]:
    """Say what must be mended before a text may be shown; nothing means that it may.

    ``lead`` are the story's headline and the sentences that stand above the opinion, ``stopwords`` what the operator
    wants nobody to write, compared by roots.
    """
    found = []
    if len(text) < SHORTEST:
        found.append(Flaw(kind=FlawKind.SHORT, words=str(len(text))))
    if len(text) > LONGEST:
        found.append(Flaw(kind=FlawKind.LONG, words=str(len(text))))
    if (count := len(sentences(text))) > MOST_SENTENCES:
        found.append(Flaw(kind=FlawKind.SENTENCES, words=str(count)))
    for kind, pattern in ((FlawKind.LINK, _LINK), (FlawKind.MENTION, _MENTION), (FlawKind.HASHTAG, _HASHTAG)):
        if match := pattern.search(text):
            found.append(Flaw(kind=kind, words=match[0]))
    if (copied := _copied(text, lead)) is not None:
        found.append(Flaw(kind=FlawKind.COPY, words=copied))
    if forbidden := next((word for word in stopwords if _has(text, word)), None):
        found.append(Flaw(kind=FlawKind.STOPWORD, words=forbidden))
    return tuple(found)


def shortened(text: str) -> str | None:
    """Cut a text that is too long where its last whole sentence fits; None where no sentence does."""
    kept = ""
    for sentence in sentences(text)[:MOST_SENTENCES]:
        longer = f"{kept} {sentence}".strip()
        if len(longer) > LONGEST:
            break
        kept = longer
    return kept if len(kept) >= SHORTEST else None


def _copied(text: str, lead: Sequence[str]) -> str | None:
    """Find what an opinion repeats: all that stands above it, or any sentence of that in one of its own."""
    for said in (text, *sentences(text)):
        if copied := next((sentence for sentence in lead if _copies(said, sentence)), None):
            return copied
    whole = " ".join(lead)
    return whole if _copies(text, whole) else None


def _copies(text: str, sentence: str) -> bool:
    """Whether words say little but what a sentence says already."""
    told, said = set(roots(sentence)), roots(text)
    return len(said) >= _FEWEST_ROOTS and sum(word in told for word in said) / len(said) >= COPIED


def _has(text: str, phrase: str) -> bool:
    wanted, said = roots(phrase), roots(text)
    return bool(wanted) and any(said[at : at + len(wanted)] == wanted for at in range(len(said)))
