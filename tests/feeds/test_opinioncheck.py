from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.opinioncheck import LONGEST, SHORTEST, FlawKind, flaws, shortened

GOOD = "Завод получил то, чего ему не хватало пять лет: платформу, которую не стыдно показать покупателю."
LEAD = ("Завод в Приозёрске начал выпуск электрических хетчбэков на новой платформе.",)


def kinds(text: str, **given: object) -> list[FlawKind]:
    return [one.kind for one in flaws(text, **given)]  # type: ignore[arg-type]


def test_words_of_ones_own_may_stand() -> None:
    assert flaws(GOOD, lead=LEAD) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Хорошо.", FlawKind.SHORT),
        (GOOD * 5, FlawKind.LONG),
        ("Раз и два и три и четыре. Два. Три. Четыре слова подряд.", FlawKind.SENTENCES),
        (GOOD + " Подробнее: https://example.ru/1", FlawKind.LINK),
        (GOOD + " Читайте на example.ru", FlawKind.LINK),
        (GOOD + " Пишите t.me/channel", FlawKind.LINK),
        (GOOD + " Спасибо @avtopolka!", FlawKind.MENTION),
        (GOOD + " #электромобили", FlawKind.HASHTAG),
        ("Завод в Приозёрске начал выпуск новых электрических хетчбэков на платформе.", FlawKind.COPY),
    ],
)
def test_what_would_spoil_a_post_is_named(text: str, kind: FlawKind) -> None:
    assert kind in kinds(text, lead=LEAD)


def test_the_lead_is_recognised_whole_mixed_and_beside_words_of_ones_own() -> None:
    first = "Первые машины сошли с конвейера в понедельник."
    second = "За год завод обещает выпустить тысячу штук."
    lead = (*LEAD, first, second)
    own = "О цене говорить рано."
    mixed = "В понедельник сошли с конвейера первые машины, завод за год обещает выпустить тысячу."
    for text in (f"{first} {second}", mixed, f"{second} {own}", f"{own} {first}"):
        assert kinds(text, lead=lead) == [FlawKind.COPY], text
    judged = "Тысяча машин в год — это опытная партия, а не производство: о цене говорить рано."
    assert kinds(judged, lead=lead) == []


@pytest.mark.parametrize("text", ["в 3.5 раза дороже", "1.6 л и 150 л.с.", "Model 3, т.е. седан", "дом №5"])
def test_numbers_and_abbreviations_are_no_links(text: str) -> None:
    assert kinds(f"{GOOD} {text}") == []


def test_forbidden_words_are_found_in_any_case_and_only_whole() -> None:
    assert kinds("Это обычный развод покупателей, и ничего больше в нём нет.", stopwords=["развод"]) == ["stopword"]
    assert kinds("Такими разводами покупателей уже давно никого не удивишь.", stopwords=["развод"]) == ["stopword"]
    assert kinds("Разводной мост для парома построят только к осени, не раньше.", stopwords=["развод"]) == []


def test_what_is_too_long_is_cut_where_a_sentence_ends() -> None:
    cut = shortened(f"{GOOD} {GOOD} {GOOD} {GOOD}")
    assert cut == f"{GOOD} {GOOD} {GOOD}"
    assert flaws(cut) == ()


def test_one_endless_sentence_cannot_be_cut() -> None:
    assert shortened("и ещё " * 100) is None


@given(st.text(max_size=600))
def test_any_text_is_judged_and_what_is_cut_fits(text: str) -> None:
    flaws(text, lead=LEAD)
    cut = shortened(text)
    assert cut is None or SHORTEST <= len(cut) <= LONGEST
