"""What messages look like on the chat page, in a real browser. Skipped where there is no Chromium."""

from __future__ import annotations

from tests.bot.sandbox.chatpage import Stage, expect_text, playwright_api
from tests.browsing import IN_BROWSER

pytestmark = IN_BROWSER
HOSTILE = '<img src=x onerror="window.pwned=1"> & <b>не жирно</b>'


async def test_hostile_words_are_shown_and_never_run(stage: Stage) -> None:
    stage.sandbox.person.add_person(first_name=HOSTILE)
    stage.sandbox.person.add_chat(type="group", title=HOSTILE, creator_id=stage.anna)
    await stage.open()
    keyboard = {"inline_keyboard": [[{"text": HOSTILE, "url": "https://example.com/%3Cscript%3E"}]]}
    parent = await stage.send(HOSTILE, reply_markup=keyboard)
    reply_to = {"message_id": int(await parent.get_attribute("data-message-id"))}
    reply = await stage.send("ответ", reply_parameters=reply_to)
    await expect_text(parent.locator(".text"), HOSTILE)
    await expect_text(parent.get_by_role("link"), HOSTILE)
    await expect_text(reply.locator(".quote"), HOSTILE)
    assert await stage.page.locator("#messages img, #people img, #chats img, #messages b").count() == 0
    assert await stage.page.evaluate("window.pwned") is None


async def test_entities_nest_as_sent_and_count_in_utf_16_units(stage: Stage) -> None:
    await stage.open()
    message = await stage.send("😀 <b><i>оба <u>три</u></i> жирный</b> <code>x</code>", parse_mode="HTML")
    shown = "😀 <strong><em>оба <u>три</u></em> жирный</strong> <code>x</code>"
    assert await message.locator(".text").inner_html() == shown
    crossed = [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 2, "length": 99}]
    assert await stage.render("абвгде", crossed) == "<strong>аб<em>вг</em></strong><em>де</em>"


async def test_only_web_and_telegram_addresses_become_links(stage: Stage) -> None:
    await stage.open()
    link = {"type": "text_link", "offset": 0, "length": 1}
    for url in ("javascript:x", " JaVaScRiPt:x", "java\tscript:x", "data:text/html,x", "file:///x", "blob:x"):
        assert "<a" not in await stage.render("я", [link | {"url": url}]), url
    safe = await stage.render("я", [link | {"url": "example.ru/n?a=1&b=2"}])
    assert 'href="http://example.ru/n?a=1&amp;b=2"' in safe
    assert 'rel="noopener noreferrer"' in safe


async def test_quotes_unfold_spoilers_open_and_times_are_the_readers(stage: Stage) -> None:
    await stage.open()
    text = f"<blockquote expandable>{'Мнение редакции. ' * 30}</blockquote>\n"
    text += "<tg-spoiler>секрет</tg-spoiler> <tg-time unix='1795410000' format='wt'>в понедельник</tg-time>"
    message = await stage.send(text, parse_mode="HTML")
    quote = message.locator(".quote-text")
    folded = (await quote.bounding_box())["height"]
    await message.get_by_role("button", name="Показать целиком").click()
    assert (await quote.bounding_box())["height"] > 2 * folded
    spoiler = message.locator(".spoiler")
    await spoiler.focus()
    await stage.page.keyboard.press("Enter")
    assert await spoiler.get_attribute("role") is None
    await playwright_api.expect(message.locator(".text time")).to_have_text("понедельник, 8:00", use_inner_text=True)


async def test_times_are_shown_by_the_sandboxes_clock_where_it_has_one(stage: Stage) -> None:
    stage.sandbox.world.zone = "Asia/Vladivostok"
    await stage.open()
    message = await stage.send("<tg-time unix='1795410000' format='wt'>утром</tg-time>", parse_mode="HTML")
    await playwright_api.expect(message.locator(".text time")).to_have_text("понедельник, 15:00", use_inner_text=True)
    await expect_text(stage.page.locator("#clock-zone"), "Asia/Vladivostok, GMT+10")


async def test_edits_are_marked_silence_too_and_the_deleted_vanish(stage: Stage) -> None:
    await stage.open()
    message = await stage.send("было", disable_notification=True)
    ids = {"chat_id": stage.anna, "message_id": int(await message.get_attribute("data-message-id"))}
    await stage.call("editMessageText", **ids, text="стало")
    await expect_text(message.locator(".text"), "стало")
    await expect_text(message, "изменено")
    assert await message.get_by_role("img", name="без звука").count() == 1
    await stage.call("deleteMessage", **ids)
    await message.wait_for(state="detached")
