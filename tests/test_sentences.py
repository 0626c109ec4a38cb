"""Everything that is said: in each language, with its arguments, short enough, and asked for somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

from bot.i18n import LANGUAGES, messages, words_for
from bot.menus import GROUPS, PRIVATE
from feeds.errors import AutodigestError
from feeds.polls import FailureKind
from tests.sources import nodes, place, tree


class Arguments(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802
        self.names.add(node.id.name)


class Selections(Visitor):
    def __init__(self) -> None:
        self.variants: list[set[str]] = []
        self.defaults: list[str] = []

    def visit_SelectExpression(self, node: Any) -> None:  # noqa: N802
        self.variants.append({_variant(variant) for variant in node.variants})
        self.defaults += [_variant(variant) for variant in node.variants if variant.default]
        self.generic_visit(node)


def _variant(variant: Any) -> str:
    return str(getattr(variant.key, "name", None) or variant.key.value)


@cache
def sentences(lang: str) -> Mapping[str, Any]:
    parsed = FluentParser().parse(messages(lang))
    junk = [entry.content for entry in parsed.body if isinstance(entry, fluent.Junk)]
    assert junk == []
    names = [entry.id.name for entry in parsed.body if isinstance(entry, fluent.Message)]
    assert sorted(set(names)) == sorted(names), "a sentence stands twice"
    return {entry.id.name: entry for entry in parsed.body if isinstance(entry, fluent.Message)}


def arguments(lang: str, key: str) -> set[str]:
    found = Arguments()
    found.visit(sentences(lang)[key])
    return found.names


def test_every_language_says_everything_with_the_same_arguments() -> None:
    assert LANGUAGES == ("ru", "en")
    assert sorted(sentences("ru")) == sorted(sentences("en"))
    assert [key for key in sentences("ru") if arguments("ru", key) != arguments("en", key)] == []


def test_russian_numbers_have_their_forms() -> None:
    for key, entry in sentences("ru").items():
        found = Selections()
        found.visit(entry)
        for variants in found.variants:
            # «из 21 источника, из 2 источников» needs two forms, everything else three.
            assert variants in ({"one", "few", "many"}, {"one", "other"}), key
        assert set(found.defaults) <= {"many", "other"}, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_a_straight_apostrophe_or_a_space_at_its_end(lang: str) -> None:
    for line in messages(lang).splitlines():
        assert line == line.rstrip(), line
        assert "'" not in line, line


def spoken() -> tuple[set[str], set[str]]:
    """All texts in the bot's code that may be keys, and the beginnings of those that are put together."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for path, node in nodes():
        if "sandbox" in path.parts:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            beginnings.add(str(node.values[0].value))
    return whole, {start for start in beginnings if re.fullmatch(r"[a-z-]+-", start)}


def asked_for() -> Iterator[tuple[str, str]]:
    """Keys in ``words("key")``, ``visit.say("key")`` and the like, with their places."""
    for path, node in nodes():
        if not isinstance(node, ast.Call) or not node.args or "sandbox" in path.parts:
            continue
        called = ast.unparse(node.func)
        if re.search(r"(\bwords|\bwords_for\(.*\)|\b(visit|reader)\.say)$", called) and "bot" in path.parts:
            yield from ((key, place(path, node)) for key in _keys(node.args[0]))


def _keys(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str() as key):
            yield key
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body)
            yield from _keys(orelse)


def test_no_sentence_is_missing() -> None:
    missing = [f"{key} ({where})" for key, where in asked_for() if key not in sentences("ru") and key != "/start"]
    assert missing == []


def test_keys_that_are_put_together_lead_somewhere() -> None:
    _, beginnings = spoken()
    composed = {start for start in beginnings if any(key.startswith(start) for key in sentences("ru"))}
    assert {"button-", "month-", "weekday-", "command-", "error-", "failure-"} <= composed


