from __future__ import annotations

import pytest
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from bot.i18n import LANGUAGES, words_for
from bot.questions import OPEN, Ask, Question
from bot.subscriber.answers import asked_on, is_answer
from tests.samples import NOW

CASES = (
    (Question(ask=Ask.CLOCK), ("14:20", "14", "UTC+3", "Казань", "berlin", "Казнь"), ("haval", "утильсбор", "да")),
    (Question(ask=Ask.CLOCK, detail="Asia/Tokyo"), ("да", "Yes!"), ("нет",)),
    (Question(ask=Ask.TIMES), ("8", "8 19", "7:15 и 19:00", "по будням в 8"), ("25", "Mazda 3", "чери")),
    (Question(ask=Ask.WEEKLY), ("вс", "воскресенье в 10", "9"), ("чери",)),
    (Question(ask=Ask.WEEKLY, detail="7"), ("10", "в 10:30"), ("чери",)),
    (Question(ask=Ask.QUIET), ("22-7", "с 22 до 7", "выкл", "from 10 to 10"), ("22", "чери")),
    (Question(ask=Ask.QUIET, detail="22"), ("7", "22-7"), ("чери",)),
    (Question(ask=Ask.SIGNATURE), ("Автоновости каждый день",), ("Что нового у Теслы?", "What's new with Tesla? ")),
    (Question(ask=Ask.PAUSE), ("3 дня", "неделю", "до утра", "until Monday"), ("3", "чери", "пауза в продажах")),
)


@pytest.mark.parametrize(("question", "answers", "others"), CASES)
def test_what_can_be_read_as_an_answer_is_one(
    question: Question, answers: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert [text for text in answers if not is_answer(question, text, now=NOW)] == []
    assert [text for text in others if is_answer(question, text, now=NOW)] == []


@pytest.mark.parametrize("ask", Ask)
def test_who_wants_to_stop_is_heard_whatever_was_asked(ask: Ask) -> None:
    question = Question(ask=ask)
    assert not any(
        is_answer(question, text, now=NOW) for text in ("стоп", "Stop", "помощь", "resume", "я живу в Казани")
    )
    assert is_answer(question, "любые слова", now=NOW) is (ask in OPEN)


def screen(text: str, *, data: str | None = None, by_bot: bool = True) -> Message:
    keyboard = None
    if data is not None:
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data=data)]])
    return Message(
        message_id=1,
        date=NOW,
        chat=Chat(id=7, type="private"),
        from_user=User(id=42, is_bot=by_bot, first_name="B"),
        text=text,
        reply_markup=keyboard,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_screen_is_known_by_its_first_line_and_the_channel_by_its_buttons(lang: str) -> None:
    words = words_for(lang)
    times = words("times-title", where="")
    assert asked_on(screen(f"{times}\n8:00")) == Question(ask=Ask.TIMES)
    assert asked_on(screen(words("zone-question"))) == Question(ask=Ask.CLOCK)
    assert asked_on(screen(f"{times} — Гараж\n8:00", data="tm:15:480")) == Question(ask=Ask.TIMES, chat=15)
    assert asked_on(screen(f"{times} — Гараж\n8:00")) is None
    assert asked_on(screen(f"{times} — Гараж", data="tm:x")) is None
    assert asked_on(screen(times, by_bot=False)) is None
    assert asked_on(screen("Авто за день")) is None
