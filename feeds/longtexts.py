"""Long texts that wait outside while a feed is parsed: feedparser gets a token for each and we put the text back.

feedparser goes through every letter of a text several times, to no end for texts that ``feeds.decode`` has read and
``feeds.blocks`` will take apart; so do our own repairs of mark-up. Only texts that nothing is done to wait: CDATA in an
element whose text is plain mark-up, without attributes that could change what it means.
"""

from __future__ import annotations

import re
from typing import Any, Final

_SHORTEST: Final = 100
# Noncharacters, which no feed has by now (``feeds.document`` takes them out) and XML allows.
_BEGIN, _END = "\ufdd0", "\ufdd1"
_TOKEN = re.compile(f"{_BEGIN}[0-9]+{_END}")
_OPENED = re.compile(
    r"<(?:description|summary|content|content:encoded|(?:yandex|rambler|turbo|mailru|mail):[\w-]*(?:text|content))"
    r"""(?:\s{1,9}type\s{0,9}=\s{0,9}["'](?:text/)?html["'])?\s{0,9}>\s{0,99}\Z""",
    re.IGNORECASE,
)
_LONGEST_TAG: Final = 200


class LongTexts:
    """The texts of one feed."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def stand_in(self, text: str, *, after: str) -> str:
        """Give a token for a long text that follows this mark-up, any other text as it is."""
        if len(text) < _SHORTEST or not _OPENED.search(after[-_LONGEST_TAG:]):
            return text
        token = f"{_BEGIN}{len(self._texts)}{_END}"
        self._texts[token] = _reread(text.replace("\r\n", "\n").replace("\r", "\n"))
        return token

    def put_back(self, value: Any) -> Any:
        """Put the texts where feedparser has put their tokens; dictionaries come back as Python's own."""
        if isinstance(value, str):
            return self._whole(value) if _BEGIN in value else value
        if isinstance(value, dict):
            return {key: self.put_back(held) for key, held in value.items()}
        if isinstance(value, list):
            return [self.put_back(held) for held in value]
        return value

    def _whole(self, value: str) -> str:
        return self._texts.get(value) or _TOKEN.sub(lambda found: self._texts.get(found[0], ""), value)


def _reread(text: str) -> str:
    """Undo, as feedparser does, UTF-8 that somebody took for latin-1 and encoded again."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
