"""An opinion that stands: what its cards say, who changed it, and what can still be done about it."""

from __future__ import annotations

import pytest

from bot.base62 import write_number
from tests.e2e.newsdesk import WORDS, Newsdesk, Seat
from tests.e2e.people import Json, labels, until

BETTER = WORDS.replace("рано", "ещё рано")


async def published(desk: Newsdesk, seat: Seat, words: str = WORDS) -> Json:
    """Let Anna publish, and return what the preview has become."""
    preview = await seat.anna.say(words, reply_to=seat.card)
    await desk.publishes(seat.anna, preview)
    return seat.anna.now(preview)


async def test_what_was_published_is_a_card_that_stays_true(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card = seat.anna, seat.card
        first = await published(desk, seat)
        assert "Вышла в 1 канале." in first["text"]
        assert "добавится" not in first["text"]
        await published(desk, seat, BETTER)
        assert BETTER in anna.now(first)["text"]
        await anna.tap(anna.words("button-desk-off"), anna.now(card))
        await anna.tap(anna.words("button-desk-sure"), anna.now(card))
        for shown in (card, first):
            assert anna.words("card-withdrawn") in anna.now(shown)["text"]
            # It cannot go without an opinion any more: it had one.
            assert anna.words("button-desk-none") not in labels(anna.now(shown))


async def test_who_changes_an_opinion_may_still_withdraw_it(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card = seat.anna, seat.card
        await published(desk, seat)
        await anna.tap(anna.words("button-desk-change"), anna.now(card))
        for dead in ("button-desk-none", "button-desk-later"):
            assert anna.words(dead) not in labels(anna.now(card))
        await anna.tap(anna.words("button-desk-off"), anna.now(card))
        before = len(anna.replies())
        await anna.tap(anna.words("button-cancel"), anna.now(card))
        # The question is gone, and the card is where it was.
        assert len(anna.replies()) == before
        assert anna.words("button-desk-off") in labels(anna.now(card))
        assert anna.words("button-desk-sure") not in labels(anna.now(card))


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_the_desk_reads_who_wrote_what_and_when(desk: Newsdesk, lang: str) -> None:
    async with desk.seated(lang=lang) as seat:
        anna, card = seat.anna, seat.card
        assert anna.words("button-desk-history") not in labels(card)
        await published(desk, seat)
        await published(desk, seat, BETTER)
        await anna.tap(anna.words("button-desk-off"), anna.now(card))
        await anna.tap(anna.words("button-desk-sure"), anna.now(card))
        await anna.tap(anna.words("button-desk-history"), anna.now(card))
        told = anna.now(card)["text"]
        withdrawn, put = (anna.words(f"desk-history-{did}", name="Анна") for did in ("withdrawn", "published"))
        places = [told.index(withdrawn), told.index(BETTER), told.index(WORDS)]
        assert places == sorted(places)
        assert told.count(put) == 2
        await anna.tap(anna.words("button-back"), anna.now(card))
        assert anna.words("card-withdrawn") in anna.now(card)["text"]
        assert (await anna.forge("oc:999999:history")).text == anna.words("stale")


async def test_the_card_of_a_story_that_was_taken_back_says_so(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        number = write_number(seat.story)
        await seat.anna.say(f"/retract {number} Завод опроверг.")
        card = await seat.anna.say(f"/opinion {number}")
        assert seat.anna.words("story-retracted") in card["text"]
        assert seat.anna.words("card-free") not in card["text"]


async def test_who_has_taken_a_story_need_not_reply_to_its_card(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna = seat.anna
        # Before it is taken, words are what is sought; and so are a few words after it.
        assert "Поиск" in (await anna.say(WORDS))["text"]
        await anna.tap(anna.words("button-desk-take"), seat.card)
        assert "Поиск" in (await anna.say("электрические хетчбэки"))["text"]
        preview = await anna.say(WORDS)
        assert preview["text"].startswith(anna.words("desk-preview"))
        anna.people.edit(user_id=anna.id, message_id=preview["reply_to_message_id"], text=BETTER)
        await until(lambda: any(BETTER in one["text"] for one in anna.replies()), anna.transcript)
        assert (await desk.kept(seat.story)).draft == BETTER
