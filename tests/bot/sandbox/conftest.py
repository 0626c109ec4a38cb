"""A running sandbox, a bare client for it, and a checker of shapes against the machine-readable Bot API.

The schema is not ours to keep: AUTODIGEST_BOT_API_SCHEMA names the file, else .cache/bot-api-schema.json is taken.
It is `.butcher/schema/schema.json` of aiogram's source distribution.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.server import Sandbox

if TYPE_CHECKING:
    from tests.bot.sandbox.chatpage import Stage

Call = Callable[..., Coroutine[Any, Any, Any]]
ROOT = Path(__file__).parents[3]
PLAIN: dict[str, Callable[[Any], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "InputFile": lambda _value: True,
}


class Schema:
    """Validates values against the types and methods of the Bot API."""

    def __init__(self, path: Path) -> None:
        items = json.loads(path.read_text())["items"]
        self.types = {child["name"]: child for item in items for child in item["children"]}

    def problems(self, value: Any, kind: str, where: str = "") -> list[str]:
        """Say what is wrong with a value of the type `kind`; nothing when it is right."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: not a list"]
            inner = kind.removeprefix("Array of ")
            return [problem for i, one in enumerate(value) for problem in self.problems(one, inner, f"{where}[{i}]")]
        if options := self.options(kind):
            return min((self.problems(value, option, where) for option in options), key=len)
        if kind in PLAIN:
            return [] if PLAIN[kind](value) else [f"{where}: {value!r} is no {kind}"]
        return self.fields(value, kind, where)

    def options(self, kind: str) -> list[str]:
        if " or " in kind or " and " in kind:
            return re.split(r", | or | and ", kind)
        known = self.types.get(kind)
        if known is None or known["annotations"]:
            return []
        return [name for name in re.findall(r"^\s*- (\w+)", known["description"], re.MULTILINE) if name in self.types]

    def fields(self, value: Any, kind: str, where: str) -> list[str]:
        """Check an object, or the parameters of a method, field by field."""
        if not isinstance(value, dict):
            return [f"{where}: not an object ({kind})"]
        known = {one["name"]: one for one in self.types[kind]["annotations"]}
        found = [f"{where}.{name} is unknown to {kind}" for name in value.keys() - known.keys()]
        found += [f"{where}.{n} is missing in {kind}" for n, o in known.items() if o["required"] and n not in value]
        for name in value.keys() & known.keys():
            found += self.problems(value[name], known[name]["type"], f"{where}.{name}")
        return found

    def request_problems(self, method: str, parameters: dict[str, Any]) -> list[str]:
        """Check the parameters of a request, which may have come as strings."""
        kinds = {one["name"]: one["type"] for one in self.types[method]["annotations"]}
        decoded = {name: self.decoded(value, kinds.get(name, "String")) for name, value in parameters.items()}
        return self.fields(decoded, method, method)

    def decoded(self, value: Any, kind: str) -> Any:
        if not isinstance(value, str) or "String" in kind.split(" or ") or kind == "InputFile":
            return value
        return json.loads(value)


def schema_path() -> Path | None:
    named = os.environ.get("AUTODIGEST_BOT_API_SCHEMA")
    path = Path(named) if named else ROOT / ".cache" / "bot-api-schema.json"
    return path if path.is_file() else None


@pytest.fixture(scope="session")
def schema() -> Schema:
    if (path := schema_path()) is None:
        pytest.skip("AUTODIGEST_BOT_API_SCHEMA is not set and .cache/bot-api-schema.json is not there")
    return Schema(path)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(webhook_pause=0.02) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def raw(sandbox: Sandbox, http: aiohttp.ClientSession) -> Call:
    """Call a method, return the whole body; the status has to repeat what the body says."""

    async def call(method: str, **parameters: Any) -> Any:
        async with http.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=parameters) as answer:
            body = await answer.json()
            assert answer.status == (200 if body["ok"] else body["error_code"])
            return body

    return call


@pytest.fixture
def api(raw: Call) -> Call:
    """Call a method that has to succeed, return its result."""

    async def call(method: str, **parameters: Any) -> Any:
        body = await raw(method, **parameters)
        assert body["ok"], body
        return body["result"]

    return call


@pytest.fixture
def refused(raw: Call) -> Call:
    """Call a method that has to be refused, return its description."""

    async def call(method: str, **parameters: Any) -> Any:
        body = await raw(method, **parameters)
        assert not body["ok"], body
        return body["description"]

    return call


@pytest.fixture
def reader(sandbox: Sandbox) -> int:
    """Return the id of a person who has started the bot; that update is already out of the queue."""
    user_id: int = sandbox.person.add_person(first_name="Вера", language_code="ru")["id"]
    sandbox.person.say(user_id=user_id, text="/start")
    sandbox.world.updates.clear()
    return user_id


@pytest.fixture
def channel(sandbox: Sandbox, reader: int) -> int:
    """Return the id of the reader's channel in which the bot may post; its updates are out of the queue."""
    chat_id: int = sandbox.person.add_chat(type="channel", title="Гараж", creator_id=reader)["id"]
    sandbox.person.add_bot(chat_id=chat_id, by_user_id=reader, rights={"can_post_messages": True})
    sandbox.world.updates.clear()
    return chat_id


@pytest.fixture
def group(sandbox: Sandbox, reader: int) -> int:
    """Return the id of a basic group with the bot as a plain member; its updates are out of the queue."""
    chat_id: int = sandbox.person.add_chat(type="group", title="Соседи", creator_id=reader)["id"]
    sandbox.person.add_bot(chat_id=chat_id, by_user_id=reader)
    sandbox.world.updates.clear()
    return chat_id


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Any, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A page on a sandbox; a test's parameter is how its window is."""
    # Not for everybody: without playwright there is nothing to import.
    from tests.bot.sandbox.chatpage import opened  # noqa: PLC0415

    async with opened(browser, **getattr(request, "param", {})) as it:
        yield it
