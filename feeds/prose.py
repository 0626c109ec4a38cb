"""Running text: which characters a reader may see, where sentences end, where a text may be cut.

Knows neither mark-up nor news.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import razdel

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
_AFTER_UNIT = re.compile(
    r"((?:\d\s?гг?|л\.\s?с|\sруб|\sтыс|\sмлн|\sмлрд|\sкм/ч|\d\s?(?:км|кг|л|мм|см|м))\.)\s+(?=[«A-ZА-ЯЁ]?[A-ZА-ЯЁ][a-zа-яё])"
)
_LONGEST_QUOTATION = 200
_CLOSING = "»”\"')"
_END = ".!?…"


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
    found: list[str] = []
    for sentence in razdel.sentenize(paragraph):
        # Looking for a stop inside is a hundred times quicker than looking for a unit before it.
        text = _AFTER_UNIT.sub(r"\1\n", sentence.text) if ". " in sentence.text else sentence.text
        for piece in text.split("\n"):
            if found and _is_open(found[-1]):
                found[-1] += " " + piece
            else:
                found.append(piece)
    return tuple(found)


def _is_open(text: str) -> bool:
    """Whether a quotation goes on in the next sentence; one that nobody closes does not go on for ever."""
    return text.count("«") > text.count("»") and len(text) < _LONGEST_QUOTATION


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, and not as a title or a name."""
    return text.rstrip(_CLOSING).endswith(tuple(_END))


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
