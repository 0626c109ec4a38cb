"""Bytes → text: which character encoding a feed is really in. Knows nothing of XML beyond its declaration.

The order is byte order mark, valid UTF-8 whatever is declared, the declared charset (HTTP before XML), cp1251 where
the result looks like Russian, and latin-1, which never fails.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ALIASES = {
    "cp-1251": "cp1251",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
    "win1251": "cp1251",
    "cp-866": "cp866",
    "dos-866": "cp866",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-cp866": "cp866",
    "koi8": "koi8-r",
    "koi-8": "koi8-r",
    "gb2312": "gb18030",
}
_NO_CHARSETS = {"unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined", "mbcs", "oem"}
_WESTERN = {"iso8859-1", "iso8859-15", "cp1252", "ascii"}
_LOWER = re.compile("[а-яё]")
_RUSSIAN = re.compile(r"[а-яё]{3}", re.IGNORECASE)
_CYRILLIC = re.compile(r"[А-яЁё]")
_FRAGMENT = re.compile(r"[^\x00-\x7f]+")
# Д and С of UTF-8's two Cyrillic lead bytes, read as cp1252, with any continuation byte after them.
_MOJIBAKE = re.compile(r"[ÐÑ][^\x00-\x7f]")
# Nobody writes C1 controls: they are the quotes and dashes of cp1252, read as latin-1 on their way to us.
_C1 = re.compile("[\x80-\x9f]")
_WINDOWS = {chr(code): text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}
_BROKEN_SHARE = 0.02
_ENOUGH = 20
_FOREIGN = "feeds.cp1251"
_LOST_BYTE = 0x1A
_WITHOUT_TAIL = re.compile(rb"[\xc2-\xdf]\x1a|[\xe0-\xef][\x80-\xbf]?\x1a[\x80-\xbf]?")
_UNREADABLE = "\ufffd".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text without a byte order mark, and the name of the charset it was read as."""

    text: str
    charset: str


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Read ``body`` as text; never raises. ``charset`` is what HTTP declared."""
    decoded = _by_mark(body) or _by_trial(body, charset)
    text = _unscramble(decoded.text.lstrip("\ufeff"))
    return Decoded(text=_C1.sub(lambda found: _WINDOWS.get(found[0], ""), text), charset=decoded.charset)


def _by_mark(body: bytes) -> Decoded | None:
    for mark, name in _BOMS:
        if body.startswith(mark):
            if name == "utf-8":
                while body.startswith(mark):
                    body = body[len(mark) :]
                return None if _strictly(body, name) is None else Decoded(text=body.decode(name), charset=name)
            return Decoded(text=body[len(mark) :].decode(name, "replace"), charset=name)
    for start, name in _UNMARKED:
        if body.startswith(start):
            return Decoded(text=body.decode(name, "replace"), charset=name)
    return None


def _by_trial(body: bytes, charset: str | None) -> Decoded:
    while body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    text = _strictly(body, "utf-8")
    if text is not None:
        return Decoded(text=text, charset="utf-8")
    declared = [name for name in (_codec(charset), _codec(_declared(body))) if name]
    for name in declared:
        text = None if name == "utf-8" or name in _WESTERN else _strictly(body, name)
        if text is not None:
            return Decoded(text=text, charset=name)
    western = next((name for name in declared if name in _WESTERN), "latin-1")
    return _guess(body, western)


def _guess(body: bytes, western: str) -> Decoded:
    """Tell mostly-sound UTF-8 and Russian from everything else; no Western charset is believed over Russian words."""
    lenient = body.decode("utf-8", "replace")
    high = _high_bytes(body)
    lost = lenient.count("\ufffd")
    if lost <= _BROKEN_SHARE * high:
        return Decoded(text=lenient, charset="utf-8")
    if (found := len(_CYRILLIC.findall(lenient))) >= _ENOUGH and found * 10 > lost:
        return Decoded(text=body.decode("utf-8", _FOREIGN), charset="utf-8")
    name = max(("cp1251", "koi8-r", "cp866"), key=lambda name: len(_LOWER.findall(body.decode(name, "replace"))))
    russian = body.decode(name, "replace")
    if sum(len(word) for word in _RUSSIAN.findall(russian)) * 2 > high:
        return Decoded(text=russian, charset=name)
    return Decoded(text=body.decode(western, "replace"), charset=western)


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """Read as cp1251 what is no UTF-8 in a text that mostly is: two of a newsroom's programs wrote it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1251", "replace"), error.end


codecs.register_error(_FOREIGN, _foreign)


def _high_bytes(body: bytes) -> int:
    return len(body) - len(body.translate(None, bytes(range(128, 256))))


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (ValueError, LookupError):
        return None


def _declared(body: bytes) -> str | None:
    found = _DECLARATION.search(body[:1000])
    return found[1].decode("ascii", "replace") if found else None


def _codec(name: str | None) -> str | None:
    """Python's name of a declared charset, or None when it is no text encoding that Python has."""
    if not name:
        return None
    cleaned = name.strip(" \"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(cleaned, cleaned))
        "".encode(found.name)
    except (LookupError, ValueError):
        return None
    return None if found.name in _NO_CHARSETS else found.name


def _unscramble(text: str) -> str:
    """Undo UTF-8 that somebody read as cp1252 and encoded again; leave everything else as it is.

    A letter whose byte cp1252 does not have was lost on the way and stays U+FFFD.
    """
    if "Ð" not in text and "Ñ" not in text:
        return text
    pairs = len(_MOJIBAKE.findall(text))
    if pairs < 8 or pairs < 4 * len(_CYRILLIC.findall(text)):
        return text
    return _FRAGMENT.sub(lambda run: _reread(run[0]), text)


def _reread(run: str) -> str:
    raw = bytes(_cp1252_byte(character) for character in run)
    reread = _WITHOUT_TAIL.sub(_UNREADABLE, raw).decode("utf-8", "replace")
    lost = reread.count("\ufffd")
    return reread if lost <= len(_CYRILLIC.findall(reread)) or reread == "\ufffd" else run


def _cp1252_byte(character: str) -> int:
    if ord(character) < 256:
        return ord(character)
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return _LOST_BYTE
