from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.i18n import NBSP
from bot.look import place_of
from bot.visit import LONGEST_TOAST
from bot.why import age, why, why_opened
from feeds.chatsettings import ChatSettings
from feeds.model import Story
from feeds.topics import Catalogue
from tests.bot.samples import place
from tests.samples import HOUR, NOW, chat, stored, story


def told() -> Story:
    return story(
        1,
        stored("a", source="Колесо", published_at=NOW - 2 * HOUR),
        stored("b", source="Гудок", published_at=NOW - HOUR),
        topics=["ev", "china", "byd"],
    )


def said(catalogue: Catalogue, *own: str, lang: str = "ru", **changes: Any) -> str:
    reader = chat(lang=lang, **changes)
    text = why(told(), reader, place_of(reader, catalogue), catalogue=catalogue, own=own, now=NOW)
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("changes", "own", "rule"),
    [
        ({}, (), "вы читаете все темы"),
        ({"topics": frozenset({"china"})}, (), "тема «{china}»"),
        ({"topics": frozenset({"byd", "law"})}, (), "марка {byd}"),
        ({"topics": frozenset({"law"}), "words": ("батарея",)}, ("батарея",), "свои слова «батарея»"),
        ({"topics": frozenset({"law"})}, (), "вне ваших нынешних тем"),
    ],
)
def test_it_says_which_choice_brought_a_story(
    catalogue: Catalogue, changes: dict[str, Any], own: tuple[str, ...], rule: str
) -> None:
    names = {key: topic.name["ru"] for key in ("china", "byd") if (topic := catalogue.get(key))}
    assert f"Правило: {rule.format(**names)}." in said(catalogue, *own, **changes)


def test_it_says_what_a_story_is_about_and_how_important_it_is_and_why(catalogue: Catalogue) -> None:
    text = said(catalogue)
    assert text.startswith("Темы: ")
    assert "Важность 64 из 100: 2 источника, свежесть 2 ч." in text
    assert "оценки" not in text


def test_it_owns_up_to_what_votes_did(catalogue: Catalogue) -> None:
    assert "Ваши оценки подняли её выше." in said(catalogue, settings=ChatSettings(taste=(("ev", 2),)))
    assert "Ваши оценки опустили её ниже." in said(catalogue, settings=ChatSettings(taste=(("ev", -1),)))


def test_of_what_somebody_opened_no_rule_is_claimed(catalogue: Catalogue) -> None:
    reader = chat(topics=frozenset({"china"}), settings=ChatSettings(taste=(("ev", 2),)))
    text = why_opened(told(), place_of(reader, catalogue), now=NOW)
    assert text.endswith("Правило: вы открыли её сами.")
    assert "Важность" in text


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_it_mostly_fits_into_an_alert(catalogue: Catalogue, lang: str) -> None:
    assert len(said(catalogue, lang=lang, topics=frozenset({"china"}))) <= LONGEST_TOAST


@pytest.mark.parametrize(
    ("passed", "written"),
    [
        (timedelta(seconds=-5), "1 мин"),
        (timedelta(minutes=59), "59 мин"),
        (2 * HOUR, "2 ч"),
        (47 * HOUR, "47 ч"),
        (72 * HOUR, "3 дня"),
        (14 * 24 * HOUR, "14 дней"),
        (21 * 24 * HOUR, "21 день"),
    ],
)
def test_an_age_is_written_in_the_unit_that_says_enough(passed: timedelta, written: str) -> None:
    assert age(passed, place()).replace(NBSP, " ") == written
