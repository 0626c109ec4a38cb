"""What a reader does with an issue: opens cards, saves, votes, hides, asks why, turns pages; in every look."""

from __future__ import annotations

import re
from dataclasses import replace

import aiohttp
import pytest

from bot.base62 import write_number
from bot.callbacks import HideTap, SavedTap, StoryTap
from bot.demo import Stage
from feeds.chatsettings import ChatSettings, Density, HiddenKind
from feeds.model import StoryId
from tests.e2e.people import Json, Reader, buttons, labels, links, numbered, parts, until
from tests.e2e.town import Town


async def asked(reader: Reader, *, density: Density = Density.DIGEST, accessible: bool = False) -> Json:
    """Make the reader a subscriber who sees issues in a look, and ask for one."""
    await reader.say("/start")
    services = reader.stage.app.store.chats
    person = await reader.known()
    await services.schedule(person.id, times=[480], zone="Europe/Moscow", next_at=None)
    await services.configure(person.id, lambda was: replace(was, density=density, accessible=accessible))
    await reader.say("/digest")
    return await until(lambda: next((one for one in reader.replies() if story_tap(one)), None), "an issue")


def story_tap(message: Json) -> StoryTap | None:
    """Return the first tap about a story under a message."""
    data = [one.get("callback_data") or "" for one in buttons(message)]
    return next((StoryTap.unpack(one) for one in data if one.startswith("s:")), None)


def urls(message: Json) -> list[str]:
    return [one["url"] for one in buttons(message) if "url" in one]


