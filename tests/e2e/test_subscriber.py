"""A subscriber's walk through the real bot: from START to the second issue, and every turn they may take."""

from __future__ import annotations

import re

import aiohttp
import pytest

from bot.demo import Stage
from bot.i18n import words_for
from feeds.issue import ChatState, PauseReason
from tests.e2e.people import Reader, buttons, labels, links, numbered, parts, turn_to_next_issue, until


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_topics_toggle_in_place_from_the_first_message_on(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
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
    assert buttons(reader.now(first)) == []
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
async def test_a_make_is_found_as_people_write_it(stage: Stage, typed: str, found: str) -> None:
    reader = Reader(stage)
    offered = await reader.say(f"/topics {typed}")
    assert labels(offered)[0] == found
    await reader.tap(found)
    assert labels(reader.now(offered))[0] == f"✓ {found}"
    assert len((await reader.known()).topics) == 1


async def test_plain_words_are_taken_for_a_topic_and_nonsense_gets_a_hint(stage: Stage) -> None:
    reader = Reader(stage)
    assert "Haval" in labels(await reader.say("хавейл"))
    assert "щзщзщз" in (await reader.say("/topics щзщзщз"))["text"]
    for nonsense in ("щзщзщз", "?", "12345", "a" * 4096):
        assert "/help" in (await reader.say(nonsense))["text"]


async def test_the_list_of_topics_turns_round_and_has_the_makes_behind_a_tab(stage: Stage) -> None:
    reader = Reader(stage)
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


async def test_times_can_be_typed_as_people_say_them(stage: Stage) -> None:
    reader = Reader(stage)
    shown = await reader.say("/time 7:15 и 19:00")
    assert "каждый день в 7:15 и 19:00" in shown["text"]
    assert (await reader.known()).times == (7 * 60 + 15, 19 * 60)
    assert "завтрак" in (await reader.say("/time после завтрака"))["text"]
    assert (await reader.known()).times == (7 * 60 + 15, 19 * 60)
    assert "Самара" in " ".join(labels(await reader.say("/time самара")))
    assert (await reader.known()).zone == "Europe/Samara"


async def test_times_are_tapped_on_a_grid_up_to_four_and_the_zone_by_its_clock(stage: Stage) -> None:
    reader = Reader(stage)
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
    assert len(clocks) == 13
    await reader.tap(next(label for label in clocks if "Владивосток" in label), reader.now(grid))
    person = await reader.known()
    assert person.zone == "Asia/Vladivostok"
    assert person.next_at is not None
    local = person.next_at.astimezone(stage.clock().tzinfo)
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


async def test_settings_show_everything_and_lead_everywhere(stage: Stage) -> None:
    reader = Reader(stage)
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


async def test_who_stops_gets_nothing_until_they_resume(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.subscribe()
    stopped = await reader.say("/stop")
    assert (await reader.known()).state is ChatState.STOPPED
    stage.sandbox.person.turn_clock(advance=48 * 3600)
    stage.app.publish_bell.ring()
    assert "С возвращением" in (await reader.say("/start"))["text"]
    said = len(reader.replies())
    await reader.tap(reader.words("button-resume"), stopped)
    person = await reader.known()
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))
    await turn_to_next_issue(stage)
    await until(lambda: len(reader.replies()) == said + 1, "the issue after resuming")


