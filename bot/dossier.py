"""All that is stored about somebody, written down: as a page to read, and as JSON for programs. Pure.

The JSON has every row as the store has it. The page has what a person can read of it: names for ids, their own clock.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.channels.log import described
from bot.panel import LOOKS, look_text
from bot.screens import Screens
from bot.timewords import kept_text, quiet_text
from bot.zones import city
from feeds.chatsettings import Hidden, HiddenKind
from feeds.issue import Chat, ChatState
from storage.audit import Entry

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
Titles = Mapping[int, tuple[str, str]]
"""Headline and address of each story that the archive still has."""

_TOLD: Final = (
    "chats",
    "saved",
    "votes",
    "coverage",
    "outbox",
    "outbox_parts",
    "chat_managers",
    "audit",
    "other_messages",
)
_VOTES: Final = {1: "👍", -1: "👎"}
_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui; margin: 2em auto; max-width: 50em; padding: 0 1em }}
table {{ border-collapse: collapse; margin-bottom: 1em; width: 100% }}
th, td {{ border-bottom: 1px solid #8884; padding: .2em .6em; text-align: left; vertical-align: top }}
th {{ font-weight: normal; width: 12em; opacity: .7 }} td, li {{ overflow-wrap: anywhere }}
time {{ opacity: .7 }}</style>
<h1>{title}</h1>
<p>{when}</p>
<p>{note}</p>
{body}
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What there is of a person at ``at``: their chat, every row by table, titles of channels and of stories."""

    person: Chat
    tables: Tables
    channels: Sequence[str]
    titles: Titles
    at: datetime


def as_json(dossier: Dossier) -> str:
    """Write it for programs: every row as the store has it."""
    whole = {
        "telegram_id": dossier.person.telegram_id,
        "exported_at": dossier.at.isoformat(),
        "channels": list(dossier.channels),
        "tables": dossier.tables,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_html(screens: Screens, dossier: Dossier) -> str:
    """Write it for people, in words and by their own clock."""
    words, zone = screens.words, dossier.person.zone
    sections = dict(_Page(screens, dossier).sections())
    body = "\n".join(f"<h2>{_safe(heading)}</h2>\n{text}" for heading, text in sections.items())
    return _PAGE.format(
        lang=words.lang,
        title=_safe(words("export-title")),
        when=_safe(words.moment(dossier.at, zone)),
        note=_safe(words("export-note")),
        body=body,
    )


class _Page:
    """The sections of the page, each a heading and its mark-up."""

    def __init__(self, screens: Screens, dossier: Dossier) -> None:
        self._screens = screens
        self._words = screens.words
        self._dossier = dossier

    def sections(self) -> Iterator[tuple[str, str]]:
        tables, words = self._dossier.tables, self._words
        rows = "".join(f"<tr><th>{_safe(name)}</th><td>{_safe(value)}</td></tr>" for name, value in self._settings())
        yield words("export-chats"), f"<table>{rows}</table>"
        lists = {
            "channels": [_safe(title) for title in self._dossier.channels],
            "saved": [
                _link(row["headline"], row["url"]) + self._at(row["saved_at"]) for row in tables.get("saved", ())
            ],
            "votes": [
                f"{_VOTES.get(row['value'], '')} {self._story(row['story_id'])}{self._at(row['voted_at'])}"
                for row in tables.get("votes", ())
            ],
            "outbox": [self._at(row["due_at"]) for row in tables.get("outbox", ())],
            "coverage": [
                self._story(row["story_id"]) + self._at(row["issued_at"]) for row in tables.get("coverage", ())
            ],
            "audit": [self._change(row) for row in tables.get("audit", ())],
        }
        for name, items in lists.items():
            if items:
                yield f"{words(f'export-{name}')} ({len(items)})", _list(items)
        for name, found in tables.items():
            key = f"export-{name.replace('_', '-')}"
            if name not in _TOLD:
                yield f"{words(key) if words.has(key) else name} ({len(found)})", _list(map(self._row, found))

    def _settings(self) -> Iterator[tuple[str, str]]:
        person, words, screens = self._dossier.person, self._words, self._screens
        times = kept_text(words, person, now=screens.now)
        if person.state is not ChatState.ACTIVE and person.expects_issues:
            times = words("export-stopped", times=times)
        lines = words(
            "settings",
            chosen=screens.chosen_lines(person, whole=True),
            times=times,
            city=city(person.zone, words.lang),
            clock=words.clock(screens.now, person.zone),
            reads=", ".join(words(f"news-{lang}") for lang in person.reads),
        ).split("\n")
        lines += [
            words(f"button-instant-{person.instant}"),
            words("button-quiet", window=quiet_text(words, person.settings)),
            words("panel-language"),
            *(look_text(words, person.settings, look) for look in LOOKS),
        ]
        for line in lines:
            name, _, value = line.partition(": ")
            yield name, value
        if person.settings.hidden:
            yield words("button-list-hidden"), "; ".join(map(self._hidden, person.settings.hidden))
        yield words("export-since"), words.moment(person.created_at, person.zone)

    def _hidden(self, one: Hidden) -> str:
        words, name = self._words, one.what
        if one.kind is HiddenKind.TOPIC and (topic := self._screens.catalogue.get(one.what)):
            name = self._screens.name(topic)
        elif one.kind is HiddenKind.STORY:
            name = words("hidden-untitled")
            if one.what.isdecimal() and int(one.what) in self._dossier.titles:
                name = self._dossier.titles[int(one.what)][0]
        elif one.kind is HiddenKind.WORD:
            name = words("quoted", text=one.what)
        if one.until is None:
            return words("hidden-for-good", name=name)
        return words("hidden-till", name=name, when=words.moment(one.until, self._dossier.person.zone))

    def _change(self, row: Mapping[str, Any]) -> str:
        at = datetime.fromisoformat(row["done_at"])
        entry = Entry(user_id=0, name="", key=row["key"], facts=json.loads(row["facts"]), done_at=at)
        return _safe(described(self._screens, entry)) + self._at(row["done_at"])

    def _row(self, row: Mapping[str, Any]) -> str:
        """Write what of a row says something to a person: texts and moments, no numbers of ours."""
        texts = [value for name, value in row.items() if isinstance(value, str) and value and not _is_moment(name)]
        moments = [self._at(value) for name, value in row.items() if _is_moment(name) and value]
        return _safe(" · ".join(texts)) + "".join(moments[:1])

    def _story(self, story: int) -> str:
        headline, url = self._dossier.titles.get(story, ("", ""))
        return _link(headline, url) if headline else _safe(self._words("export-gone"))

    def _at(self, moment: str) -> str:
        at = datetime.fromisoformat(moment)
        said = self._words.moment(at, self._dossier.person.zone)
        return f' <time datetime="{_safe(moment)}">{_safe(said)}</time>'


def _is_moment(name: str) -> bool:
    return name.endswith(("_at", "_until")) or name == "since"


def _list(items: Iterator[str] | Sequence[str] | map[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _link(text: str, url: str) -> str:
    # Whatever a feed gave as its address was kept only if it leads to the web.
    return f'<a href="{_safe(url)}">{_safe(text)}</a>' if url.startswith(("http://", "https://")) else _safe(text)


def _safe(text: str) -> str:
    return html.escape(text)
