"""``make messages``: issues, cards, posts and breaking news of any text through Telegram's own parser. Seedable.

A fault is a message that Telegram would refuse, cut or show otherwise than meant, a story that is told twice or not at
all, a headline that ends inside a word, and a digest that is not written the same way each time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import Final

from bench.anynews import any_digest, any_place, any_story
from bench.report import Report
from bot.markup import Document, entities, plain, telegram_html
from bot.render import render_breaking, render_card, render_pages, render_post
from bot.render_blocks import HEADLINE
from bot.render_cut import CUT, cut
from bot.render_fit import fits
from bot.sandbox.entities import completed, parse, trimmed
from bot.sandbox.refusals import Refusal
from feeds.issue import Digest, DigestStory

COUNT: Final = 10_000
_PUNCTUATION: Final = " ,.;:—–-"


def faults(seed: int) -> Iterator[str]:
    """Write one issue and one story in all forms; say what is wrong with them."""
    random = Random(seed)
    digest, place = any_digest(random), any_place(random)
    pages = render_pages(digest, place)
    if pages != render_pages(digest, place):
        yield "not written the same way again"
    told = [story.story_id for page in pages for story in page.stories]
    if told != [story.story_id for story in digest.stories]:
        yield f"told {told}"
    for page in pages:
        yield from _shown_otherwise(page.document)
    yield from _headlines(digest)
    story = any_story(random, 1)
    for render, most in ((render_card, 1000), (render_post, 1000), (render_breaking, 1000)):
        document = render(story, place)
        yield from _shown_otherwise(document)
        if len(plain(document)) > most and not story.marks.corrected_at:
            yield f"{render.__name__} of {len(plain(document))} characters"


def _shown_otherwise(document: Document) -> Iterator[str]:
    if not fits(document):
        yield "does not fit"
    html = telegram_html(document)
    try:
        read = trimmed(parse(html, "HTML"))
    except Refusal as refusal:
        yield str(refusal)
        return
    if read.text != plain(document).strip():
        yield "another text than meant"
    if len(read.entities) != entities(document)[0]:
        yield f"{len(read.entities)} entities instead of {entities(document)[0]}"
    ours = {_place_of(one) for one in read.entities if one["type"] in {"text_link", "date_time"}}
    if not ours <= {_place_of(one) for one in completed(read).entities}:
        yield "entities dropped"


def _headlines(digest: Digest) -> Iterator[str]:
    for story in digest.stories:
        shown = cut(story.headline, HEADLINE)
        if len(shown) > HEADLINE:
            yield "headline too long"
        if shown != story.headline and not _ends_with_a_word(story, shown.removesuffix(CUT)):
            yield f"headline cut inside a word: {shown!r}"


def _ends_with_a_word(story: DigestStory, kept: str) -> bool:
    rest = story.headline[len(kept) :]
    giant = " " not in story.headline[: HEADLINE - 1]
    return story.headline.startswith(kept) and (giant or rest[0] in _PUNCTUATION)


def _place_of(entity: dict[str, object]) -> tuple[object, ...]:
    return entity["type"], entity["offset"], entity["length"]


def main() -> int:
    """Run the cases and report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--count", type=int, default=COUNT)
    options = asked.parse_args()
    begin, wrong = time.perf_counter(), 0
    for seed in range(options.seed, options.seed + options.count):
        for fault in faults(seed):
            wrong += 1
            sys.stderr.write(f"--seed {seed}: {fault}\n")
    passed = time.perf_counter() - begin
    report = Report("messages")
    report.add(
        "faults", wrong, floor=0, target=0, better="lower", note=f"{options.count} issues and stories of any text"
    )
    report.add("ms a case", passed / options.count * 1000, floor=100, target=20, better="lower")
    report.write()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
