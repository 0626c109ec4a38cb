"""Numbered series: «Обзор № 21» and «Обзор № 23» of one outlet are the same to whoever reads an issue. Pure."""

from __future__ import annotations

import re

from feeds.model import Story

_NUMBERED = re.compile(r"(?:№|#|\b(?:no\.|part|week|issue|episode|выпуск|часть|неделя|серия))\s*\d", re.IGNORECASE)
_FIGURES = re.compile(r"\d[\d\s.,]*")


def series_of(story: Story) -> tuple[str, str] | None:
    """Name the series that a story is a part of: its source, and a title that differs in figures alone; None for none.

    The title must number itself: «Закон № 5 изменят» and «Закон № 7 отменят» differ in words too, so they are none.
    """
    first = story.items[0]
    title = first.item.title
    if not _NUMBERED.search(title):
        return None
    return first.source_name, _FIGURES.sub("#", title).casefold()
