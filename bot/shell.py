"""What all commands share: the language they speak and how a command ends. Imports nothing heavy."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from enum import StrEnum
from typing import Annotated, Any

import typer

from feeds.errors import AutodigestError


class Lang(StrEnum):
    """Languages of the commands' output."""

    RU = "ru"
    EN = "en"


LangOption = Annotated[Lang | None, typer.Option(help="Language of the output; by default that of LANG.")]


def chosen_lang(chosen: Lang | None) -> str:
    """Take the language that was asked for, else that of the environment."""
    if chosen is not None:
        return chosen.value
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Lang.RU if locale.startswith("ru") else Lang.EN


def execute(work: Coroutine[Any, Any, int], lang: Lang | None = None) -> None:
    """Run a command; an error that somebody can mend is one line on stderr and exit code 2."""
    from bot.i18n import words_for  # noqa: PLC0415

    try:
        code = asyncio.run(work)
    except AutodigestError as error:
        typer.echo(words_for(chosen_lang(lang)).error(error), err=True)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stdout = None
        code = 0
    raise typer.Exit(code)
