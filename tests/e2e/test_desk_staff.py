"""Who comes to the editors' desk, and news that cannot wait."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.base62 import write_number
from bot.desk.breaking import SETTLED, UNDO
from bot.desk.staffing import TERM
from feeds.issue import Instant
from feeds.taste import Vote
from tests.e2e.newsdesk import HEADLINE, WORDS, Newsdesk
from tests.e2e.people import Reader, labels, links, until


async def invited(operator: Reader) -> str:
    """Let an operator invite somebody; the payload of the link."""
    listed = await operator.say("/editors")
    await operator.tap(operator.words("button-staff-invite"), listed)
    message = await operator.wait_for("?start=inv_")
    return str(message["text"]).rpartition("?start=")[2]


async def operator_of(desk: Newsdesk) -> Reader:
    boss = Reader(desk, name="Ольга")
    desk.app._services.settings.operators = (boss.id,)
    await boss.say("/start")
    return boss


async def test_an_invitation_makes_one_editor_once(desk: Newsdesk) -> None:
    async with desk.open():
        boss = await operator_of(desk)
        payload = await invited(boss)
        anna, boris = Reader(desk, name="Анна"), Reader(desk, name="Борис")
        assert (await anna.say(f"/start {payload}"))["text"].startswith("Вы — редактор")
        await anna.tap(anna.words("button-sign-name", name="Анна"))
        assert (await boris.say(f"/start {payload}"))["text"] == boris.words("staff-invitation-over")
        assert (await anna.say(f"/start {payload}"))["text"] == anna.words("staff-already")
        assert await desk.app.store.staff.get(boris.id) is None
        member = await desk.app.store.staff.get(anna.id)
        assert member is not None
        assert member.signature == "Анна"


async def test_operators_whom_the_settings_name_find_their_commands_in_the_menu(desk: Newsdesk) -> None:
    boss, newcomer = Reader(desk, name="Ольга"), Reader(desk, name="Пётр")

    def menu(person: Reader) -> set[str]:
        return {one["command"] for one in person.people.state(user_id=person.id)["commands"]}

    async with desk.open():
        await boss.say("/start")
        assert "editors" not in menu(boss)
    async with desk.open(operators=(boss.id, newcomer.id)):
        await until(lambda: {"queue", "editors"} <= menu(boss), "the menu of who was here before they were named")
        await newcomer.say("/start")
        assert {"queue", "editors"} <= menu(newcomer)


async def test_an_invitation_ends_after_a_day(desk: Newsdesk) -> None:
    async with desk.open():
        payload = await invited(await operator_of(desk))
        desk.clock.advance(TERM)
        anna = Reader(desk)
        assert (await anna.say(f"/start {payload}"))["text"] == anna.words("staff-invitation-over")


async def test_an_editor_who_was_let_go_is_a_reader_at_once(desk: Newsdesk) -> None:
    async with desk.open():
        boss, anna = await operator_of(desk), await desk.editor()
        listed = await boss.say("/editors")
        assert "Анна" in listed["text"]
        ask = next(label for label in labels(listed) if label.startswith("Убрать"))
        await boss.tap(ask, listed)
        await boss.tap(boss.words("button-staff-dismiss"), boss.now(listed))
        assert "меня нет" in (await anna.say("/queue"))["text"]


async def test_editors_sign_as_they_like_within_reason(desk: Newsdesk) -> None:
    async with desk.open():
        anna = await desk.editor()
        assert "Анна Петрова" in (await anna.say("/sign Анна Петрова"))["text"]
        assert (await anna.say("/sign @anna"))["text"] == anna.words("sign-wrong", most=40)
        assert "Анна Петрова" in (await anna.say("/sign"))["text"]


async def test_breaking_news_goes_to_who_wants_it_after_ten_seconds(desk: Newsdesk) -> None:
    urgent = await desk.subscriber(Instant.BREAKING)
    calm = await desk.subscriber()
    async with desk.open():
        await desk.each_gets([], 0)
        anna = await desk.editor()
        story = await desk.story(sources=["Гараж"])
        asked = await anna.say(f"/breaking #{write_number(story)}")
        assert "Уйдёт сейчас: 1 подписчику." in asked["text"]
        await anna.tap(anna.words("button-breaking-send"), asked)
        assert "до этого можно передумать" in anna.now(asked)["text"]
        await desk.quiet()
        assert not any("Срочно" in one["text"] for one in desk.posts(urgent))
        await desk.later(UNDO)
        await anna.wait_for("Срочно", chat_id=urgent)
        await desk.quiet()
        assert not any("Срочно" in one["text"] for one in desk.posts(calm))
        late = await anna.tap(anna.words("button-undo"), anna.now(asked))
        assert late.text == anna.words("breaking-gone")
        assert labels(anna.now(asked)) == []
        # Who let it go hears how far it went.
        await desk.later(SETTLED)
        desk.app.desk_bell.ring()
        heard = await anna.wait_for("ушло 1 подписчику")
        assert HEADLINE in heard["text"]
        desk.app.desk_bell.ring()
        await desk.quiet()
        assert sum("ушло 1 подписчику" in one["text"] for one in anna.replies()) == 1


async def test_what_nobody_waits_for_is_not_offered_to_be_sent(desk: Newsdesk) -> None:
    async with desk.open():
        anna = await desk.editor()
        story = await desk.story(sources=["Гараж"])
        asked = await anna.say(f"/breaking #{write_number(story)}")
        assert asked["text"].endswith(anna.words("breaking-nobody"))
        assert labels(asked) == []


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_what_all_have_already_is_said_to_be_had_and_not_that_nobody_waits(desk: Newsdesk, lang: str) -> None:
    async with desk.seated(lang=lang) as seat:
        asked = await seat.anna.say(f"/breaking #{write_number(seat.story)}")
        assert asked["text"].endswith(seat.anna.words("breaking-all-have"))
        assert labels(asked) == []


async def test_breaking_news_can_be_undone_in_time(desk: Newsdesk) -> None:
    urgent = await desk.subscriber(Instant.BREAKING)
    async with desk.open():
        anna = await desk.editor()
        story = await desk.story(sources=["Гараж"])
        asked = await anna.say(f"/breaking #{write_number(story)}")
        await anna.tap(anna.words("button-breaking-send"), asked)
        await anna.tap(anna.words("button-undo"), anna.now(asked))
        assert anna.now(asked)["text"] == anna.words("breaking-undone")
        await desk.later(UNDO + timedelta(seconds=1))
        await desk.quiet()
        assert not any("Срочно" in one["text"] for one in desk.posts(urgent))


async def test_a_third_breaking_story_of_a_day_takes_an_operator(desk: Newsdesk) -> None:
    await desk.subscriber(Instant.BREAKING)
    async with desk.open():
        boss, anna = await operator_of(desk), await desk.editor()
        stories = [await desk.story(f"Новость {n}: мост, дорога и завод", sources=["Гараж"]) for n in (101, 202, 303)]
        for story in stories[:2]:
            asked = await anna.say(f"/breaking #{write_number(story)}")
            await anna.tap(anna.words("button-breaking-send"), asked)
        asked = await anna.say(f"/breaking #{write_number(stories[2])}")
        refused = await anna.tap(anna.words("button-breaking-send"), asked)
        assert refused.text == anna.words("breaking-enough", most=2)
        assert (await anna.forge(f"ob:{stories[2]}:over")).text == anna.words("breaking-enough", most=2)
        asked = await boss.say(f"/breaking #{write_number(stories[2])}")
        await boss.tap(boss.words("button-breaking-send"), asked)
        await boss.tap(boss.words("button-breaking-over"), boss.now(asked))
        marked = await desk.app.store.marks.of(stories)
        assert len(marked) == 3


async def test_what_cannot_be_found_is_not_sent(desk: Newsdesk) -> None:
    async with desk.open():
        anna = await desk.editor()
        assert (await anna.say("/breaking"))["text"] == anna.words("breaking-usage")
        unknown = await anna.say("/breaking https://nowhere.example/1")
        assert unknown["text"] == anna.words("address-unknown")
        for wrong in ("#zzzz", "<b>"):
            assert (await anna.say(f"/breaking {wrong}"))["text"] == anna.words("opinion-not-found", text=wrong)
        assert links(anna.last) == []
        assert HEADLINE not in anna.transcript()


async def test_breaking_news_is_found_by_words_too(desk: Newsdesk) -> None:
    await desk.subscriber(Instant.BREAKING)
    async with desk.open():
        anna = await desk.editor()
        story = await desk.story(sources=["Гараж"])
        offered = await anna.say("/breaking электрические хетчбэки")
        assert await desk.app.store.marks.of([story]) == {}
        await anna.tap(labels(offered)[0], offered)
        assert labels(anna.now(offered)) == [anna.words("button-breaking-send")]
        assert HEADLINE in anna.now(offered)["text"]


async def test_on_monday_editors_hear_how_their_week_went(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, boris = seat.anna, await desk.editor("Борис")
        desk.clock.advance(timedelta(minutes=6))
        await desk.publishes(anna, await anna.say(WORDS, reply_to=seat.card))
        reader = await boris.known()
        vote = Vote(story_id=seat.story, value=1, topics=(), voted_at=desk.clock())
        await desk.app.store.votes.cast(reader.id, vote)
        await desk.later(timedelta(days=1, hours=2))
        for _ in range(2):
            await desk.look()
            await desk.quiet()
        [told] = [one for one in anna.replies() if anna.words("week-title") in one["text"]]
        _, count, usual, best = told["text"].splitlines()
        assert (count, best) == ("Мнений: 1", f"Больше всего 👍, 1: {HEADLINE}")
        # The desk's clock runs on while all this is done.
        assert re.fullmatch(r"Обычно за ([6-9]|1\d) минут после запроса", usual)
        assert boris.words("week-title") not in boris.transcript()


async def test_an_editor_finds_the_desk_in_the_help_and_a_reader_does_not(desk: Newsdesk) -> None:
    async with desk.open():
        anna, reader = await desk.editor(), Reader(desk, name="Иван")
        assert anna.words("help-desk") in (await anna.say("/help"))["text"]
        await reader.say("/start")
        assert "/queue" not in (await reader.say("/help"))["text"]


async def test_the_name_of_an_editor_who_deletes_everything_leaves_the_posts(desk: Newsdesk) -> None:
    channel = await desk.channel()
    async with desk.open():
        await desk.listens()
        anna = await desk.editor("Анна")
        story = await desk.story()
        await desk.says(channel, HEADLINE)
        opinions, now = desk.app.store.opinions, desk.clock()
        await opinions.approve(story, text=WORDS, label="Мнение", signature="Анна", author_id=anna.id, now=now)
        await desk.settled(story)
        await desk.says(channel, WORDS, "Анна")
        await anna.tap(anna.words("button-delete-all"), await anna.say("/delete"))
        await desk.settled(story)
        post = await desk.says(channel, WORDS)
        assert "Анна" not in post["text"]


async def test_an_operator_reads_the_weeks_figures_and_nobody_else(desk: Newsdesk) -> None:
    async with desk.open():
        boss = await operator_of(desk)
        shown = await boss.say("/stats")
        assert shown["text"].startswith(boss.words("stats-title"))
        reader = Reader(desk)
        assert (await reader.say("/stats"))["text"] == reader.words("command-unknown", text="/stats")
