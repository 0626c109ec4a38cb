"""The operator's commands. Each imports what it needs as it runs: only ``run`` and ``demo`` pay for aiogram."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from bot import sources
from bot.shell import LangOption, chosen_lang, execute

app = typer.Typer(
    name="autodigest",
    help="Car news from many sources as short Telegram digests.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(sources.app, name="sources")


class Format(StrEnum):
    """How a preview lays the news out."""

    DIGEST = "digest"
    BRIEF = "brief"
    CARD = "card"


class Out(StrEnum):
    """What a preview is written for."""

    TERMINAL = "terminal"
    HTML = "html"
    TELEGRAM = "telegram"


@app.command()
def run() -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl+C)."""
    from bot.running import run_bot  # noqa: PLC0415

    execute(run_bot())


@app.command()
def demo(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the chat page; 0 for any.")] = 8080,
    live: Annotated[bool, typer.Option("--live", help="Read the real sources instead of the sample ones.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Go the whole way for one subscriber and end.")] = False,
    lang: LangOption = None,
) -> None:
    """Talk to the real bot in the browser: no token, and no network unless --live."""
    from bot.demo import run_demo  # noqa: PLC0415

    execute(run_demo(port=port, live=live, once=once, lang=chosen_lang(lang)), lang)


@app.command()
def poll(*, lang: LangOption = None) -> None:
    """Poll every source once and say what came of each."""
    from bot.operator import poll_once  # noqa: PLC0415

    execute(poll_once(chosen_lang(lang)), lang)


@app.command()
def preview(
    *,
    topics: Annotated[str, typer.Option(help="Topics and makes, separated by commas; all by default.")] = "",
    form: Annotated[
        Format, typer.Option("--format", help="A digest, its headlines, or a card for each.")
    ] = Format.DIGEST,
    out: Annotated[Out, typer.Option(help="What to write.")] = Out.TERMINAL,
    lang: LangOption = None,
) -> None:
    """Print today's digest from the store; needs no token."""
    from bot.preview import print_preview  # noqa: PLC0415

    execute(print_preview(topics=topics, form=form.value, out=out.value, lang=chosen_lang(lang)), lang)


@app.command()
def check(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Telegram.")] = False,
    lang: LangOption = None,
) -> None:
    """Check settings, store, sources and token; exit 0 when all is well, 1 with remarks, 2 with errors."""
    from bot.checkup import check_all  # noqa: PLC0415

    execute(check_all(chosen_lang(lang), offline=offline), lang)


@app.command()
def explain(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A story's number, or the address of an article.")],
    *,
    lang: LangOption = None,
) -> None:
    """Say how a story came to be: its articles, their likeness, topics, opinion and rank."""
    from bot.explain import explain_story  # noqa: PLC0415

    execute(explain_story(story, chosen_lang(lang)), lang)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; must not exist, its folder must.")],
    *,
    lang: LangOption = None,
) -> None:
    """Copy the store to one file."""
    from bot.operator import back_up  # noqa: PLC0415

    execute(back_up(target, lang=chosen_lang(lang)), lang)


@app.command()
def review(*, lang: LangOption = None) -> None:
    """Print which stories the last nightly review would join or part."""
    from bot.findings import print_findings  # noqa: PLC0415

    execute(print_findings(chosen_lang(lang)), lang)


@app.command()
def stats(*, lang: LangOption = None) -> None:
    """Print how many read, what they choose, what was sent in the last week and why people left."""
    from bot.figures import print_figures  # noqa: PLC0415

    execute(print_figures(chosen_lang(lang)), lang)


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed  # noqa: PLC0415

    typer.echo(f"autodigest {installed('autodigest')}")


def _refused(error: TyperException) -> int:
    """Say what of the command line is wrong; who wrote no command at all reads what there is."""
    from bot.usage import refusal  # noqa: PLC0415

    typer.echo(refusal(error), err=True)
    return 2


def main() -> None:
    """Run the command line; what cannot be read of it is one line on stderr, as any other error."""
    try:
        code = app(prog_name="autodigest", standalone_mode=False)
    except TyperException as error:
        code = _refused(error)
    except typer.Abort:
        code = 1
    raise SystemExit(code)
