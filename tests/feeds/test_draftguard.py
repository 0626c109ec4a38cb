from __future__ import annotations

import pytest

from feeds.draftguard import ObjectionKind, objections

ARTICLE = (
    "Завод Haval в Туле выпустил 1 200 кроссоверов Jolion с мотором объёмом 1,5 литра. "
    "Директор завода Пётр Снегирёв сообщил, что до конца года соберут ещё 3000 машин."
)


@pytest.mark.parametrize(
    "draft",
    [
        "Завод Haval в Туле собрал 1200 кроссоверов Jolion.",
        "До конца года выпустят ещё 3 000 машин, сообщил Снегирёв.",
        "У тульского Jolion мотор 1.5 литра, сообщил директор завода.",
    ],
)
def test_a_draft_that_says_what_the_article_says_passes(draft: str) -> None:
    assert objections(draft, ARTICLE) == ()


@pytest.mark.parametrize(
    ("draft", "kind", "words"),
    [
        ("Завод Haval в Туле выпустил 1300 кроссоверов Jolion.", ObjectionKind.NUMBER, "1300"),
        ("Завод Haval выпустил кроссоверы с мотором 1,6 литра.", ObjectionKind.NUMBER, "1.6"),
        ("Завод Haval в Казани выпустил 1200 кроссоверов.", ObjectionKind.NAME, "Казани"),
        ("Завод Chery выпустил 1200 кроссоверов Jolion.", ObjectionKind.NAME, "Chery"),
        ("Президент открыл в столице выставку цветов и птиц.", ObjectionKind.WORDS, "0.12"),
    ],
)
def test_what_is_made_up_is_named(draft: str, kind: ObjectionKind, words: str) -> None:
    assert (kind, words) in [(one.kind, one.words) for one in objections(draft, ARTICLE)]


def test_an_empty_draft_says_nothing_of_its_article() -> None:
    assert [one.kind for one in objections("", ARTICLE)] == [ObjectionKind.WORDS]
