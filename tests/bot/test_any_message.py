"""Whatever newsrooms write, Telegram takes it and shows what was meant; ``make messages`` tries 10,000 issues."""

from __future__ import annotations

from random import Random

import pytest

from bench.anynews import any_digest, any_place
from bench.messages import faults
from bot.markup import entities, plain
from bot.render import render_pages
from bot.render_fit import MAX_ENTITIES, MAX_TEXT

CASES = 1000
AT_ONCE = 100


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_telegram_shows_any_text_as_it_was_meant(first: int) -> None:
    found = {seed: list(faults(seed)) for seed in range(first, first + AT_ONCE)}
    assert {seed: wrong for seed, wrong in found.items() if wrong} == {}


def test_the_cases_are_hard_enough_to_need_every_rung() -> None:
    lengths, counts, parts = [], [], []
    for seed in range(AT_ONCE):
        random = Random(seed)
        pages = render_pages(any_digest(random), any_place(random))
        lengths += [len(plain(page.document)) for page in pages]
        counts += [entities(page.document)[0] for page in pages]
        parts.append(len(pages))
    assert 3000 < max(lengths) <= MAX_TEXT
    assert 50 < max(counts) <= MAX_ENTITIES
    assert max(parts) > 1
