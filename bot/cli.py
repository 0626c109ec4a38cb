"""The operator's commands. Each imports what it needs as it runs: only ``run`` and ``demo`` pay for aiogram."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from feeds.errors import AutodigestError

app = typer.Typer(
    name="autodigest",
    help="Car news from many sources as short Telegram digests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Lang(StrEnum):
    """Languages of the commands' output."""

    RU = "ru"
    EN = "en"


class Format(StrEnum):
    """How a preview lays the news out."""

    DIGEST = "digest"
    CARD = "card"


class Out(StrEnum):
    """What a preview is written for."""

    TERMINAL = "terminal"
    HTML = "html"
    TELEGRAM = "telegram"


LangOption = Annotated[Lang | None, typer.Option(help="Language of the output; by default that of LANG.")]


@app.command()
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl+C)."""
    from bot.running import run_bot  # noqa: PLC0415

    _do(run_bot())


@app.command()
def demo(
    *,
    port: Annotated[int, typer.Option(help="Port of the chat page; 0 for any.")] = 8080,
    live: Annotated[bool, typer.Option("--live", help="Read the real sources instead of the sample ones.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Go the whole way for one subscriber and end.")] = False,
    lang: LangOption = None,
) -> None:
    """Talk to the real bot in the browser: no token, and no network unless --live."""
    from bot.demo import run_demo  # noqa: PLC0415

    _do(run_demo(port=port, live=live, once=once, lang=_lang(lang)))


@app.command()
def poll(*, lang: LangOption = None) -> None:
    """Poll every source once and say what came of each."""
    from bot.operator import poll_once  # noqa: PLC0415

    _do(poll_once(_lang(lang)))


@app.command()
def preview(
    *,
    topics: Annotated[str, typer.Option(help="Topics and makes, separated by commas; all by default.")] = "",
    form: Annotated[Format, typer.Option("--format", help="One digest, or a card for each story.")] = Format.DIGEST,
    out: Annotated[Out, typer.Option(help="What to write.")] = Out.TERMINAL,
    lang: LangOption = None,
) -> None:
    """Print today's digest from the store; needs no token."""
    from bot.preview import print_preview  # noqa: PLC0415

    _do(print_preview(topics=topics, form=form.value, out=out.value, lang=_lang(lang)))


@app.command()
def check(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Telegram.")] = False,
    lang: LangOption = None,
) -> None:
    """Check settings, store, sources and token; exit 0 when all is well, 1 with remarks, 2 with errors."""
    from bot.checkup import check_all  # noqa: PLC0415

    _do(check_all(_lang(lang), offline=offline))


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="File to write; must not exist.")]) -> None:
    """Copy the store to one file."""
    from bot.operator import back_up  # noqa: PLC0415

    _do(back_up(target))


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed  # noqa: PLC0415

    typer.echo(f"autodigest {installed('autodigest')}")


def main() -> None:
    """Run the command line."""
    app()


def _lang(chosen: Lang | None) -> str:
    if chosen is not None:
        return chosen.value
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Lang.RU if locale.startswith("ru") else Lang.EN


def _do(work: Coroutine[Any, Any, int]) -> None:
    """Run a command; an error that somebody can mend is one line on stderr and exit code 2."""
    from bot.i18n import words_for  # noqa: PLC0415

    try:
        code = asyncio.run(work)
    except AutodigestError as error:
        words = words_for(_lang(None))
        typer.echo(words.error(error), err=True)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stdout = None
        code = 0
    raise typer.Exit(code)
