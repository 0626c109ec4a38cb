"""An editor puts a story right or takes it back, in every message that tells it."""

from __future__ import annotations

import pytest

from bot.base62 import write_number
from tests.e2e.newsdesk import HEADLINE, LEAD, Newsdesk
from tests.e2e.people import Reader, labels

WHY = "Завод опроверг: <b>сборки</b> нет & не было."


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_story_is_taken_back_everywhere_and_stands_again_at_a_tap(desk: Newsdesk, lang: str) -> None:
    async with desk.seated(lang=lang) as seat:
        anna, words = seat.anna, seat.anna.words
        before = desk.posts(seat.channel)[0]["text"]
        told = await anna.say(f"/retract №\u00a0{write_number(seat.story)}  {WHY}")
        assert words("amend-retract-done") in told["text"]
        assert WHY in told["text"]
        assert told["text"].endswith(words("amend-copies", count=1))
        desk.app.living.redraw_bell.ring()
        post = await desk.says(seat.channel, WHY, HEADLINE)
        assert LEAD[:20] not in post["text"]
        # Nobody is told it as news any more.
        reader = Reader(desk, name="Иван")
        await reader.say("/start")
        assert HEADLINE not in (await reader.say("/digest"))["text"]

        await anna.tap(words("button-amend-restore"), told)
        assert anna.now(told)["text"].startswith(words("amend-restored", headline=HEADLINE))
        assert labels(anna.now(told)) == []
        desk.app.living.redraw_bell.ring()
        assert (await desk.says(seat.channel, HEADLINE, LEAD[:20]))["text"] == before


async def test_a_correction_in_an_editors_words_stands_under_the_headline(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        story = await desk.app.store.news.story(seat.story)
        assert story is not None
        told = await seat.anna.say(f"/correct {story.items[0].item.url} Не тысяча, а сто машин.")
        assert "Исправлено: Не тысяча, а сто машин." in told["text"]
        desk.app.living.redraw_bell.ring()
        await desk.says(seat.channel, "Исправлено: Не тысяча, а сто машин.", HEADLINE)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("/retract", "amend-retract-usage"),
        ("/retract 4F", "amend-retract-usage"),
        ("/correct", "amend-correct-usage"),
        ("/retract 4F " + "ж" * 201, "note-too-long"),
        ("/retract https://nowhere.example/1 Неправда", "address-unknown"),
        ("/correct тесла Неправда", "opinion-not-found"),
    ],
)
async def test_what_cannot_be_done_is_said_and_nothing_changes(desk: Newsdesk, said: str, key: str) -> None:
    async with desk.seated() as seat:
        facts: dict[str, str | float] = {"most": 200, "length": 201, "text": "тесла"}
        assert (await seat.anna.say(said))["text"] == seat.anna.words(key, **facts)
        assert await desk.app.store.marks.of([seat.story]) == {}


async def test_only_who_is_at_the_desk_may(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        stranger = Reader(desk, name="Иван")
        await stranger.say("/start")
        await stranger.say(f"/retract {write_number(seat.story)} Неправда")
        assert await desk.app.store.marks.of([seat.story]) == {}
        told = await seat.anna.say(f"/retract {write_number(seat.story)} Неправда")
        restore = told["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await stranger.forge(restore)
        assert (await desk.app.store.marks.of([seat.story]))[seat.story].marks.retracted_at is not None
        await seat.anna.tap(seat.anna.words("button-amend-restore"), told)
        assert (await seat.anna.forge(restore)).alert
