"""A subscriber's walk through the real bot: from START to the second issue, and every turn they may take."""

from __future__ import annotations

import re

import aiohttp
import pytest

from bot.demo import Stage
from bot.i18n import words_for
from tests.e2e.people import Reader, buttons, labels, links, numbered, parts, turn_to_next_issue, until
from tests.e2e.town import Town


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_topics_toggle_in_place_from_the_first_message_on(town: Town, lang: str) -> None:
    reader = Reader(town, lang)
    welcome = await reader.say("/start")
    *toggles, show = buttons(welcome)
    assert len(toggles) == 8
    assert show["text"] == reader.words("button-show")
    topic = toggles[2]["text"]
    toast = await reader.tap(topic, welcome)
    assert (toast.text, toast.alert) == (reader.words("topic-added", name=topic), False)
    assert labels(reader.now(welcome))[2] == f"✓ {topic}"
    assert reader.now(welcome)["text"] == welcome["text"]
    toast = await reader.tap(f"✓ {topic}", reader.now(welcome))
    assert toast.text == reader.words("topic-removed", name=topic)
    assert labels(reader.now(welcome)) == labels(welcome)
    assert len(reader.replies()) == 1


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_the_first_issue_can_be_read_whole_and_every_link_in_it_leads_somewhere(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    first = await reader.subscribe()
    headlines = numbered(first)
    assert 5 <= len(headlines) <= 7
    bold = [text for text, _ in parts(first, "bold")]
    assert set(headlines) < set(bold)
    addresses = links(first)
    assert [text for text, _ in parts(first, "text_link")] == headlines
    async with aiohttp.ClientSession() as session:
        for address in addresses:
            assert address.startswith(stage.newsroom.url)
            async with session.get(address) as page:
                assert page.status == 200, address
    outlets = {feed.name for feed in stage.newsroom.feeds if feed.lang == lang}
    origins = [text for text, _ in parts(first, "italic")]
    assert len(origins) == len(headlines)
    assert all(any(outlet in origin for outlet in outlets) for origin in origins)
    assert len(parts(first, "date_time")) == len(headlines)
    lines = first["text"].split("\n")
    assert all(len(lines[lines.index(f"{n}. {headline}") + 1]) > 40 for n, headline in enumerate(headlines, 1))


async def test_who_has_subscribed_can_still_open_the_stories_of_the_first_issue(town: Town) -> None:
    reader = Reader(town)
    first = await reader.subscribe()
    below = labels(reader.now(first))
    assert below[: len(numbered(first))] == [str(number) for number in range(1, len(numbered(first)) + 1)]
    assert reader.words("button-morning") not in below
    await reader.tap("1", reader.now(first))
    await reader.wait_for(reader.words("card-source", source="").split(":")[0])
    said = len(reader.replies())
    twice = next(one["callback_data"] for one in buttons(first) if one["text"] == reader.words("button-morning"))
    assert (await reader.forge(twice, message_id=first["message_id"])).text
    assert len(reader.replies()) == said


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_an_opinion_stands_apart_from_the_facts_and_says_whose_it_is(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    first = await reader.subscribe()
    quotes = parts(first, "blockquote", "expandable_blockquote")
    assert quotes
    headings = {word for feed in stage.newsroom.feeds if feed.lang == lang for word in feed.opinion_headings}
    outlets = [feed.name for feed in stage.newsroom.feeds if feed.lang == lang]
    bold = [text for text, _ in parts(first, "bold")]
    for quote, entity in quotes:
        label = next(text for text in bold if quote.startswith(text))
        assert any(label.startswith(heading) for heading in headings), label
        # The first letters: «Мнение «Рынка колёс»» names «Рынок колёс».
        assert any(outlet[:3].casefold() in label.casefold() for outlet in outlets), label
        assert (entity["type"] == "expandable_blockquote") == (len(quote) - len(label) - 1 > 220)
        facts = first["text"].replace(quote, "", 1)
        assert quote[len(label) + 1 :][:60] not in facts


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_the_next_issue_comes_once_and_repeats_no_story(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    first = await reader.subscribe()
    confirmed = reader.last
    assert "8:00" in confirmed["text"]
    assert "/stop" in confirmed["text"]
    assert reader.words("button-morning") not in labels(reader.now(first))
    await turn_to_next_issue(stage)
    second = await reader.wait_for(reader.words("digest-next"))
    assert not set(links(first)) & set(links(second))
    assert not set(numbered(first)) & set(numbered(second))
    said = len(reader.replies())
    stage.app.publish_bell.ring()
    read = {*links(first), *links(second)}
    while issue := links(await reader.say("/digest")):
        assert read.isdisjoint(issue)
        read |= set(issue)
        said += 1
    assert len(reader.replies()) == said + 1
    assert reader.last["text"].startswith(reader.words("nothing-since", when="").split("(")[0])


async def test_asking_again_when_all_is_read_says_so_kindly_and_offers_all_topics(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.say("/start")
    await reader.tap(reader.words("button-show"))
    await reader.wait_for(reader.words("ask-subscribe"))
    for _ in range(9):
        if not numbered(await reader.say("/digest")):
            break
    assert reader.last["text"] == reader.words("nothing-left")
    await reader.say("/start")
    await reader.tap("Тест-драйвы")
    await reader.say("/digest")
    assert labels(reader.last) == [reader.words("button-all-topics")]
    assert (await reader.tap(reader.words("button-all-topics"))).text == ""


@pytest.mark.parametrize(("typed", "found"), [("чери", "Chery"), ("ЧЕРИ", "Chery"), ("haval", "Haval")])
async def test_a_make_is_found_as_people_write_it(town: Town, typed: str, found: str) -> None:
    reader = Reader(town)
    offered = await reader.say(f"/topics {typed}")
    assert labels(offered)[0] == found
    await reader.tap(found)
    assert labels(reader.now(offered))[0] == f"✓ {found}"
    assert len((await reader.known()).topics) == 1


async def test_plain_words_are_taken_for_a_topic_and_nonsense_gets_a_hint(town: Town) -> None:
    reader = Reader(town)
    assert "Haval" in labels(await reader.say("хавейл"))
    assert "щзщзщз" in (await reader.say("/topics щзщзщз"))["text"]
    for nonsense in ("щзщзщз", "?", "12345", "a" * 4096):
        assert "/help" in (await reader.say(nonsense))["text"]


async def test_the_list_of_topics_turns_round_and_has_the_makes_behind_a_tab(town: Town) -> None:
    reader = Reader(town)
    topics = await reader.say("/topics")
    seen: list[str] = []
    pages = int(labels(topics)[9].split()[-1])
    for page in range(1, pages + 1):
        assert f"{page} из {pages}" in labels(reader.now(topics))
        seen += [one["text"] for one in buttons(reader.now(topics)) if re.match(r"t:0:t:\w", one["callback_data"])]
        await reader.tap(reader.words("button-next"), reader.now(topics))
    assert len(set(seen)) == len(seen) > 16
    assert labels(reader.now(topics)) == labels(topics)
    await reader.tap(reader.words("button-list-m"), reader.now(topics))
    makes = reader.now(topics)
    await reader.tap(labels(makes)[0], makes)
    assert labels(reader.now(topics))[0].startswith("✓ ")
    await reader.tap(reader.words("button-done"), reader.now(topics))
    assert labels(makes)[0] in reader.now(topics)["text"]


async def test_times_can_be_typed_as_people_say_them(town: Town) -> None:
    reader = Reader(town)
    shown = await reader.say("/time 7:15 и 19:00")
    assert "каждый день в 7:15 и 19:00" in shown["text"]
    assert (await reader.known()).times == (7 * 60 + 15, 19 * 60)
    assert "завтрак" in (await reader.say("/time после завтрака"))["text"]
    assert (await reader.known()).times == (7 * 60 + 15, 19 * 60)
    assert "Самара" in " ".join(labels(await reader.say("/time самара")))
    assert (await reader.known()).zone == "Europe/Samara"


async def test_times_are_tapped_on_a_grid_up_to_four_and_the_zone_by_its_clock(town: Town) -> None:
    reader = Reader(town)
    grid = await reader.say("/time")
    for hour in (8, 12, 19, 22):
        toast = await reader.tap(f"{hour}:00", reader.now(grid))
        assert f"{hour}:00" in toast.text
    refused = await reader.tap("23:00", reader.now(grid))
    assert refused.alert
    await reader.tap("✓ 12:00", reader.now(grid))
    assert (await reader.known()).times == (8 * 60, 19 * 60, 22 * 60)
    zone = next(label for label in labels(reader.now(grid)) if label.startswith("Часовой пояс"))
    await reader.tap(zone, reader.now(grid))
    clocks = labels(reader.now(grid))
    assert len(clocks) == 15
    await reader.tap(next(label for label in clocks if "Владивосток" in label), reader.now(grid))
    person = await reader.known()
    assert person.zone == "Asia/Vladivostok"
    assert person.next_at is not None
    local = person.next_at.astimezone(town.clock().tzinfo)
    assert local.minute == 0
    assert (local.hour + 10) % 24 in (8, 19, 22)


async def test_the_language_changes_words_menu_and_news_at_once(stage: Stage) -> None:
    reader = Reader(stage)
    screen = await reader.say("/lang")
    await reader.tap("English", screen)
    english = words_for("en")
    assert english("language-question") in reader.now(screen)["text"]
    menu = reader.people.state(user_id=reader.id)["commands"]
    assert english("command-digest") in [command["description"] for command in menu]
    await reader.say("/digest")
    issue = await reader.wait_for("Cars today")
    assert all("kerbside" in link or "charging-post" in link for link in links(issue))
    refused = await reader.tap("✓ news in English", reader.now(screen))
    assert refused.alert


async def test_settings_show_everything_and_lead_everywhere(town: Town) -> None:
    reader = Reader(town)
    await reader.subscribe()
    await reader.say("/topics чери")
    await reader.tap("Chery")
    settings = await reader.say("/settings")
    for fact in ("Chery", "каждый день в 8:00", "Москва", "новости на русском"):
        assert fact in settings["text"]
    for label in labels(settings)[:4]:
        await reader.tap(label, reader.now(settings))
        assert reader.now(settings)["text"] != settings["text"]
        if reader.words("button-done") in labels(reader.now(settings)):
            await reader.tap(reader.words("button-done"), reader.now(settings))
        else:
            await reader.forge("z:0:settings", message_id=settings["message_id"])


async def test_two_people_at_once_get_each_their_own(stage: Stage) -> None:
    readers = [Reader(stage, lang) for lang in ("ru", "en") * 5]
    for reader in readers:
        reader.people.say(user_id=reader.id, text="/start")
    for reader in readers:
        await until(lambda one=reader: one.replies(), "a welcome")  # type: ignore[misc]
        assert reader.last["text"] == reader.words("welcome")
        await reader.tap(reader.words("button-show"))
    for reader in readers:
        issue = await reader.wait_for(reader.words("ask-subscribe"))
        assert len(numbered(issue)) >= 5
