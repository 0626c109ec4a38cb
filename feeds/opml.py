"""OPML 1.0 and 2.0 (opml.org/spec2.opml): other readers' lists of feeds, in and out.

Folders become topics. A file that is no XML is mended where quotes and ampersands are the trouble, and every trouble is
named by its line. Nothing outside the file is ever loaded, nor any entity of its own expanded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from feeds.addresses import judge, web_address
from feeds.decode import decode
from feeds.links import canonical_link
from feeds.model import FullText, SourceSpec
from feeds.polls import FailureKind

OWN: Final = "https://github.com/autodigest/autodigest"
"""The namespace of what OPML has no attribute for."""

_LONGEST: Final = 5_000_000
_MOST_OUTLINES: Final = 10_000
_DEEPEST: Final = 20
_LONGEST_NAME: Final = 120
_ROOT = re.compile(r"<opml\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(["'])(.*?)\2(?=\s+[\w:.-]+\s*=\s*["']|\s*/?>$)""", re.DOTALL)
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_RUSSIAN_HOST = re.compile(r"^https?://[^/]+\.(?:ru|su|рф|xn--p1ai|by|kz)(?:[:/]|$)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}\b", re.IGNORECASE)


class Trouble(StrEnum):
    """What may be wrong with a line."""

    NOT_OPML = "not-opml"
    MALFORMED = "malformed"
    NO_ADDRESS = "no-address"
    BAD_ADDRESS = "bad-address"
    FORBIDDEN_ADDRESS = "forbidden-address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A trouble with its line (0 for the whole file) and the words in question."""

    line: int
    trouble: Trouble
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The sources of a file, each address once, with the lines they came from, and what was wrong."""

    specs: tuple[SourceSpec, ...] = ()
    lines: Mapping[str, int]
    faults: tuple[Fault, ...] = ()


def read_opml(
    body: bytes,
    *,
    topic_of: Callable[[str], str | None],
    lang: str | None = None,
    allow_hosts: AbstractSet[str] = frozenset(),
) -> Reading:
    """Read a file of at most 5 MB; raises nothing.

    ``topic_of`` gives the topic that a folder's name means. A source in several folders has all their topics. ``lang``
    is the language of the sources; where it is None and the file does not say, it is guessed from names.
    ``allow_hosts`` are exempt from the address guard.
    """
    text = decode(body[:_LONGEST]).text
    root = _ROOT.search(text)
    if root is None:
        return Reading(lines={}, faults=(Fault(line=0, trouble=Trouble.NOT_OPML),))
    # The prologue is where entities would be declared. Its line ends stay, so that lines keep their numbers.
    text = "\n" * text.count("\n", 0, root.start()) + text[root.start() :]
    tree, faults = _tree(text)
    specs: dict[str, SourceSpec] = {}
    lines: dict[str, int] = {}
    for outline, folders in _outlines(tree):
        line = _line(outline)
        found = _spec(outline, lang=lang, allow_hosts=allow_hosts)
        if isinstance(found, Trouble):
            said = dict.fromkeys(one for one in (_name(outline), _address(outline)) if one)
            faults.append(Fault(line=line, trouble=found, text=" — ".join(said)))
            continue
        topics = tuple(topic for name in (*folders, *_categories(outline)) if (topic := topic_of(name)))
        key = canonical_link(found.url) or found.url
        earlier = specs.get(key)
        kept = earlier or found
        specs[key] = replace(kept, topics=tuple(dict.fromkeys((*kept.topics, *topics))))
        lines.setdefault(kept.url, line)
    return Reading(specs=tuple(specs.values()), lines=lines, faults=tuple(sorted(faults, key=lambda one: one.line)))


def write_opml(specs: Sequence[SourceSpec], *, topic_name: Callable[[str], str], title: str, now: datetime) -> str:
    """Write sources as OPML 2.0, in folders by their first topic; ``read_opml`` makes the same sources of it."""
    folders: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        folders.setdefault(spec.topics[0] if spec.topics else "", []).append(spec)
    rows = []
    for topic, members in sorted(folders.items()):
        indent = "    " if topic else "  "
        outlines = [f"  {indent}{_outline(spec)}" for spec in members]
        name = quoteattr(topic_name(topic)) if topic else ""
        rows += [f"    <outline text={name} title={name}>", *outlines, "    </outline>"] if topic else outlines
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<opml version="2.0" xmlns:autodigest="{OWN}">',
            "  <head>",
            f"    <title>{_escaped(title)}</title>",
            f"    <dateCreated>{format_datetime(now)}</dateCreated>",
            "  </head>",
            "  <body>",
            *rows,
            "  </body>",
            "</opml>",
            "",
        ]
    )


def _tree(text: str) -> tuple[etree._Element | None, list[Fault]]:
    """Parse strictly; what a strict parser refuses is named, mended and read as far as it goes."""
    parsed, faults = _parsed(text)
    return (parsed, []) if not faults else (_parsed(_mended(text))[0], faults)


def _parsed(text: str) -> tuple[etree._Element | None, list[Fault]]:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        tree = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.LxmlError, ValueError):
        tree = None
    # One broken line makes the parser complain several times.
    said: dict[int, str] = {}
    for entry in parser.error_log:
        said.setdefault(entry.line, entry.message)
    return tree, [Fault(line=line, trouble=Trouble.MALFORMED, text=message) for line, message in said.items()]


def _mended(text: str) -> str:
    """Escape quotes and ampersands inside attributes, line by line; a document that ends too soon the parser closes."""
    lines = (_mended_line(line) if "<outline" in line else line for line in text.split("\n"))
    return "\n".join(lines)


def _mended_line(line: str) -> str:
    def mend(tag: re.Match[str]) -> str:
        body = tag[0]
        pairs = _ATTRIBUTE.findall(body)
        if not pairs:
            return body
        values = "".join(f" {name}={_requoted(value)}" for name, _, value in pairs)
        return f"<outline{values}{'/>' if body.endswith('/>') else '>'}"

    return re.sub(r"<outline\b.*?(?:/>|>)(?=\s*(?:<|$))", mend, line)


def _requoted(value: str) -> str:
    escaped = _STRAY_AMPERSAND.sub("&amp;", value).replace("<", "&lt;").replace('"', "&quot;")
    return f'"{escaped}"'


def _outlines(tree: etree._Element | None) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Walk the sources in the order of the file, each with the names of the folders it is in."""
    waiting = [(child, ()) for child in reversed(_children(tree, "body"))] if tree is not None else []
    stack: list[tuple[etree._Element, tuple[str, ...]]] = list(waiting)
    seen = 0
    while stack and seen < _MOST_OUTLINES:
        outline, folders = stack.pop()
        seen += 1
        inner = _children(outline)
        if _address(outline) or not inner:
            yield outline, folders
        if len(folders) < _DEEPEST:
            within = (*folders, _name(outline)) if not _address(outline) else folders
            stack += [(child, within) for child in reversed(inner)]


