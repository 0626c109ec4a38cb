"""What an admin sets about a channel by tapping and typing, and what all who run it see of that."""

from __future__ import annotations

import asyncio

import pytest

from bot.callbacks import OwnTap, QuietTap
from bot.channels.choices import CHOICES, name
from bot.channels.screen import inside
from bot.channels.taps import ChannelSet
from bot.i18n import words_for
from feeds.clock import utc_now
from feeds.issue import ChatState
from tests.e2e.owners import Channel, go, launched
from tests.e2e.people import Json, Reader, labels
from tests.e2e.town import Town


@pytest.fixture
async def channel(scene: Town) -> Channel:
    return await launched(scene, "8:00")


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_every_choice_is_kept_shown_and_written_down(scene: Town, lang: str) -> None:
    channel = await launched(scene, lang=lang)
    admin, words = channel.admin, words_for(lang)
    for what, to in (
        ("density", "cards"),
        ("opinions", "approved"),
        ("picture", "photo"),
        ("cap", "6"),
        ("least", "50"),
        ("approval", "30"),
    ):
        await go(admin, f"button-{what}")
        assert words("toggle-on", name=name(words, what, CHOICES[what].read(await channel.settings()))) in labels(
            admin.last
        )
        toast = await admin.tap(name(words, what, to))
        assert toast.text == words(f"set-{what}", to=name(words, what, to))
        assert CHOICES[what].read(await channel.settings()) == to
        assert inside(name(words, what, to)) in admin.last["text"]
    for what in ("hashtags", "sound", "report"):
        before = CHOICES[what].read(await channel.settings())
        toast = await admin.tap(words(f"button-{what}"))
        after = CHOICES[what].read(await channel.settings())
        assert after != before
        assert toast.text == name(words, what, after)
    await go(admin, "button-log")
    text = admin.last["text"]
    for key, what, to in (("daily-cap", "cap", "6"), ("approval-minutes", "approval", "30"), ("sound", "sound", "no")):
        assert f"Олег: {words(f'log-{key}', to=inside(name(words, what, to)))}" in text
    assert words("log-other") not in text


async def test_a_signature_is_typed_measured_kept_and_taken_away(channel: Channel) -> None:
    admin = channel.admin
    await go(admin, "button-signature")
    prompt = admin.last
    assert prompt["reply_markup"]["force_reply"]
    assert "Автоновости" in prompt["text"]

    async def answer(text: str) -> Json:
        said = admin.people.say(user_id=admin.id, text=text, reply_to_message_id=prompt["message_id"])
        return await admin.after(said["message_id"])

    told = await answer("слово " * 30)
    assert told["text"].startswith("Вышло 179 знаков, а помещается 120.")
    await admin.after(told["message_id"], "the question once more")
    assert (await channel.settings()).signature == ""
    assert (await answer("  Автоновости <каждый> день & ночь\n«подпишись» "))["text"] == admin.words(
        "signature-set", text="Автоновости <каждый> день & ночь «подпишись»"
    )
    assert (await channel.settings()).signature == "Автоновости <каждый> день & ночь «подпишись»"
    stranger = Reader(channel.stage, name="Чужой")
    await stranger.say("/start")
    await admin.wait_for("Подпись: Автоновости <каждый>")
    await go(admin, "button-signature")
    await go(admin, "button-unsign")
    assert (await channel.settings()).signature == ""


async def test_stop_words_and_quiet_hours_are_the_channels_and_not_its_admins(channel: Channel) -> None:
    admin, key = channel.admin, (await channel.known()).id
    await admin.forge(OwnTap(chat=key, on="hidden", do="add").pack())
    question = await admin.wait_for(admin.words("prompt-stop"))
    listed = await admin.say("тюнинг, дтп", reply_to=question)
    assert "Автоновости" in listed["text"]
    await admin.forge(QuietTap(chat=key).pack())
    assert admin.words("quiet-hint-posts") in admin.last["text"]
    await admin.forge(QuietTap(chat=key, do="own").pack())
    for hour in ("22:00", "7:00"):
        assert "Автоновости" in admin.last["text"]
        await admin.tap(hour)
    settings = await channel.settings()
    assert [one.what for one in settings.hidden] == ["тюнинг", "дтп"]
    assert settings.quiet == (22 * 60, 7 * 60)
    own = (await admin.known()).settings
    assert (own.hidden, own.quiet) == ((), (23 * 60, 8 * 60))
    await admin.forge(f"c:{key}:all")
    for fact in ("−тюнинг, −дтп", "тихо с 22:00 до 7:00"):
        assert fact in admin.last["text"]
    assert {entry.key for entry in (await channel.log())[:2]} == {"hidden", "quiet"}


async def test_two_admins_who_change_the_same_at_once_are_both_told_and_what_is_shown_last_is_stored(
    channel: Channel,
) -> None:
    admin, second = channel.admin, await channel.joined_by("Ирина")
    chat = await channel.known()
    screens = {person.id: person.last for person in (admin, second)}
    for first, other in (("3", "10"), ("20", "50"), ("6", "off")):
        answers = await asyncio.gather(
            admin.forge(ChannelSet(chat=chat.id, what="cap", to=first).pack()),
            second.forge(ChannelSet(chat=chat.id, what="cap", to=other).pack()),
        )
        assert [one.text for one in answers] == [
            admin.words("set-cap", to=name(admin.words, "cap", to)) for to in (first, other)
        ]
        last = (await channel.log())[0]
        assert last.facts["to"] == ("" if (cap := (await channel.settings()).daily_cap) is None else str(cap))
        shown = admin if last.name == "Олег" else second
        stored = name(admin.words, "cap", CHOICES["cap"].read(await channel.settings()))
        assert stored.lower() in shown.now(screens[shown.id])["text"].lower()
    # Topics are toggled side by side: of two toggles none is lost.
    await asyncio.gather(admin.forge(f"t:{chat.id}:t:ev:0"), second.forge(f"t:{chat.id}:t:china:0"))
    assert (await channel.known()).topics == {"ev", "china"}
    told = {(entry.name, entry.facts["topic"]) for entry in await channel.log() if entry.key == "topic-added"}
    assert told == {("Олег", "ev"), ("Ирина", "china")}