def test_no_sentence_is_left_over() -> None:
    whole, beginnings = spoken()
    errors = {f"error-{key}" for key, *_ in raised()}
    used = [
        key
        for key in sentences("ru")
        if key in whole or key in errors or any(key.startswith(start) for start in beginnings - {"error-"})
    ]
    assert sorted(set(sentences("ru")) - set(used)) == []


def test_every_kind_of_failure_is_said() -> None:
    assert {f"failure-{kind}" for kind in FailureKind} <= set(sentences("ru"))


# Errors that are raised on purpose


def families() -> set[str]:
    """The names of all classes that come from AutodigestError."""
    found = {AutodigestError.__name__}
    classes = [node for _, node in nodes() if isinstance(node, ast.ClassDef)]
    while True:
        more = {one.name for one in classes if {ast.unparse(base) for base in one.bases} & found} - found
        if not more:
            return found
        found |= more


def raised() -> Iterator[tuple[str, set[str], str]]:
    """Each error made with a key: the key, the names of its facts, the place."""
    known = families()
    for path, node in nodes():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func)
        own = called == "super().__init__" and any(
            isinstance(parent, ast.ClassDef) and parent.name in known and node in ast.walk(parent)
            for parent in ast.walk(tree(path))
        )
        first = node.args[0]
        if (called in known or own) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value, {keyword.arg or "**" for keyword in node.keywords}, place(path, node)


def test_every_error_has_a_sentence_that_its_facts_can_fill() -> None:
    found = list(raised())
    assert len(found) > 20
    wrong = []
    for key, facts, where in found:
        for lang in LANGUAGES:
            if f"error-{key}" not in sentences(lang):
                wrong.append(f"{where}: no error-{key} in {lang}")
            elif not arguments(lang, f"error-{key}") <= facts:
                wrong.append(f"{where}: error-{key} in {lang} wants {arguments(lang, f'error-{key}') - facts}")
    assert wrong == []


# Limits of Telegram


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_telegram_shows_about_us_is_short_enough(lang: str) -> None:
    words = words_for(lang)
    assert 0 < len(words("bot-description")) <= 512
    assert 0 < len(words("bot-short-description")) <= 120
    for command in {*PRIVATE, *GROUPS}:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command)
        assert 1 <= len(words(f"command-{command}")) <= 256


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fixed_buttons_are_short_enough_for_two_in_a_row(lang: str) -> None:
    fixed = [key for key in sentences(lang) if key.startswith("button-") and not arguments(lang, key)]
    assert {key: words_for(lang)(key) for key in fixed if len(words_for(lang)(key)) > 24} == {}


TITLE = "Н" * 40
TOASTS: Mapping[str, Mapping[str, Any]] = {
    "stale": {},
    "not-admin": {"title": TITLE},
    "channel-no-right": {"title": TITLE},
    "channel-test-sent": {"title": TITLE},
    "topic-added": {"name": "Н" * 40},
    "topic-only": {"name": "Н" * 40},
    "topic-removed": {"name": "Н" * 40},
    "times-enough": {"most": 4},
    "instant-off": {},
    "instant-every": {},
    "pause-nothing": {},
    "quiet-now": {"window": "23:30–7:30"},
    "zone-no-such-clock": {},
    "reads-one": {},
    "error-unexpected": {},
    "nothing-yet": {},
    "channel-gone": {"title": TITLE},
    "channel-unasked": {},
    "unlink-not-yours": {},
    "trial-not-there-yet": {},
    "trial-not-deleted": {},
    "approval-out": {"title": "Н" * 100},
    "approval-last": {},
    "approval-published": {"name": "Н" * 64, "clock": "12:04"},
    "thread-no-right": {},
    "thread-no-forum": {},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", TOASTS)
def test_an_answer_to_a_tap_fits_into_two_hundred_characters(lang: str, key: str) -> None:
    assert len(words_for(lang)(key, **TOASTS[key])) <= 200