def _children(element: etree._Element, inside: str | None = None) -> list[etree._Element]:
    parents = [element] if inside is None else [one for one in element if _is(one, inside)] or [element]
    return [child for parent in parents for child in parent if _is(child, "outline")]


def _is(element: etree._Element, name: str) -> bool:
    # A comment's or an instruction's tag is a function.
    return str(element.tag).rpartition("}")[2].lower() == name


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _spec(outline: etree._Element, *, lang: str | None, allow_hosts: AbstractSet[str]) -> SourceSpec | Trouble:
    address = web_address(_address(outline))
    if not address:
        return Trouble.NO_ADDRESS
    if (failed := judge(address, allow_hosts=allow_hosts)) is not None:
        private = failed.kind is FailureKind.FORBIDDEN_ADDRESS
        return Trouble.FORBIDDEN_ADDRESS if private else Trouble.BAD_ADDRESS
    said = _attribute(outline, "language")
    name = _name(outline) or address.partition("://")[2].partition("/")[0]
    own = {key: outline.get(f"{{{OWN}}}{key}", "") for key in ("weight", "fullText", "opinionHeadings", "enabled")}
    return SourceSpec(
        name=name,
        url=address,
        lang=lang or (said[:2].lower() if _LANGUAGE.match(said) else _guess(name, address)),
        weight=_weight(own["weight"]),
        full_text=FullText(own["fullText"]) if own["fullText"] in list(FullText) else FullText.AUTO,
        opinion_headings=tuple(filter(None, own["opinionHeadings"].split("|"))),
        enabled=own["enabled"] != "false",
    )


def _attribute(outline: etree._Element, *names: str) -> str:
    """Find an attribute under one of its names, in any case; the first that has a value."""
    values = {str(name).lower(): " ".join(str(value).split()) for name, value in outline.attrib.items()}
    return next((values[name] for name in names if values.get(name)), "")


def _address(outline: etree._Element) -> str:
    """Find the feed's address; the ``url`` of an outline of type "link" is a web page's."""
    return _attribute(outline, "xmlurl") or (
        "" if _attribute(outline, "type") == "link" else _attribute(outline, "url")
    )


def _name(outline: etree._Element) -> str:
    return _attribute(outline, "title", "text")[:_LONGEST_NAME]


def _categories(outline: etree._Element) -> list[str]:
    """Read ``category="/ev,/Boston/weather"``: of each path the last part."""
    return [path.rsplit("/", 1)[-1] for path in _attribute(outline, "category").split(",") if path.strip("/ ")]


def _guess(name: str, address: str) -> str:
    return "ru" if _CYRILLIC.search(name) or _RUSSIAN_HOST.match(address) else "en"


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 1.0
    return weight if 0 < weight <= 10 else 1.0


def _outline(spec: SourceSpec) -> str:
    values = {"type": "rss", "text": spec.name, "title": spec.name, "xmlUrl": spec.url, "language": spec.lang}
    if spec.topics:
        values["category"] = ",".join(f"/{topic}" for topic in spec.topics)
    if spec.weight != 1.0:
        values["autodigest:weight"] = f"{spec.weight:g}"
    if spec.full_text is not FullText.AUTO:
        values["autodigest:fullText"] = spec.full_text
    if spec.opinion_headings:
        values["autodigest:opinionHeadings"] = "|".join(spec.opinion_headings)
    if not spec.enabled:
        values["autodigest:enabled"] = "false"
    return f"<outline {' '.join(f'{name}={quoteattr(value)}' for name, value in values.items())}/>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
