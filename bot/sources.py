"""``autodigest sources …``: the commands. What they do is ``bot.sourcedesk``'s, imported as one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.shell import LangOption, chosen_lang, execute

app = typer.Typer(help="List, find, add, pause, test, import and export sources.", no_args_is_help=True)

Named = Annotated[
    list[str], typer.Argument(metavar="NAME", help="A name or its beginning, a number of the list, or an address.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only those with this in their name or address.")
    ] = None,
    *,
    json: Json = False,
    lang: LangOption = None,
) -> None:
    """Say how each source is: state, last poll, next poll and why then, failures, the server's words."""
    from bot.sourcedesk import print_sources  # noqa: PLC0415

    execute(print_sources(name or "", json=json, lang=chosen_lang(lang)), lang)


@app.command()
def add(
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="A page, a feed, @channel, a YouTube channel or r/subreddit.")
    ],
    *,
    pick: Annotated[int, typer.Option(min=0, max=3, help="Which of the feeds found; 1 is the first.")] = 0,
    only_list: Annotated[bool, typer.Option("--list", help="Show what is found and add nothing.")] = False,
    name: Annotated[str, typer.Option(help="A name instead of the feed's own.")] = "",
    topics: Annotated[str, typer.Option(help="Themes that all its articles are about, separated by commas.")] = "",
    lang: LangOption = None,
) -> None:
    """Find the feeds behind an address and add the first one."""
    from bot.sourcesearch import add_source  # noqa: PLC0415

    work = add_source(address, pick=pick, only_list=only_list, name=name, topics=topics, lang=chosen_lang(lang))
    execute(work, lang)


@app.command()
def remove(
    names: Named,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    lang: LangOption = None,
) -> None:
    """Forget sources of your own and their articles."""
    from bot.sourcedesk import remove_sources  # noqa: PLC0415

    execute(remove_sources(names, yes=yes, lang=chosen_lang(lang)), lang)


@app.command()
def pause(names: Named, *, lang: LangOption = None) -> None:
    """Poll sources no more until they are resumed."""
    from bot.sourcedesk import pause_sources  # noqa: PLC0415

    execute(pause_sources(names, lang=chosen_lang(lang)), lang)


@app.command()
def resume(names: Named, *, lang: LangOption = None) -> None:
    """Poll sources again: paused ones, and those that were given up."""
    from bot.sourcedesk import resume_sources  # noqa: PLC0415

    execute(resume_sources(names, lang=chosen_lang(lang)), lang)


@app.command("test")
def examine(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An address, or the name of a source.")],
    *,
    json: Json = False,
    lang: LangOption = None,
) -> None:
    """Ask a feed once and say all about its answer; stores nothing."""
    from bot.sourcetest import test_source  # noqa: PLC0415

    execute(test_source(name, json=json, lang=chosen_lang(lang)), lang)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - for standard input.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added, and add nothing.")] = False,
    lang: LangOption = None,
) -> None:
    """Add the feeds of another reader's OPML file; folders become topics."""
    from bot.sourcefiles import import_opml  # noqa: PLC0415

    execute(import_opml(file, dry_run=dry_run, lang=chosen_lang(lang)), lang)


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file to write; - or none for standard output.")
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    lang: LangOption = None,
) -> None:
    """Write all sources as an OPML file, in folders by topic."""
    from bot.sourcefiles import export_opml  # noqa: PLC0415

    execute(export_opml(file, force=force, lang=chosen_lang(lang)), lang)
