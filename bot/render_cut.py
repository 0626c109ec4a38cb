"""Shortening: at the end of a sentence or a word, never inside one that fits; and what no line may break apart.

Knows strings only.
"""

from __future__ import annotations

import re
import unicodedata

CUT = "…"
_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"
"""What keeps signs together to one: the joiner of emoji families, variation selectors, the enclosing keycap."""


_HELD = re.compile(
    r"(?<=\d) (?=[%‰₽€$£°]|(?:км|кВт|кг|мм|см|л\.\s?с|Н·м|млн|млрд|трлн|тыс|руб|лет|год)(?!\w))"
    r"|(?<=\d) (?=(?:kWh?|km|mph|miles|bhp|hp)(?!\w))"
    r"|(?<=\d) (?=\d{3}(?!\d))|(?<=№) (?=\d)"
)


def held(text: str) -> str:
    """Hold numbers, their thousands and their units together: no line may end between «14» and «380», «12» and «%»."""
    return _HELD.sub("\N{NO-BREAK SPACE}", text)


def cut(text: str, limit: int) -> str:
    """Shorten to at most ``limit`` characters at the end of a word, marked with an ellipsis.

    Only a word that alone is longer is cut in two, and then not through an accented letter or an emoji.
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if text[limit - 1] != " ":  # a space that does not break holds a number together
        head = head.rsplit(" ", 1)[0] if " " in head else _whole(text, limit - 1)
    return head.rstrip(" ,.;:—–-") + CUT


def cut_sentence(text: str, limit: int) -> str:
    """Shorten to whole sentences within ``limit``; to whole words when the first sentence alone is longer."""
    if len(text) <= limit:
        return text
    ends = [
        at + 1
        for at, sign in enumerate(text[:limit])
        if sign in ".!?…" and text[at + 1 : at + 2].isspace() and text[at + 2 : at + 3].isupper()
    ]
    return text[: ends[-1]] if ends and ends[-1] >= limit // 3 else cut(text, limit)


def cut_quote(text: str, limit: int) -> str:
    """Shorten somebody's words as ``cut_sentence`` does, and show that they went on."""
    shortened = cut_sentence(text, limit - 2)
    return shortened if shortened == text or shortened.endswith(CUT) else f"{shortened} {CUT}"


def _whole(text: str, end: int) -> str:
    """Go back to where a sign ends that a person sees as one."""
    while end > 1 and _belongs(text[end], text[end - 1]):
        end -= 1
    return text[:end]


def _belongs(sign: str, before: str) -> bool:
    return (
        sign in _JOINERS
        or before == "\u200d"
        or unicodedata.combining(sign) > 0
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )
