"""The architecture and the promises that no single room can keep alone."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiogram import Dispatcher
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

from bot.app import make_dispatcher
from bot.i18n import LANGUAGES, messages, words_for
from bot.menus import GROUPS, PRIVATE
from bot.services import Services
from bot.settings import PREFIX, Settings
from feeds.errors import AutodigestError
from feeds.polls import FailureKind
from feeds.publish import Publish
from feeds.topics import Catalogue
from storage import Storage
from tests.samples import StillClock

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "feeds", "storage")
SOURCES = tuple(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ELSEWHERE = tuple(
    path
    for folder in ROOT.iterdir()
    if folder.is_dir() and folder.name not in {*PACKAGES, "tests", "build"} and not folder.name.startswith(".")
    for path in folder.rglob("*.py")
)
EVERYTHING = SOURCES + ELSEWHERE
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(paths: tuple[Path, ...] = SOURCES) -> Sequence[tuple[Path, ast.AST]]:
    return [(path, node) for path in paths for node in ast.walk(tree(path))]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}"


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in EVERYTHING}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    functions = [(path, node) for path, node in nodes(EVERYTHING) if isinstance(node, FunctionNode)]
    lengths = {f"{place(path, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in functions}
    assert {name: length for name, length in lengths.items() if length > 60} == {}


def test_every_module_says_what_it_is() -> None:
    assert [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(tree(path))] == []


# What may be injected into a handler


@pytest.fixture
def dispatcher(store: Storage, catalogue: Catalogue, clock: StillClock) -> Dispatcher:
    publish = Publish(news=store.news, chats=store.chats, issues=store.outbox, catalogue=catalogue, clock=clock)
    return make_dispatcher(
        Services(
            settings=Settings.model_construct(),
            store=store,
            catalogue=catalogue,
            publish=publish,
            clock=clock,
            ring_courier=lambda: None,
        )
    )


ALWAYS = {
    "bot", "bots", "dispatcher", "router", "event_router", "event_update", "event_from_user", "event_chat",
    "event_context", "event_thread_id", "handler", "services", "visit", "state", "raw_state", "fsm_storage",
}  # fmt: skip
GIVEN_BY = {"callback_data": "CallbackQueryFilter", "command": "Command"}


def test_handlers_ask_only_for_what_they_can_be_given(dispatcher: Dispatcher) -> None:
    wrong, checked = [], 0
    for router in dispatcher.chain_tail:
        for kind, observer in router.observers.items():
            for handler in observer.handlers if kind != "update" else ():
                checked += 1
                names = list(inspect.signature(handler.callback).parameters)[1:]
                filters = {kind.__name__ for one in handler.filters or () for kind in type(one.callback).__mro__}
                given = ALWAYS | {name for name, giver in GIVEN_BY.items() if giver in filters}
                wrong += [f"{router.name}: {handler.callback.__name__}({name})" for name in names if name not in given]
    assert wrong == []
    assert checked > 20


def test_what_people_do_reaches_us(dispatcher: Dispatcher) -> None:
    assert {"message", "callback_query", "my_chat_member"} <= set(dispatcher.resolve_used_update_types())


# Words


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
        if "sandbox" in path.parts or path.parts[-2] not in PACKAGES:
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
        if re.search(r"(\bwords|\bwords_for\(.*\)|\b(visit|reader)\.say)$", called) and path.parts[-2] == "bot":
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
    "topic-removed": {"name": "Н" * 40},
    "times-enough": {"most": 4},
    "reads-one": {},
    "error-unexpected": {},
    "nothing-yet": {},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", TOASTS)
def test_an_answer_to_a_tap_fits_into_two_hundred_characters(lang: str, key: str) -> None:
    assert len(words_for(lang)(key, **TOASTS[key])) <= 200


# The command line and the papers


PROBE = """
import sys, time
sys.argv = ["autodigest", *{arguments!r}]
from bot.cli import main
try:
    main()
except SystemExit:
    pass
print("cpu", time.process_time(), "aiogram" in sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["check", "--offline"], ["preview"]], ids="-".join)
def test_a_command_without_telegram_does_not_load_it_and_is_quick(arguments: list[str], tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    done = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", PROBE.format(arguments=arguments)],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    _, seconds, loaded = done.stderr.splitlines()[-1].split()
    assert loaded == "False", done.stderr
    assert float(seconds) < 1.5


def test_the_readme_names_every_setting_and_no_other() -> None:
    names = set(re.findall(rf"^\|\s*`({PREFIX}[A-Z_]+)`", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert names == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_test_that_the_page_on_faults_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "faults.md").read_text("utf-8")))
    written = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named <= written
    assert len(named) > 20