async def test_what_has_two_states_opens_no_list(channel: Channel) -> None:
    toast = await channel.admin.forge(f"cs:{(await channel.known()).id}:report:")
    assert (toast.text, toast.alert) == (channel.admin.words("stale"), True)


async def test_a_preview_shows_the_very_post_in_private_with_its_length(channel: Channel) -> None:
    admin = channel.admin
    before = admin.last["message_id"]
    await go(admin, "button-preview")
    preview = await admin.after(before)
    measured = admin.last["text"]
    length = f"{len(preview['text']):,}".replace(",", " ")
    assert f"{length} из 4 096 знаков" in measured.replace("\xa0", " ").replace("\u202f", " ")
    assert channel.posts() == []
    await go(admin, "button-trial")
    post = await admin.wait_for(admin.words("trial-heading"), chat_id=channel.id)
    assert post["text"].partition("\n\n")[2].split("\n\n")[:3] == preview["text"].split("\n\n")[:3]


async def test_a_trial_without_the_right_names_it_and_offers_the_link(channel: Channel, scene: Town) -> None:
    scene.sandbox.world.chats[channel.id].members[scene.sandbox.world.bot_id].rights.clear()
    refused = await channel.admin.tap(channel.admin.words("button-trial"))
    assert refused.alert
    assert "«Публикация сообщений»" in refused.text
    [mend, _] = channel.admin.last["reply_markup"]["inline_keyboard"]
    assert mend[0]["url"].endswith("?startchannel&admin=post_messages")


async def test_stories_go_at_once_in_issues_or_both(channel: Channel) -> None:
    admin = channel.admin
    await go(admin, "button-when", admin.words("rhythm-now"))
    chat = await channel.known()
    assert (chat.instant, chat.times, chat.next_at) == ("every", (), None)
    await go(admin, admin.words("rhythm-both"))
    chat = await channel.known()
    assert (chat.instant, chat.times) == ("every", (540, 780, 1140))
    assert chat.next_at is not None
    await go(admin, "button-to-channel")
    assert "новости по одной сразу и каждый день в 9:00, 13:00 и 19:00" in admin.last["text"]


async def test_the_log_is_read_page_by_page_and_forgets_who_wants_to_be_forgotten(channel: Channel) -> None:
    admin, chat = channel.admin, await channel.known()
    for number in range(14):
        await admin.forge(ChannelSet(chat=chat.id, what="cap", to=("3", "6")[number % 2]).pack())
    await go(admin, "button-log")
    first = admin.last["text"]
    assert first.count("Олег") == 12
    assert "Олег: постов в день — до 6" in first
    await go(admin, "button-next")
    assert "подключение" in admin.last["text"]
    await channel.stage.app.store.accounts.forget(admin.id, now=utc_now())
    assert {entry.name for entry in await channel.log()} == {""}


async def test_the_pause_of_a_channel_leads_back_to_its_settings(channel: Channel) -> None:
    admin = channel.admin
    await go(admin, "button-pause", "button-to-channel", "button-pause", "button-pause-3d", "button-to-channel")
    assert "на паузе" in admin.last["text"]
    await go(admin, "button-resume", "button-pause", "button-pause-always", "button-to-channel")
    assert labels(admin.last)[3] == admin.words("button-resume")


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_the_times_of_a_channel_that_rests_are_kept_and_changing_them_starts_nothing(
    scene: Town, lang: str
) -> None:
    channel = await launched(scene, "9:00", "19:00", lang=lang)
    admin, words = channel.admin, channel.admin.words
    await go(admin, "button-when", "button-issue-times", "button-workdays", "button-pause", "button-pause-always")
    await go(admin, "button-times")

    def resting(*times: str) -> str:
        return words("times-stopped", times=words("times-workdays", times=words.listing(list(times))))

    assert words("times-chosen", times=resting("9:00", "19:00")) in admin.last["text"]
    assert {"✓ 9:00", "✓ 19:00"} <= set(labels(admin.last))
    assert (await admin.tap("13:00")).text == resting("9:00", "13:00", "19:00")
    assert (await admin.tap("✓ 19:00")).text == resting("9:00", "13:00")
    await go(admin, words("button-weekly-none"), words("short-weekday-7"), "10:00")
    typed = await admin.say("9:00, 20:00")
    assert words("times-replaced", times="")[:12] in typed["text"]
    chat = await channel.known()
    assert (chat.times, chat.settings.weekly, chat.state) == ((540, 1200), 9240, ChatState.STOPPED)
    assert chat.next_at is None
    await admin.forge(ChannelSet(chat=chat.id, what="when", to="both").pack())
    assert (await channel.known()).state is ChatState.STOPPED
    await go(admin, "button-resume")
    resumed = await channel.known()
    assert (resumed.times, resumed.state) == ((540, 1200), ChatState.ACTIVE)
    assert resumed.next_at is not None
