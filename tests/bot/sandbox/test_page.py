"""The chat page in a real browser, against the real sandbox. Skipped where there is no Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.server import Sandbox

playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]
OFF = ("gpu", "quic", "background-networking", "component-update", "sync")
QUIET = ["--no-sandbox", "--no-first-run", *(f"--disable-{it}" for it in OFF)]
HOSTILE = '<img src=x onerror="window.pwned=1"> & <b>не жирно</b>'


@dataclass(kw_only=True)
class Stage:
    """A sandbox with two people and a channel, a browser's page on it, and the bot's hand."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    page: Any
    anna: int
    oleg: int
    channel: int
    offset: int = 0
    complaints: list[str] = field(default_factory=list)

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.http.post(f"{self.sandbox.url}/bot{self.sandbox.token}/{method}", json=parameters) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def send(self, text: str, **parameters: Any) -> Any:
        sent = await self.call("sendMessage", chat_id=self.anna, text=text, **parameters)
        message = self.page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await message.wait_for()
        return message

    async def hear(self, kind: str) -> Any:
        """Wait, as the bot, for the next update of a kind; the others before it are let go."""
        for _ in range(10):
            for update in await self.call("getUpdates", offset=self.offset, timeout=2, limit=1):
                self.offset = update["update_id"] + 1
                if kind in update:
                    return update[kind]
        raise AssertionError(f"the bot never heard of {kind}")

    def part(self, testid: str) -> Any:
        return self.page.get_by_test_id(testid)

    async def open(self) -> None:
        self.sandbox.person.say(user_id=self.anna, text="/start")
        await self.page.goto(f"{self.sandbox.url}/")
        await self.part("composer").wait_for()

    async def render(self, text: str, entities: list[dict[str, Any]]) -> str:
        """Render a text by the page's own module, past what a server would let through."""
        script = """async ([text, entities]) => {
            const { render } = await import("/page/entities.js");
            const box = document.createElement("div");
            box.append(render(text, entities, { key: "k", now: () => 0, opened: new Set(), botUsername: "b" }));
            return box.innerHTML;
        }"""
        return str(await self.page.evaluate(script, [text, entities]))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Any]:
    async with playwright_api.async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Any, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    options = {"locale": "ru-RU", "timezone_id": "Europe/Moscow", "viewport": {"width": 1200, "height": 800}}
    context = await browser.new_context(**options | getattr(request, "param", {}))
    context.set_default_timeout(5000)
    async with Sandbox(username="digest_bot") as sandbox, aiohttp.ClientSession() as http:
        anna = sandbox.person.add_person(first_name="Анна")["id"]
        oleg = sandbox.person.add_person(first_name="Олег")["id"]
        channel = sandbox.person.add_chat(type="channel", title="Автоновости", creator_id=oleg)["id"]
        page = await context.new_page()
        it = Stage(sandbox=sandbox, http=http, page=page, anna=anna, oleg=oleg, channel=channel)
        await page.route(re.compile(re.escape(sandbox.url) + r"/(\?|$)"), strict)
        page.on("console", lambda line: it.complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: it.complaints.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(sandbox.url) else it.complaints.append(one.url))
        yield it
        await context.close()
    assert it.complaints == []


async def strict(route: Any) -> None:
    """Serve the page under the strictest policy it promises to live with."""
    answer = await route.fetch()
    await route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": "default-src 'self'"})


async def expect_text(locator: Any, text: str) -> None:
    await playwright_api.expect(locator).to_contain_text(text)


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
    await playwright_api.expect(message.locator(".text time")).to_have_text("понедельник, 08:00", use_inner_text=True)


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


async def test_the_controls_turn_the_clock_break_the_line_and_block_the_bot(stage: Stage) -> None:
    async def next_issue() -> str:
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
    await stage.page.route("**/sandbox/events", lambda route: route.fulfill(status=503, body=""))
    await stage.open()
    await stage.send("дошло")
    assert all("503" in line for line in stage.complaints)
    stage.complaints.clear()
    await stage.page.unroute_all(behavior="ignoreErrors")
