"""The walk of a subscriber, row by row: what each command and button says to somebody who reads Russian, or English.

Each row stands for itself; the rooms' own tests go into the corners.
"""

from __future__ import annotations

import pytest

from feeds.issue import ChatState
from feeds.model import StoryId
from tests.e2e.gazette import LEAPMOTOR
from tests.e2e.people import Json, Reader, buttons, labels, numbered, tap_word, until
from tests.e2e.town import Town

Titles = dict[str, StoryId]


@pytest.fixture(params=["ru", "en"])
def reader(town: Town, request: pytest.FixtureRequest) -> Reader:
    return Reader(town, request.param)


async def issue_of(reader: Reader) -> Json:
    """Ask for an issue and return it."""
    await reader.say("/start")
    await reader.tap(reader.words("button-show"))
    return await until(lambda: next((one for one in reader.replies() if numbered(one)), None), "an issue")


async def card_of(reader: Reader) -> Json:
    """Open the first story of an issue."""
    issue = await issue_of(reader)
    await reader.tap("1", issue)
    return await reader.after(issue["message_id"], "a card")


async def test_start_greets_with_topics_to_tap_and_one_button_to_the_first_issue(reader: Reader) -> None:
    welcome = await reader.say("/start")
    assert welcome["text"] == reader.words("welcome")
    assert len(labels(welcome)) == 9
    assert labels(welcome)[-1] == reader.words("button-show")


async def test_the_second_tap_opens_an_issue_which_asks_whether_to_come_every_day(reader: Reader) -> None:
    issue = await issue_of(reader)
    assert reader.words("ask-subscribe") in issue["text"]
    asked = [reader.words(f"button-{name}") for name in ("morning", "evening", "both", "other-time")]
    assert [label for label in labels(issue) if label in asked] == asked


async def test_the_third_tap_subscribes_and_says_when_the_next_one_comes(reader: Reader) -> None:
    await reader.subscribe()
    assert "8:00" in reader.last["text"]
    assert "/stop" in reader.last["text"]
    assert (await reader.known()).state is ChatState.ACTIVE


async def test_topics_are_ticked_in_place_with_tabs_to_makes_and_what_is_hidden(reader: Reader) -> None:
    screen = await reader.say("/topics")
    topic = labels(screen)[0]
    toast = await reader.tap(topic, screen)
    assert toast.text == reader.words("topic-added", name=topic)
    assert f"✓ {topic}" in labels(reader.now(screen))
    tabs = {reader.words("button-list-m"), reader.words("button-list-hidden")}
    assert tabs <= set(labels(reader.now(screen)))


async def test_digest_brings_what_is_new_and_kindly_says_when_nothing_is(reader: Reader) -> None:
    await reader.say("/start")
    await reader.tap(reader.words("button-show"))
    for _ in range(6):
        if not numbered(answer := await reader.say("/digest")):
            break
    assert answer["text"] in {reader.words("nothing-left"), reader.words("nothing-yet"), reader.words("nothing-at-all")}


async def test_a_number_opens_a_card_to_read_keep_judge_and_share(reader: Reader) -> None:
    card = await card_of(reader)
    shown = labels(card)
    for key in ("button-keep", "button-why"):
        assert reader.words(key) in shown
    assert {"👍", "👎"} <= set(shown)
    assert any("url" in one for one in buttons(card))
    why = await reader.tap(reader.words("button-why"), card)
    assert why.alert or reader.last["message_id"] > card["message_id"]


async def test_a_vote_is_ticked_and_said(reader: Reader) -> None:
    card = await card_of(reader)
    assert (await reader.tap("👍", card)).text == reader.words("vote-for")
    assert "✓ 👍" in labels(reader.now(card))


async def test_less_like_this_offers_what_to_hide(reader: Reader) -> None:
    card = await card_of(reader)
    before = labels(card)
    await reader.tap(reader.words("button-hide"), card)
    assert labels(reader.now(card)) != before or reader.last["message_id"] > card["message_id"]


