from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.i18n import NBSP
from bot.markup import Document, Quote, plain
from bot.render import render_breaking, render_card, render_digest, render_post
from bot.render_blocks import hashtags
from bot.render_fit import fits
from feeds.chatsettings import Density, Opinions
from feeds.issue import DigestKind, DigestStory
from feeds.marks import Marks
from feeds.model import Opinion
from tests.bot.samples import breaking, issue, place, stories
from tests.samples import NOW, digest, opinion, told


def shown(document: Document) -> str:
    return plain(document).replace(NBSP, " ")


def marked(**marks: Any) -> DigestStory:
    return replace(stories("ru")[0], marks=Marks(**marks))


LONG = "Предложение про машину и дорогу, которое тянется. " * 20
FORMS = [render_card, render_post, render_breaking]


@pytest.mark.parametrize("render", FORMS)
def test_a_correction_is_the_first_thing_one_reads(render: Any) -> None:
    text = shown(render(marked(corrected_at=NOW, note="запас хода 320 км, а не 230."), place()))
    assert text.startswith("Исправлено: запас хода 320 км, а не 230.\n\n")
    bare = shown(render(marked(corrected_at=NOW), place()))
    assert bare.startswith("Исправлено: текст уточнён в 8:00\n\n")


@pytest.mark.parametrize("render", FORMS)
def test_a_story_that_was_taken_back_says_only_that_and_why(render: Any) -> None:
    text = shown(render(marked(retracted_at=NOW, note="Завод опроверг сделку."), place()))
    headline = "„Искра“ и „Электрозавод“ будут вместе выпускать городской хетчбэк"
    assert text == f"Новость отозвана: «{headline}».\nЗавод опроверг сделку."


@pytest.mark.parametrize("density", [Density.DIGEST, Density.BRIEF])
def test_a_digest_tells_of_corrections_and_retractions_too(density: Density) -> None:
    wrong, gone = marked(corrected_at=NOW, note="320 км."), replace(told(2), marks=Marks(retracted_at=NOW))
    [document] = render_digest(digest(wrong, gone), place(density=density))
    text = shown(document)
    assert "Исправлено: 320 км." in text
    assert "2. Новость отозвана: «Новость номер 2».\nИсточник её не подтвердил." in text


def test_sources_that_join_a_post_are_named_under_it() -> None:
    added = Marks(added=("Гудок", "Шина"), added_at=NOW + timedelta(minutes=10))
    text = shown(render_post(replace(told(1), marks=added), place()))
    assert text.endswith("\nДополнено в 8:10: Гудок и Шина")
    assert "Дополнено" not in shown(render_post(told(1), place()))


def test_breaking_news_of_one_source_claims_no_confirmation() -> None:
    one = replace(breaking("ru"), sources=("Гудок",), tellings=breaking("ru").tellings[:1])
    assert "Источник: Гудок" in shown(render_breaking(one, place()))
    assert "Подтвердили" not in shown(render_breaking(one, place()))


def test_breaking_news_names_three_sources_and_counts_the_others() -> None:
    many = replace(breaking("ru"), sources=("Гудок", "Автополка", "Колесо", "Шина", "Ось"))
    assert "Подтвердили 5 источников: Гудок, Автополка, Колесо и ещё 2" in shown(render_breaking(many, place()))


def test_breaking_news_is_short_whatever_was_written() -> None:
    long = replace(breaking("ru"), summary=LONG)
    assert fits(render_breaking(long, place()), limit=300)
    assert "Предложение про машину" in shown(render_breaking(long, place()))


def test_what_gives_way_on_a_card_goes_in_its_order() -> None:
    story = replace(stories("ru")[0], summary="", opinion=opinion("О."))
    look: dict[str, Any] = {"hashtags": True, "signature": "Подпись канала"}

    light = shown(render_post(story, place(**look)))
    assert "#Электромобили #Автопром_России" in light
    assert light.endswith("Подпись канала")
    fuller = replace(story, summary=LONG[:320], opinion=opinion(LONG[:420]), opinion_source="Гудок")
    text = shown(render_post(fuller, place(**look)))
    assert "#" not in text
    assert "Читайте также" in text
    assert len(text) <= 1000
    fullest = replace(fuller, summary=LONG[:320], opinion=opinion(LONG), headline=LONG[:140])
    text = shown(render_post(fullest, place(**look)))
    assert "Подпись" not in text
    assert "Источник" in text
    assert len(text) <= 1000


