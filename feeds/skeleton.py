"""Text → its skeleton in one alphabet, so that spellings of one name meet: Тесла, Tesla; Lada, Лада.

A headline in Russian letters, in Latin ones (as in an article's address) and by any of the customs of transliteration
comes out the same. Good for comparing, not for reading. Knows no languages beyond letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    dict(zip("абвгдеёжзийклмнопрстуфхцчыэюяіїєґў", "abvgdeezziiklmnoprstufhccieuaiiegu", strict=True))
    | {"ш": "sh", "щ": "sh", "ъ": "", "ь": ""}
)
# What the customs disagree on: щ is shh, shch or sch; я is ya, ja or ia; ый is yy, yj or iy.
_CUSTOMS = {
    **dict.fromkeys(("shh", "shch", "sch", "sh"), "sh"),
    **dict.fromkeys(("ch", "tc", "ts"), "c"),
    **dict.fromkeys(("ia", "ya", "ja"), "a"),
    **dict.fromkeys(("iu", "yu", "ju"), "u"),
    **dict.fromkeys(("jo", "yo", "je", "ye", "ee"), "e"),
    **dict.fromkeys(("iy", "yi", "ij", "yj", "yy", "ii", "j", "y"), "i"),
    "zh": "z",
    "kh": "h",
    "ph": "f",
    "x": "ks",
    "w": "v",
    "q": "k",
}
_CUSTOM = re.compile("|".join(sorted(_CUSTOMS, key=len, reverse=True)))
_IOTA = re.compile("i+(?=[iau])")  # июнь, iyun and ijun; Kia and Киа
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Split into words of letters and digits, each as its skeleton."""
    return [bones for word in _WORD.findall(text) if (bones := skeleton(word))]


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """Fold one word."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(letter for letter in plain if letter.isalnum())
        if any("\u0400" <= letter <= "\u04ff" for letter in word):
            return _IOTA.sub("", plain)
    return _IOTA.sub("", _CUSTOM.sub(lambda found: _CUSTOMS[found[0]], plain))
