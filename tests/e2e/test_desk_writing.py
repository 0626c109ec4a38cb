"""An editor's words: from the reply to a card to the opinion under the posts, and back."""

from __future__ import annotations

from feeds.issue import Instant
from feeds.judging import CLAIM
from feeds.model import Opinion
from feeds.opinions import OpinionOrigin, OpinionState
from tests.bot.test_drafting import saying, serving
from tests.e2e.newsdesk import HEADLINE, LEAD, WORDS, Newsdesk
from tests.e2e.people import Json, Reader, labels, until

MODEL_SAYS = "Первые машины — это ещё не производство: завод пока только обещает, и верить обещаниям рано."
SOURCE_SAYS = Opinion(label="Мнение Гаража", text="Завод обещал это трижды, и вот наконец машины поехали к дилерам.")


async def preview_of(anna: Reader, words: str) -> Json:
    """Wait for the post with these words in it, under which they can be published."""
    put = anna.words("button-desk-put")
    return await until(
        lambda: next((one for one in anna.replies() if words in one["text"] and put in labels(one)), None),
        lambda: f"the post with {words!r} in\n{anna.transcript()}",
    )


async def test_a_reply_in_words_becomes_the_opinion_under_the_post(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, channel, story = seat.anna, seat.card, seat.channel, seat.story
        preview = await anna.say(WORDS, reply_to=card)
        for said in (anna.words("desk-preview"), HEADLINE, "Мнение редакции", WORDS, "Анна"):
            assert said in preview["text"]
        assert "Мнение редакции" not in desk.posts(channel)[0]["text"]
        answer = await anna.tap(anna.words("button-desk-put"), preview)
        assert "Опубликовано" in answer.text
        desk.app.living.redraw_bell.ring()
        post = await desk.says(channel, "Мнение редакции", WORDS, "Анна")
        assert post["text"].startswith(HEADLINE)
        kept = await desk.kept(story)
        assert (kept.state, kept.origin, kept.author_id) == (OpinionState.APPROVED, OpinionOrigin.WRITTEN, anna.id)
        desk.app.desk_bell.ring()
        report = await anna.wait_for("Обновлено: 1 канал")
        assert HEADLINE in report["text"]
        assert "лич" not in report["text"]


async def test_a_draft_found_in_the_article_is_marked_and_keeps_its_newsrooms_name(desk: Newsdesk) -> None:
    async with desk.seated(opinion=SOURCE_SAYS) as seat:
        anna, card, channel = seat.anna, seat.card, seat.channel
        assert "Черновик: из статьи" in card["text"]
        assert SOURCE_SAYS.text in card["text"]
        await anna.tap(anna.words("button-desk-ok"), card)
        desk.app.living.redraw_bell.ring()
        post = await desk.says(channel, SOURCE_SAYS.text)
        assert "Мнение Гаража" in post["text"]
        assert "Мнение редакции" not in post["text"]


async def test_what_would_spoil_a_post_is_named_and_nothing_is_published(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, channel, story = seat.anna, seat.card, seat.channel, seat.story
        short = await anna.say("Хорошо.", reply_to=card)
        assert anna.words("flaw-short", length="7", least="40") in short["text"]
        linked = await anna.say(f"{WORDS} https://example.ru/1", reply_to=card)
        assert "https://example.ru/1" in linked["text"]
        copied = await anna.say(LEAD.partition(". ")[2], reply_to=card)
        assert anna.words("flaw-copy") in copied["text"]
        opinion = await desk.app.store.opinions.get(story)
        assert opinion is not None
        assert (opinion.text, opinion.draft) == ("", "")
        assert "Мнение" not in desk.posts(channel)[0]["text"]


async def test_what_is_too_long_is_offered_cut_where_a_sentence_ends(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, channel = seat.anna, seat.card, seat.channel
        offered = await anna.say(" ".join([WORDS] * 5), reply_to=card)
        assert "длинно" in offered["text"]
        await desk.publishes(anna, offered)
        post = await desk.says(channel, "Мнение редакции")
        assert post["text"].count(WORDS) == 3


async def test_mark_up_that_was_typed_is_shown_as_it_was_typed(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, channel = seat.anna, seat.card, seat.channel
        typed = f"<b>{WORDS}</b> & больше ничего"
        preview = await anna.say(typed, reply_to=card)
        assert typed in preview["text"]
        await desk.publishes(anna, preview)
        await desk.says(channel, typed)


async def test_bold_letters_and_links_under_words_do_not_stay_and_that_is_said(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card = seat.anna, seat.card
        bold = {"text": WORDS, "entities": [{"type": "bold", "offset": 0, "length": 6}]}
        said = anna.people.send(user_id=anna.id, content=bold, reply_to_message_id=card["message_id"])
        preview = await anna.after(said["message_id"])
        assert preview["text"].startswith(anna.words("desk-formatting-lost"))
        assert WORDS in preview["text"]


async def test_a_models_draft_is_marked_and_takes_one_tap_more(desk: Newsdesk) -> None:
    channel = await desk.channel()
    async with serving(saying(MODEL_SAYS)) as url, desk.open(llm_url=url, llm_model="small"):
        await desk.listens()
        anna = await desk.editor()
        story = await desk.story(opinion=SOURCE_SAYS)
        await desk.says(channel, HEADLINE)
        card = await desk.card(anna)
        assert "Черновик: из статьи" in card["text"]
        await anna.tap(anna.words("button-desk-other"), card)
        other = await desk.says_now(anna, card, MODEL_SAYS)
        assert anna.words("draft-model") in other["text"]
        await anna.tap(anna.words("button-desk-ok"), other)
        asked = await desk.says_now(anna, card, "Мнение редакции")
        assert asked["text"].startswith(anna.words("draft-model"))
        assert (await desk.kept(story)).text == ""
        await anna.tap(anna.words("button-desk-facts"), asked)
        desk.app.living.redraw_bell.ring()
        await desk.says(channel, "Мнение редакции", MODEL_SAYS)
        assert (await desk.kept(story)).origin is OpinionOrigin.MODEL


async def test_a_voice_is_no_opinion(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card = seat.anna, seat.card
        voice = {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}
        anna.people.send(user_id=anna.id, content=voice, reply_to_message_id=card["message_id"])
        await anna.wait_for(anna.words("desk-text-only"))


async def test_an_edited_message_is_the_next_version(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, story = seat.anna, seat.card, seat.story
        said = anna.people.say(user_id=anna.id, text=WORDS, reply_to_message_id=card["message_id"])["message_id"]
        await anna.wait_for(anna.words("desk-preview"))
        better = WORDS.replace("рано", "ещё рано")
        anna.people.edit(user_id=anna.id, message_id=said, text=better)
        await preview_of(anna, better)
        assert (await desk.kept(story)).draft == better
        # Once it is published too, though only at a further tap.
        await desk.publishes(anna, await preview_of(anna, better))
        await desk.says(seat.channel, better)
        best = better.replace("рано", "слишком рано")
        anna.people.edit(user_id=anna.id, message_id=said, text=best)
        preview = await preview_of(anna, best)
        assert (await desk.kept(story)).text == better
        await desk.publishes(anna, preview)
        await desk.says(seat.channel, best)


async def test_who_changes_an_opinion_that_changed_meanwhile_sees_both_and_is_asked(desk: Newsdesk) -> None:
    await desk.channel()
    async with desk.open():
        anna, boris = await desk.editor(), await desk.editor("Борис")
        story = await desk.story()
        card = await desk.card(anna)
        his = await boris.wait_for(HEADLINE)
        preview = await anna.say(WORDS, reply_to=card)
        desk.clock.advance(CLAIM)
        theirs = "А я думаю иначе: тысяча машин — хорошее начало для такого завода."
        other = await boris.say(theirs, reply_to=his)
        await boris.tap(boris.words("button-desk-put"), other)
        await anna.say(WORDS, reply_to=anna.now(card))
        await anna.tap(anna.words("button-desk-put"), preview)
        asked = await desk.says_now(anna, preview, anna.words("desk-conflict"))
        assert theirs in asked["text"]
        assert WORDS in asked["text"]
        await anna.tap(anna.words("button-desk-put"), asked)
        kept = await desk.kept(story)
        assert (kept.text, kept.version) == (WORDS, 2)


async def test_a_withdrawn_opinion_leaves_the_posts_and_its_history_stays(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card, channel, story = seat.anna, seat.card, seat.channel, seat.story
        preview = await anna.say(WORDS, reply_to=card)
        await desk.publishes(anna, preview)
        await desk.says(channel, WORDS)
        await anna.tap(anna.words("button-desk-off"), anna.now(card))
        asked = await desk.says_now(anna, card, anna.words("desk-withdraw-question"))
        await anna.tap(anna.words("button-desk-sure"), asked)
        desk.app.living.redraw_bell.ring()
        await desk.settled(story)
        assert WORDS not in desk.posts(channel)[0]["text"]
        desk.app.desk_bell.ring()
        await anna.wait_for("Мнение снято: 1 канал")
        history = await desk.app.store.opinions.history(story)
        assert [(one.version, one.state.value, one.user_id) for one in history] == [
            (1, "approved", anna.id),
            (2, "withdrawn", anna.id),
        ]


async def test_an_english_editor_is_served_in_english(desk: Newsdesk) -> None:
    async with desk.seated(name="Ann", lang="en") as seat:
        ann, card, channel = seat.anna, seat.card, seat.channel
        assert ann.words("carrier-posted", count=1) in card["text"]
        preview = await ann.say("A thousand cars a year is a trial run, not mass production.", reply_to=card)
        assert ann.words("desk-preview") in preview["text"]
        await desk.publishes(ann, preview)
        await desk.says(channel, "Editor’s opinion")


async def test_an_older_message_publishes_only_what_it_shows(desk: Newsdesk) -> None:
    async with desk.seated() as seat:
        anna, card = seat.anna, seat.card
        put = anna.words("button-desk-put")
        first = await anna.say(WORDS, reply_to=card)
        newer = WORDS.replace("рано", "ещё рано")
        second = await anna.say(newer, reply_to=card)
        late = await anna.tap(put, first)
        assert late.text == anna.words("desk-draft-newer")
        assert newer in anna.now(first)["text"]
        assert (await desk.kept(seat.story)).state is OpinionState.DRAFT
        await anna.tap(put, second)
        assert (await desk.kept(seat.story)).text == newer
        # Whoever writes over her own words is not told of somebody else.
        third = await anna.say(WORDS, reply_to=card)
        await desk.app.store.opinions.approve(
            seat.story, text=newer, label="Мнение редакции", author_id=anna.id, now=desk.clock()
        )
        await desk.app.store.desk.draft(
            seat.story, WORDS, origin=OpinionOrigin.WRITTEN, user_id=anna.id, now=desk.clock()
        )
        await anna.tap(put, third)
        assert anna.words("desk-conflict-own") in anna.now(third)["text"]


async def test_the_preview_is_in_the_language_and_form_of_the_channel_that_will_carry_it(desk: Newsdesk) -> None:
    channel = await desk.channel(instant=Instant.OFF, lang="en")
    async with desk.open():
        await desk.evening(channel)
        anna = await desk.editor()
        await desk.story()
        preview = await anna.say(WORDS, reply_to=await desk.card(anna))
        assert "Cars today" in preview["text"]
        assert WORDS in preview["text"]