@pytest.mark.parametrize("length", range(0, 1400, 100))
def test_a_card_takes_no_more_than_a_caption_and_always_says_whose_the_opinion_is(length: int) -> None:
    story = replace(stories("ru")[0], opinion=opinion(LONG[:length] or "О."), opinion_source="Гудок")
    text = shown(render_card(story, place()))
    assert len(text) <= 1000
    assert "Мнение редакции (Гудок)" in text


def test_a_shortened_opinion_shows_that_it_went_on() -> None:
    story = replace(told(1), opinion=opinion(LONG), opinion_source="Колесо")
    [quote] = [block for block in render_card(story, place()) if isinstance(block, Quote)]
    assert plain((quote,)).rstrip().endswith("…")


@pytest.mark.parametrize(
    ("opinions", "ours", "seen"),
    [
        (Opinions.ALL, False, True),
        (Opinions.ALL, True, True),
        (Opinions.APPROVED, False, False),
        (Opinions.APPROVED, True, True),
        (Opinions.NONE, True, False),
    ],
)
def test_a_chat_sees_the_opinions_it_wants(opinions: Opinions, *, ours: bool, seen: bool) -> None:
    story = replace(told(1), opinion=Opinion(label="Мнение редакции", text="Так и надо.", ours=ours))
    look = place(opinions=opinions)
    for document in (render_card(story, look), *render_digest(digest(story), look)):
        assert ("Так и надо." in shown(document)) is seen
    [brief] = render_digest(digest(story), place(opinions=opinions, density=Density.BRIEF))
    assert ("+ мнение" in shown(brief)) is seen


def test_opinions_that_find_no_room_wait_on_their_cards_and_the_best_one_stays() -> None:
    many = [
        told(n, summary=LONG, headline=LONG[:130], opinion=opinion(LONG), opinion_source="Колесо") for n in range(1, 13)
    ]
    [document] = render_digest(digest(*many), place())
    text = shown(document)
    quotes = [block for block in document if isinstance(block, Quote)]
    assert quotes
    assert len(quotes) + text.count("+ мнение") == 12
    assert fits(document, limit=3500)
    # The stories are ranked as they stand: the first keeps its quote longest.
    assert isinstance(document[2], Quote)


def test_a_source_in_another_language_says_which() -> None:
    foreign = replace(stories("en")[0], lang="en")
    assert "Источник: Kerbside и ещё 3 (на английском)" in shown(render_card(foreign, place("ru")))
    assert "(in" not in shown(render_card(foreign, place("en")))


@pytest.mark.parametrize(
    ("topics", "tags"),
    [((), ""), (("ev",), "#Электромобили"), (("ev", "law", "russia"), "#Электромобили #Законы_и_сборы"), (("2",), "")],
)
def test_hashtags_are_the_names_of_the_first_two_topics(topics: tuple[str, ...], tags: str) -> None:
    assert hashtags(told(1, topics=topics), place()) == tags


def test_a_weekly_issue_and_one_after_a_pause_say_what_they_are() -> None:
    week = replace(issue("ru"), kind=DigestKind.WEEKLY, hours=168, made_at=NOW)
    [document] = render_digest(week, place())
    assert shown(document).startswith("Авто за неделю · 16–22 ноября\n")
    away = replace(issue("ru"), kind=DigestKind.CATCH_UP, hours=72, missed_stories=12)
    [document] = render_digest(away, place())
    assert shown(document).startswith("Пока вас не было · воскресенье, 22 ноября\n")
    assert "\nНакопилось 12 новостей, вот 5 главных.\n" in shown(document)
    assert "За последние сутки" not in shown(document)
