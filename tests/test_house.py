"""The architecture and the promises that no single room can keep alone."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiogram import Dispatcher

from bot.dispatcher import make_dispatcher
from bot.settings import PREFIX, Settings
from tests.sources import EVERYTHING, ROOT, SOURCES, FunctionNode, nodes, place, tree


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in EVERYTHING}
    assert {path: length for path, length in lengths.items() if length > 300} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    functions = [(path, node) for path, node in nodes(EVERYTHING) if isinstance(node, FunctionNode)]
    lengths = {f"{place(path, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in functions}
    assert {name: length for name, length in lengths.items() if length > 60} == {}


def test_every_module_says_what_it_is() -> None:
    assert [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(tree(path))] == []


FIND_ZONES = {"feeds/schedule.py", "feeds/dates.py", "bot/settings.py", "bot/zones.py"}
"""Where it is asked whether there is a zone; everywhere else one that this machine does not know must do no harm."""


def test_a_zone_is_read_by_the_one_door_that_knows_what_to_do_without_it() -> None:
    calls = [(path, node) for path, node in nodes() if isinstance(node, ast.Call) and "sandbox" not in path.parts]
    bare = {
        str(path.relative_to(ROOT))
        for path, node in calls
        if isinstance(node.func, ast.Name) and node.func.id == "ZoneInfo"
    }
    assert bare == FIND_ZONES


# What may be injected into a handler


@pytest.fixture
def dispatcher() -> Dispatcher:
    return make_dispatcher()


ALWAYS = {
    "bot", "bots", "dispatcher", "router", "event_router", "event_update", "event_from_user", "event_chat",
    "event_context", "event_thread_id", "handler", "services", "visit",
}  # fmt: skip
GIVEN_BY = {
    "callback_data": "CallbackQueryFilter",
    "command": "Command",
    "member": "AtDesk",
    "story_id": "OnCard",
    "question": "Answering",
    "wish": "Wishing",
}


def test_handlers_ask_only_for_what_they_can_be_given(dispatcher: Dispatcher) -> None:
    wrong, checked = [], 0
    for router in dispatcher.chain_tail:
        for kind, observer in router.observers.items():
            for handler in observer.handlers if kind != "update" else ():
                checked += 1
                names = list(inspect.signature(handler.callback).parameters)[1:]
                passed = (*(observer._handler.filters or ()), *(handler.filters or ()))
                filters = {kind.__name__ for one in passed for kind in type(one.callback).__mro__}
                given = ALWAYS | {name for name, giver in GIVEN_BY.items() if giver in filters}
                wrong += [f"{router.name}: {handler.callback.__name__}({name})" for name in names if name not in given]
    assert wrong == []
    assert checked > 20


def test_what_people_do_reaches_us(dispatcher: Dispatcher) -> None:
    assert {"message", "callback_query", "my_chat_member"} <= set(dispatcher.resolve_used_update_types())


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
BARE = """
import sys, time
import pydantic_settings, sqlalchemy.ext.asyncio
print("cpu", time.process_time(), "aiogram" in sys.modules, file=sys.stderr)
"""
"""The libraries that any command with settings and a store has to load, and nothing else."""


@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["check", "--offline"], ["preview"]], ids="-".join)
def test_a_command_without_telegram_does_not_load_it_and_is_quick(arguments: list[str], tmp_path: Path) -> None:
    bare, _ = start(BARE, tmp_path)
    seconds, loaded = start(PROBE.format(arguments=arguments), tmp_path)
    assert not loaded
    assert seconds < 5 * bare


def start(program: str, folder: Path) -> tuple[float, bool]:
    """Run a program in a new process; its seconds of CPU, and whether it loaded Telegram's library."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    done = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    _, seconds, loaded = done.stderr.splitlines()[-1].split()
    return float(seconds), loaded == "True"


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
