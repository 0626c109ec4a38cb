"""Running text: which characters a reader may see, where sentences end, where a text may be cut.

Knows neither mark-up nor news.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import razdel
from razdel.segmenters import sokr

# What shows nothing, turns the direction of text or hides words in it: soft hyphen, zero-width space and joiners,
# bidi controls and isolates, invisible operators, interlinear annotation, stray variation and private characters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff]"
)
# A joiner between letters is an invisible character; between emoji it makes one of several.
_LOOSE_JOINER = re.compile("(?<=[\\w\\s])\u200d|\u200d(?=[\\w\\s]|$)|^\u200d")
# Tag characters spell a flag after 🏴 and hide text anywhere else.
_LOOSE_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MANY_MARKS = re.compile(f"({_MARK}{{2}}){_MARK}+")
# Letters, digits and marks of which nothing needs to be taken out or composed: most texts hold no others.
_UNUSUAL = re.compile("[^\t\n\r\x20-\x7e\u00a0-\u00ac\u00ae-\u00ff\u0400-\u045f\u2010-\u2015\u2018-\u2026\u20ac\u2116]")
_TAG = re.compile(
    r"<(?P<code>script|style)\b[^<>]{0,2000}>.{0,20000}?(?:</(?P=code)\s*>|\Z)|<!--.*?(?:--\s*>|\Z)"
    r"|</?[a-zA-Z][^<>]{0,2000}>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")

# razdel does not end a sentence after a unit or the year's abbreviation: «…к 2025 г. Мощность выросла».
# To look for the stop and then for the unit before it is thirty times as quick as the other way round.
_STOP_AND_CAPITAL = re.compile(r"\.\s+(?=[«A-ZА-ЯЁ]?[A-ZА-ЯЁ][a-zа-яё]|[АВИКОСУЯ]\s+[«A-Za-zА-Яа-яЁё\d])")
_UNIT = re.compile(r"(?:\d\s?гг?|л\.\s?с|\s(?:руб|тыс|млн|млрд|км/ч|шт)|\d\s?(?:км|кг|л|мм|см|м|т|с|ч))\Z")
_LONGEST_UNIT = 5
# What razdel looks at, where a space follows and then no word in small letters, which never begins a sentence; and of
# these the stops that end one beyond doubt.
# The first begins with the set of its first characters: a search looks for that alone.
_STOP = re.compile(
    r"""[.?!…;"„'»”’)\]}=:](?:(?<![=:])(?=\s)(?!\s{1,3}[а-яёa-z]+(?![^\W\d]))|(?<=[=:;])-?[)(])""",
)
_PLAIN_STOP = re.compile(r"[.?!…](?<=[а-яёa-z]{4}.)\s+(?=[А-ЯЁA-Z])")
_WORD_BEFORE = re.compile(r"[^\W\d]+\Z")
_SEEN_BEFORE = 10  # characters before a stop that razdel looks at
_PAIRS = (*sokr.PAIR_SOKRS, *sokr.HEAD_PAIR_SOKRS)
_SHORT_FORMS = frozenset({*sokr.SOKRS, *sokr.HEAD_SOKRS, *sokr.INITIALS, *(word for pair in _PAIRS for word in pair)})
_LEAST_BEFORE = 4  # letters of a word before a stop that is beyond doubt
_SHORT_ENDS = frozenset(form[-_LEAST_BEFORE:] for form in _SHORT_FORMS)
_LONGEST_QUOTATION = 200
_CLOSING = "»”\"')"
_ENDS = (".", "!", "?", "…")


def tidy(text: str) -> str:
    """Fold white space and take out what a reader should not meet; the words stay as they are."""
    if not _UNUSUAL.search(text):
        return " ".join(text.split())
    cleaned = _LOOSE_TAGS.sub("", _LOOSE_JOINER.sub("", _INVISIBLE.sub("", text)))
    bounded = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", cleaned))
    return " ".join(bounded.split())


def readable(text: str) -> str:
    """Decode entities, however often they were escaped, and drop tags: mark-up in a place that has none."""
    for _ in range(3):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return tidy(_TAG.sub(" ", text))


@lru_cache(maxsize=256)
def sentences(paragraph: str) -> tuple[str, ...]:
    """Split one paragraph."""
    pieces = plain_sentences(paragraph) or _split_with_care(paragraph)
    if "«" not in paragraph:
        return tuple(pieces)
    found: list[str] = []
    for piece in pieces:
        if found and _is_open(found[-1]):
            found[-1] += " " + piece
        else:
            found.append(piece)
    return tuple(found)


def _split_with_care(paragraph: str) -> Iterator[str]:
    for sentence in razdel.sentenize(paragraph):
        yield from _STOP_AND_CAPITAL.sub(_broken_after_unit, sentence.text).split("\n")


def _broken_after_unit(stop: re.Match[str]) -> str:
    at = stop.start()
    return ".\n" if _UNIT.search(stop.string[max(0, at - _LONGEST_UNIT) : at]) else stop[0]


def plain_sentences(paragraph: str) -> list[str]:
    """Split as razdel does where that is beyond doubt, thirty times as fast; nothing where any stop is in doubt.

    A stop between a whole word and a capital ends a sentence; one that no space follows does not.
    """
    pieces, start = [], 0
    for found in _STOP.finditer(paragraph):
        stop = found.start()
        if not _PLAIN_STOP.match(paragraph, stop) or _shortens(paragraph, stop):
            return []
        pieces.append(paragraph[start : stop + 1].strip())
        start = stop + 1
    pieces.append(paragraph[start:].strip())
    return [piece for piece in pieces if piece]


def _shortens(paragraph: str, stop: int) -> bool:
    """Whether the stop may be that of an abbreviation; at least four letters stand before it."""
    if paragraph[stop - _LEAST_BEFORE : stop] not in _SHORT_ENDS:
        return False
    word = _WORD_BEFORE.search(paragraph[max(0, stop - _SEEN_BEFORE) : stop])
    return word is not None and word[0].lower() in _SHORT_FORMS


def _is_open(text: str) -> bool:
    """Whether a quotation goes on in the next sentence; one that nobody closes does not go on for ever."""
    return text.count("«") > text.count("»") and len(text) < _LONGEST_QUOTATION


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, and not as a title or a name."""
    return text.rstrip(_CLOSING).endswith(_ENDS)


def cut_at_word(text: str, limit: int) -> str:
    """Shorten to ``limit`` characters with «…» after a whole word."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        head = head.rsplit(None, 1)[0] if re.search(r"\s", head) else _whole_graphemes(head)
    return head.rstrip(" ,;:—–-(«\u200d") + "…"


def cut_at_sentence(text: str, limit: int) -> str:
    """Shorten to as many whole sentences as fit ``limit``; inside the first one where not even that fits."""
    if len(text) <= limit:
        return text
    kept = ""
    for sentence in sentences(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > limit:
            break
        kept = longer
    return kept or cut_at_word(text, limit)


def _whole_graphemes(head: str) -> str:
    """Give up the last character if it may be the start of a longer one (an emoji of several)."""
    while head and (unicodedata.category(head[-1]) in {"Mn", "Me", "Sk", "Cf"} or head[-1] == "\u200d"):
        head = head[:-1]
    return head
