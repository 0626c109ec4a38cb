from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wishreading import Wanted, Wish, read_wish


def sure(what: Wanted, about: str = "") -> Wish:
    return Wish(what=what, about=about)


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("стоп", sure(Wanted.STOP)),
        ("Stop!", sure(Wanted.STOP)),
        ("Отпишите меня, пожалуйста", sure(Wanted.STOP)),
        ("больше не присылай", sure(Wanted.STOP)),
        ("unsubscribe", sure(Wanted.STOP)),
        ("Старт!", sure(Wanted.START)),
        ("start", sure(Wanted.START)),
        ("начать", sure(Wanted.START)),
        ("start again", sure(Wanted.RESUME)),
        ("Возобнови", sure(Wanted.RESUME)),
        ("resume", sure(Wanted.RESUME)),
        ("сними паузу", sure(Wanted.RESUME)),
        ("Помощь", sure(Wanted.HELP)),
        ("help?", sure(Wanted.HELP)),
        ("что нового?", sure(Wanted.ISSUE)),
        ("дайджест", sure(Wanted.ISSUE)),
        ("настройки", sure(Wanted.SETTINGS)),
        ("Сохранённое", sure(Wanted.SAVED)),
        ("delete my data", sure(Wanted.ERASE)),
        ("Удали всё", sure(Wanted.ERASE)),
        ("delete everything", sure(Wanted.ERASE)),
        ("экспорт", sure(Wanted.EXPORT)),
        ("export my data", sure(Wanted.EXPORT)),
        ("only headlines", sure(Wanted.HEADLINES)),
        ("Только заголовки", sure(Wanted.HEADLINES)),
        ("без мнений", sure(Wanted.NO_OPINIONS)),
        ("No opinions, please", sure(Wanted.NO_OPINIONS)),
        ("срочное", sure(Wanted.URGENT)),
        ("breaking news on", sure(Wanted.URGENT)),
        ("turn off breaking news", sure(Wanted.NOT_URGENT)),
        ("in Russian please", sure(Wanted.LANGUAGE)),
        ("русский", sure(Wanted.LANGUAGE)),
        ("на русский", sure(Wanted.LANGUAGE)),
        ("русский язык", sure(Wanted.LANGUAGE)),
        ("English", sure(Wanted.LANGUAGE)),
        ("по-английски", sure(Wanted.LANGUAGE)),
        ("Привет!", sure(Wanted.GREET)),
        ("good morning", sure(Wanted.GREET)),
        ("спасибо", sure(Wanted.THANK)),
        ("Thank you!", sure(Wanted.THANK)),
    ],
)
def test_one_word_is_heard_as_its_command(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("пауза", sure(Wanted.PAUSE)),
        ("пауза на неделю", sure(Wanted.PAUSE, "на неделю")),
        ("Поставь на паузу на 3 дня", sure(Wanted.PAUSE, "на 3 дня")),
        ("не присылай две недели", sure(Wanted.PAUSE, "две недели")),
        ("помолчи до утра", sure(Wanted.PAUSE, "до утра")),
        ("пауза до понедельника", sure(Wanted.PAUSE, "до понедельника")),
        ("pause for a week", sure(Wanted.PAUSE, "for a week")),
        ("mute 3d", sure(Wanted.PAUSE, "3d")),
        ("тихие часы", sure(Wanted.QUIET)),
        ("тихие часы с 22 до 7", sure(Wanted.QUIET, "с 22 до 7")),
        ("Не беспокоить с 10 вечера до 7 утра", sure(Wanted.QUIET, "с 10 вечера до 7 утра")),
        ("не буди ночью", sure(Wanted.QUIET, "ночью")),
        ("quiet 22-7", sure(Wanted.QUIET, "22-7")),
        ("quiet hours off", sure(Wanted.QUIET, "off")),
        ("выключи тихие часы", sure(Wanted.QUIET, "off")),
        ("do not disturb 11pm to 8am", sure(Wanted.QUIET, "11pm to 8am")),
        ("quiet from 10 to 10", sure(Wanted.QUIET, "from 10 to 10")),
        ("mute for 0 days", sure(Wanted.PAUSE, "for 0 days")),
        ("mute for 1000 years", sure(Wanted.PAUSE, "for 1000 years")),
        ("time zone New York", sure(Wanted.ZONE, "new york")),
        ("I live in New York", sure(Wanted.ZONE, "new york")),
        ("часовой пояс Владивосток", sure(Wanted.ZONE, "владивосток")),
        ("я живу в Казани", sure(Wanted.ZONE, "казани")),
        ("часовой пояс", sure(Wanted.ZONE)),
        ("скрыть теслу", sure(Wanted.HIDE, "теслу")),
        ("больше не показывай новости про мотоциклы", sure(Wanted.HIDE, "мотоциклы")),
        ("hide tesla", sure(Wanted.HIDE, "tesla")),
        ("don't show me news about Tesla", sure(Wanted.HIDE, "tesla")),
        ("не пиши про утильсбор", sure(Wanted.HIDE, "утильсбор")),
        ("следи за утильсбором", sure(Wanted.FOLLOW, "утильсбором")),
        ("follow recalls", sure(Wanted.FOLLOW, "recalls")),
        ("верни теслу", sure(Wanted.BRING_BACK, "теслу")),
        ("Верните мне новости про теслу", sure(Wanted.BRING_BACK, "теслу")),
        ("снова показывай теслу", sure(Wanted.BRING_BACK, "теслу")),
        ("показывай теслу снова", sure(Wanted.BRING_BACK, "теслу")),
        ("show Tesla again", sure(Wanted.BRING_BACK, "tesla")),
        ("show me news about Tesla again", sure(Wanted.BRING_BACK, "tesla")),
        ("unhide tesla", sure(Wanted.BRING_BACK, "tesla")),
        ("bring tesla back", sure(Wanted.BRING_BACK, "tesla")),
        ("don't hide tesla", sure(Wanted.BRING_BACK, "tesla")),
        ('скрыть слово "зарядка"', sure(Wanted.HIDE, "слово зарядка")),
        ("скрыть слово «новый завод».", sure(Wanted.HIDE, 'слово "новый завод"')),
        ('скрыть "новый завод"', sure(Wanted.HIDE, '"новый завод"')),
        ("hide “tesla”", sure(Wanted.HIDE, "tesla")),
        ('hide "tesla', sure(Wanted.HIDE, "tesla")),
        ('follow battery, "solid state"', sure(Wanted.FOLLOW, 'battery, "solid state"')),
        ('следить за "новый завод"', sure(Wanted.FOLLOW, '"новый завод"')),
    ],
)
def test_a_setting_is_said_in_words(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("меньше теслы", "теслы"),
        ("без пробега", "пробега"),
        ("надоели мотоциклы", "мотоциклы"),
        ("less tesla", "tesla"),
        ("no more motorcycles", "motorcycles"),
        ("mute tesla", "tesla"),
        ("стоп утильсбор", "утильсбор"),
    ],
)
def test_what_might_be_a_search_as_well_is_not_sure(typed: str, about: str) -> None:
    assert read_wish(typed) == Wish(what=Wanted.HIDE, about=about, sure=False)


@pytest.mark.parametrize(
    "typed",
    [
        "", "чери", "утильсбор", "Haval Jolion 2025", "пауза в продажах", "тихие электромобили", "quiet cars", "8",
        "остановка завода", "stopped production", "resume production", "новости Tesla", "время разгона", "14:20",
        "тихие часы закон", "тормоза без скрипа",
        "старт продаж", "start-stop system", "русский автомобиль", "покажи теслу",
        "help\nme", "скрыть", "without", "-мотоциклы", "не бит не крашен",
        "Без диагностической карты полис не выдадут", "Stop driving these Jeeps until the bolts are checked",
    ],
)  # fmt: skip
def test_words_to_look_for_are_no_wish(typed: str) -> None:
    assert read_wish(typed) is None


@given(st.text(max_size=120))
def test_no_typing_breaks_the_reading(typed: str) -> None:
    wish = read_wish(typed)
    assert wish is None or wish.about == wish.about.strip()


@pytest.mark.parametrize(("typed", "about"), [("добавь чери", "чери"), ("add oil", "oil")])
def test_to_add_something_may_be_a_search(typed: str, about: str) -> None:
    assert read_wish(typed) == Wish(what=Wanted.FOLLOW, about=about, sure=False)
