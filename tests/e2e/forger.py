"""Makes up callbacks and commands: as the rooms' own classes allow, as hostile clients send them, and anything between.

Reads what there is from the code, so that a room that is added later is tried without a word here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal, get_args, get_origin

from aiogram.filters.callback_data import CallbackData

import bot
import bot.dispatcher

ROOMS = Path(bot.__file__).parent
ODD_NUMBERS = ("-1", "0", "1e9", str(2**31), str(2**63 - 1), str(2**63), str(2**70), "x", "", "٣")
ODD_TEXTS = ("", "0", "'", '"; DROP TABLE chats; --', "<b>", "&lt;", "None", "../..", "ё" * 40, "\0", "ev", "UTC", "🚗")


def kinds() -> list[type[CallbackData]]:
    """Return every class of callback data there is, wherever it was made."""
    found = sorted(_below(CallbackData), key=lambda kind: kind.__name__)
    return [kind for kind in found if kind.__module__.startswith("bot.")]


def _below(kind: type[CallbackData]) -> Iterator[type[CallbackData]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@cache
def spoken(name: str) -> tuple[str, ...]:
    """Return the words that stand in the rooms where a class is used: what its fields may say."""
    return tuple(sorted({word for names, words in _rooms() if name in names for word in words})) or ("",)


@cache
def commands() -> tuple[str, ...]:
    """Return the commands that some room takes."""
    found = {"start"}
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Command":
                found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return tuple(sorted(found))


@cache
def _rooms() -> list[tuple[set[str], set[str]]]:
    """Of each module, the names in it and the short words that are compared, listed or handed over."""
    rooms = []
    for path in _sources():
        names, words = set[str](), set[str]()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Name(id=name):
                    names.add(name)
                case ast.Constant(value=str() as text) if len(text) <= 12 and " " not in text:
                    words.add(text)
        rooms.append((names, words))
    return rooms


def _sources() -> list[Path]:
    return [path for path in sorted(ROOMS.rglob("*.py")) if "sandbox" not in path.parts]


class Forger:
    """Makes things up; the same again for the same seed. ``ids`` are what somebody else's things have."""

    def __init__(self, seed: int, *, ids: Sequence[int]) -> None:
        self._random = Random(seed)
        self._ids = [str(one) for one in ids]
        self._kinds = kinds()

    def callback(self) -> str:
        """Make up callback data."""
        random = self._random
        kind = random.choice(self._kinds)
        prefix, separator = kind.__prefix__, kind.__separator__
        values = [self._value(kind, field.annotation, field.metadata) for field in kind.model_fields.values()]
        data = separator.join([prefix, *values])
        match random.randrange(12):
            case 0:
                return self._mutated(data)
            case 1:
                return random.choice([prefix, prefix + separator, data + separator, data + ":9" * 40, data[::-1]])
            case 2:
                return "".join(
                    chr(random.choice([0, 9, 58, 65, 1078, 8235, 128663])) for _ in range(random.randrange(99))
                )
            case _:
                return data

    def _value(self, kind: type[CallbackData], annotation: Any, metadata: Sequence[Any]) -> str:
        random = self._random
        while get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        if get_origin(annotation) is Literal and random.random() < 0.95:
            return str(random.choice(get_args(annotation)))
        if annotation is int or metadata:
            if random.random() < 0.15:
                return random.choice(ODD_NUMBERS)
            return random.choice([*self._ids, str(random.randrange(50)), str(random.randrange(1440))])
        if random.random() < 0.15:
            return random.choice(ODD_TEXTS)
        return random.choice([*spoken(kind.__name__), *self._ids[:3]])

    def _mutated(self, data: str) -> str:
        random, signs = self._random, list(data)
        for _ in range(random.randrange(1, 4)):
            place = random.randrange(len(signs) + 1)
            match random.randrange(3):
                case 0:
                    signs.insert(place, random.choice(":09-+az'\"<ё\0"))
                case 1:
                    del signs[place : place + 1]
                case _:
                    signs[place : place + 1] = random.choice(":09-az")
        return "".join(signs)

    def message(self) -> str:
        """Make up a command with something after it."""
        random = self._random
        after = [
            *self._ids,
            *ODD_TEXTS,
            *ODD_NUMBERS,
            "+завод -тюнинг",
            "8:00",
            "22-9",
            "3d",
            "t_ev",
            f"c_{self._ids[0]}",
        ]
        payload = " ".join(random.choice(after) for _ in range(random.randrange(3)))
        text = f"/{random.choice(commands())}{random.choice(['', '', '', '@other_bot', '@'])} {payload}"
        return (random.choice(after) if random.random() < 0.2 else text).replace("\0", "").strip() or "/"

    @property
    def random(self) -> Random:
        """The dice."""
        return self._random
