"""How well the guard of drafts sees what a model may make up: changed numbers, swapped names, another article."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from bench.report import Report
from feeds.draftguard import objections
from feeds.summary import summarise

_NUMBER = re.compile(r"(?<![\w.,])\d+(?![\w.,]*\d)")
_NAME = re.compile(r"(?<=[а-яa-z,] )[A-ZА-ЯЁ][a-zа-яё]{3,}\b")


def measure(report: Report, corpus: Path) -> None:
    """Add the rows. Drafts are extracts of ours in which one thing was changed."""
    pairs = json.loads((corpus / "stories" / "fulltext_pairs.json").read_text(encoding="utf-8"))
    texts = sorted({(pair[f"t{side}"], pair[f"x{side}"]) for pair in pairs for side in "12"})
    articles = [(f"{title}. {text}", summarise(title, text)) for title, text in texts]
    chance = random.Random(6)
    names = sorted({name for article, _ in articles for name in _NAME.findall(article)})
    alarms = [bool(objections(draft, article)) for article, draft in articles]
    numbers = [seen for article, draft in articles if (seen := _changed(draft, article, chance)) is not None]
    swapped = [seen for article, draft in articles if (seen := _swapped(draft, article, names, chance)) is not None]
    others = [bool(objections(draft, articles[at - 7][0])) for at, (_, draft) in enumerate(articles)]
    _add(report, "changed numbers seen", numbers, floor=0.95)
    _add(report, "swapped names seen", swapped, floor=0.9)
    _add(report, "summaries of another article seen", others, floor=0.98)
    note = f"{len(alarms)} extracts"
    report.add("drafts: false alarms", sum(alarms), floor=len(alarms) // 100, target=0, better="lower", note=note)


def _add(report: Report, check: str, seen: list[bool], *, floor: float) -> None:
    share = sum(seen) / len(seen)
    report.add(f"drafts: {check}", share, floor=floor, target=1.0, better="higher", note=f"{sum(seen)} of {len(seen)}")


def _changed(draft: str, article: str, chance: random.Random) -> bool | None:
    """Change one number to another that the article does not have."""
    found = list(_NUMBER.finditer(draft))
    if not found:
        return None
    one = chance.choice(found)
    other = next(str(int(one[0]) + step) for step in range(1, 1000) if str(int(one[0]) + step) not in article)
    return bool(objections(draft[: one.start()] + other + draft[one.end() :], article))


def _swapped(draft: str, article: str, names: list[str], chance: random.Random) -> bool | None:
    """Put the name of somebody else in place of one."""
    found = list(_NAME.finditer(draft))
    if not found:
        return None
    one = chance.choice(found)
    other = next(name for name in iter(lambda: chance.choice(names), None) if name not in article)
    return bool(objections(draft[: one.start()] + other + draft[one.end() :], article))
