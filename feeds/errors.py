"""The tree of errors that we raise on purpose. Imports nothing of ours.

AutodigestError → SettingsError; FatalError; StorageError → StoreBusyError, StoreTooNewError.
"""

from __future__ import annotations

from collections.abc import Mapping


class Phrase(str):
    """A fact that is said in words: its key in the locale files."""

    __slots__ = ()


Fact = str | float | OSError
"""A name, a number, words of ours (``Phrase``), or what the system refused, which has words of its own."""


class AutodigestError(Exception):
    """The root of what we raise on purpose.

    ``key`` names the message in the locale files and ``facts`` are its arguments, so that every person reads the
    error in their own language.
    """

    def __init__(self, key: str, **facts: Fact) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        """For logs only: the key and the facts, unworded."""
        return " ".join([self.key, *(f"{name}={value}" for name, value in self.facts.items())])


class SettingsError(AutodigestError):
    """A setting or the sources file is wrong; the start stops with one line that names it."""


class FatalError(AutodigestError):
    """Something that only a person can mend came up while running; the process ends and says what."""


class StorageError(AutodigestError):
    """The store failed; the database's own exception is the cause."""


class StoreBusyError(StorageError):
    """Another living process holds this store."""


class StoreTooNewError(StorageError):
    """The store was written by a newer Autodigest than this one."""
