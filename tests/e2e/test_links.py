"""Links that lead here, the first three taps, and coming back: on every way somebody may come."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.base62 import write_number
from bot.i18n import LANGUAGES
from feeds.issue import ChatState, PauseReason
from feeds.model import StoryId
from tests.e2e.gazette import FEE, LEAPMOTOR, channel_of
from tests.e2e.people import Reader, buttons, labels, numbered
from tests.e2e.town import Town

BOTH = pytest.mark.parametrize("lang", LANGUAGES)


# Links


@BOTH
@pytest.mark.parametrize("payload", ["t_ev-cn", "t_ev_china"])
async def test_a_link_to_topics_chooses_them_for_somebody_new(town: Town, lang: str, payload: str) -> None:
    reader = Reader(town, lang)
    welcome = await reader.say(f"/start {payload}")
    assert welcome["text"] == reader.words("welcome")
    assert (await reader.known()).topics == {"ev", "china"}
    assert [label[0] for label in labels(welcome)[:3]].count("✓") == 2
    assert len(buttons(welcome)) == 9


async def test_a_topic_of_a_link_stays_on_the_screen_when_it_is_tapped_off(town: Town) -> None:
    reader = Reader(town)
    welcome = await reader.say("/start t_motorsport")
    assert labels(welcome)[0] == "✓ Автоспорт"
    await reader.tap("✓ Автоспорт", welcome)
    assert labels(reader.now(welcome))[0] == "Автоспорт"
    assert (await reader.known()).topics == frozenset()


async def test_a_link_to_topics_narrows_nothing_for_a_subscriber(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    offered = await reader.say("/start t_ev-cn")
    assert (await reader.known()).topics == frozenset()
    assert len(labels(offered)) == 3
    await reader.tap(labels(offered)[0], offered)
    assert (await reader.known()).topics == {"ev"}


@BOTH
async def test_a_link_to_a_story_shows_it_first_and_then_greets_whoever_is_new(
    town: Town, keys: dict[str, StoryId], lang: str
) -> None:
    reader = Reader(town, lang)
    await reader.say(f"/start s_{write_number(keys[LEAPMOTOR])}")
    await reader.wait_for(reader.words("welcome"))
    card, welcome = reader.replies()
    assert card["text"].startswith(LEAPMOTOR)
    assert len(buttons(welcome)) == 9
    await reader.subscribe()
    before = len(reader.replies())
    await reader.say(f"/start s_{write_number(keys[FEE])}")
    await reader.say("/settings")
    assert [one["text"].splitlines()[0] for one in reader.replies()[before:]] == [
        FEE,
        reader.words("settings-title", where=""),
    ]


@pytest.mark.parametrize("form", ["c_{word}", "c_{key}_17_0"])
async def test_the_mix_of_a_public_channel_is_taken_over_by_name(town: Town, form: str) -> None:
    key = await channel_of(town, "Автоновости", username="autonews", owner=Reader(town, name="Олег").id)
    reader = Reader(town)
    welcome = await reader.say("/start " + form.format(word=write_number(key), key=key))
    assert "«Автоновости»" in welcome["text"]
    person = await reader.known()
    assert person.topics == {"china", "motorsport"}
    assert person.words == ("утильсбор",)
    await reader.tap("✓ Китай", welcome)
    assert "«Автоновости»" in reader.now(welcome)["text"]


async def test_a_private_channel_is_named_to_nobody_and_known_to_its_members_only(town: Town) -> None:
    owner = Reader(town, name="Олег")
    key = await channel_of(town, "Закрытый клуб", owner=owner.id)
    stranger = Reader(town)
    welcome = await stranger.say(f"/start c_{write_number(key)}")
    assert (welcome["text"], (await stranger.known()).topics) == (stranger.words("welcome"), frozenset())
    await owner.say("/start")
    await owner.say(f"/start c_{write_number(key)}")
    # Between the two somebody who runs a channel is also asked whether to set it up.
    taken = await owner.wait_for(owner.words("mix-taken-some"))
    assert "Закрытый" not in taken["text"]
    assert (await owner.known()).words == ("утильсбор",)


async def test_a_subscriber_is_asked_before_a_mix_replaces_what_they_have(town: Town) -> None:
    key = await channel_of(town, "Автоновости", username="autonews", owner=Reader(town, name="Олег").id)
    reader = Reader(town)
    await reader.subscribe()
    offer = await reader.say(f"/start c_{write_number(key)}")
    assert (await reader.known()).topics == frozenset()
    await reader.tap(reader.words("button-mix"), offer)
    assert (await reader.known()).topics == {"china", "motorsport"}
    assert "Китай" in reader.now(offer)["text"]


async def test_nobody_takes_over_what_a_person_has_chosen(town: Town) -> None:
    other = Reader(town, name="Вера")
    await other.say("/start t_ev")
    reader = Reader(town)
    welcome = await reader.say(f"/start c_{write_number((await other.known()).id)}")
    assert welcome["text"] == reader.words("welcome")
    assert (await reader.forge(f"mx:{(await other.known()).id}")).alert
    assert (await reader.known()).topics == frozenset()


HOSTILE = ("s_", "s_ZZZZZZZZZZZZ", "s_99", "c_", "c_0", "c_1_2", "c_9999999999999999999_1_1", "t_", "t_нет", "t___",
           "' OR 1=1 --", "<b>x</b>", "💥" * 64, "\u202eабв", "a" * 64, "d", "..")  # fmt: skip


@BOTH
async def test_a_broken_link_is_a_greeting_like_any_other(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    for payload in HOSTILE:
        sent = await reader.say(f"/start {payload}")
        if sent["text"] == reader.words("story-gone"):
            sent = await reader.after(sent["message_id"])
        assert sent["text"] == reader.words("welcome"), payload
    person = await reader.known()
    assert (person.topics, person.words, person.state) == (frozenset(), (), ChatState.NEW)


# The first issue


@BOTH
async def test_three_taps_lead_to_a_subscription(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    await reader.say("/start")
    await reader.tap(reader.words("button-show"))
    first = await reader.wait_for(reader.words("ask-subscribe"))
    assert numbered(first)
    await reader.tap(reader.words("button-morning"), first)
    assert reader.words("button-morning") not in labels(reader.now(first))
    person = await reader.known()
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))
    if lang == "en":
        clocks = await reader.wait_for(reader.words("clock-question"))
        assert {reader.words("button-type-city"), reader.words("button-location")} <= set(labels(clocks))
        await reader.tap(next(label for label in labels(clocks) if "New York" in label), clocks)
        person = await reader.known()
        assert person.zone == "America/New_York"
        assert person.next_at is not None
        assert person.next_at.astimezone(ZoneInfo("America/New_York")).hour == 8
        assert "New York" in reader.now(clocks)["text"]
    else:
        assert reader.last["text"].startswith("Готово")


@BOTH
async def test_quiet_topics_are_said_to_be_quiet_and_the_best_of_all_is_shown(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    welcome = await reader.say("/start t_classics")
    await reader.tap(reader.words("button-show"), welcome)
    first = await reader.wait_for(reader.words("ask-subscribe"))
    assert reader.replies()[1]["text"] == reader.words("quiet-topics")
    assert numbered(first)


async def test_topics_without_news_today_are_looked_for_in_three_days(town: Town) -> None:
    reader = Reader(town)
    welcome = await reader.say("/start t_motorsport")
    await reader.tap(reader.words("button-show"), welcome)
    first = await reader.wait_for(reader.words("ask-subscribe"))
    assert "за 3" in first["text"]
    assert len(numbered(first)) == 1
    assert len(reader.replies()) == 2


async def test_who_blocked_the_bot_finds_everything_as_it_was(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    await reader.say("/topics +утильсбор")
    reader.people.block(user_id=reader.id)
    await town.becomes(reader.id, ChatState.PAUSED, PauseReason.BLOCKED)
    reader.people.unblock(user_id=reader.id)
    back = await reader.say("/start")
    assert back["text"] == reader.words("welcome-back")
    person = await reader.known()
    assert (person.state, person.times, person.words) == (ChatState.ACTIVE, (480,), ("утильсбор",))


async def test_a_deep_link_chooses_its_topics_and_ignores_the_rest(town: Town) -> None:
    reader = Reader(town)
    welcome = await reader.say("/start t_ev_china_nosuch")
    assert {"✓ Электромобили", "✓ Китай"} <= set(labels(welcome))
    assert (await reader.known()).topics == {"ev", "china"}
