"""The operator's commands that need no Telegram: poll every source once, copy the store."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.i18n import Words, words_for
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.sourcelines import why
from bot.workshop import open_workshop
from feeds.clock import utc_now
from feeds.ingest import PollReport
from feeds.model import Source
from storage import open_storage


async def poll_once(lang: str) -> int:
    """Poll every source that politeness allows and print a line for each; 0 unless every one failed."""
    settings, words = load_settings(), words_for(lang)
    set_up_logs("text")
    reports: list[PollReport] = []
    # By a clock that stands still no source becomes due again while the others are polled: each is asked once.
    now = utc_now()
    async with open_workshop(settings, clock=lambda: now) as workshop:
        await workshop.store.news.hasten(polled_before=now - timedelta(seconds=settings.poll_min), now=now)
        enabled = [source for source in await workshop.store.news.sources() if source.active]
        with _Progress(len(enabled)) as progress:

            def on_report(report: PollReport) -> None:
                reports.append(report)
                progress.line(_line(report, words))

            await workshop.ingest.poll_due(on_report)
            polled = {report.source.id for report in reports}
            for source in await workshop.store.news.sources():
                if source.active and source.id not in polled:
                    progress.line(_resting(source, words, settings))
    failed = sum(report.failure is not None for report in reports)
    total = words("poll-total", sources=len(enabled), new=sum(report.new for report in reports), failed=failed)
    sys.stdout.write(f"{total}\n")
    return 1 if reports and failed == len(reports) else 0


async def back_up(target: Path, *, lang: str) -> int:
    """Copy the store to a new file, and say where it is and how large."""
    settings, words = load_settings(), words_for(lang)
    async with await open_storage(settings.database, exclusive=False) as store:
        await store.backup(target)
    path, size = await asyncio.to_thread(_weighed, target)
    sys.stdout.write(words("backup-done", path=str(path), size=max(round(size / 1_000_000, 1), 0.1)) + "\n")
    return 0


def _weighed(file: Path) -> tuple[Path, int]:
    """Return where a file is and its bytes."""
    return file.resolve(), file.stat().st_size


def _line(report: PollReport, words: Words) -> str:
    if report.failure is not None:
        said = words("poll-failed", why=why(report.failure, words))
    elif report.unchanged:
        said = words("poll-unchanged")
    else:
        parts = [words("poll-new", count=report.new)]
        parts += [words("poll-folded", count=report.folded)] if report.folded else []
        parts += [words("poll-skipped", count=report.skipped)] if report.skipped else []
        said = ", ".join(parts)
    return f"{report.source.spec.name}: {said}"


def _resting(source: Source, words: Words, settings: Settings) -> str:
    clock = words.clock(source.poll.next_at, settings.timezone)
    if source.poll.failure is not None:
        said = words("poll-resting-failed", why=why(source.poll.failure, words), clock=clock)
    else:
        said = words("poll-resting", clock=clock)
    return f"{source.spec.name}: {said}"


class _Progress:
    """A bar on a terminal with a line above it for each source; plain lines elsewhere."""

    def __init__(self, total: int) -> None:
        console = Console(highlight=False, markup=False)
        self._print: Callable[[str], None] = console.out
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
        )
        self._live = console.is_terminal
        self._task = self._bar.add_task("", total=total)

    def line(self, text: str) -> None:
        """Print a source's line and move the bar on."""
        self._print(text)
        self._bar.advance(self._task)

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._bar.stop()
