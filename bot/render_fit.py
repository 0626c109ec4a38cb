"""What Telegram takes as one message, whole. Knows trees of blocks only."""

from __future__ import annotations

import re
from typing import Final

from bot.markup import Document, Link, Paragraph, entities, plain, telegram_html

MAX_TEXT: Final = 4000
"""Code points of visible text in one message; Telegram takes 4,096."""
MAX_ENTITIES: Final = 90
"""Telegram drops what goes beyond 100 without a word (tdlib/telegram-bot-api issue 165)."""
MAX_NOTICED: Final = 99
"""With what Telegram notices by itself in the text: addresses, hashtags, names, commands, sums, telephone numbers."""
MAX_ENTITY_BYTES: Final = 9000
"""Telegram refuses about 9,500 (ENTITIES_TOO_LONG)."""
MAX_RAW_BYTES: Final = 32000
"""Telegram refuses 32,768 bytes of text with its mark-up."""


_NOTICED: Final = re.compile(r"[#@/$+]\w|\w[.:]\w")
"""Rather too often than not often enough: a decimal is no address, but who counts knows no top-level domains."""


def fits(document: Document, *, limit: int = MAX_TEXT) -> bool:
    """Say whether Telegram takes a document as one message, and whether it is no longer than ``limit``."""
    count, size = entities(document)
    text = plain(document)
    return (
        len(text) <= limit
        and count <= MAX_ENTITIES
        and count + len(_NOTICED.findall(text)) <= MAX_NOTICED
        and size <= MAX_ENTITY_BYTES
        and len(telegram_html(document).encode()) <= MAX_RAW_BYTES
    )


def unlinked(document: Document) -> Document:
    """Drop links: an address of thousands of characters is no reason to lose the story."""
    return tuple(
        Paragraph(tuple(part for span in block.inner for part in (span.inner if isinstance(span, Link) else (span,))))
        if isinstance(block, Paragraph)
        else block
        for block in document
    )
