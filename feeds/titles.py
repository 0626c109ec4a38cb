"""Headlines as a newsroom sends them → as a reader wants them: no newsroom's name at the end, no shouting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

from feeds.links import title_key
from feeds.prose import cut_at_word, readable

LONGEST_TITLE: Final = 300
_TAIL = re.compile(r"^(?P<head>.{8,})(?P<bar>\s+[—–|•·/-]+\s+|\s*\|\s*|\s+::\s+)(?P<tail>[^|—–•·]{2,60})$", re.DOTALL)
_SUFFIX = re.compile(r"\.(?:ru|com|рф|su|net|org|by|kz|ua|uk|de|co|me|info|news|auto)\b", re.IGNORECASE)
_SPLIT_NAME = re.compile(r"\s+[—–|:/-]+\s+|\s*[|:]\s+")
_NAME_WORDS = 5

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_SHOUTED_LETTERS = 12
_SHOUTED_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    acronyms: frozenset[str]
    names: Mapping[str, str]
    small: frozenset[str]
    sections: frozenset[str]
    section_words: frozenset[str]


@cache
def _words() -> _Words:
    """Read ``titles.toml``, once."""
    read = tomllib.loads(resources.files("feeds").joinpath("titles.toml").read_text(encoding="utf-8"))
    return _Words(
        acronyms=frozenset(read["acronyms"].split()),
        names={name.upper(): name for name in read["names"].split()},
        small=frozenset(read["small"].split()),
        sections=frozenset(read["sections"]),
        section_words=frozenset(read["section_words"]),
    )


def clean_title(title: str, names: Sequence[str] = ()) -> str:
    """Tidy a headline; ``names`` are what the newsroom calls itself. At most 300 characters."""
    cleaned = readable(title)
    for _ in range(2):
        cleaned = _without_tail(cleaned, names)
    return cut_at_word(_calmed(cleaned), LONGEST_TITLE)


def newsroom_names(*sayings: str, urls: Iterable[str] = ()) -> tuple[str, ...]:
    """List the keys under which a newsroom may sign: its names, their first parts, its host with and without suffix."""
    found: list[str] = []
    for saying in sayings:
        parts = [saying, *_SPLIT_NAME.split(saying)[:1]]
        found.extend(form for part in parts for form in (part, _SUFFIX.sub("", part)))
    for url in urls:
        host = re.sub(r"^(?:www|m|rss|feeds?|news|auto|export)\.", "", (urlsplit(url).hostname or "").lower())
        found.extend((host, _SUFFIX.sub("", host), host.split(".")[0]))
    keys = (title_key(form) for form in found)
    return tuple(dict.fromkeys(key for key in keys if len(key) > 2 and key not in _words().sections))


def _without_tail(title: str, names: Sequence[str]) -> str:
    found = _TAIL.match(title)
    if not found:
        return title
    tail = title_key(found["tail"])
    signed = tail in names or (tail in _words().sections and "|" in found["bar"])
    named = len(tail.split()) <= _NAME_WORDS and any(_follows_section(tail, name) for name in names)
    return found["head"].rstrip(" .,") if signed or named else title


def _follows_section(tail: str, name: str) -> bool:
    """«Новости на Drom.ru», «Auto News by Example»: the name after nothing but a section's words."""
    words, signed = tail.split(), name.split()
    rest = words[: -len(signed)] if words[-len(signed) :] == signed else None
    return rest is not None and bool(rest) and rest[0] in _words().section_words


def _calmed(title: str) -> str:
    """Put a headline in capitals into sentence case, its acronyms and makes as they are written."""
    words = [word for word in _WORD.findall(title) if len(word) > 1]
    letters = sum(len(word) for word in words)
    shouted = sum(len(word) for word in words if word.isupper() and word not in _words().acronyms)
    if letters < _SHOUTED_LETTERS or shouted < _SHOUTED_SHARE * letters:
        return title
    calm = _WORD.sub(lambda found: _spoken(found[0]), title)
    first = _WORD.search(calm)
    if first and first[0].islower():
        calm = calm[: first.start()] + calm[first.start()].upper() + calm[first.start() + 1 :]
    return calm


def _spoken(word: str) -> str:
    if not word.isupper() or word in _words().acronyms:
        return word
    return _words().names.get(word) or (
        word if word.isascii() and 1 < len(word) <= 3 and word not in _words().small else word.lower()
    )
