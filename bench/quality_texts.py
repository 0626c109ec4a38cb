"""How well an article is read: the editor's opinion in many mark-ups, and a summary that others agree with."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.report import Report
from feeds.article import read_article
from feeds.prose import sentences
from feeds.summary import summarise
from feeds.words import roots

_DATA = Path(__file__).parent.parent / "tests" / "feeds" / "data" / "opinions"
_NAMES = {"ru": "Автополка", "en": "Motorshelf"}
_COMMON = frozenset(
    roots("в и на с по не что о об от до за из для как это у к же ли бы the a an of in on to for and is")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page or feed item and the opinion in it: ``label`` is empty where there is none."""

    html: str
    source: str
    headings: tuple[str, ...]
    label: str
    text: str
    loose: bool

    def is_right(self) -> bool:
        """Whether just this opinion is found; ``loose`` where marks around the label may stay."""
        opinion = read_article(self.html, headings=self.headings, source_name=self.source, base=_BASE).opinion
        if opinion is None:
            return not self.label
        said = opinion.label.strip("«»📝 ") if self.loose else opinion.label
        return (said, opinion.text) == (self.label, self.text)


_LIMIT = 320
_BASE = "https://avtopolka.example/news/1"


def cases(name: str) -> Iterator[Case]:
    """Read the mark-ups of one file, each with one of the made-up news in turn."""
    texts = tomllib.loads((_DATA / "texts.toml").read_text(encoding="utf-8"))
    rows: list[Mapping[str, Any]] = tomllib.loads((_DATA / name).read_text(encoding="utf-8"))["case"]
    for number, row in enumerate(rows):
        lang = row.get("lang", "ru")
        news = texts[lang][number % len(texts[lang])]
        yield Case(
            html=_filled(row["html"], news),
            source=_NAMES[lang],
            headings=tuple(row.get("headings", ())),
            label=row.get("label", ""),
            text=_filled(row.get("text", "{said}"), news),
            loose=row.get("loose", False),
        )


def _filled(template: str, news: Mapping[str, str]) -> str:
    for key, text in news.items():
        template = template.replace(f"{{{key}}}", text)
    return template


def measure(report: Report, corpus: Path | None) -> None:
    """Add the rows; without a corpus those that need none."""
    found, none = list(cases("found.toml")), list(cases("none.toml"))
    exact = sum(case.is_right() for case in found) / len(found)
    report.add("opinion: found exactly", exact, floor=0.95, target=1.0, better="higher", note=f"{len(found)} mark-ups")
    false = sum(not case.is_right() for case in none)
    report.add("opinion: false", false, floor=2, target=0, better="lower", note=f"{len(none)} without one")
    if corpus is not None:
        ours, lead, whole = _summaries(corpus)
        note = f"recall {ours:.3f}; first two sentences {lead:.3f} within 320 characters, {whole:.3f} at any length"
        report.add("summary: recall over lead-2", ours - lead, floor=0.03, target=0.05, better="higher", note=note)


def _summaries(corpus: Path) -> tuple[float, float, float]:
    """Measure how many roots of another newsroom's title a summary has: ours, the lead as long, the lead uncut."""
    pairs = json.loads((corpus / "stories" / "fulltext_pairs.json").read_text(encoding="utf-8"))
    told = [
        (pair[f"t{one}"], pair[f"x{one}"], pair[f"t{3 - one}"]) for pair in pairs if int(pair["y"]) for one in (1, 2)
    ]
    recalls = [
        (
            _recall(summarise(title, text), other),
            _recall(_lead(text, _LIMIT), other),
            _recall(_lead(text, 10_000), other),
        )
        for title, text, other in told
    ]
    ours, lead, whole = (sum(column) / len(recalls) for column in zip(*recalls, strict=True))
    return ours, lead, whole


def _lead(text: str, limit: int) -> str:
    """Take the first two sentences as far as whole ones fit, at least as much of the first."""
    first, *more = sentences(" ".join(text.split()))[:2] or ("",)
    return " ".join([first, *more]) if len(first) + sum(map(len, more)) < limit else first[:limit]


def _recall(summary: str, title: str) -> float:
    wanted = {word for word in roots(title) if word not in _COMMON}
    return len(wanted & set(roots(summary))) / len(wanted) if wanted else 1.0
