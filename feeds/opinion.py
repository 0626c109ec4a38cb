"""The editor's opinion: found by its heading, quoted word for word, taken out of the facts.

Judges blocks of text and knows no mark-up. An expert's or a reader's view is not the editor's; neither is the
disclaimer that the editor's opinion may differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from feeds.blocks import Block
from feeds.furniture import LONGEST_LABEL, before_related, stop_of
from feeds.links import title_key
from feeds.model import Opinion
from feeds.prose import cut_at_sentence, ends_sentence

LONGEST_OPINION: Final = 900


_DISCLAIMER = re.compile(
    r"^\W*(?:(?:может|могут|вправе|may|might|does|do)\b|не (?:всегда|обязательно|совпада|нес[её]т)"
    r"|not necessarily|is not responsible)",
    re.IGNORECASE,
)
# Compared with a label folded by ``title_key``: no punctuation, ё is е.
_STRONG = re.compile(
    r"(?:мнение|комментарий|взгляд|позиция|вывод|выводы|резюме|вердикт|примечание|слово|итог|итоги|реплика|послесловие)"
    r" (?:от )?(?:нашей |нашего )?(?:редакции|редактора|главного редактора|главреда)(?: (?:о|об|обо|про|по поводу) .+)?"
    r"|(?:наше|наш|наша|наши) (?:мнение|комментарий|взгляд|вывод|вердикт|резюме|позиция|выводы)|от редакции"
    r"|редакционн(?:ый|ое) (?:комментарий|мнение)|что (?:мы|редакция) (?:об этом )?(?:думаем|думает)"
    r"|what we (?:make of it|think)"
    r"|(?:our|the editor s|editor s|editors|editorial) (?:take|opinion|view|verdict|comment|note|thoughts|two cents)"
)
_WEAK = re.compile(r"вердикт|(?:the |final )?verdict|(?:the )?bottom line")
_ON = r"(?: (?:о|об|обо|про|по поводу) .+)?"
_ABOUT = r"(?:мнение|комментарий|взгляд|вердикт|вывод|позиция)"
_NAMED = (
    rf"{_ABOUT} (?:редакции |портала |журнала |сайта |издания |команды )?{{}}{_ON}",
    r"(?:the )?{} s? ?(?:take|opinion|view|verdict|comment)",
)
_DECLINES = re.compile(r"^[а-я]{4,}$")
_ENDING = re.compile(r"[аеийоуыьэюя]$")
_EDGE = " :：.—–-|"
_FURTHEST_COLON = 62  # after a label of sixty letters and a space; a search up to there costs less than the pattern
_INLINE = re.compile(r"^(?P<label>[^:]{3,60}?)\s*:\s+(?P<text>\S.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the opinion of one source may be headed: its names, and headings from its settings, folded."""

    names: tuple[str, ...] = ()
    headings: frozenset[str] = frozenset()

    def __contains__(self, text: str) -> bool:
        return self.strong(text) or (len(text) <= LONGEST_LABEL and _WEAK.fullmatch(title_key(text)) is not None)

    def strong(self, text: str) -> bool:
        """Whether these words alone, without any mark-up, say that the editor speaks."""
        if not text or len(text) > LONGEST_LABEL:
            return False
        key = title_key(text)
        return key in self.headings or _STRONG.fullmatch(key) is not None or self._signed(key)

    def _signed(self, key: str) -> bool:
        base = re.sub(r"^(.*?(?:редакции|редактора)) (.+)$", r"\1", key)
        if base != key and _STRONG.fullmatch(base):
            signature = key[len(base) + 1 :]
            return any(re.fullmatch(_in_any_case(name), signature) for name in self.names)
        patterns = (pattern.format(_in_any_case(name)) for name in self.names for pattern in _NAMED)
        return any(re.fullmatch(pattern, key) for pattern in patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article's blocks around its opinion."""

    opinion: Opinion | None
    before: tuple[Block, ...]
    after: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    label: str
    texts: tuple[str, ...]
    start: int
    end: int


def labels(*, headings: Sequence[str] = (), names: Sequence[str] = ()) -> Labels:
    """Fold a source's own headings and names for comparison."""
    return Labels(names=tuple(names), headings=frozenset(key for heading in headings if (key := title_key(heading))))


@lru_cache(maxsize=4096)
def _in_any_case(name: str) -> str:
    """Make a pattern of a newsroom's name as Russian inflects it: «Мнение Автополки» is Автополка's."""
    return " ".join(
        _ENDING.sub("", word) + "[а-я]{0,3}" if _DECLINES.search(word) else re.escape(word) for word in name.split()
    )


def take_opinion(blocks: Sequence[Block], known: Labels) -> Reading:
    """Take the first opinion out; the blocks before and after it stay apart."""
    for index in range(len(blocks)):
        if found := _opinion_at(blocks, index, known):
            text = cut_at_sentence(" ".join(found.texts), LONGEST_OPINION)
            opinion = Opinion(label=found.label, text=text)
            after = (*_cut_off(blocks[found.end - 1]), *blocks[found.end :])
            return Reading(opinion=opinion, before=tuple(blocks[:index]), after=after)
    return Reading(opinion=None, before=tuple(blocks))


def _cut_off(last: Block) -> tuple[Block, ...]:
    """Give back what stood behind an opinion in its own paragraph: «Читайте также: …» with its links."""
    rest = last.text[len(before_related(last.text)) :].strip()
    return (last._replace(text=rest, lead="", bold=False),) if rest else ()


def _opinion_at(blocks: Sequence[Block], index: int, known: Labels) -> _Found | None:
    block = blocks[index]
    if block.item or block.linked:
        return None
    entered = block.editorial and (index == 0 or blocks[index - 1].editorial != block.editorial)
    headed = _headed(block, known) or (_boxed(block) if entered else None)
    if headed is None:
        return None
    label, first = headed[0], before_related(headed[1])
    box = block.editorial or _box_of(blocks, index, inline=bool(first))
    texts, end = _following(blocks, index + 1, known, begun=bool(first), box=box)
    texts = [first, *texts] if first else texts
    if not texts or _DISCLAIMER.match(texts[0]):
        return None
    return _Found(label=label, texts=tuple(texts), start=index, end=end)


def _box_of(blocks: Sequence[Block], index: int, *, inline: bool) -> int:
    """Find the box that an opinion fills: one that begins with its label, or the one after a label's own; or 0."""
    earlier = set(blocks[index - 1].boxes) if index else set()
    own = [box for box in blocks[index].boxes if box not in earlier]
    later = blocks[index + 1].boxes if index + 1 < len(blocks) else ()
    filled = [box for box in own if inline or box in later]
    if filled or not own:
        return filled[-1] if filled else 0
    begun = [box for box in later if box not in blocks[index].boxes]
    return begun[0] if begun else 0


def _headed(block: Block, known: Labels) -> tuple[str, str] | None:
    """Read a label and what follows it in its own block."""
    if block.text in known:
        return block.text.strip(_EDGE), ""
    rest = block.text[len(block.lead) :].lstrip(_EDGE)
    if block.lead and rest and block.lead in known and not _DISCLAIMER.match(rest) and not _goes_on(block):
        return block.lead.strip(_EDGE), rest
    inline = _INLINE.match(block.text) if ":" in block.text[:_FURTHEST_COLON] else None
    if inline and known.strong(inline["label"]) and not _DISCLAIMER.match(inline["text"]):
        titled = block.level and len(block.text) <= LONGEST_LABEL and not ends_sentence(block.text)
        return (block.text, "") if titled else (inline["label"].strip(_EDGE), inline["text"])
    return None


def _goes_on(block: Block) -> bool:
    """Whether bold words are only the beginning of a sentence: «**Мнение редакции** здесь ни при чём»."""
    follows = block.text[len(block.lead) :].lstrip()
    return block.lead[-1:].isalnum() and follows[:1].islower()


def _boxed(block: Block) -> tuple[str, str] | None:
    """Read the title of a box marked as the editor's, or give it the usual one."""
    short = len(block.text) <= LONGEST_LABEL and not ends_sentence(block.text)
    if short and (block.level or block.bold):
        return block.text.strip(_EDGE), ""
    if block.lead and block.lead != block.text and len(block.lead) <= LONGEST_LABEL and block.lead.endswith(":"):
        return block.lead.strip(_EDGE), block.text[len(block.lead) :].lstrip(_EDGE)
    return ("Мнение редакции" if re.search("[а-яё]", block.text) else "Editor's opinion"), block.text


def _following(blocks: Sequence[Block], start: int, known: Labels, *, begun: bool, box: int) -> tuple[list[str], int]:
    """Collect an opinion's paragraphs and where they end; beyond 900 characters they are passed over."""
    texts: list[str] = []
    index = start
    while index < len(blocks):
        block = blocks[index]
        begun = begun or bool(texts)
        if box and box not in block.boxes and block.editorial != box:
            if begun:
                break
            box = 0
        if block.text in known or _ends(block, begun=begun, boxed=bool(box)):
            break
        said = before_related(block.text)
        if sum(len(text) + 1 for text in texts) <= LONGEST_OPINION:
            texts.append(said)
        index += 1
        if said != block.text:
            break
    return texts, index


def _ends(block: Block, *, begun: bool, boxed: bool) -> bool:
    if block.level or block.item or stop_of(block):
        return True
    if block.linked and not boxed:
        return True
    short = len(block.text) <= LONGEST_LABEL and not ends_sentence(block.text)
    return begun and short and (block.bold or block.plain)
