"""The editors' desk, as its people use it: from a card to the opinion under the posts, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.base62 import write_number
from bot.desk.asking import CARDS_A_DAY
from feeds.issue import Instant
from feeds.judging import CLAIM
from feeds.model import Opinion
from tests.e2e.newsdesk import HEADLINE, WORDS, Newsdesk
from tests.e2e.people import Reader, labels

SOURCE_SAYS = Opinion(label="Мнение Гаража", text="Завод обещал это трижды, и вот наконец машины поехали к дилерам.")


async def test_a_story_that_many_tell_comes_to_the_desk_as_a_card(desk: Newsdesk) -> None:
    channel = await desk.channel(instant=Instant.OFF)
    async with desk.open():
        await desk.evening(channel)
        anna = await desk.editor()
        await desk.story()
        card = await desk.card(anna)
        for said in (HEADLINE, "Первые машины сошли", "источника, свежесть", "Выйдет: «Автоновости»", "Свободна"):
            assert said in card["text"]
        assert "Уже вышла" not in card["text"]
        assert labels(card)[:1] == [anna.words("button-desk-take")]
        await desk.look()
        await desk.quiet()
        assert sum(HEADLINE in one["text"] for one in anna.replies()) == 1


async def test_a_card_says_where_a_story_stands_already_and_promises_it_to_nobody_twice(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        assert "Уже вышла в 1 канале: мнение добавится в пост." in seat.card["text"]
        assert "Выйдет" not in seat.card["text"]


async def test_what_one_source_tells_is_not_brought_to_anybody(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        await desk.story(sources=["Гараж"])
        await desk.story("О другом рассказали все: подорожал бензин на заправках")
        await desk.card(anna, "подорожал бензин")
        assert not any(HEADLINE in one["text"] for one in anna.replies())


async def test_nobody_is_brought_more_cards_a_day_than_they_can_read(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        for number in range(CARDS_A_DAY + 3):
            await desk.story(f"Новость дня под номером {number + 100}: завод, дорога и мост")
        for _ in range(6):
            await desk.look()
            await desk.quiet()
        cards = [one for one in anna.replies() if "Новость дня под номером" in one["text"]]
        assert len(cards) == CARDS_A_DAY
        queue = await anna.say("/queue")
        assert anna.words("queue-title", count=CARDS_A_DAY + 3) in queue["text"]


async def test_nobody_is_woken_by_a_card(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        await desk.app.store.chats.configure((await anna.known()).id, lambda old: replace(old, quiet=(480, 600)))
        await desk.story()
        await desk.look()
        await desk.quiet()
        assert not any(HEADLINE in one["text"] for one in anna.replies())
        await desk.later(timedelta(hours=2))
        await desk.card(anna)


async def test_a_card_that_is_taken_says_so_to_others_until_it_is_given_back_or_its_time_is_up(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna, boris = await desk.editor(), await desk.editor("Борис")
        await desk.story()
        hers = await desk.card(anna)
        his = await boris.wait_for(HEADLINE)
        assert (await anna.tap(anna.words("button-desk-take"), hers)).text == anna.words("desk-yours")
        await desk.says_now(anna, hers, "Она ваша до")
        seen = await desk.says_now(boris, his, "Пишет Анна")
        assert boris.words("button-desk-take") not in labels(seen)
        late = await boris.say(WORDS, reply_to=his)
        assert late["text"] == boris.words("desk-busy", name="Анна")
        await anna.tap(anna.words("button-desk-give"), anna.now(hers))
        await desk.says_now(boris, his, "Свободна")
        await anna.tap(anna.words("button-desk-take"), anna.now(hers))
        await desk.says_now(boris, his, "Пишет Анна")
        desk.clock.advance(CLAIM)
        desk.app.desk_bell.ring()
        await anna.wait_for("Время вышло")
        await desk.says_now(boris, his, "Свободна")


async def test_a_story_may_go_without_an_opinion_or_be_put_off(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        first, second = await desk.story(), await desk.story("Другая новость: мост через реку открыли для машин")
        card = await desk.card(anna)
        await anna.tap(anna.words("button-desk-none"), card)
        await desk.says_now(anna, card, anna.words("card-declined"))
        assert anna.words("button-desk-none") not in labels(anna.now(card))
        other = await anna.wait_for("мост через реку")
        await anna.tap(anna.words("button-desk-later"), other)
        await desk.says_now(anna, other, anna.words("desk-later"))
        waiting = await desk.app.store.desk.queue(since=desk.clock.now().replace(hour=0))
        assert [one.story_id for one in waiting] == [second]
        assert first != second


async def test_the_queue_is_sorted_by_what_is_due_first_and_leads_to_cards(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        empty = await anna.say("/queue")
        assert "Пусто" in empty["text"]
        await desk.story(opinion=SOURCE_SAYS)
        await desk.card(anna)
        queue = await anna.say("/queue")
        assert HEADLINE in queue["text"]
        assert anna.words("queue-draft") in queue["text"]
        assert anna.words("carrier-people") in queue["text"]
        await anna.tap(anna.words("button-queue-bare"), queue)
        await desk.says_now(anna, queue, "Пусто")
        await anna.tap(anna.words("button-queue-all"), anna.now(queue))
        before = len(anna.replies())
        await anna.tap("1", anna.now(queue))
        assert HEADLINE in anna.replies()[before]["text"]
        await anna.tap(anna.words("button-queue-mine"), anna.now(queue))
        await desk.says_now(anna, queue, "Пусто")
        await anna.tap(anna.words("button-desk-take"), anna.last)
        await anna.tap(anna.words("toggle-on", name=anna.words("button-queue-mine")), anna.now(queue))
        assert anna.words("queue-mine") in (await desk.says_now(anna, queue, HEADLINE))["text"]
        await anna.tap(anna.words("button-queue-soon"), anna.now(queue))
        await desk.says_now(anna, queue, HEADLINE)
        # What was due is not said to be still to come.
        await desk.later(timedelta(hours=2))
        assert anna.words("carrier-past") in (await anna.say("/queue"))["text"]


async def test_any_story_of_the_month_opens_by_number_address_or_words(desk: Newsdesk) -> None:
    async with desk.open():
        anna = await desk.editor()
        story = await desk.story()
        told = await desk.app.store.news.story(story)
        assert told is not None
        for asked in (f"#{write_number(story)}", f"/s_{write_number(story)}", told.items[0].item.url):
            card = await anna.say(f"/opinion {asked}")
            assert HEADLINE in card["text"]
            assert anna.words("button-desk-take") in labels(card)
        offered = await anna.say("/opinion электрические хетчбэки")
        assert any(HEADLINE.startswith(label[:20]) for label in labels(offered))
        assert (await anna.say("/opinion абракадабра"))["text"].startswith("За месяц такой новости не нашлось")
        assert (await anna.say("/opinion"))["text"] == anna.words("opinion-usage")
        unknown = await anna.say("/opinion https://garage.example/Завод-в-Приозёрске")
        assert (unknown["text"], labels(unknown)) == (anna.words("address-unknown"), [])


async def test_for_everybody_else_there_is_no_desk(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna = await desk.editor()
        story = await desk.story()
        await desk.card(anna)
        stranger = Reader(desk, name="Чужой")
        await stranger.say("/start")
        for command in ("/queue", f"/opinion #{write_number(story)}", f"/breaking #{write_number(story)}", "/editors"):
            assert "У меня нет" in (await stranger.say(command))["text"] or "у меня нет" in stranger.last["text"]
        before = await desk.app.store.opinions.get(story)
        for do in ("take", "ok", "facts", "other", "none", "put", "drop", "off", "sure"):
            answer = await stranger.forge(f"o:{story}:{do}:0:0")
            assert answer.text == stranger.words("stale")
        for data in (
            f"ob:{story}:ask",
            f"ob:{story}:send",
            f"ob:{story}:undo",
            "oe:invite:0",
            f"oe:dismiss:{anna.id}",
            "os:name",
            "oq:all",
            f"oc:{story}:back",
            f"oc:{story}:history",
        ):
            assert (await stranger.forge(data)).text == stranger.words("stale")
        assert await desk.app.store.opinions.get(story) == before
        assert await desk.app.store.staff.get(stranger.id) is None
        assert await desk.app.store.staff.get(anna.id) is not None