async def opened(reader: Reader, issue: Json, label: str) -> Json:
    await reader.tap(label, issue)
    return reader.last


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_number_opens_the_storys_card_and_its_buttons_do_what_they_say(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    words = reader.words
    issue = await asked(reader)
    headlines = numbered(issue)
    assert labels(issue)[: len(headlines)] == [str(number) for number in range(1, len(headlines) + 1)]
    card = await opened(reader, issue, "2")
    assert card["text"].startswith(headlines[1])
    assert card["reply_to_message_id"] == issue["message_id"]
    assert urls(card) == [links(issue)[1]]
    assert card["link_preview"] == {"url": links(issue)[1], "small": True, "above": False}
    assert [text for text, _ in parts(card, "text_link")][-1].startswith(words("card-source", source="").strip())

    # Saving, and forgetting again, change the one button.
    assert (await reader.tap(words("button-keep"), card)).text == words("kept")
    assert words("button-kept") in labels(reader.now(card))
    saved = await reader.say("/saved")
    assert f"1. {headlines[1]}" in saved["text"]
    await reader.tap(words("button-open-saved", number="1"), saved)
    again = reader.last
    assert again["text"] == card["text"]
    assert words("button-kept") in labels(again)
    assert (await reader.tap(words("button-drop-saved", number="1"), saved)).text == words("unkept")
    assert reader.now(saved)["text"] == words("saved-none")

    # A vote is ticked, and taken back by the same tap.
    assert (await reader.tap("👍", card)).text == words("vote-for")
    assert "✓ 👍" in labels(reader.now(card))
    assert (await reader.known()).settings.taste
    # It had no part in an issue that was made before.
    why = await reader.tap(words("button-why"), card)
    assert words("why-votes-up") not in (why.text or reader.last["text"])
    assert (await reader.tap("👎", reader.now(card))).text == words("vote-against")
    assert labels(reader.now(card)).count("✓ 👎") == 1
    assert (await reader.tap("✓ 👎", reader.now(card))).text == words("vote-back")
    assert not (await reader.known()).settings.taste

    why = await reader.tap(words("button-why"), card)
    shown = why.text or reader.last["text"]
    assert words("why-rule", rule=words("why-everything")) in shown
    assert re.search(r"\b\d{1,3}\b", shown)
    assert why.alert or not why.text
    share = next(one for one in buttons(card) if one["text"] == words("button-share"))
    token, tap = share["switch_inline_query"], story_tap(card)
    assert tap is not None
    assert token == f"s_{write_number(tap.story)}"
    assert (await reader.say(f"/{token}"))["text"] == card["text"]


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_less_like_this_hides_a_topic_until_it_is_taken_back(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    words = reader.words
    issue = await asked(reader)
    card = await opened(reader, issue, "1")
    await reader.tap(words("button-hide"), card)
    menu = reader.last
    assert menu["text"] == words("hide-question")
    source = next(label for label in labels(menu) if label.startswith(words("hidden-source", name="").strip()))
    assert any(label.startswith(words("hidden-theme", name="").strip()) for label in labels(menu))
    await reader.tap(source, menu)
    assert source in reader.now(menu)["text"]
    await reader.tap(words("button-hide-month", days=30), reader.now(menu))
    [hidden] = (await reader.known()).settings.hidden
    assert hidden.kind is HiddenKind.SOURCE
    assert hidden.until is not None
    assert (hidden.until - stage.clock()).days in {29, 30}
    assert source in reader.now(menu)["text"]
    name = hidden.what
    while numbered(further := await reader.say("/digest")):
        origins = [text for text, _ in parts(further, "italic")]
        assert not any(origin.startswith(name) for origin in origins)
    await reader.tap(words("button-undo"), reader.now(menu))
    assert reader.now(menu)["text"] == words("hide-undone")
    assert (await reader.known()).settings.hidden == ()


async def test_hiding_the_last_topic_asks_first(town: Town) -> None:
    reader = Reader(town)
    issue = await asked(reader)
    tap = story_tap(issue)
    assert tap is not None
    story = await town.app.store.news.story(StoryId(tap.story))
    assert story is not None
    topic = story.topics[0]
    await town.app.store.chats.choose_topics((await reader.known()).id, frozenset({topic}))
    card = await opened(reader, issue, "1")
    await reader.tap(reader.words("button-hide"), card)
    menu = reader.last
    await reader.tap(labels(menu)[0], menu)
    await reader.tap(reader.words("button-hide-ever"), reader.now(menu))
    assert (await reader.known()).settings.hidden == ()
    assert "последнее" in reader.now(menu)["text"]
    await reader.tap(reader.words("button-hide-sure"), reader.now(menu))
    assert [one.what for one in (await reader.known()).settings.hidden] == [topic]


async def test_what_else_there_was_is_turned_to_in_the_same_message_and_back(town: Town) -> None:
    reader = Reader(town)
    issue = await asked(reader)
    said = len(reader.replies())
    more = next(label for label in labels(issue) if label.startswith("Ещё"))
    await reader.tap(more, issue)
    page = reader.now(issue)
    assert page["text"].startswith(reader.words("digest-further"))
    first = len(numbered(issue)) + 1
    assert re.search(rf"^{first}\. ", page["text"], re.MULTILINE)
    assert not set(numbered(page)) & set(numbered(issue))
    assert str(first) in labels(page)
    card = await opened(reader, page, str(first))
    assert card["text"].startswith(numbered(page)[0])
    await reader.tap(reader.words("button-back"), page)
    assert reader.now(issue)["text"] == issue["text"]
    assert labels(reader.now(issue)) == labels(issue)
    assert len(reader.replies()) == said + 1
    # What was seen on a page comes in no further issue.
    while numbered(further := await reader.say("/digest")):
        assert not set(numbered(page)) & set(numbered(further))


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_a_newcomers_first_issue_stays_whatever_is_tapped_below_it(stage: Stage, lang: str) -> None:
    reader = Reader(stage, lang)
    await reader.say("/start")
    await reader.tap(reader.words("button-show"))
    issue = await reader.wait_for(reader.words("ask-subscribe"))
    await reader.tap(
        next(label for label in labels(issue) if label.startswith("Ещё") or label.endswith(" more")), issue
    )
    # Nothing comes yet that could be paused, and the question is one tap back.
    assert not {reader.words("button-pause"), reader.words("button-settings")} & set(labels(reader.now(issue)))
    await reader.tap(reader.words("button-back"), reader.now(issue))
    assert reader.now(issue)["text"] == issue["text"]
    await reader.tap(reader.words("button-other-time"), issue)
    assert reader.words("times-title", where="") in reader.last["text"]
    assert (reader.now(issue)["text"], labels(reader.now(issue))) == (issue["text"], labels(issue))


async def test_in_brief_an_issue_is_headlines_and_as_cards_a_message_for_each_story(stage: Stage) -> None:
    brief = await asked(Reader(stage), density=Density.BRIEF)
    assert not parts(brief, "blockquote", "expandable_blockquote")
    lines = re.findall(r"^\d+\. (.+) — .+$", brief["text"], re.MULTILINE)
    assert len(lines) >= 5
    assert lines == [text for text, _ in parts(brief, "text_link")]
    assert not set(lines) & {text for text, _ in parts(brief, "bold")}
    reader = Reader(stage, name="Борис")
    await asked(reader, density=Density.CARDS)
    cards = await until(
        lambda: found if len(found := [one for one in reader.replies() if urls(one)]) >= 5 else None, "cards"
    )
    assert cards[0]["text"].startswith("Авто за день")
    assert all("👍" in labels(card) for card in cards)
    await reader.tap(reader.words("button-keep"), cards[0])
    assert reader.words("button-kept") in labels(reader.now(cards[0]))
    assert labels(reader.now(cards[0]))[2:] == labels(cards[0])[2:]


async def test_the_accessible_look_spells_everything_out(town: Town) -> None:
    reader = Reader(town)
    issue = await asked(reader, accessible=True)
    assert re.search(r"^Новость\s1\. ", issue["text"], re.MULTILINE)
    assert not {sign for sign in issue["text"] if sign in "·•🔴⚡"}
    assert not parts(issue, "italic")
    card = await opened(reader, issue, "Новость 1")
    assert labels(card)[:4] == ["Читать статью", "Сохранить", "Нравится", "Не нравится"]


async def test_saved_stories_come_as_files(town: Town) -> None:
    reader = Reader(town)
    issue = await asked(reader)
    for number in ("1", "2"):
        card = await opened(reader, issue, number)
        await reader.tap(reader.words("button-keep"), card)
    saved = await reader.say("/saved")
    for form in ("md", "html"):
        await reader.tap(reader.words(f"button-save-{form}"), saved)
        file = reader.last["document"]
        assert file["name"] == f"autodigest-saved.{form}"
        async with aiohttp.ClientSession() as session, session.get(town.sandbox.url + file["url"]) as answer:
            text = await answer.text()
        assert all(link in text for link in links(issue)[:2])
        assert reader.words("saved-heading") in text


async def test_a_story_that_is_gone_or_forged_is_answered_kindly_and_changes_nothing(town: Town) -> None:
    reader = Reader(town)
    await asked(reader)
    before = await reader.known()
    for data in (
        *(StoryTap(story=10**12, do=do, issue=10**12).pack() for do in ("o", "k", "+", "-", "h", "w")),
        HideTap(story=10**12, mark="0" * 12, do="sure").pack(),
        "n:999999:0:0",
        "n:1:0:999999999",
        "s:1:x:0:0",
    ):
        answer = await reader.forge(data)
        assert answer.text, data
        assert answer.alert, data
    await reader.forge(SavedTap(do="drop", story=10**12, page=10**9).pack())
    await reader.forge(StoryTap(story=10**12, do="u").pack())
    assert (await reader.say("/s_zzzzzz"))["text"] == reader.words("story-gone")
    assert (await reader.known()).settings == before.settings == ChatSettings()
    assert await town.app.store.saved.count(before.id) == 0
