"""The chat page in a real browser, against the real sandbox. Skipped where there is no Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.sandbox.chatpage import Stage, expect_text, playwright_api
from tests.browsing import IN_BROWSER

pytestmark = IN_BROWSER
HOSTILE = '<img src=x onerror="window.pwned=1"> & <b>не жирно</b>'


async def test_a_newcomer_presses_start_and_may_then_write(stage: Stage) -> None:
    await stage.page.goto(f"{stage.sandbox.url}/")
    await stage.part("start").click()
    await expect_text(stage.part("message"), "/start")
    await stage.part("composer").fill("первая строка")
    await stage.part("composer").press("Shift+Enter")
    await stage.part("composer").press_sequentially("вторая")
    await stage.part("composer").press("Enter")
    await expect_text(stage.part("message").last, "первая строка\nвторая")
    assert await stage.part("composer").input_value() == ""
    assert (await stage.hear("message"))["text"] == "/start"
    assert (await stage.hear("message"))["text"] == "первая строка\nвторая"


async def test_a_payload_in_the_address_starts_the_bot_with_it_once(stage: Stage) -> None:
    await stage.page.goto(f"{stage.sandbox.url}/?start=t_ev-cn")
    await expect_text(stage.part("message"), "/start t_ev-cn")
    assert stage.page.url == f"{stage.sandbox.url}/"


async def test_a_tap_reaches_the_bot_and_its_answer_is_a_toast_or_an_alert(stage: Stage) -> None:
    await stage.open()
    row = [{"text": "Китай", "callback_data": "t:1", "style": "success"}, {"text": "Ещё", "callback_data": "t:2"}]
    message = await stage.send("Темы", reply_markup={"inline_keyboard": [row]})
    button = message.get_by_role("button", name="Китай", exact=True)
    await button.focus()
    await stage.page.keyboard.press("Enter")
    query = await stage.hear("callback_query")
    assert query["data"] == "t:1"
    assert await button.get_attribute("aria-busy") == "true"
    await stage.call("answerCallbackQuery", callback_query_id=query["id"], text="Добавлено: Китай")
    await expect_text(stage.part("toast"), "Добавлено: Китай")
    assert await button.get_attribute("aria-busy") is None
    toggled = {"inline_keyboard": [[row[0] | {"text": "✓ Китай"}, row[1]]]}
    message_id = query["message"]["message_id"]
    await stage.call("editMessageReplyMarkup", chat_id=stage.anna, message_id=message_id, reply_markup=toggled)
    await playwright_api.expect(message.get_by_role("button", name="✓ Китай")).to_be_focused()
    query_id = stage.sandbox.person.tap(user_id=stage.anna, message_id=message_id, data="t:2")
    await stage.call("answerCallbackQuery", **query_id, text=HOSTILE, show_alert=True)
    await expect_text(stage.part("alert"), HOSTILE)
    await stage.part("alert-ok").click()
    await stage.part("alert").wait_for(state="detached")


async def test_a_channel_is_shared_from_the_reply_keyboard(stage: Stage) -> None:
    rights = {"can_post_messages": True}
    request: dict[str, Any] = {"request_id": 7, "chat_is_channel": True}
    request |= {"user_administrator_rights": rights, "bot_administrator_rights": rights}
    stage.sandbox.person.say(user_id=stage.oleg, text="/start")
    await stage.page.goto(f"{stage.sandbox.url}/?person={stage.oleg}")
    keyboard = {"keyboard": [[{"text": "Выбрать канал", "request_chat": request}]], "one_time_keyboard": True}
    await stage.call("sendMessage", chat_id=stage.oleg, text="Какой?", reply_markup=keyboard)
    await stage.part("reply-button").click()
    await stage.part(f"choice-{stage.channel}").click()
    await expect_text(stage.part("message").last, "Вы поделились чатом")
    assert (await stage.hear("my_chat_member"))["new_chat_member"]["status"] == "administrator"
    assert (await stage.hear("message"))["chat_shared"]["chat_id"] == stage.channel
    await stage.part("reply-button").wait_for(state="detached")


async def test_where_one_is_is_shared_from_the_reply_keyboard(stage: Stage) -> None:
    await stage.open()
    keyboard = {"keyboard": [[{"text": "Я здесь", "request_location": True}]], "one_time_keyboard": True}
    await stage.call("sendMessage", chat_id=stage.anna, text="Где вы?", reply_markup=keyboard)
    await stage.part("reply-button").click()
    await stage.part("choice-vladivostok").click()
    await expect_text(stage.part("message").last, "Место: 43.1198, 131.8869")
    assert (await stage.hear("message"))["text"] == "/start"
    assert (await stage.hear("message"))["location"] == {"latitude": 43.1198, "longitude": 131.8869}
    await stage.part("reply-button").wait_for(state="detached")


async def test_the_controls_turn_the_clock_break_the_line_and_block_the_bot(stage: Stage) -> None:
    async def next_issue(_lang: str) -> str:
        return "Выпуск отправлен"

    stage.sandbox.add_control("next", {"ru": "К выпуску", "en": "Next"}, {"ru": "", "en": ""}, next_issue)
    await stage.open()
    before = stage.sandbox.clock.now()
    await stage.part("control-day").click()
    await expect_text(stage.part("clock"), "на 1\u00a0д вперёд")
    assert (stage.sandbox.clock.now() - before).days == 1
    await stage.part("control-next").click()
    await expect_text(stage.part("toast"), "Выпуск отправлен")
    await stage.part("control-fault-502").click()
    await expect_text(stage.part("toast"), "не удастся")
    path = f"{stage.sandbox.url}/bot{stage.sandbox.token}/sendMessage"
    async with stage.http.post(path, json={"chat_id": stage.anna, "text": "а"}) as answer:
        assert answer.status == 502
    await stage.part("control-block").click()
    await stage.part("unblock").click()
    await stage.part("composer").wait_for()


@pytest.mark.parametrize("stage", [{"color_scheme": "dark", "locale": "en-GB"}], indirect=True)
async def test_the_dark_theme_follows_the_system_until_the_reader_chooses(stage: Stage) -> None:
    lightness = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    await stage.open()
    assert await stage.page.evaluate(lightness) < 40
    assert await stage.part("send").get_attribute("aria-label") == "Send"
    await stage.part("theme").click()
    await stage.part("language").click()
    await stage.page.reload()
    await stage.part("composer").wait_for()
    assert await stage.page.evaluate(lightness) > 200
    assert await stage.part("send").get_attribute("aria-label") == "Отправить"


@pytest.mark.parametrize("stage", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
async def test_a_phone_never_scrolls_sideways_and_its_drawers_open(stage: Stage) -> None:
    await stage.open()
    row = [{"text": f"Очень длинная кнопка {n}", "callback_data": str(n)} for n in range(4)]
    text = "Ы" * 300 + f"<pre>{'x' * 300}</pre>"
    await stage.send(text, parse_mode="HTML", reply_markup={"inline_keyboard": [row]})
    widths = "[document.documentElement, document.body, document.getElementById('messages')].map(n => n.scrollWidth)"
    assert max(await stage.page.evaluate(widths)) <= 390
    await stage.part("open-controls").click()
    await stage.part("control-hour").click()
    await stage.page.keyboard.press("Escape")
    await stage.part("control-hour").wait_for(state="hidden")
    await stage.part("composer").click()


async def test_messages_still_arrive_while_the_stream_of_events_is_down(stage: Stage) -> None:
    stage.provoked = "Failed to load resource"
    await stage.page.route("**/sandbox/events", lambda route: route.fulfill(status=503, body=""))
    await stage.open()
    await stage.send("дошло")
    await stage.page.unroute_all(behavior="ignoreErrors")