async def test_what_is_kept_stands_in_saved(reader: Reader) -> None:
    assert (await reader.say("/saved"))["text"] == reader.words("saved-none")
    card = await card_of(reader)
    await reader.tap(reader.words("button-keep"), card)
    assert card["text"].split("\n")[0] in (await reader.say("/saved"))["text"]


async def test_times_are_ticked_on_a_grid_and_typed(reader: Reader) -> None:
    grid = await reader.say("/time")
    assert "8:00" in (await reader.tap("8:00", grid)).text
    assert "✓ 8:00" in labels(reader.now(grid))
    assert "7:15" in (await reader.say("/time 7:15"))["text"]


async def test_the_zone_is_asked_by_the_clock(reader: Reader) -> None:
    grid = await reader.say("/zone")
    assert reader.words("zone-question") in grid["text"]
    assert reader.words("button-type-city") in labels(grid)


async def test_quiet_hours_are_chosen_or_switched_off(reader: Reader) -> None:
    screen = await reader.say("/quiet")
    assert "23–8" in screen["text"]
    screen = await tap_word(reader, screen, "button-quiet-off")
    assert (await reader.known()).settings.quiet is None


async def test_a_search_finds_a_story_in_any_form_of_its_words(reader: Reader) -> None:
    await reader.say("/start")
    found = await reader.say("/search leapmotor")
    assert "Leapmotor" in found["text"]
    assert reader.words("button-follow") in labels(found)


async def test_inline_words_find_stories_for_any_chat(town: Town, reader: Reader) -> None:
    asked = reader.people.ask_inline(user_id=reader.id, query="leapmotor")["inline_query_id"]

    def answer() -> Json | None:
        log = [one for one in town.sandbox.log if one.method == "answerInlineQuery"]
        return next((one.parameters for one in log if one.parameters["inline_query_id"] == asked), None)

    assert "Leapmotor" in str((await until(answer, "an answer"))["results"])


async def test_settings_show_everything(reader: Reader) -> None:
    await reader.subscribe()
    shown = await reader.say("/settings")
    for said in (reader.words("topics-all"), "8:00"):
        assert said in shown["text"]
    for look in ("light", "accessible"):
        assert reader.words(f"look-{look}", value=reader.words("look-off")) in labels(shown)


async def test_the_language_changes_at_a_tap(reader: Reader) -> None:
    screen = await reader.say("/lang")
    other = "en" if reader.words.lang == "ru" else "ru"
    await reader.tap(reader.words(f"language-{other}"), screen)
    assert (await reader.known()).lang == other


async def test_help_is_short_and_leads_everywhere(reader: Reader) -> None:
    shown = await reader.say("/help")
    assert shown["text"] == reader.words("help")
    assert len(labels(shown)) == 8


async def test_a_pause_is_typed_and_undone(reader: Reader) -> None:
    await reader.subscribe()
    screen = await reader.say("/mute 3d")
    assert (await reader.known()).paused_until is not None
    await tap_word(reader, screen, "button-unpause")


async def test_stop_offers_to_resume_to_delete_and_asks_why(reader: Reader) -> None:
    await reader.subscribe()
    screen = await reader.say("/stop")
    reasons = [reader.words(f"button-departure-{name}") for name in ("often", "other", "repeats")]
    assert labels(screen) == [reader.words("button-resume"), *reasons, reader.words("button-delete")]


async def test_privacy_leads_to_export_and_delete(reader: Reader) -> None:
    screen = await reader.say("/privacy")
    assert labels(screen) == [reader.words("button-export"), reader.words("button-delete")]
    await reader.tap(reader.words("button-export"), screen)
    assert await reader.wait_for(reader.words("export-comes"))
    question = await tap_word(reader, screen, "button-delete")
    assert labels(question) == [reader.words("button-delete-all"), reader.words("button-cancel")]


async def test_a_link_to_a_story_opens_its_card(reader: Reader, keys: Titles) -> None:
    await reader.say(f"/start s_{keys[LEAPMOTOR]}")
    assert LEAPMOTOR in reader.transcript()
