"""Settings that somebody meant to write: a name that is none of ours must not be passed over in silence."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

from feeds.errors import SettingsError

_NEAR = 0.75
"""How alike two names must be (``difflib``): TOKN and TOKEN are, CORPUS and SOURCES are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where settings are written: in the environment and a file of its kind with ``prefix``, in TOML without."""

    prefix: str
    env_file: Path
    toml_file: Path


def refuse_misspelt(known: Collection[str], places: Places) -> None:
    """Look for a name that is none of ``known`` but close to one; SettingsError with the one that was meant.

    A prefix in the TOML file, where there is none, is a slip of the same kind.
    """
    for written, name in _in_environment(places):
        if name not in known and (meant := _nearest(name, known)):
            raise SettingsError("settings-misspelt", name=written, meant=f"{places.prefix}{meant.upper()}")
    for written in _in_toml(places.toml_file):
        name = written.lower()
        bare = name.removeprefix(places.prefix.lower())
        meant = _nearest(bare, known)
        if bare != name and meant is not None:
            raise SettingsError("settings-prefixed", name=written, meant=meant, file=str(places.toml_file))
        if name not in known and meant is not None:
            raise SettingsError("settings-misspelt", name=written, meant=meant)


def unknown_names(known: Collection[str], places: Places) -> list[str]:
    """List the names like none of ``known``, as they are written: somebody else's, or a slip beyond guessing."""
    names = [written for written, name in _in_environment(places) if name not in known]
    names += [written for written in _in_toml(places.toml_file) if written.lower() not in known]
    return list(dict.fromkeys(names))


def _nearest(name: str, known: Collection[str]) -> str | None:
    return next(iter(get_close_matches(name, known, n=1, cutoff=_NEAR)), None)


def _in_environment(places: Places) -> Iterator[tuple[str, str]]:
    in_file = dotenv_values(places.env_file) if places.env_file.is_file() else {}
    for variable in (*os.environ, *in_file):
        if variable.upper().startswith(places.prefix):
            yield variable, variable[len(places.prefix) :].lower()


def _in_toml(file: Path) -> Iterator[str]:
    if file.is_file():
        yield from tomllib.loads(file.read_text("utf-8"))
