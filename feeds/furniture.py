"""What stands around an article and is not it: «Читайте также», photo credits, share and subscribe lines, bylines.

Judges one block of text at a time and knows no mark-up.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from feeds.blocks import Block
from feeds.links import title_key

LONGEST_LABEL: Final = 60


class Stop(Enum):
    """What a line of furniture starts: other articles, the end of the article, or only itself."""

    RELATED = auto()
    END = auto()
    LINE = auto()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# Compared with a whole line, folded by ``title_key``: no punctuation, ё is е.
_RELATED = _any(
    r"(?:читайте|читать|смотрите|см|узнайте) (?:также|еще|по теме|далее по теме)(?: на [\w ]+)?",
    r"по теме|(?:еще )?(?:материалы|новости|статьи) по теме|еще по теме",
    r"похожие (?:новости|статьи|материалы)|другие (?:новости|материалы)",
    r"related(?: (?:articles|stories|posts|news|reading|content))?|read (?:also|more|next)|also read|see also",
    r"more (?:on this|stories)|you (?:may|might) also like|recommended(?: reading| stories)?",
)
_END = _any(
    r"теги?|метки|tags?|комментарии(?: \d+)?|обсуждение|comments?|полезные статьи|авторские колонки",
    r"поделиться(?: .{0,30})?|share(?: this.{0,30})?|наш адрес|время работы|контакты|меню",
    r"(?:подпис(?:ывайтесь|аться|ка)|подпишитесь|subscribe)(?: .{0,40})?",
    r"источники?|фото(?:графии)?|фото и видео|source|photos?",
)
_PREFIX = _any(
    r"^(?:(?P<related>(?:читайте|читать|смотрите) (?:также|ещ[её])|по теме|related|(?:read|see) (?:also|next|more)"
    r"|also read|up next)"
    r"|источники?|фото(?: и видео)?|фотографии|теги?|метки|автор(?: фото)?|дата публикации|опубликовано"
    r"|source|photos?|image|tags|credit)\s*[:：]\s*\S",
)
_RELATED_INSIDE = _any(
    r"(?<=[.!?…»”\"])\s+(?:(?:читайте|читать|смотрите) (?:также|ещ[её]|по теме)|по теме|related"
    r"|(?:read|see) (?:also|next|more))\s*[:：]",
)
_BOILERPLATE = _any(
    r"^(?:читать (?:далее|дальше|полностью)|подробнее|continue reading|read (?:more|the full)|keep reading)\b.{0,80}$",
    r"^the post .{3,300} (?:appeared first on|first appeared on)|^(?:сообщение|запись) .{3,300} появил\w+ сначала на",
    r"^(?:подписывайтесь|подпишитесь|подписаться|следите за нами|читайте нас|присоединяйтесь к)\b.{0,200}$",
    r"^(?:follow us|subscribe to|sign up for)\b.{0,200}$",
    r"^мнение (?:редакции|автора) (?:может|не всегда|не обязательно)",
)
_OTHERS_OPINION = _any(r"opinions? .{0,60}(?:do not|may not) (?:necessarily )?(?:reflect|coincide)")


def stop_of(block: Block) -> Stop | None:
    """Say whether a block is furniture, and of what kind."""
    key = title_key(block.text) if len(block.text) <= LONGEST_LABEL else ""
    if key and _RELATED.fullmatch(key):
        return Stop.RELATED
    if key and _END.fullmatch(key):
        return Stop.END
    prefixed = _PREFIX.match(block.text)
    if (prefixed and (len(block.text) <= 200 or prefixed["related"])) or _is_boilerplate(block.text):
        return Stop.LINE
    return None


def _is_boilerplate(text: str) -> bool:
    # Its pattern is tried at every letter, so we look for a word of it first.
    return _BOILERPLATE.match(text) is not None or ("not " in text.lower() and _OTHERS_OPINION.search(text) is not None)


def before_related(text: str) -> str:
    """Cut a paragraph where «Читайте также: …» begins after a sentence of it."""
    found = _RELATED_INSIDE.search(text)
    return text[: found.start()].rstrip() if found else text


def points_elsewhere(block: Block) -> bool:
    """Whether a line of furniture names other articles («Читайте также: …»)."""
    prefixed = _PREFIX.match(block.text)
    return prefixed is not None and prefixed["related"] is not None


def without_label(title: str) -> str:
    """Take «Читайте также:» off a link's own words."""
    return title.split(":", 1)[1].strip() if _PREFIX.match(title) else title
