"""``autodigest review``: what the last nightly review of the stories found. Reads only."""

from __future__ import annotations

import sys

from bot.i18n import Words, words_for
from bot.settings import load_settings
from feeds.model import Finding, FindingKind
from storage import Storage, open_storage


async def print_findings(lang: str) -> int:
    """Print a line for each story that the review joined, would join or would part."""
    settings, words = load_settings(), words_for(lang)
    async with await open_storage(settings.database, exclusive=False) as store:
        findings = await store.news.findings()
        lines = [await _line(store, finding, words) for finding in findings]
    sys.stdout.write("".join(f"{line}\n" for line in lines or [words("review-nothing")]))
    return 0


async def _line(store: Storage, finding: Finding, words: Words) -> str:
    story = await store.news.story(finding.story_id)
    title = story.items[0].item.title if story else words("review-gone")
    joined = "review-merged" if finding.done else "review-merge"
    key = "review-split" if finding.kind is FindingKind.SPLIT else joined
    return words(key, story=str(finding.story_id), detail=finding.detail, title=title)
