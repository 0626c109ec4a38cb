from __future__ import annotations

import random
import re

from feeds.document import mend
from feeds.longtexts import LongTexts

_PIECES = ("<![CDATA[", "]]>", "]]", "<p>", "</p>", "слово", " ", "&amp;", "<![CDATA[", "]]>", "[", "CDATA[")
_SECTION = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)


def test_sections_begin_and_end_where_a_parser_sees_them_and_none_begins_in_another() -> None:
    chance = random.Random(11)
    for _ in range(5_000):
        text = "<rss>" + "".join(chance.choices(_PIECES, k=chance.randint(1, 12)))
        told = [inside.replace("<![CDATA[", "") for inside in _SECTION.findall(text)]
        assert _SECTION.findall(mend(text, LongTexts())) == told, text
