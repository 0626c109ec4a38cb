"""Of a story's tellings the best parts: whose words lead, which title says most, which picture shows something.

Pure; chooses among what newsrooms wrote and rewrites nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from feeds.model import Item, StoredItem

LONGEST_HEADLINE: Final = 90
"""Characters: up to here the longer of two titles is mostly the one that people find better; beyond, it is cut."""

SMALLEST_PICTURE: Final = 400
_SHOUTING: Final = 0.5
_HOOK = re.compile(
    r"\?|!\s*$|\bшок(?:ир\w+|ова\w+)?\b|\bсенсаци|вы (?:не поверите|удивитесь|офигеете)|не поверите|рассекретили секрет"
    r"|\bужас(?:ы|а|ает|нул\w*)?\b|\bжесть\b|сч[её]т пош[её]л|вот (?:почему|зачем|что|как|сколько)\b|назвали причину"
    r"|you won.t believe|\bshock(?:ing|er|ed)?\b|\binsane\b|\bjaw.dropping\b|this is why|here.s why|\bjust got\b"
    r"|mind.blow",
    re.IGNORECASE,
)
_LIVE = re.compile(r"^(?:молния|срочно|breaking|видео|фото|video|watch|эксклюзив|exclusive)\b\s*[:!|—-]", re.IGNORECASE)
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo\w*|favicon|sprite|avatars?|gravatar|placeholder|no[-_]?(?:image|photo|img)|default|stub|blank"
    r"|spacer|pixel|1x1|icons?|share|banner|counter|emoji|smil(?:e|ey|ies))(?:[/_.?-]|$)|\.(?:svg|gif|ico)(?:\?|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\d.])(\d{2,4})[xх×](\d{2,4})(?!\d)|[?&](?:w|width)=(\d{1,4})(?!\d)|/w(\d{2,4})/")


def best_telling(tellings: Sequence[StoredItem]) -> StoredItem:
    """Choose whose summary and link lead: one with a summary, of the weightiest source, with an opinion, the first."""
    return max(tellings, key=_worth)


def best_headline(lead: Item, tellings: Sequence[StoredItem]) -> str:
    """Choose the title that says most: no question, no capitals, no shock; the longest up to about 90 characters.

    Of tellings in other languages none is taken. Where every title has a fault, the leading one stays.
    """
    titles = [lead.title, *(stored.item.title for stored in tellings if stored.item.lang == lead.lang)]
    sober = [title for title in dict.fromkeys(titles) if not _is_loud(title)]
    return max(sober, key=_informs) if sober else lead.title


def best_picture(lead: Item, tellings: Sequence[StoredItem]) -> str | None:
    """Choose the leading telling's picture, else another's; none that is a logo or, as its address says, small."""
    pictures = (lead.picture, *(stored.item.picture for stored in tellings))
    return next((picture for picture in pictures if picture and shows_something(picture)), None)


def shows_something(picture: str) -> bool:
    """Whether an address may be a photograph's, large enough for a post."""
    if _NO_PICTURE.search(picture.rpartition("/")[2]):
        return False
    sizes = [int(number) for found in _SIZE.findall(picture) for number in found if number]
    return not sizes or max(sizes) >= SMALLEST_PICTURE


def _worth(stored: StoredItem) -> tuple[bool, float, bool, float]:
    item = stored.item
    return bool(item.summary), stored.source_weight, item.opinion is not None, -item.published_at.timestamp()


def _is_loud(title: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]{4,}", title) if not word.isascii() or len(word) > 5]
    shouting = sum(word.isupper() for word in words)
    return bool(_HOOK.search(title) or _LIVE.search(title)) or (len(words) > 1 and shouting > _SHOUTING * len(words))


def _informs(title: str) -> int:
    """Count its characters; what would be cut counts against it."""
    return len(title) if len(title) <= LONGEST_HEADLINE else 2 * LONGEST_HEADLINE - len(title)
