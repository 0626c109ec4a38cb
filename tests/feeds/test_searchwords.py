from __future__ import annotations

from hashlib import sha256

from bench.quality_topics import DATA, labelled
from feeds.searchwords import BEGINNING, GENERATION, words_of

READ = (3, "71dd69622ae6")
"""The generation, and what the words of some titles come to in it."""


def test_what_is_stored_is_read_anew_when_other_words_come_of_it() -> None:
    titles = [title for _, title in labelled(DATA / "titles.tsv")]
    words = {word for title in titles for word in words_of(title, "", "", ()).words.split()}
    found = sha256(" ".join(sorted(words)).encode()).hexdigest()[:12]
    assert (GENERATION, found) == READ, "raise GENERATION when the same titles give other words, and note both here"


def test_an_article_is_found_by_its_title_its_summary_its_beginning_and_its_categories() -> None:
    found = words_of("Отзыв", "Отзыву год", "Шины " * BEGINNING + "скидки", ("Рынок",))
    assert found.title == "отз"
    assert found.words == "отз год шин рынк"
