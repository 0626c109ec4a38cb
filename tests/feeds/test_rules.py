from __future__ import annotations

from collections.abc import Iterable

from feeds.rules import PhraseIndex, phrase, strongest
from feeds.words import read


def found(title: str, *phrases: str) -> list[str]:
    text = read(title)
    index = PhraseIndex(phrase(written, theme="t", weight=3) for written in phrases)
    return [text.quote(hit.first, hit.last) for hit in index.hits(text)]


def counted(title: str, weights: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    text = read(title)
    index = PhraseIndex(phrase(written, theme="t", weight=weight) for written, weight in weights)
    return [(text.quote(hit.first, hit.last), hit.phrase.weight) for hit in strongest(index.hits(text))]


def test_up_to_three_words_may_stand_between_the_parts_of_a_phrase_with_a_gap() -> None:
    assert found("Концерн сократит ещё тысячу рабочих", "сократит* .. рабоч*") == ["сократит ещё тысячу рабочих"]
    assert found("Концерн сократит рабочих", "сократит* .. рабоч*") == ["сократит рабочих"]
    assert found("Концерн сократит выпуск машин, но не тронет рабочих", "сократит* .. рабоч*") == []
    assert found("Рабочих сократит концерн", "сократит* .. рабоч*") == []


def test_the_parts_of_a_phrase_without_a_gap_stand_side_by_side() -> None:
    assert found("Новый завод", "новый завод") == ["Новый завод"]
    assert found("Новый большой завод", "новый завод") == []


def test_a_word_counts_once_for_a_theme_at_its_best() -> None:
    weights = [("зарядка", 3), ("заряд*", 2), ("быстрая зарядка", 3), ("станци*", 2)]
    assert counted("Быстрая зарядка у станции", weights) == [("Быстрая зарядка", 3), ("станции", 2)]


def test_what_speaks_against_a_theme_always_counts_once() -> None:
    weights = [("шины", 3), ("шины тактика", -3), ("тактика", 2)]
    assert counted("Шины, тактика и снова шины, тактика", weights) == [
        ("Шины", 3),
        ("тактика", 2),
        ("Шины, тактика", -3),
    ]
