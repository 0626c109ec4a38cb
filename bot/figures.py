"""How many read, what they choose and why they leave: for the operator, by ``/stats`` and ``autodigest stats``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.i18n import Words, words_for
from bot.settings import load_settings
from feeds.clock import utc_now
from feeds.issue import OutboxState
from feeds.topics import Catalogue, load_catalogue
from storage import open_storage
from storage.figures import Figures
from storage.people import Departure

SPAN: Final = timedelta(days=7)
_TOPICS: Final = 5


async def print_figures(lang: str) -> int:
    """Print the figures of the last week."""
    settings, words = load_settings(), words_for(lang)
    async with await open_storage(settings.database, exclusive=False) as store:
        figures = await store.statistics.count(since=utc_now() - SPAN)
    sys.stdout.write("\n".join(figure_lines(words, figures, load_catalogue())) + "\n")
    return 0


def figure_lines(words: Words, figures: Figures, catalogue: Catalogue) -> Sequence[str]:
    """Say what was counted, a line for each thing."""
    issues, left = figures.issues, figures.left
    most = sorted(figures.topics.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOPICS]
    named = [(catalogue.get(topic), number) for topic, number in most]
    chosen = [f"{topic.name.get(words.lang, topic.id)} — {words.number(number)}" for topic, number in named if topic]
    reasons = [
        f"{words(f'button-departure-{reason}').casefold()} — {words.number(left[reason])}" for reason in Departure
    ]
    return [
        words(
            "stats-people",
            subscribed=words.number(figures.subscribed),
            joined=words.number(figures.joined),
            stopped=words.number(figures.stopped),
            blocked=words.number(figures.blocked),
        ),
        words("stats-channels", works=words.number(figures.public), paused=words.number(figures.public_paused)),
        words(
            "stats-issues",
            sent=words.number(issues[OutboxState.SENT]),
            refused=words.number(issues[OutboxState.REFUSED]),
            unknown=words.number(issues[OutboxState.UNKNOWN]),
        ),
        *([words("stats-topics", topics=", ".join(chosen))] if chosen else []),
        words(
            "stats-votes",
            up=words.number(figures.up),
            down=words.number(figures.down),
            saved=words.number(figures.saved),
        ),
        words("stats-left", reasons=", ".join(reasons)),
    ]