async def test_who_deletes_everything_leaves_no_row_behind(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.subscribe()
    assert (await reader.known()).topics == frozenset()
    privacy = await reader.say("/privacy")
    await reader.tap(reader.words("button-delete"), privacy)
    await reader.tap(reader.words("button-cancel"), reader.now(privacy))
    assert (await reader.known()).state is ChatState.ACTIVE
    privacy = await reader.say("/privacy")
    await reader.tap(reader.words("button-delete"), privacy)
    await reader.tap(reader.words("button-delete-all"), reader.now(privacy))
    assert "/start" in reader.now(privacy)["text"]
    assert await reader.chat() is None
    counts = await stage.app.health()
    assert not any(dict(counts["outbox"]).values())  # type: ignore[call-overload]
    assert not any(dict(counts["chats"]).values())  # type: ignore[call-overload]


async def test_who_blocks_the_bot_and_comes_back_finds_everything_as_it_was(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.subscribe()
    await reader.say("/topics чери")
    await reader.tap("Chery")
    await reader.tap("✓ Chery", reader.now(reader.last))
    reader.people.block(user_id=reader.id)
    await until(lambda: _paused(reader), "the pause")
    stage.sandbox.person.turn_clock(advance=26 * 3600)
    stage.app.publish_bell.ring()
    said = len(reader.replies())
    reader.people.unblock(user_id=reader.id)

    async def back() -> bool:
        return (await reader.known()).state is ChatState.ACTIVE

    await until(back, "the end of the pause")
    assert (await reader.known()).times == (480,)
    assert len(reader.replies()) == said
    await turn_to_next_issue(stage)
    await until(lambda: len(reader.replies()) == said + 1, "the issue after coming back")


async def _paused(reader: Reader) -> bool:
    return (await reader.known()).pause_reason is PauseReason.BLOCKED


async def test_a_block_that_only_a_refused_issue_reveals_keeps_the_settings_too(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.subscribe()
    stage.sandbox.world.people[reader.id].blocked = True
    await turn_to_next_issue(stage)
    await until(lambda: _paused(reader), "the pause")
    stage.sandbox.world.people[reader.id].blocked = False
    assert "С возвращением" in (await reader.say("/start"))["text"]
    person = await reader.known()
    assert (person.state, person.times) == (ChatState.ACTIVE, (480,))


async def test_whatever_is_not_understood_is_answered_with_what_is(stage: Stage) -> None:
    reader = Reader(stage)
    unknown = await reader.say("/podpisatsya@autodigest_demo_bot")
    assert "/help" in unknown["text"]
    sticker = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512}
    sticker |= {"is_animated": False, "is_video": False}
    sent = reader.people.send(user_id=reader.id, content={"sticker": sticker})
    assert "/help" in (await reader.after(sent["message_id"]))["text"]
    assert numbered(await reader.say("/digest сейчас"))
    assert "что-нибудь" in (await reader.say("/digest что-нибудь"))["text"]


async def test_a_deep_link_chooses_its_topics_and_ignores_the_rest(stage: Stage) -> None:
    reader = Reader(stage)
    welcome = await reader.say("/start t_ev_china_nosuch")
    assert {"✓ Электромобили", "✓ Китай"} <= set(labels(welcome))
    assert (await reader.known()).topics == {"ev", "china"}


FORGED = (
    "",
    "nosuch:1",
    "t",
    "t:",
    "t:0:w:nosuch:0",
    "t:0:t::-1",
    "t:0:m::999999",
    "t:0:f::0",
    "t:0:x::0",
    "t:x:w:ev:0",
    f"t:{2**70}:w:ev:0",
    "t:1:w:ev:0",
    "t:2:w:ev:0",
    "t:999:w:ev:0",
    "tm:1:480",
    "tm:0:-1",
    "tm:0:99999",
    "tm:0:1e9",
    "tz:1:Asia/Tokyo:0",
    "tz:0:../../etc/passwd:0",
    "tz:0:No/Where:0",
    "tz:0::999999",
    "l:1:en",
    "l:0:xx",
    "r:1:en",
    "r:0:xx",
    "z:1:settings",
    "z:0:nowhere",
    "c:1:open",
    "c:1:pause",
    "c:999:test",
    "c:-1:resume",
    "sub::0",
    "sub:9999:0",
    "sub:1-2-3-4-5-6:0",
    "sub:-5:0",
    "d:nosuch",
    "a:nosuch",
    "i:999999:0",
    "i:-1:-1",
    "t:0:w:" + "ё" * 200,
    "x" * 64,
    "\x00\x01",
)


async def test_no_forged_tap_touches_somebody_else_and_each_is_answered(stage: Stage) -> None:
    victim, villain = Reader(stage), Reader(stage, name="Зло")
    await victim.subscribe()
    await victim.say("/topics чери")
    await victim.tap("Chery")
    before = await victim.known()
    said = len(victim.replies())
    await villain.say("/start")
    mine = await villain.known()
    for data in FORGED:
        await villain.forge(data)
    for data in ("a:delete", "a:ask", "t:0:w:ev:0", "z:0:settings"):
        await villain.forge(data, chat_id=victim.id, message_id=victim.last["message_id"])
    assert await victim.known() == before
    assert len(victim.replies()) == said
    after = await villain.chat()
    assert after is None or after.zone == mine.zone


async def test_a_tap_under_a_message_that_is_long_gone_still_works(stage: Stage) -> None:
    reader = Reader(stage)
    await reader.say("/start")
    await reader.forge("t:0:w:ev:0", message_id=999_999)
    assert (await reader.known()).topics == {"ev"}
    await until(lambda: "✓ Электромобили" in labels(reader.last), "a new message with the screen")


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


@pytest.mark.parametrize("said", ["Стоп!", "stop", "отписаться", "/STOP"])
async def test_whoever_writes_stop_in_any_way_is_left_in_peace(stage: Stage, said: str) -> None:
    reader = Reader(stage)
    await reader.subscribe()
    assert (await reader.say(said))["text"] == reader.words("stopped")
    assert (await reader.known()).state is ChatState.STOPPED
