"""feedparser's own test cases, put to our wrapper: each file has an ``Expect:`` line that is a Python expression.

The expression is taken apart at its outer ``and``; a part counts when it speaks of a field that we keep. Where we keep
mark-up to read it later, texts are compared as a reader would see them.
"""

from __future__ import annotations

import ast
import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from bench.expectation import Expression, NotKeptError, parts_of
from bench.feedparser_view import ADDRESS, view
from feeds.model import ParsedFeed
from feeds.parse import parse_feed
from feeds.polls import Failed

NOW: Final = datetime(2101, 1, 1, tzinfo=UTC)
DIFFERENCES: Final = Path(__file__).parent.parent / "tests/feeds/data/feedparser_differences.toml"
_EXPECT = re.compile(r"^\s*Expect:\s*(.+)$", re.MULTILINE)
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE)
_NEEDED = re.compile(r"SkipUnless:.*lookup\('([\w-]+)'\)")
# An entry without a title, a link and a text is none to us: where a case has such a one, its other fields are checked
# after it was given a title.
_END = re.compile(rb"(</(?:entry|item)>)", re.IGNORECASE)
_ODD_CODECS: Final = ("utf-8", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037")


class Verdict(StrEnum):
    """How a case ended; OTHER is one that speaks of no field that we keep."""

    PASSED = "passed"
    DELIBERATE = "deliberate"
    UNEXPLAINED = "unexplained"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One case: its path, what became of it, and the parts that differ or the reason why they may."""

    path: str
    verdict: Verdict
    detail: str = ""


def run_cases(folder: Path, differences: Mapping[str, str] | None = None) -> Iterator[Outcome]:
    """Run every case below ``folder``; ``differences`` are patterns of paths with the reason, as ``differences()``."""
    reasons = load_differences() if differences is None else differences
    for path in sorted(folder.rglob("*.xml")):
        name = path.relative_to(folder).as_posix()
        yield _run(name, path.read_bytes(), reasons)


def load_differences() -> dict[str, str]:
    """Read the deliberate differences: a pattern of paths → why."""
    groups = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))["difference"]
    return {pattern: group["reason"] for group in groups for pattern in group["cases"]}


def _run(name: str, body: bytes, reasons: Mapping[str, str]) -> Outcome:
    text = next(text for codec in _ODD_CODECS if _EXPECT.search(text := body.decode(codec, "ignore")))
    headers = {key.lower(): value for key, value in _HEADER.findall(text)}
    expected = _EXPECT.search(text)
    parts = parts_of(expected[1] if expected else "")
    failed, used = _judge(parts, _parse(body, headers))
    if failed and _missing_codec(text):
        return Outcome(path=name, verdict=Verdict.OTHER, detail="Python has no such codec")
    if failed and _END.search(body):
        failed, used = _judge(parts, _parse(_END.sub(rb"<title>made up</title>\1", body), headers))
    if failed:
        reason = next((why for pattern, why in reasons.items() if fnmatch(name, pattern)), None)
        verdict = Verdict.DELIBERATE if reason else Verdict.UNEXPLAINED
        return Outcome(path=name, verdict=verdict, detail=reason or " | ".join(failed))
    return Outcome(path=name, verdict=Verdict.PASSED if used else Verdict.OTHER)


def _parse(body: bytes, headers: Mapping[str, str]) -> ParsedFeed | Failed:
    charset = re.search(r"charset=([\w-]+)", headers.get("content-type", ""))
    url = urljoin(ADDRESS, headers.get("content-location", ""))
    url = url if url.startswith("http") else ADDRESS
    return parse_feed(body, charset=charset[1] if charset else None, url=url, now=NOW)


def _missing_codec(text: str) -> bool:
    needed = _NEEDED.search(text)
    try:
        return needed is not None and codecs.lookup(needed[1]) is None
    except LookupError:
        return True


def _judge(parts: Sequence[ast.expr], outcome: ParsedFeed | Failed) -> tuple[list[str], int]:
    failed, used = [], 0
    for part in parts:
        try:
            holds = Expression(view(outcome)).holds(part)
        except NotKeptError:
            continue
        except (LookupError, TypeError, AttributeError) as error:
            holds = False
            failed.append(f"{type(error).__name__}: {error}")
        used += 1
        if not holds:
            failed.append(ast.unparse(part))
    return failed, used
