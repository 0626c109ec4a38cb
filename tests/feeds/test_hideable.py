from __future__ import annotations

import pytest

from feeds.gist import packaged
from feeds.hideable import MOST_WORDS, hideable_words
from feeds.ownwords import known_own_topic

CATALOGUE = packaged()


def offered(headline: str, *names: str) -> tuple[str, ...]:
    return hideable_words(headline, names, CATALOGUE)


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("Утильсбор на китайские кроссоверы вырастет с января", ("утильсбор", "кроссовер")),
        ("Возможно, скоро подешевеет каско", ("каско",)),
        ("Водителям разрешили впервые не платить сразу", ()),
        ("Минтранс предложил новую разметку", ("разметка",)),
        ("Почему Минтранс и ГИБДД спорят о разметке", ("минтранс", "гибдд", "разметка")),
        ("В суд на Илона Маска подали акционеры", ("суд", "илона маска")),
        ("Новый Haval Jolion сменил коробку", ("jolion", "коробка")),
        ("Что с Вестой: ещё и Гранту ждёт ремонт", ("вестой", "гранту", "ремонт")),
        ("Perhaps some battery will soon be cheaper", ("battery",)),
        ("Why NHTSA is asking about airbags again", ("nhtsa", "airbags")),
        ("Automakers Finally Agree On Cheaper Airbags", ("airbags",)),
        ("Vestas has nothing to do with it", ()),
        ("1234 5678 <b>", ()),
        ("", ()),
    ],
)
def test_names_models_and_nouns_may_be_hidden_and_nothing_else(headline: str, words: tuple[str, ...]) -> None:
    assert offered(headline) == words


def test_what_a_topic_hides_is_no_word_to_hide() -> None:
    assert offered("Утильсбор и Haval", "Утильсбор", "Haval") == ()
    assert offered("Утильсбор на Хавал") == ("утильсбор",)


def test_two_forms_of_a_word_are_one() -> None:
    assert offered("Каршеринга мало: каршеринг дорожает") == ("каршеринг",)
    assert offered("Почему Минтранс снова не слышит предупреждений самого Минтранса") == ("минтранс",)


def test_few_words_are_offered_and_each_can_be_hidden() -> None:
    words = offered("Осаго, каско, утильсбор, пробки, парковка и штрафы")
    assert len(words) == MOST_WORDS
    assert all(known_own_topic(word) for word in words)
