from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.i18n import LANGUAGES, NBSP, THIN, interface_language, words_for
from feeds.errors import AutodigestError, StorageError
from tests.samples import NOW

ru, en = words_for("ru"), words_for("en")


def spaced(text: str) -> str:
    """What a person reads: a space that does not break is a space."""
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        (1, "1 новость из 1 источника · 1 минута чтения", "1 story from 1 source · 1-minute read"),
        (2, "2 новости из 2 источников · 2 минуты чтения", "2 stories from 2 sources · 2-minute read"),
        (5, "5 новостей из 5 источников · 5 минут чтения", "5 stories from 5 sources · 5-minute read"),
        (11, "11 новостей из 11 источников · 11 минут чтения", "11 stories from 11 sources · 11-minute read"),
        (21, "21 новость из 21 источника · 21 минута чтения", "21 stories from 21 sources · 21-minute read"),
    ],
)
def test_numbers_take_the_form_their_language_wants(number: int, russian: str, english: str) -> None:
    for words, text in ((ru, russian), (en, english)):
        counts = words("digest-counts", stories=number, sources=number)
        assert spaced(f"{counts} · {words('digest-minutes', minutes=number)}") == text


def test_thousands_stand_apart_by_a_thin_space_and_units_hang_on_to_their_numbers() -> None:
    assert ru("digest-counts", stories=1172, sources=3) == f"1{THIN}172{NBSP}новости из 3{NBSP}источников"
    assert en("digest-counts", stories=1172, sources=3) == f"1,172{NBSP}stories from 3{NBSP}sources"
    assert (ru.number(1234567), en.number(1234567)) == (f"1{THIN}234{THIN}567", "1,234,567")


@pytest.mark.parametrize(("count", "text"), [(1, "1 новая"), (2, "2 новых"), (21, "21 новая"), (25, "25 новых")])
def test_new_articles_are_counted_as_people_do(count: int, text: str) -> None:
    assert spaced(ru("poll-new", count=count)) == text


def test_a_day_is_written_with_its_weekday() -> None:
    assert spaced(ru.day(date(2026, 11, 22))) == "воскресенье, 22 ноября"
    assert spaced(en.day(date(2026, 11, 22))) == "Sunday, 22 November"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_a_name_of_its_own(month: int) -> None:
    day = date(2026, month, 1)
    assert en.day(day).endswith(f"{day:%B}")
    assert ru.day(day)[-1] in "ая"


def test_a_moment_is_written_by_the_readers_clock() -> None:
    assert spaced(ru.moment(NOW, "Europe/Moscow")) == "22 ноября, 8:00"
    assert spaced(en.moment(NOW, "America/New_York")) == "22 November, 0:00"
    assert spaced(en.moment(NOW, "America/Los_Angeles")) == "21 November, 21:00"


@pytest.mark.parametrize(
    ("later", "russian", "english"),
    [
        (timedelta(hours=11), "сегодня в 19:00", "today at 19:00"),
        (timedelta(days=1), "завтра в 8:00", "tomorrow at 8:00"),
        (timedelta(days=2), "во вторник в 8:00", "on Tuesday at 8:00"),
        (timedelta(days=3), "в среду в 8:00", "on Wednesday at 8:00"),
    ],
)
def test_a_coming_moment_is_named_as_people_name_it(later: timedelta, russian: str, english: str) -> None:
    assert spaced(ru.when(NOW + later, "Europe/Moscow", now=NOW)) == russian
    assert spaced(en.when(NOW + later, "Europe/Moscow", now=NOW)) == english


def test_tomorrow_begins_at_the_readers_midnight() -> None:
    late = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    assert spaced(en.when(late + timedelta(hours=1), "Europe/Moscow", now=late)) == "tomorrow at 0:30"
    assert spaced(en.when(late + timedelta(hours=1), "UTC", now=late)) == "today at 21:30"


def test_tomorrow_is_the_next_day_also_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert spaced(en.when(before + timedelta(hours=11), "Europe/Berlin", now=before)) == "tomorrow at 8:00"


def test_minutes_after_midnight_are_a_time() -> None:
    assert [ru.minutes(minutes) for minutes in (0, 65, 8 * 60, 23 * 60 + 45)] == ["0:00", "1:05", "8:00", "23:45"]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Moscow", "МСК"),
        ("Asia/Almaty", "UTC+5"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("Asia/Tehran", "UTC+3:30"),
        ("America/Sao_Paulo", "UTC−3"),
        ("Europe/Berlin", "CET"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_letters_or_its_whole_offset(zone: str, name: str) -> None:
    assert ru.zone_name(zone, now=NOW) == name


@pytest.mark.parametrize(
    ("code", "lang"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("kk", "ru"),
        ("en", "en"),
        ("de", "en"),
        ("zh-hans", "en"),
        (None, "ru"),
        ("", "ru"),
    ],
)
def test_the_interface_speaks_what_telegram_says_a_person_reads(code: str | None, lang: str) -> None:
    assert interface_language(code, default="ru") == lang


def test_a_language_that_we_do_not_speak_gets_english() -> None:
    assert words_for("de").lang == "en"


def test_a_sentence_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        ru("no-such-sentence")


def test_an_argument_that_is_missing_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        ru("topic-added")


def test_arguments_get_no_invisible_marks() -> None:
    assert ru("topic-added", name="Чери") == "Добавлено: Чери"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_error_is_said_with_its_facts(lang: str) -> None:
    said = words_for(lang).error(StorageError("store-missing", path="var/here.db"))
    assert "var/here.db" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_number_of_a_thing_is_not_grouped_like_an_amount(lang: str) -> None:
    assert "12345" in words_for(lang).error(AutodigestError("chat-missing", id=12345))
